"""Firsts equal what is found by trying every day that the dates may mean; what is known no finer decides nothing."""

from __future__ import annotations

import itertools
import random
from collections import defaultdict
from datetime import date, timedelta
from typing import Any

import pytest

from juzhi.base.errors import Refused
from juzhi.base.periods import PartialDate
from juzhi.figures.queries import firsts
from juzhi.figures.queries.firsts import FIRST, TIED, UNDECIDED, Founded, decide
from juzhi.network import actions as network
from juzhi.network.models import Family
from tests.cast import SYSTEM, TODAY, Cast
from tests.figures.world import HOSTS, World, grown

START = date(2024, 1, 1)
SPAN = range(7)  # days that an unknown date may be


def founded(n: int, since: int | None, until: int | None) -> Founded:
    return Founded((n,), None if since is None else START + timedelta(days=since), None if until is None else START + timedelta(days=until))


def by_hand(rows: list[tuple[int | None, int | None]]) -> tuple[set[frozenset[int]], set[int]]:
    """Of every world that the dates allow, who came first; and all who did in any."""
    worlds = itertools.product(*(SPAN if since is None or until is None else range(since, until + 1) for since, until in rows))
    sets = {frozenset(n for n, day in enumerate(days) if day == min(days)) for days in worlds}
    return sets, {n for one in sets for n in one}


def dice_rows(dice: random.Random) -> list[tuple[int | None, int | None]]:
    rows: list[tuple[int | None, int | None]] = []
    for _ in range(dice.randint(1, 5)):
        since = dice.randint(1, 4)
        rows.append(dice.choice([(since, since), (since, since), (since, min(since + dice.randint(1, 2), 5)), (None, None) if dice.random() < 0.3 else (since, since)]))
    return rows


@pytest.mark.parametrize("seed", range(4))
def test_a_decision_equals_the_trial_of_every_day(seed: int) -> None:
    dice, outcomes = random.Random(seed), set()
    for _ in range(150):
        rows = dice_rows(dice)
        decision = decide([founded(n, *row) for n, row in enumerate(rows)])
        sets, any_ = by_hand(rows)
        is_unknown_alone = rows == [(None, None)]
        outcome = FIRST if len(sets) == 1 and len(any_) == 1 and not is_unknown_alone else TIED if len(sets) == 1 and len(any_) > 1 else UNDECIDED
        assert (decision.outcome, {one.ids[0] for one in decision.holders}) == (outcome, any_), rows
        rest = [n for n in range(len(rows)) if n not in any_]
        runners = {rest[n] for n in by_hand([rows[n] for n in rest])[1]} if rest and outcome != UNDECIDED else set()
        assert {one.ids[0] for one in decision.runners} == runners, rows
        outcomes.add(outcome)
    assert outcomes == {FIRST, TIED, UNDECIDED}


@pytest.mark.parametrize(
    ("days", "outcome", "why"),
    [
        ([("2024-05-07", "day"), ("2024-05-21", "day")], FIRST, ""),
        ([("2024-05-01", "month"), ("2024-06-01", "month")], FIRST, ""),
        ([("2024-05-01", "month"), ("2024-05-01", "month")], UNDECIDED, "不能判定：成立时间的精度不够，分不出先后"),
        ([("2024-05-31", "day"), ("2024-05-01", "month")], UNDECIDED, "不能判定：成立时间的精度不够，分不出先后"),
        ([("2024-01-01", "year"), ("2024-12-31", "day")], UNDECIDED, "不能判定：成立时间的精度不够，分不出先后"),
        ([("2023-01-01", "year"), ("2024-01-01", "day")], FIRST, ""),
        ([("2024-05-07", "day"), ("2024-05-07", "day")], TIED, "同一天成立，并列"),
        ([("2024-05-07", "day"), ("2024-05-07", "unknown")], UNDECIDED, "不能判定：有的成立时间未详"),
        ([("2024-05-07", "unknown")], UNDECIDED, "不能判定：有的成立时间未详"),
    ],
)
def test_precision(days: list[tuple[str, str]], outcome: str, why: str) -> None:
    decision = decide([firsts.dated((n,), date.fromisoformat(day), precision) for n, (day, precision) in enumerate(days)])
    assert (decision.outcome, firsts.why(decision)) == (outcome, why)


def blurred(world: World, dice: random.Random) -> dict[str, tuple[date | None, date | None]]:
    """Some founding days made less certain; of each body the first and last day it may be."""
    known: dict[str, tuple[date | None, date | None]] = {}
    for key, body in world.bodies.items():
        precision = dice.choice(["day", "day", "month", "year", "unknown"])
        on = {"month": body.founded_on.replace(day=1), "year": body.founded_on.replace(month=1, day=1)}.get(precision, body.founded_on)
        try:
            network.correct(by=SYSTEM, organisation=body.row, reason="随机", founded_on=on, founded_precision=precision)
            body.founded_on = on
        except Refused:
            precision = "day"
        last = PartialDate(on, precision).last if precision != "unknown" else None
        known[key] = (None, None) if precision == "unknown" else (body.founded_on, last if precision != "day" else body.founded_on)
    return known


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.django_db
def test_the_firsts_of_a_random_federation(seed: int) -> None:
    world, dice = grown(200 + seed), random.Random(seed)
    known = blurred(world, dice)
    families = {family.name: family.pk for family in Family.objects.system("test")}
    types = dict(HOSTS)
    for day in (date(2022, 6, 30), TODAY):
        for code in ("9701", "970101"):
            expected: dict[Any, set[str]] = defaultdict(set)
            for key, body in world.bodies.items():
                area, host, sector = body.seat.on(body.founded_on)
                if area.startswith(code) and (body.founded_on <= day or known[key][0] is None):
                    expected[(families[body.family], "level", body.level)].add(key)
                    if host:
                        expected[(families[body.family], "host_type", types[host])].add(key)
                    if sector:
                        expected[(families[body.family], "sector", str(world.sectors[sector].pk))].add(key)
            found = firsts.firsts(SYSTEM, world.areas[code], None, day)
            keys = {one.pk: key for key, one in ((key, body.row) for key, body in world.bodies.items())}
            told = {(row.group.family, row.group.kind, row.group.value): row for row in found.rows}
            for group, members in expected.items():
                if group not in told:  # said already under the same word, of the same bodies
                    assert group[1] == "host_type" and expected.get((group[0], "level", group[2])) == members
                    continue
                row = told.pop(group)
                may = {a for a in members if not any(b != a and known[a][0] is not None and known[b][1] is not None and known[b][1] < known[a][0] for b in members)}
                assert row.count == len(members)
                assert {keys[one.ids[0]] for one in row.decision.holders} == may
                exact = all(known[one][0] is not None and known[one][0] == known[one][1] for one in may)
                (one,) = may if len(may) == 1 else (None,)
                assert row.decision.outcome == (TIED if len(may) > 1 and exact else FIRST if one and known[one][0] else UNDECIDED)
            assert told == {}


def group(found: firsts.Firsts, kind: str, value: str, family: str = "知联会") -> firsts.First:
    (row,) = [row for row in found.rows if (row.group.kind, row.group.value, row.family) == (kind, value, family)]
    return row


def names(found: firsts.Firsts, part: list[Founded]) -> list[list[str]]:
    return [[found.named[pk].name for pk in one.ids] for one in firsts.shown(part)]


def test_a_first_stays_with_the_place_of_its_founding_and_with_a_body_that_is_gone(cast: Cast) -> None:
    """旧港区 was dissolved in 2023; 流动分会 was founded beneath west's area and stays first there."""
    found = firsts.firsts(SYSTEM, cast.areas["970103"], None, TODAY)
    row = group(found, "level", "district")
    assert (row.decision.outcome, names(found, row.decision.holders), row.count) == (FIRST, [["旧港区知联会"]], 1)
    network.relocate(by=SYSTEM, organisation=cast.tower, area=cast.areas["970102"], host=None, sector=None, valid_from=date(2025, 1, 1), reason="搬迁")
    found = firsts.firsts(SYSTEM, cast.areas["970101"], None, TODAY)
    assert names(found, group(found, "level", "building").decision.holders) == [["云塔大厦知联会"]]


def test_each_family_has_its_own_first(cast: Cast) -> None:
    found = firsts.firsts(SYSTEM, cast.areas["9701"], None, TODAY)
    assert names(found, group(found, "level", "building").decision.holders) == [["云塔大厦知联会"]]
    assert names(found, group(found, "level", "building", "新联会").decision.holders) == [["云塔大厦新联会"]]
    alone = firsts.firsts(SYSTEM, cast.areas["9701"], cast.families["新联会"], TODAY)
    assert {row.family for row in alone.rows} == {"新联会"}


def founded_park(cast: Cast, name: str, on: date, **more: Any) -> Any:
    return network.found(by=SYSTEM, name=name, family=cast.families["知联会"], level="community", parent=cast.east, founded_on=on, area=cast.areas["970101"], **more)


def test_first_batch_by_event_and_by_number(cast: Cast) -> None:
    """An event shared by two, earlier than two that only share parent, day and number; one alone is no batch."""
    event = network.register_founding(by=SYSTEM, organisation=cast.east, title="首批成立大会", on=date(2020, 9, 18), precision="day", batch=1)
    for name in ("甲社区知联会", "乙社区知联会"):
        founded_park(cast, name, date(2020, 9, 18), founding=event)
    for name in ("丙社区知联会", "丁社区知联会"):
        founded_park(cast, name, date(2020, 10, 18), batch=2)
    founded_park(cast, "独社区知联会", date(2019, 1, 1), batch=1)
    found = firsts.firsts(SYSTEM, cast.areas["9701"], None, TODAY)
    row = group(found, "level", "community")
    assert row.batches is not None
    assert (row.decision.outcome, names(found, row.decision.holders)) == (FIRST, [["独社区知联会"]])
    assert (row.batches.outcome, names(found, row.batches.holders)) == (FIRST, [["甲社区知联会", "乙社区知联会"]])
    assert (names(found, row.batches.runners), [one.batch for one in row.batches.runners]) == ([["丙社区知联会", "丁社区知联会"]], [2])
    assert found.events[row.batches.holders[0].event].title == "首批成立大会"


def test_who_has_no_known_place_is_said(cast: Cast) -> None:
    founded_nowhere = network.found(by=SYSTEM, name="无址知联会", family=cast.families["知联会"], level="district", founded_on=date(2010, 1, 1))
    found = firsts.firsts(SYSTEM, cast.areas["9701"], None, TODAY)
    assert (found.unplaced, [one.pk for one in found.unplaced_named]) == (1, [founded_nowhere.pk])
    assert names(found, group(found, "level", "district").decision.holders) == [["东湖区知联会"]]


def test_an_unknown_founding_counts_whenever_it_was_entered(cast: Cast) -> None:
    network.correct(by=SYSTEM, organisation=cast.west, reason="查不到", founded_on=TODAY, founded_precision="unknown")
    row = group(firsts.firsts(SYSTEM, cast.areas["9701"], None, date(2020, 1, 1)), "level", "district")
    assert (row.decision.outcome, row.count) == (UNDECIDED, 3)


