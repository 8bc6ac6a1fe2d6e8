"""Indicators of membership: members as of a day, as spells and as distinct persons."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from juzhi.base.access import MEMBER_CLERK, STATISTICIAN
from juzhi.base.actors import Actor
from juzhi.base.indicators import COUNT, DISTINCT, Indicator, Kept, declare
from juzhi.members.models import Membership
from juzhi.people.models import Person


def evidence(day: date) -> Any:
    """Spells that hold on `day`. One that is over since an unknown day holds on none."""
    open_now = Q(ended_on__isnull=True, end_reason="") | Q(ended_on__gt=day)
    return Membership.objects.filter(open_now, joined_on__lte=day)


def spells() -> Any:
    """All spells that hold on some day: `evidence` of every day at once."""
    return Membership.objects.filter(Q(ended_on__isnull=True, end_reason="") | Q(ended_on__gt=F("joined_on")))


def opened(by: Actor, rows: Any) -> Any:
    """Names only for the clerk of each organisation, and only of persons whom it may still see: figures of the past too use the ties of today."""
    rows = rows.seen_by(by).filter(person__in=Person.objects.seen_by(by))
    return rows.select_related("person", "organisation").order_by("organisation__pinyin_key", "person__pinyin_key", "pk")


_RULE = _("截至当日已入会、未离会的会籍；入会当日计入，离会当日不计；组织按当日的法定隶属归集")
_ONCE = _("截至当日已入会、未离会的人，在几个组织都有会籍的只算一次；入会当日计入，离会当日不计；组织按当日的法定隶属归集")
_EXCLUDES = _("离会或去世而日期未详的；单位会员")
_SHARED: dict[str, Any] = {
    "rule": _RULE,
    "excludes": _EXCLUDES,
    "version": 1,
    "since": date(2024, 1, 1),
    "source": _("会员花名册"),
    "evidence": evidence,
    "organisation": "organisation_id",
    "lists": opened,
    "duties": (STATISTICIAN, MEMBER_CLERK),
    "person": "person_id",
}
MEMBERS = Indicator(id="members", label=_("会员"), unit=_("人"), measure=COUNT, companion="member_persons", kept=Kept(spells, day="joined_on", until="ended_on"), **_SHARED)
MEMBER_PERSONS = Indicator(
    id="member_persons", label=_("会员（去重）"), unit=_("人"), measure=DISTINCT, companion="members", **{**_SHARED, "rule": _ONCE}
)
declare(MEMBERS, MEMBER_PERSONS)
