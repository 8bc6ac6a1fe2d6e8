"""Indicators of membership: members as of a day, as spells and as distinct persons; joined, left and net growth in a period; cohorts of admission."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import F, Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from juzhi.base.access import MEMBER_CLERK, STATISTICIAN
from juzhi.base.actors import Actor
from juzhi.base.indicators import COUNT, DISTINCT, FLOW, Attribute, Growth, Indicator, Kept, declare
from juzhi.base.spans import wholly_within
from juzhi.base.titles import MIDDLE_OR_SENIOR
from juzhi.members.models import EndReason, Membership
from juzhi.people.models import Person


def evidence(day: date) -> Any:
    """Spells that hold on `day`. One that is over since an unknown day holds on none."""
    open_now = Q(ended_on__isnull=True, end_reason="") | Q(ended_on__gt=day)
    return Membership.objects.filter(open_now, joined_on__lte=day)


def spells() -> Any:
    """All spells that hold on some day: `evidence` of every day at once."""
    return Membership.objects.filter(Q(ended_on__isnull=True, end_reason="") | Q(ended_on__gt=F("joined_on")))


def titled(day: date) -> Any:
    """Spells that hold on `day`, of persons whose title, as it is known today, is middle or senior."""
    return evidence(day).filter(person__title__in=sorted(MIDDLE_OR_SENIOR))


def not_titled(day: date) -> Any:
    return evidence(day).exclude(person__title__in=sorted(MIDDLE_OR_SENIOR))


def joined(since: date, until: date) -> Any:
    """Spells that began. One that is over since an unknown day began all the same."""
    return Membership.objects.filter(wholly_within("joined", since, until))


def left(since: date, until: date) -> Any:
    """Spells that ended. The day of the end is the first outside."""
    return Membership.objects.filter(wholly_within("ended", since, until)).exclude(end_reason="")


def moved(since: date, until: date) -> Any:
    return joined(since, until) | left(since, until)


def held_before(path: str) -> Q:
    """Spells that held on the day before the day at `path`."""
    return Q(joined_on__lt=F(path)) & (Q(ended_on__isnull=True, end_reason="") | Q(ended_on__gte=F(path)))


def came_in_batches(day: date) -> Any:
    """Spells of those who came in a batch by `day`, whether or not they are members still."""
    return Membership.objects.filter(batch__isnull=False, joined_on__lte=day)


def batch_number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 4):
        raise ValueError(text)
    return int(text)


REASON = Attribute("end_reason", _("按离会原因"), lambda text: EndReason(text).value, lambda value: str(EndReason(value).label))
BATCH = Attribute("batch__number", _("按入会批次"), batch_number, lambda number: _now("第%(number)s批") % {"number": number}, is_personal=False)


def opened(by: Actor, rows: Any) -> Any:
    """Names only for the clerk of each organisation, and only of persons whom it may still see: figures of the past too use the ties of today."""
    rows = rows.seen_by(by).filter(person__in=Person.objects.seen_by(by))
    return rows.select_related("person", "organisation", "batch").order_by("organisation__pinyin_key", "person__pinyin_key", "pk")


_RULE = _("截至当日已入会、未离会的会籍；入会当日计入，离会当日不计；组织按当日的法定隶属归集")
_ONCE = _("截至当日已入会、未离会的人，在几个组织都有会籍的只算一次；入会当日计入，离会当日不计；组织按当日的法定隶属归集")
_EXCLUDES = _("离会或去世而日期未详的；单位会员")
_JOINED = _("入会日期在这段时间之内的会籍，后来离会的也算；按入会当日的法定隶属（或所在地、依托单位、系统）归集")
_JOINED_ONCE = _("这段时间之内入会的人，入了几个组织的只算一次；按入会当日的法定隶属（或所在地、依托单位、系统）归集")
_NOT_JOINED = _("入会日期未详的；只到年或月、不能判定在不在这段时间的（另外列出个数）；单位会员")
_LEFT = _("离会日期在这段时间之内的会籍；离会日期是不再是会员的第一天；按那一天的法定隶属（或所在地、依托单位、系统）归集")
_LEFT_ONCE = _("这段时间之内离会的人，离了几个组织的只算一次；按离会当日的法定隶属（或所在地、依托单位、系统）归集")
_NOT_LEFT = _("离会日期未详的；只到年或月、不能判定在不在这段时间的（另外列出个数）；随组织划出的会员")
_SHARED: dict[str, Any] = {
    "unit": _("人"),
    "version": 1,
    "source": _("会员花名册"),
    "organisation": "organisation_id",
    "lists": opened,
    "duties": (STATISTICIAN, MEMBER_CLERK),
    "list_duties": (MEMBER_CLERK,),
    "person": "person_id",
}
_STOCK: dict[str, Any] = {**_SHARED, "excludes": _EXCLUDES, "since": date(2024, 1, 1), "evidence": evidence}
_FLOW: dict[str, Any] = {**_SHARED, "kind": FLOW, "since": date(2026, 11, 1)}
_CAME: dict[str, Any] = {**_FLOW, "excludes": _NOT_JOINED, "evidence": joined, "day": "joined_on"}
_WENT: dict[str, Any] = {**_FLOW, "excludes": _NOT_LEFT, "evidence": left, "day": "ended_on", "attribute": REASON}
MEMBERS = Indicator(id="members", label=_("会员"), measure=COUNT, companion="member_persons", rule=_RULE, cohorts="member_cohorts", kept=Kept(spells, day="joined_on", until="ended_on"), **_STOCK)
MEMBER_PERSONS = Indicator(id="member_persons", label=_("会员（去重）"), measure=DISTINCT, companion="members", rule=_ONCE, **_STOCK)
JOINED = Indicator(id="members_joined", label=_("入会"), measure=COUNT, companion="persons_joined", rule=_JOINED, **_CAME)
PERSONS_JOINED = Indicator(id="persons_joined", label=_("入会（去重）"), measure=DISTINCT, companion="members_joined", rule=_JOINED_ONCE, **_CAME)
LEFT = Indicator(id="members_left", label=_("离会"), measure=COUNT, companion="persons_left", rule=_LEFT, **_WENT)
PERSONS_LEFT = Indicator(id="persons_left", label=_("离会（去重）"), measure=DISTINCT, companion="members_left", rule=_LEFT_ONCE, **_WENT)
GROWTH = Indicator(
    id="members_growth",
    label=_("会员净增"),
    measure=COUNT,
    rule=_("这段时间入会的会籍减去离会的会籍；各按当日的法定隶属（或所在地、依托单位、系统）归集，随组织划入划出的不算增减"),
    excludes=_("入会或离会日期未详的；只到年或月、不能判定在不在这段时间的（另外列出个数）；单位会员"),
    evidence=moved,
    growth=Growth("members", "members_joined", "members_left", held_before, Q(ended_on__isnull=True) & ~Q(end_reason="")),
    **_FLOW,
)
COHORTS = Indicator(
    id="member_cohorts",
    label=_("分批入会的会员"),
    measure=COUNT,
    rule=_("截至当日按批次入会的会籍，后来离会的也算在原来的批次里；组织按当日的法定隶属归集"),
    **{**_STOCK, "since": date(2026, 11, 1), "excludes": _("没有登记批次的；单位会员"), "evidence": came_in_batches, "attribute": BATCH},
)
TITLED = Indicator(
    id="members_titled",
    label=_("有中高级职称的会员"),
    measure=DISTINCT,
    companion="member_persons",
    share=True,
    kinds=(titled, not_titled),
    rule=_("截至当日已入会、未离会、登记的职称是中级或高级的人，在几个组织都有会籍的只算一次；职称按今天登记的算；组织按当日的法定隶属归集"),
    **{**_STOCK, "since": date(2026, 11, 1), "excludes": _("职称没有登记，或不在职称目录里、认不出级别的；离会或去世而日期未详的；单位会员"), "evidence": titled},
)
declare(MEMBERS, MEMBER_PERSONS, JOINED, PERSONS_JOINED, LEFT, PERSONS_LEFT, GROWTH, COHORTS, TITLED)
