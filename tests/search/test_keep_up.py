"""keep_up: entries beneath an organisation that moved are written anew, a piece at a time."""

from __future__ import annotations

import pytest

from juzhi.base.errors import Forbidden
from juzhi.members import actions as members
from juzhi.network import actions as network
from juzhi.people import actions as people
from juzhi.search import actions
from juzhi.search.actions import keep_up
from juzhi.search.models import Renewal
from tests.cast import SYSTEM, TODAY, Cast
from tests.search.test_truth import WELL, settled, untrue


def waiting() -> list[int]:
    return list(Renewal.objects.system("test").order_by("pk").values_list("organisation_id", flat=True))


def moved(cast: Cast) -> None:
    settled()
    network.move(by=SYSTEM, organisation=cast.fresh("tower"), parent=cast.west, valid_from=TODAY, reason="改隶")


def test_what_moved_is_written_anew(cast: Cast) -> None:
    moved(cast)
    assert waiting() == [cast.tower.pk] and untrue() != WELL
    assert (keep_up(by=SYSTEM), waiting(), untrue()) == (2, [], WELL)
    assert keep_up(by=SYSTEM) == 0


def test_in_pieces(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for n in range(5):
        members.admit(by=SYSTEM, person=people.enter(by=SYSTEM, name=f"何{n}清"), organisation=cast.tower)
    moved(cast)
    monkeypatch.setattr(actions, "CHUNK", 3)
    assert [keep_up(by=SYSTEM) for _ in range(4)] == [3, 3, 1, 0]
    assert (waiting(), untrue()) == ([], WELL)


def test_moved_again_begins_again(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    moved(cast)
    monkeypatch.setattr(actions, "CHUNK", 1)
    keep_up(by=SYSTEM)
    network.move(by=SYSTEM, organisation=cast.fresh("tower"), parent=cast.city, valid_from=TODAY, reason="再改隶")
    settled()
    assert untrue() == WELL


def test_a_new_body_waits_for_nothing(cast: Cast) -> None:
    settled()
    network.found(by=SYSTEM, name="新设分会", family=cast.families["知联会"], level="park", parent=cast.east)
    assert waiting() == []


def test_only_the_product(cast: Cast) -> None:
    with pytest.raises(Forbidden):
        keep_up(by=cast.by("city_clerk"))
