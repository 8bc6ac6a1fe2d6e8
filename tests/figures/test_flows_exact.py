"""Every flow of random federations equals what is counted by hand: nodes, cuts, months, children, what cannot be decided, and the way of a stock from day to day."""

from __future__ import annotations

import calendar
import random
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest

from juzhi.base.indicators import INDICATORS, Indicator
from juzhi.base.periods import Period, calendar_period
from juzhi.figures import queries
from juzhi.figures.queries import Figure, Narrowing, Node
from juzhi.network.models import Family
from tests.cast import SYSTEM
from tests.figures.world import World, day_of, grown, seeds

EVENTS = ("members_joined", "persons_joined", "members_left", "persons_left", "organisations_founded", "organisations_dissolved")
GROWTHS = ("members_growth", "organisations_growth")


@dataclass(frozen=True)
class Event:
    """Something that happened at a body: `key` = the record, `thing` = what is counted."""

    body: str
    key: str
    thing: str
    on: date
    precision: str
    reason: str = ""

    @property
    def span(self) -> tuple[date, date] | None:
        if self.precision == "unknown":
            return None
        month = {"year": 12}.get(self.precision, self.on.month)
        return self.on, self.on if self.precision == "day" else date(self.on.year, month, calendar.monthrange(self.on.year, month)[1])

    def lies_in(self, period: Period) -> bool:
        return self.span is not None and period.since <= self.span[0] and self.span[1] <= period.until

    def touches(self, period: Period) -> bool:
        return self.span is not None and self.span[0] <= period.until and period.since <= self.span[1]


def events(world: World, name: str) -> list[Event]:
    spells, is_persons = world.spells.items(), name.startswith("persons")
    if name.endswith("_joined"):
        return [Event(one.body, key, one.person if is_persons else key, one.joined_on, one.joined_precision) for key, one in spells]
    if name.endswith("_left"):
        return [Event(one.body, key, one.person if is_persons else key, one.ended_on, one.ended_precision, one.reason) for key, one in spells if one.ended_on]
    if name == "organisations_founded":
        return [Event(key, key, key, one.founded_on, one.founded_precision) for key, one in world.bodies.items()]
    return [Event(key, key, key, one.dissolved_on, one.dissolved_precision) for key, one in world.bodies.items() if one.dissolved_on]


def number(found: Iterable[Event]) -> int:
    return len({one.thing for one in found})


def grouped(found: Iterable[Event], by: Callable[[Event], str]) -> dict[str, int]:
    groups: dict[str, list[Event]] = defaultdict(list)
    for one in found:
        groups[by(one)].append(one)
    return {key: number(group) for key, group in groups.items()}


def periods(dice: random.Random, world: World) -> list[Period]:
    """Around days on which something happened: a year, a quarter, a month, and others of any length."""
    edges = sorted({day for body in world.bodies.values() for day in (*body.parent.changes, *body.seat.changes, body.founded_on) if day > date(2000, 1, 1)})
    days = [*dice.sample(edges, 3), day_of(dice)]
    found = [calendar_period(day, kind) for day, kind in zip(days, ("year", "quarter", "month", "year"), strict=True)]
    return [*found, *(Period(day - timedelta(days=dice.randrange(90)), day + timedelta(days=dice.randrange(500))) for day in days)]


def asked(name: str, kind: str, thing: Any, period: Period, narrowing: Narrowing = Narrowing()) -> Figure:  # noqa: B008 frozen
    return queries.evaluate(SYSTEM, INDICATORS[name], Node(kind, thing), period.until, narrowing, period.since)


@pytest.mark.parametrize("seed", seeds(0, 1))
@pytest.mark.django_db
def test_every_flow_equals_the_count_by_hand(seed: int) -> None:
    world, dice = grown(400 + seed, steps=90), random.Random(seed)
    assert len(world.spells) > 8
    wrong = []
    for period in periods(dice, world):
        for kind, thing, counts in world.some_nodes(dice, 4):
            for name in EVENTS:
                figure = asked(name, kind, thing, period)
                rows = [one for one in events(world, name) if one.lies_in(period) and counts(one.body, one.on)]
                expected = {
                    "value": number(rows),
                    "list": sorted(one.key for one in rows),
                    "level": grouped(rows, lambda one: world.bodies[one.body].level),
                    "family": grouped(rows, lambda one: world.bodies[one.body].family),
                    "host_type": grouped(rows, lambda one: world.host_type(one.body, one.on)),
                    "attribute": grouped(rows, lambda one: one.reason) if name.endswith("_left") else {},
                    "months": grouped((one for one in rows if one.precision != "year"), lambda one: f"{one.on:%Y-%m}"),
                    "undecided": number(one for one in events(world, name) if one.touches(period) and not one.lies_in(period) and counts(one.body, one.on) and was_there(world, one.body, counts, period)),
                }
                found = {
                    "value": figure.value,
                    "list": sorted(row.key for row in queries.opened(SYSTEM, figure)),
                    **{cut: {row.key: row.value for row in queries.cut(SYSTEM, figure, cut)} for cut in ("level", "family", "host_type", "attribute")},
                    "months": {f"{month.since:%Y-%m}": value for month, value in queries.by_month(SYSTEM, figure) if value},
                    "undecided": queries.undecided(SYSTEM, figure),
                }
                wrong += [(seed, str(period), kind, thing.name, name, part, found[part], expected[part]) for part in expected if found[part] != expected[part]]
    assert wrong == []


def was_there(world: World, body: str, counts: Callable[[str, date], bool], period: Period) -> bool:
    """Whether it stood at the node on a day of the period."""
    changes = {day for one in world.bodies.values() for day in (*one.parent.changes, *one.seat.changes)}
    return any(counts(body, day) for day in {period.since, *(day for day in changes if period.since <= day <= period.until)})


@pytest.mark.parametrize("seed", seeds(0, 1))
@pytest.mark.django_db
def test_a_stock_goes_from_day_to_day_by_what_is_named(seed: int) -> None:
    """Members and organisations at the end are those before, and what came, went, moved, or has no day precise enough; also where a reader chose cuts."""
    world, dice = grown(500 + seed, steps=90), random.Random(seed)
    family = Family.objects.system("test").get(name="知联会")
    wrong, moved = [], 0
    for period in periods(dice, world):
        for kind, thing, _counts in world.some_nodes(dice, 3):
            for name in GROWTHS:
                for narrowing in (Narrowing(), Narrowing(family, "", "none"), Narrowing(None, "building", "public_hospital")):
                    figure = asked(name, kind, thing, period, narrowing)
                    way = queries.way(SYSTEM, figure)
                    assert way is not None
                    moved += way.moved_in + way.moved_out
                    if (way.sum, figure.value) != (way.after.value, (way.came.value or 0) - (way.went.value or 0)):
                        wrong.append((seed, str(period), kind, thing.name, name, narrowing, way))
                    rows = {row.key: row.added for row in queries.opened(SYSTEM, figure)}
                    if sum(rows.values()) != figure.value:
                        wrong.append((seed, str(period), kind, thing.name, name, narrowing, rows))
                assert sum(row.value or 0 for row in queries.cut(SYSTEM, asked(name, kind, thing, period), "level")) == asked(name, kind, thing, period).value
    assert wrong == [] and moved


@pytest.mark.parametrize("seed", seeds(0, 3))
@pytest.mark.django_db
def test_children_areas_and_cohorts_equal_the_count_by_hand(seed: int) -> None:
    """A child's share is what happened while it stood beneath; its own number over the period is told where it is another."""
    world, dice = grown(600 + seed, steps=90), random.Random(seed)
    wrong, clipped = [], 0
    for period in periods(dice, world):
        for top, body in dice.sample(list(world.bodies.items()), 4):
            for name in EVENTS:
                rows = [one for one in events(world, name) if one.lies_in(period)]
                found = {row.key: (row.value, row.whole) for row in queries.by_child(SYSTEM, asked(name, "organisation", body.row, period))}
                expected = {top: (number(one for one in rows if one.body == top), None)}
                for child, whole in children(world, top, period, rows):
                    share = number(one for one in whole if world.bodies[child].parent.on(one.on) == top)
                    expected[child] = (share, number(whole) if number(whole) != share else None)
                    clipped += number(whole) != share
                if found != expected:
                    wrong.append((seed, str(period), top, name, found, expected))
                if not name.startswith("persons") and sum(value or 0 for value, _whole in found.values()) != asked(name, "organisation", body.row, period).value:
                    wrong.append((seed, str(period), top, name, "sum"))
        for name in EVENTS:
            figure = asked(name, "area", world.areas["97"], period)
            areas = [area for code, area in world.areas.items() if len(code) in (6, 9)]
            rows = [one for one in events(world, name) if one.lies_in(period)]
            by_area = {area.name: number(one for one in rows if world.bodies[one.body].seat.on(one.on)[0].startswith(area.code)) for area in areas}
            if {row.label: row.value for row in queries.by_district(SYSTEM, figure, areas)} != by_area:
                wrong.append((seed, str(period), name, by_area))
        for top, body in dice.sample(list(world.bodies.items()), 2):
            members = queries.evaluate(SYSTEM, INDICATORS["members"], Node("organisation", body.row), period.until)
            came = [one for one in world.spells.values() if one.batch and one.joined_on <= period.until and top in world.above(one.body, period.until)]
            counted = {str(n): (sum(one.batch == n for one in came), sum(one.batch == n and one.holds(period.until) for one in came)) for n in (1, 2)}
            if {one.key: (one.value, one.still) for one in queries.cohorts(SYSTEM, members)} != {n: pair for n, pair in counted.items() if pair[0]}:
                wrong.append((seed, str(period), top, "cohorts", counted))
    assert wrong == [] and clipped


def children(world: World, top: str, period: Period, rows: list[Event]) -> list[tuple[str, list[Event]]]:
    """Bodies that stood directly beneath `top` in the period, each with what happened at it and beneath it, wherever it stood then."""
    changes = lambda one: [day for day in one.parent.changes if period.since <= day <= period.until]  # noqa: E731
    placed = [key for key, one in world.bodies.items() if any(one.parent.on(day) == top for day in (period.since, *changes(one)))]
    return [(child, [one for one in rows if child in world.above(one.body, one.on)]) for child in placed]


def test_a_flow_asks_for_its_period() -> None:
    with pytest.raises(ValueError, match="over which period"):
        queries.evidence(SYSTEM, INDICATORS["members_joined"], Node("organisation", None), date(2026, 1, 1))  # type: ignore[arg-type]


def test_every_flow_is_named_for_its_record() -> None:
    """The field of its own day, with its precision: the condition of time is made from it."""
    for one in INDICATORS.values():
        assert isinstance(one, Indicator)
        if one.is_flow and not one.growth:
            assert {one.day, one.day.removesuffix("_on") + "_precision"} <= {field.name for field in one.model._meta.fields}, one.id
