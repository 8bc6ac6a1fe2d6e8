"""What several verbs on an organisation begin with: the row held, its version claimed, its place and its name looked at."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from juzhi.base.errors import Refused, Stale
from juzhi.base.text import clean_text, search_key
from juzhi.network.models import Organisation, Placement, Precision
from juzhi.network.queries import day_text


def locked(organisation: Organisation) -> Organisation:
    """The row itself, held until the transaction ends (a no-op on SQLite, where the transaction is the lock)."""
    return Organisation.objects.system("lock for a verb").select_for_update().get(pk=organisation.pk)


def claim(organisation: Organisation, version: int | None, told: Sequence[tuple[str, Any, Any]]) -> None:
    """Take the row for change. Who filled a form that another editor's save has overtaken is told: rows of (what, yours, what stands now)."""
    try:
        organisation.claim(version)
    except Stale as stale:
        raise Stale(stale.message, details=list(told)) from None


def placement_on(organisation: Organisation, day: date) -> Placement | None:
    placed = Placement.objects.system("placement of a day").select_related("parent").filter(organisation=organisation, valid_from__lte=day)
    return placed.exclude(valid_to__lte=day).first()


def check_name_free(name: str, parent: Organisation | None, today: date, *, but: Organisation | None = None) -> None:
    """Two standing bodies beneath the same parent, today or at a later day, never bear one name."""
    same = Organisation.objects.system("is the name free").filter(Q(dissolved_on__isnull=True) | Q(dissolved_on__gt=today), name_key=search_key(name))
    same = same.exclude(pk=but.pk) if but else same
    placed = Placement.objects.system("is the name free").filter(Q(valid_to__isnull=True) | Q(valid_to__gt=today))
    if parent is not None:
        same = same.filter(pk__in=placed.filter(parent=parent).values("organisation_id"))
    else:
        same = same.exclude(pk__in=placed.filter(valid_from__lte=today).values("organisation_id"))
    if same.exists():
        raise Refused(_("「%(name)s」在同一上级之下已经有了，请换个名称，或打开原有组织修改") % {"name": name}, field="name", code="conflict")


def known_day(day: date | None, precision: str) -> str | None:
    """A dated fact for the journal, no finer than it is known: 2024-05-07, 2024-05, 2024; None where nothing is."""
    return None if day is None or precision == Precision.UNKNOWN else day_text(day, precision)


def need_reason(reason: str) -> str:
    """The reason as it goes into the journal. Refuses an empty one."""
    reason = clean_text(reason, field="reason", label=_("理由"), limit=300)
    if not reason:
        raise Refused(_("请写明理由，理由会记入日志"), field="reason")
    return reason
