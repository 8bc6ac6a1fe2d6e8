"""What a merge or a split will do, worked out once: the page tells it before, the verb does it. And which bodies came after which."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from juzhi.base.access import SECRETARY
from juzhi.base.actors import Actor
from juzhi.base.errors import Refused
from juzhi.base.periods import UNKNOWN
from juzhi.base.text import listed
from juzhi.network.models import BEGINNING, FOREVER, Lineage, Organisation, Placement, Succession
from juzhi.network.queries.branches import children
from juzhi.network.queries.days import day_text, dissolved_text, founded_text, on

OFFERED_AT_MOST = 40  # bodies to tick on a form; others are found by name


@dataclass(frozen=True)
class Handed:
    """A body that comes beneath the successor on `since`, until the end of the placement it has."""

    placement: Placement
    since: date

    @property
    def organisation(self) -> Organisation:
        return self.placement.organisation


@dataclass(frozen=True)
class Plan:
    """What a merge (`ended` into `successor`) or a split (nobody ends) does on the day. `successor` None = it is founded that day, beneath `parent`.

    `mark` is the same exactly while the plan is: what a page showed is what the verb does.
    """

    ended: list[Organisation]
    successor: Organisation | None
    parent: Organisation | None
    on: date
    handed: list[Handed]

    @property
    def mark(self) -> str:
        told = [self.on.isoformat(), *(one.key for one in (*self.ended, self.successor, self.parent) if one)]
        told += [f"{one.organisation.key} {one.placement.key} {one.since}" for one in self.handed]
        return hashlib.sha256("\n".join(told).encode()).hexdigest()[:16]

    @property
    def moving(self) -> list[Organisation]:
        """The bodies handed over, each once."""
        return list({one.organisation.pk: one.organisation for one in self.handed}.values())


def union(by: Actor, ended: Sequence[Organisation], successor: Organisation | None, day: date, precision: str) -> Plan:
    """The plan of a merge; `successor` None = one that is founded that day in the place of the first. Eight queries at most, and one for each superior that ends itself.

    Refuses a day that is not known, before 1900, to come, or before the founding of one of them; one that is over; fewer bodies than it takes; the
    successor among those that end, or beneath one of them on that day or later; and two bodies of one name beneath the successor.
    """
    ended = list({one.pk: one for one in ended}.values())
    _check_day(by, day, precision)
    if successor is not None and successor.pk in {one.pk for one in ended}:
        raise Refused(_("组织不能并入自己，请去掉「%(name)s」") % {"name": successor.name}, field="others")
    if not ended:
        raise Refused(_("请选择要并入的组织"), field="others")
    if successor is None and len(ended) < 2:
        raise Refused(_("合并新设要有两个以上的组织；只有一个，又要换名称的，请用更名"), field="others")
    for one in (*ended, *([successor] if successor else [])):
        _check_stands(one, day)
    parent = None if successor else _place_of(by, ended, day)
    _check_no_circle(by, ended, successor or parent, day)
    handed = _handed(by, ended, {one.pk for one in ended} | {successor.pk if successor else 0}, day)
    _check_names(by, handed, successor)
    return Plan(ended, successor, parent, day, handed)


def division(by: Actor, organisation: Organisation, chosen: Sequence[Organisation], day: date, precision: str) -> Plan:
    """The plan of a split: a body founded that day beside `organisation` takes `chosen` of those beneath it. Three queries.

    Refuses a day that is not known, before 1900, to come, or before the founding; a body that is over; and a chosen one that is not beneath it that day.
    """
    _check_day(by, day, precision)
    _check_stands(organisation, day)
    wanted = {one.pk for one in chosen}
    rows = Placement.objects.seen_by(by).filter(on(day), parent=organisation, organisation_id__in=wanted).select_related("organisation").order_by("organisation__pinyin_key", "pk")
    found = [Handed(one, day) for one in rows if _stands_after(one.organisation, day)]
    if missing := [one.name for one in chosen if one.pk not in {handed.organisation.pk for handed in found}]:
        raise Refused(_("%(day)s 那天「%(name)s」不在它之下，不能划过去") % {"day": day_text(day, precision), "name": listed(missing[:3])}, field="children")
    return Plan([], None, _place_of(by, [organisation], day), day, found)


def _check_day(by: Actor, day: date, precision: str) -> None:
    first = {"year": day.replace(month=1, day=1), "month": day.replace(day=1), "day": day}
    if first.get(precision) != day:  # unknown, or not the first day of what it covers
        raise Refused(_("请写出是哪一天，至少写到年"), field="on")
    if day < BEGINNING:
        raise Refused(_("日期早于 1900 年，请核对"), field="on")
    if day > by.today:
        raise Refused(_("那一天还没有到，请到那天再办"), field="on")


def _check_stands(organisation: Organisation, day: date) -> None:
    """It goes on for ever, and was there that day, as far as its founding day is known."""
    if organisation.dissolved_on is not None:
        raise Refused(_("「%(name)s」已于 %(day)s 终止，不能再合并或分立") % {"name": organisation.name, "day": dissolved_text(organisation)}, field="others", code="state")
    if organisation.founded_precision != UNKNOWN and day < organisation.founded_on:
        raise Refused(_("「%(name)s」%(day)s 才成立，请核对日期") % {"name": organisation.name, "day": founded_text(organisation)}, field="on")


def _place_of(by: Actor, bodies: Sequence[Organisation], day: date) -> Organisation | None:
    """The superior of the first of them that day; one that is among them gives way to its own."""
    among, at = {one.pk for one in bodies}, bodies[0].pk
    while True:
        placed = Placement.objects.seen_by(by).filter(on(day), organisation_id=at).select_related("parent").first()
        if placed is None or placed.parent_id not in among:
            break
        at = placed.parent_id
    above = placed.parent if placed else None
    if above is not None and above.dissolved_on is not None:
        raise Refused(_("上级「%(name)s」已于 %(day)s 终止，请先改隶") % {"name": above.name, "day": dissolved_text(above)}, field="on", code="state")
    return above


def _check_no_circle(by: Actor, ended: Sequence[Organisation], top: Organisation | None, day: date) -> None:
    """Whoever takes what stands beneath them does not stand beneath them himself, that day or later."""
    if top is None:
        return
    rows = Lineage.objects.seen_by(by).filter(ancestor__in=ended, descendant=top, valid_to__gt=day).select_related("ancestor").order_by("valid_from")
    if found := rows.first():
        words = {"name": top.name, "above": found.ancestor.name, "day": max(found.valid_from, day)}
        raise Refused(_("「%(name)s」自 %(day)s 起在「%(above)s」之下，不能承继它，否则成了循环；请先把「%(name)s」改隶到别处") % words, field="others", code="conflict")


def _stands_after(organisation: Organisation, since: date) -> bool:
    return organisation.dissolved_on is None or organisation.dissolved_on > since


def _handed(by: Actor, ended: Sequence[Organisation], but: set[int], day: date) -> list[Handed]:
    """What stands right beneath those that end, from the day on, later placements too. What was over by then stays where it is."""
    rows = Placement.objects.seen_by(by).filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day), parent__in=ended).exclude(organisation_id__in=but)
    found = [Handed(one, max(day, one.valid_from)) for one in rows.select_related("organisation", "parent").order_by("organisation__pinyin_key", "organisation_id", "valid_from")]
    return [one for one in found if _stands_after(one.organisation, one.since)]


def _check_names(by: Actor, handed: Sequence[Handed], successor: Organisation | None) -> None:
    """Two standing bodies beneath one superior never bear one name."""
    coming = {one.organisation.pk: one.organisation for one in handed if (one.placement.valid_to or FOREVER) > by.today and _stands_after(one.organisation, by.today)}
    named = Counter(one.name_key for one in coming.values())
    if successor is not None and named:
        there = Placement.objects.seen_by(by).filter(Q(valid_to__isnull=True) | Q(valid_to__gt=by.today), parent=successor).exclude(organisation_id__in=coming)
        there = there.filter(Q(organisation__dissolved_on__isnull=True) | Q(organisation__dissolved_on__gt=by.today), organisation__name_key__in=named)
        named.update(set(there.values_list("organisation__name_key", flat=True)))
    if twice := [one.name for one in coming.values() if named[one.name_key] > 1]:
        raise Refused(_("合并以后同一上级之下会有两个「%(name)s」，请先给其中一个更名") % {"name": twice[0]}, field="others", code="conflict")


def offered(by: Actor, organisation: Organisation) -> list[Organisation]:
    """Bodies that a merge with `organisation` most likely means: those of its level beneath the same superior today, and those beneath it; standing ones of which `by` is secretary."""
    placed = Placement.objects.seen_by(by).filter(on(by.today), organisation=organisation).values("parent_id")
    near = Placement.objects.seen_by(by).filter(Q(parent_id__in=placed, organisation__level=organisation.level) | Q(parent=organisation), on(by.today)).values("organisation_id")
    found = Organisation.objects.seen_by(by).filter(pk__in=near, dissolved_on__isnull=True).filter(pk__in=by.reach(SECRETARY))
    return list(found.exclude(pk=organisation.pk).order_by("pinyin_key", "pk")[:OFFERED_AT_MOST])


def beneath(by: Actor, organisation: Organisation) -> list[Organisation]:
    """Standing bodies right beneath it today."""
    return [node.organisation for node in children(by, organisation, by.today) if node.is_standing]


def successions(by: Actor, organisation: Organisation) -> QuerySet[Succession]:
    """What it came from and what came of it, in the order of time."""
    rows = Succession.objects.seen_by(by).filter(Q(predecessor=organisation) | Q(successor=organisation))
    return rows.select_related("predecessor", "successor").order_by("on", "pk")
