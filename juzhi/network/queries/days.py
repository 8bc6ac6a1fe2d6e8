"""What holds on a day, and how days are written: the beginnings of every other read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from juzhi.base.actors import Actor
from juzhi.base.periods import UNKNOWN, PartialDate
from juzhi.network.models import Organisation, OrganisationName


def on(day: Any, prefix: str = "") -> Q:
    """Rows whose [valid_from, valid_to) holds on `day`, a date or an expression that gives one; `prefix` reaches them through a relation."""
    return Q(**{f"{prefix}valid_from__lte": day}) & (Q(**{f"{prefix}valid_to__isnull": True}) | Q(**{f"{prefix}valid_to__gt": day}))


def standing(day: date, prefix: str = "") -> Q:
    """Organisations that existed on `day`; `prefix` reaches them through a relation."""
    return Q(**{f"{prefix}founded_on__lte": day}) & (Q(**{f"{prefix}dissolved_on__isnull": True}) | Q(**{f"{prefix}dissolved_on__gt": day}))


def names_on(by: Actor, organisation_ids: Iterable[int], day: date) -> dict[int, str]:
    """What organisations were called on `day`, by their ids."""
    called = OrganisationName.objects.seen_by(by).filter(on(day), organisation_id__in=list(organisation_ids), kind=OrganisationName.Kind.OFFICIAL)
    return dict(called.values_list("organisation_id", "text"))


def day_text(day: date | None, precision: str) -> str:
    """A dated fact as far as it is known; 未详 where nothing is."""
    return _("未详") if day is None or precision == UNKNOWN else str(PartialDate(day, precision or "day"))


def founded_text(organisation: Organisation) -> str:
    """The founding day as far as it is known; "" where nothing is."""
    return "" if organisation.founded_precision == UNKNOWN else day_text(organisation.founded_on, organisation.founded_precision)


def dissolved_text(organisation: Organisation) -> str:
    """The day from which it no longer stands; "" while it stands for ever."""
    return day_text(organisation.dissolved_on, organisation.dissolved_precision) if organisation.dissolved_on else ""


def state_words(organisation: Organisation) -> str:
    """存续, or since when it no longer stands."""
    return _("%(day)s 终止") % {"day": dissolved_text(organisation)} if organisation.dissolved_on else _("存续")


def parent_founded_later(organisation: Organisation, parent: Organisation | None) -> bool:
    """Worth a warning, not a refusal: branches are often older than the body that later took them in. Dates that overlap decide nothing."""
    if parent is None or UNKNOWN in (parent.founded_precision, organisation.founded_precision):
        return False
    last = PartialDate(organisation.founded_on, organisation.founded_precision).last
    return last is not None and parent.founded_on > last
