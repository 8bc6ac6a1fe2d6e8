"""settle: persons of folded marks are put into the crowds above, or out; before and after, the reading is the same."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from juzhi.base.errors import Forbidden
from juzhi.figures import actions
from juzhi.figures.actions import shifting
from juzhi.figures.models import Crowd, Seen
from juzhi.figures.queries import engine
from juzhi.network import actions as network
from tests.cast import SYSTEM, Cast
from tests.figures import evidence
from tests.figures.evidence import Attendance, attendances
from tests.figures.test_engine import built

__all__ = ["attendances"]  # the fixture
DAY = date(2024, 5, 6)
pytestmark = pytest.mark.tampers  # nobody attends by a verb yet


def attend(cast: Cast, place: str, *people: int, day: date = DAY) -> None:
    Attendance.objects.bulk_create([Attendance(organisation_id=cast.organisations[place].pk, person_id=person, day=day, minutes=5) for person in people])


def read(cast: Cast, *places: str, days: int = 40) -> list[int | None]:
    return [engine.persons(evidence.series(evidence.PERSONS), cast.organisations[place].pk, DAY - timedelta(days=days), DAY + timedelta(days=days)) for place in places]


def settled() -> int:
    actions.fold(by=SYSTEM)
    return actions.settle(by=SYSTEM)


def test_a_person_counts_once_above_and_once_in_each(cast: Cast, attendances: None) -> None:
    built()
    settled()  # the moves of the cast
    attend(cast, "tower", 1, 2)
    attend(cast, "west", 2, 3, day=DAY + timedelta(days=3))
    before = read(cast, "tower", "east", "west", "city")
    assert before == [2, 2, 2, 3]
    assert settled() == 4 and not Seen.objects.system("test").exists() and Crowd.objects.system("test").exists()
    assert read(cast, "tower", "east", "west", "city") == before
    assert actions.settle(by=SYSTEM) == 0


def test_who_has_no_record_left_goes(cast: Cast, attendances: None) -> None:
    built()
    attend(cast, "tower", 1, 2)
    attend(cast, "tower", 1, day=DAY + timedelta(days=1))
    settled()
    rows = Attendance.objects.system("test").filter(day=DAY)
    rows.filter(person_id=1).delete()
    rows.filter(person_id=2).update(withdrawn_on=DAY)
    for _ in range(3):
        assert read(cast, "tower", "city") == [1, 1]
        settled()
    assert actions.verify(by=SYSTEM) == []


@pytest.mark.parametrize("folded", [True, False])
def test_who_moved_while_waiting_is_settled_on_both_sides(cast: Cast, attendances: None, folded: bool) -> None:
    """The record went and the body moved, retroactively, before anything was settled: the old superior keeps nobody."""
    built()
    attend(cast, "tower", 1, 2)
    settled()
    Attendance.objects.system("test").filter(person_id=1).delete()
    if folded:
        actions.fold(by=SYSTEM)
    network.move(by=SYSTEM, organisation=cast.fresh("tower"), parent=cast.west, valid_from=date(2024, 5, 1), reason="改隶")
    for _ in range(3):
        assert read(cast, "east", "west", "city") in ([0, 1, 1], [None, None, 1])  # None: counted directly while the move waits
        settled()
    assert read(cast, "east", "west", "city") == [0, 1, 1]
    assert actions.verify(by=SYSTEM) == []


def test_many_moves_make_crowds_again(cast: Cast, attendances: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shifting, "FEW", 0)
    test_who_moved_while_waiting_is_settled_on_both_sides(cast, None, True)


def test_only_the_product_itself(cast: Cast) -> None:
    with pytest.raises(Forbidden):
        actions.settle(by=cast.by("city_clerk"))
