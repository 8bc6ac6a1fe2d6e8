"""The profile of an area as of a day: reported numbers, the gap to what the register counts, claims, the slogan with its landmarks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from juzhi.base.actors import Actor
from juzhi.base.hedges import Hedge, worded
from juzhi.base.hedges import written as plain
from juzhi.network.models import Area, Claim, Contained, Host, Landmark, LandmarkGroup, Measure, Organisation, Seat, Slogan, Statistic, said_on
from juzhi.network.queries.days import on, standing
from juzhi.network.queries.places import within
from juzhi.web.numbers import written

DIGITS = {one: number for number, one in enumerate("一二三四五六七八九", 1)} | {"两": 2}
COUNTING = "条个座处家所片带"  # measure words between the number and what it counts: 四条村 counts 村
_PART = re.compile(rf"([{''.join(DIGITS)}]?十[{''.join(DIGITS)}]?|[{''.join(DIGITS)}])([^{''.join(DIGITS)}十，、,；;。\s]{{1,20}})")


@dataclass(frozen=True)
class Gap:
    """What the register counts of the same kind on the day of a reported number. Never added to it."""

    counted: int
    day: date
    agrees: bool
    words: str


@dataclass(frozen=True)
class Reported:
    """A reported number as a page shows it."""

    statistic: Statistic
    text: str  # 超 15万
    exact: str  # 150,000 where `text` is shortened
    unit: str  # 人; of a share 占福田区的比例
    meant: str  # what the hedge lets be true; "" where it is the number itself
    relation: str  # how it stands to the number it may be part of
    replaced: bool = False
    entries: int = 1  # numbers of this series, corrected ones not counted
    gap: Gap | None = None

    @property
    def name(self) -> str:
        """片区 · 项目, without the threshold."""
        return " · ".join(one for one in (self.statistic.part, self.statistic.measure.name) if one)

    @property
    def title(self) -> str:
        """片区 · 项目（起算标准）"""
        return " · ".join(one for one in (self.statistic.part, str(self.statistic.measure)) if one)



def statistics(by: Actor) -> QuerySet[Statistic]:
    related = ("area", "measure__family", "of", "within__measure", "within__of", "replaced_by")
    return Statistic.objects.seen_by(by).select_related(*related).order_by("pk")


def statistic(by: Actor, key: str) -> Statistic | None:
    return statistics(by).filter(key=key).first()


def reported(one: Statistic, entries: int = 1, gap: Gap | None = None) -> Reported:
    """How a number, its hedge, its unit and its place in a whole are said."""
    shown = written(one.value)
    unit = _("%%，占%(area)s") % {"area": one.of.name} if one.of else one.measure.unit
    meant = "" if one.hedge == Hedge.EXACT else str(one.meant)
    text = shown.text if one.value >= 10_000 else plain_as_given(one)
    return Reported(one, worded(text, one.hedge), shown.exact, unit, meant, _relation(one), hasattr(one, "replaced_by"), entries, gap)


def plain_as_given(one: Statistic) -> str:
    """With as many digits after the point as its source gives: 28.0 stays 28.0."""
    return f"{one.value:,f}"


def _relation(one: Statistic) -> str:
    if one.within is None:
        return ""
    whole = f"{one.within.measure} {worded(plain(one.within.value), one.within.hedge)} {one.within.measure.unit}"
    words = {
        Contained.YES: _("包含在「%(whole)s」里"),
        Contained.NO: _("不包含在「%(whole)s」里，另算"),
        Contained.UNSAID: _("来源没有说是否包含在「%(whole)s」里，不能相加"),
    }
    return words[Contained(one.contained)] % {"whole": whole}


def current(by: Actor, area: Area, day: date | None = None) -> list[Reported]:
    """The newest number of each series of an area by `day` (None = whenever), in the order in which the measures were first reported. Two queries.

    A number whose day is not known stands where there is no other.
    """
    found = [one for one in statistics(by).filter(area=area, replaced_by__isnull=True) if day is None or one.at.last is None or one.at.last <= day]
    series: dict[Any, list[Statistic]] = {}
    for one in found:
        series.setdefault(one.series, []).append(one)
    newest = [(max(rows, key=lambda one: (one.at.last or date.min, one.pk)), len(rows)) for rows in series.values()]
    gaps = _gaps(by, area, [one for one, _count in newest])
    return [reported(one, count, gaps.get(one.pk)) for one, count in newest]


def _gaps(by: Actor, area: Area, shown: Sequence[Statistic]) -> dict[int, Gap]:
    """For numbers of what the register counts itself: how many it held on the same day. One query, however many."""
    asked = [(one, last) for one in shown if one.measure.counted and not one.part and one.of is None and (last := one.at.last) is not None]
    parts = {f"of_{one.pk}": Count("pk", filter=_seats_of(one.measure, day)) for one, day in asked}
    seats = Seat.objects.seen_by(by).filter(within(area, "area__"))
    counts = seats.aggregate(**parts) if parts else {}
    return {one.pk: _gap(one, counts[f"of_{one.pk}"], day) for one, day in asked}


def _seats_of(measure: Measure, day: date) -> Q:
    here = on(day) & standing(day, "organisation__")
    return here & Q(organisation__family=measure.family) if measure.family else here


def _gap(one: Statistic, counted: int, day: date) -> Gap:
    said = {"counted": f"{counted:,}", "day": day.isoformat(), "unit": one.measure.unit, "difference": f"{abs(counted - one.value):,f}"}
    if one.meant.holds(counted):
        return Gap(counted, day, True, _("截至 %(day)s 登记了 %(counted)s %(unit)s，与报告的数相符") % said)
    if one.hedge != Hedge.EXACT:
        return Gap(counted, day, False, _("截至 %(day)s 登记了 %(counted)s %(unit)s，与报告的数不符") % said)
    more = _("截至 %(day)s 登记了 %(counted)s %(unit)s，比报告的数多 %(difference)s") if counted > one.value else _("截至 %(day)s 登记了 %(counted)s %(unit)s，比报告的数少 %(difference)s")
    return Gap(counted, day, False, more % said)


def series(by: Actor, one: Statistic) -> list[Reported]:
    """Every number of its series, corrected ones too, newest day first; a corrected one right after what replaced it."""
    rows = [*statistics(by).filter(area=one.area, part=one.part, measure=one.measure, of=one.of)]
    ordered = sorted(rows, key=lambda row: (row.at.last or date.min, row.pk), reverse=True)
    gaps = _gaps(by, one.area, [row for row in rows if not hasattr(row, "replaced_by")])
    return [reported(row, 1, gaps.get(row.pk)) for row in ordered]


def points(rows: Sequence[Reported]) -> list[dict[str, Any]]:
    """What the line of a series is drawn through, earliest first: numbers that hold and have a day."""
    dated = [row for row in reversed(rows) if not row.replaced and row.statistic.at.last is not None]
    return [{"label": str(row.statistic.at), "day": row.statistic.at.last, "value": row.statistic.value, "text": row.text} for row in dated]


def measures(by: Actor) -> QuerySet[Measure]:
    return Measure.objects.seen_by(by).select_related("family").order_by("pk")


def claims(by: Actor, about: Area | Organisation | Host, day: date) -> list[Claim]:
    """What sources say of it, as it stood on the page on `day`."""
    place = {type(about).__name__.lower(): about}
    return list(Claim.objects.seen_by(by).filter(said_on(day), **place).order_by("-source_on", "pk"))


def claim(by: Actor, key: str) -> Claim | None:
    return Claim.objects.seen_by(by).select_related("area", "organisation", "host__area").filter(key=key).first()


@dataclass(frozen=True)
class Group:
    """One part of the slogan with the landmarks named under it, and what is said where the numbers differ."""

    group: LandmarkGroup
    landmarks: list[Landmark]

    @property
    def note(self) -> str:
        said, named = self.group.expected, len(self.landmarks)
        if said == named:
            return ""
        return _("口号里 %(said)s 个，登记了 %(named)s 个") % {"said": said, "named": named}


@dataclass(frozen=True)
class Landmarks:
    """The slogan of a day, its parts, and how many landmarks it speaks of and are named."""

    slogan: Slogan
    groups: list[Group]

    @property
    def expected(self) -> int:
        return sum(one.group.expected for one in self.groups)

    @property
    def named(self) -> int:
        return sum(len(one.landmarks) for one in self.groups)


def landmarks(by: Actor, area: Area, day: date) -> Landmarks | None:
    """The slogan that holds on `day`, or None. Three queries."""
    slogan = Slogan.objects.seen_by(by).filter(on(day), area=area).first()
    if slogan is None:
        return None
    named: dict[LandmarkGroup, list[Landmark]] = {}
    for one in Landmark.objects.seen_by(by).select_related("group").filter(Q(dropped_on__isnull=True) | Q(dropped_on__gt=day), group__slogan=slogan).order_by("pk"):
        named.setdefault(one.group, []).append(one)
    groups = LandmarkGroup.objects.seen_by(by).filter(slogan=slogan).order_by("number")
    return Landmarks(slogan, [Group(one, named.get(one, [])) for one in groups])


def landmark(by: Actor, key: str) -> Landmark | None:
    return Landmark.objects.seen_by(by).select_related("group__slogan__area").filter(key=key).first()


def groups_of(text: str) -> list[tuple[str, int]]:
    """What a slogan counts: 一馆一楼四枢纽，四条村 = 馆 1, 楼 1, 枢纽 4, 村 4. Empty where no number stands before a word."""
    found = []
    for number, word in _PART.findall(text):
        tens, is_ten, ones = number.partition("十")
        value = (DIGITS.get(tens, 1) * 10 + DIGITS.get(ones, 0)) if is_ten else DIGITS[number]
        word = word[1:] if len(word) > 1 and word[0] in COUNTING else word
        found.append((word, value))
    return found


@dataclass(frozen=True)
class Profile:
    """What the page of an area shows besides its organisations."""

    reported: list[Reported]
    claims: list[Claim]
    landmarks: Landmarks | None


def profile(by: Actor, area: Area, day: date) -> Profile:
    """Six queries at most, however much is recorded."""
    return Profile(current(by, area, day), claims(by, area, day), landmarks(by, area, day))


def slogan(by: Actor, key: str) -> Slogan | None:
    return Slogan.objects.seen_by(by).select_related("area").filter(key=key).first()


def landmark_groups(by: Actor, slogan: Slogan) -> list[LandmarkGroup]:
    return list(LandmarkGroup.objects.seen_by(by).select_related("slogan__area").filter(slogan=slogan).order_by("number"))
