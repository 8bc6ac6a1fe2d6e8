"""fold: marks become tallies and roll-ups, in any order, twice, and in pieces."""

from __future__ import annotations

import threading
import time

import pytest
from django.db import connection, connections, transaction

from juzhi.base.errors import Forbidden
from juzhi.figures import actions, queries
from juzhi.figures.actions import folding
from juzhi.figures.models import Mark, Rollup, Shift, Tally
from juzhi.figures.queries import Node, engine, evaluation
from juzhi.figures.queries.series import all_series
from juzhi.members import actions as members
from juzhi.members.figures import MEMBERS
from juzhi.members.models import Membership
from juzhi.network import actions as network
from juzhi.people import actions as people
from tests.cast import SYSTEM, TODAY, Cast
from tests.figures.test_engine import built
from tests.guard import tampering


def admitted(cast: Cast, number: int) -> list[Membership]:
    return [members.admit(by=SYSTEM, person=people.enter(by=SYSTEM, name=f"何{n}清"), organisation=cast.tower) for n in range(number)]


def waiting() -> int:
    return Mark.objects.system("test").count()


def kept() -> tuple[list[object], list[object]]:
    return tuple(list(model.objects.system("test").exclude(value=0).order_by("pk").values_list("pk", "value")) for model in (Tally, Rollup))  # type: ignore[return-value]


@pytest.fixture
def folded(cast: Cast) -> Cast:
    """The cast with roll-ups everywhere and nothing waiting."""
    built()
    actions.keep_up(by=SYSTEM)
    return cast


def test_what_it_folds_was_read_before(folded: Cast) -> None:
    before = engine.standing(MEMBERS, folded.city.pk, TODAY)
    admitted(folded, 3)
    assert before is not None and waiting() > 0
    assert engine.standing(MEMBERS, folded.city.pk, TODAY) == before + 3
    assert actions.fold(by=SYSTEM) > 0 and waiting() == 0
    assert engine.standing(MEMBERS, folded.city.pk, TODAY) == before + 3
    once = kept()
    assert actions.fold(by=SYSTEM) == 0 and kept() == once


def test_a_mark_that_stands_twice_does_no_harm(folded: Cast) -> None:
    admitted(folded, 1)
    marks = list(Mark.objects.system("test").values_list("source", "organisation_id", "day"))
    actions.fold(by=SYSTEM)
    once = kept()
    with tampering():
        Mark.objects.bulk_create([Mark(source=s, organisation_id=o, day=d) for s, o, d in marks])
    assert actions.fold(by=SYSTEM) == len(marks) and kept() == once


def test_in_pieces(folded: Cast) -> None:
    admitted(folded, 4)
    number = waiting()
    assert actions.fold(by=SYSTEM, most=1) == 1
    assert waiting() == number - 1
    assert actions.keep_up(by=SYSTEM) == number - 1 and actions.keep_up(by=SYSTEM) == 0
    assert actions.verify(by=SYSTEM) == []


def test_a_move_is_followed(folded: Cast) -> None:
    admitted(folded, 2)
    day, east, west = TODAY, folded.east.pk, folded.west.pk
    before = [engine.standing(MEMBERS, pk, day) for pk in (east, west, folded.city.pk, folded.tower.pk)]
    network.move(by=SYSTEM, organisation=folded.fresh("tower"), parent=folded.west, valid_from=TODAY, reason="改隶")
    assert Shift.objects.system("test").exists()
    moved = [engine.standing(MEMBERS, pk, day) for pk in (east, west, folded.city.pk, folded.tower.pk)]
    assert None not in before and moved == [before[0] - before[3], before[1] + before[3], before[2], before[3]]  # type: ignore[operator]
    actions.keep_up(by=SYSTEM)
    assert not Shift.objects.system("test").exists()
    assert [engine.standing(MEMBERS, pk, day) for pk in (east, west, folded.city.pk, folded.tower.pk)] == moved
    assert actions.verify(by=SYSTEM) == []


def test_only_the_product_itself(cast: Cast) -> None:
    with pytest.raises(Forbidden):
        actions.fold(by=cast.by("city_clerk"))


def test_cells_folded_while_a_move_waits(folded: Cast) -> None:
    """A move may be committed in the middle of a fold, after it has looked for shifts: the fold places by the closure less what waits."""
    admitted(folded, 2)
    network.move(by=SYSTEM, organisation=folded.fresh("tower"), parent=folded.west, valid_from=TODAY, reason="改隶")
    places = [folded.east.pk, folded.west.pk, folded.city.pk, folded.tower.pk]
    before = [engine.standing(MEMBERS, pk, TODAY) for pk in places]
    series = all_series()[0]
    with tampering():
        folding._fold_cells(series, [(folded.tower.pk, TODAY.isoformat())])
    assert Shift.objects.system("test").exists()
    assert [engine.standing(MEMBERS, pk, TODAY) for pk in places] == before
    actions.keep_up(by=SYSTEM)
    assert [engine.standing(MEMBERS, pk, TODAY) for pk in places] == before and actions.verify(by=SYSTEM) == []


@pytest.mark.tampers
def test_folded_while_a_move_is_not_yet_committed(committed: Cast) -> None:
    """Neither waits for the other's end but on SQLite, which has one writer; both are right afterwards."""
    built()
    actions.keep_up(by=SYSTEM)
    admitted(committed, 2)
    moved, done = threading.Event(), threading.Event()
    waited: list[bool] = []

    def move() -> None:
        try:
            with transaction.atomic():
                network.move(by=SYSTEM, organisation=committed.fresh("tower"), parent=committed.west, valid_from=TODAY, reason="改隶")
                moved.set()
                waited.append(done.wait(1 if connection.vendor == "sqlite" else 20))
        finally:
            moved.set()
            connections.close_all()

    mover = threading.Thread(target=move)
    mover.start()
    moved.wait(20)
    assert actions.fold(by=SYSTEM) > 0
    done.set()
    mover.join()
    assert waited == [connection.vendor == "postgresql"]
    for _ in range(2):
        for name in ("east", "west", "city", "tower"):
            node = Node("organisation", committed.organisations[name])
            assert engine.standing(MEMBERS, node.thing.pk, TODAY) == evaluation.measure(MEMBERS, queries.evidence(SYSTEM, MEMBERS, node, TODAY)), name
        actions.keep_up(by=SYSTEM)
    assert actions.verify(by=SYSTEM) == []


@pytest.mark.tampers
def test_two_folds_at_once(committed: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """One waits for the other. Without the turn both add the same difference, which PostgreSQL, where they meet, shows."""
    built()
    actions.keep_up(by=SYSTEM)
    admitted(committed, 2)
    fold_beside_another()
    assert actions.verify(by=SYSTEM) == []
    if connection.vendor == "postgresql":
        monkeypatch.setattr(folding, "take_turn", lambda: None)
        admitted(committed, 2)
        fold_beside_another()
        assert actions.verify(by=SYSTEM) != []


def fold_beside_another() -> None:
    """Fold while another has folded the same marks and is not yet at its end."""
    folded = threading.Event()

    def other() -> None:
        try:
            with transaction.atomic():
                actions.fold(by=SYSTEM)
                folded.set()
                time.sleep(0.5)
        finally:
            folded.set()
            connections.close_all()

    thread = threading.Thread(target=other)
    thread.start()
    folded.wait(20)
    actions.fold(by=SYSTEM)
    thread.join()
