"""The engine: its readings are what an oracle counts by hand, whatever was done and whatever waits; and figures on pages are the same with it as without."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest
from django.db import transaction

from juzhi.base import facts
from juzhi.figures import actions, queries
from juzhi.figures.actions import marks
from juzhi.figures.queries import Narrowing, Node, engine, evaluation
from juzhi.members import actions as members
from juzhi.members.figures import MEMBERS
from juzhi.members.models import Membership
from juzhi.network import actions as network
from juzhi.network.models import Organisation, Placement
from juzhi.people import actions as people
from tests.cast import SYSTEM, TODAY, Cast
from tests.figures import evidence
from tests.figures.evidence import attendances
from tests.figures.hammering import FIRST, SPAN, Hammer, Watch
from tests.figures.world import grown, seeds
from tests.guard import tampering

__all__ = ["attendances"]  # the fixture


def built(least: int = 1) -> None:
    while actions.widen(by=SYSTEM, least=least, days=4):
        pass


@pytest.mark.tampers
@pytest.mark.parametrize("seed", seeds(0, 1))
def test_every_reading_equals_the_oracle(attendances: None, seed: int) -> None:
    hammer = Hammer(random.Random(seed))
    hammer.play(800)
    assert hammer.wrong == [] and hammer.compared > 250


@pytest.mark.tampers
def test_the_same_when_nothing_is_ever_folded(attendances: None) -> None:
    """Late is slower, never wrong."""
    hammer = Hammer(random.Random(7), late=False)
    hammer.play(300)
    assert hammer.wrong == [] and hammer.compared > 80


@pytest.mark.tampers
def test_without_triggers_the_oracle_disagrees(attendances: None) -> None:
    """What the hammer must be able to see."""
    hammer = Hammer(random.Random(3))
    hammer.play(60)
    marks.remove()
    for _ in range(30):
        hammer.attend()
    for _ in range(20):
        hammer.compare()
    assert hammer.wrong != []


@pytest.mark.parametrize("seed", seeds(0, 1))
@pytest.mark.django_db
def test_members_are_the_same_kept_counted_and_by_hand(seed: int) -> None:
    """A federation grown through the real verbs, folded in between: founded, moved back in time, merged, split, dissolved; members who left nobody knows when."""
    watch = Watch(random.Random(seed))
    grown(300 + seed, between=watch)
    watch.end()
    assert watch.wrong == [] and watch.compared > 100


@pytest.mark.django_db
@pytest.mark.tampers
def test_a_move_that_nobody_follows_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the watch must be able to see."""
    monkeypatch.setitem(facts._FOLLOWERS, "lineage_changed", [])
    watch = Watch(random.Random(1))
    grown(301, between=watch)
    assert watch.wrong != []


def test_narrowed_or_elsewhere_it_is_counted_directly(cast: Cast) -> None:
    built()
    city = Node("organisation", cast.city)
    assert evaluation._kept(MEMBERS, city, TODAY, Narrowing()) is not None
    assert evaluation._kept(MEMBERS, city, TODAY, Narrowing(level="city")) is None
    assert evaluation._kept(MEMBERS, city, date(9999, 12, 31), Narrowing()) is None
    assert engine.standing(MEMBERS, 10**9, TODAY) is None


def test_with_a_long_queue_it_is_counted_directly(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    built()
    members.admit(by=SYSTEM, person=people.enter(by=SYSTEM, name="何晓清"), organisation=cast.tower)
    assert engine.standing(MEMBERS, cast.city.pk, TODAY) is not None
    monkeypatch.setattr(engine, "BACKLOG", 0)
    assert engine.standing(MEMBERS, cast.city.pk, TODAY) is None
    actions.keep_up(by=SYSTEM)
    assert engine.standing(MEMBERS, cast.city.pk, TODAY) is not None


def figure(cast: Cast) -> tuple[int | None, int]:
    node = Node("organisation", cast.city)
    return engine.standing(MEMBERS, cast.city.pk, TODAY), evaluation.measure(MEMBERS, queries.evidence(SYSTEM, MEMBERS, node, TODAY))


@pytest.mark.parametrize("folded", [True, False])
def test_a_body_that_is_taken_back_with_its_members(cast: Cast, folded: bool) -> None:
    """As undoing an import does: the rows of the closure go with the body, and nothing of it stays in the figures above."""
    before = figure_of(cast)
    body = network.found(by=SYSTEM, name="新设分会", family=cast.city.family, level="unit", parent=cast.tower, founded_on=date(2024, 1, 1))
    members.admit(by=SYSTEM, person=people.enter(by=SYSTEM, name="何晓清"), organisation=body, joined_on=date(2024, 2, 1))
    if folded:
        actions.keep_up(by=SYSTEM)
    assert figure(cast) == (before + 1, before + 1)
    with tampering(), transaction.atomic():
        take_back(body)
    assert figure(cast) == (before, before)
    actions.keep_up(by=SYSTEM)
    assert figure(cast) == (before, before) and actions.verify(by=SYSTEM) == []


def figure_of(cast: Cast) -> int:
    built()
    kept, counted = figure(cast)
    assert kept == counted
    return counted


def take_back(body: Organisation) -> None:
    Membership.objects.system("test").filter(organisation=body).delete()
    Placement.objects.system("test").filter(organisation=body).delete()
    network.uproot([body.pk])
    body.delete()


@pytest.mark.tampers
def test_a_period_is_whole_months_and_the_days_at_its_ends(attendances: None) -> None:
    """Every way in which a period can lie over months, against the count by hand."""
    hammer = Hammer(random.Random(5))
    hammer.play(100)
    root, often = hammer.bodies[0], evidence.series(evidence.OFTEN)
    for since in (FIRST, date(2022, 2, 1), date(2022, 2, 28), date(2023, 12, 31)):
        for length in (0, 1, 27, 28, 31, 59, 60, 366, SPAN):
            until = since + timedelta(days=length)
            assert engine.total(often, root, since, until) == len(hammer.counted(root, since, until)), (since, until)
