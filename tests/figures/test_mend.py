"""mend: every kept value that the records do not bear out is found by `verify`, named, and right at once."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.management import call_command
from pyroaring import BitMap

from juzhi.base.errors import Forbidden
from juzhi.figures import actions
from juzhi.figures.actions import marks
from juzhi.figures.models import Crowd, Rollup, Tally
from juzhi.figures.queries import Wrong, engine
from juzhi.members.figures import MEMBERS
from juzhi.members.models import Membership
from tests.cast import SYSTEM, TODAY, Cast
from tests.figures.evidence import attendances
from tests.figures.test_engine import built
from tests.figures.test_fold import admitted, folded, kept
from tests.figures.test_settle import attend, read, settled

__all__ = ["attendances", "folded"]  # the fixtures


@pytest.mark.tampers
def test_what_was_written_past_the_triggers(folded: Cast) -> None:
    pk = admitted(folded, 2)[0].pk
    actions.keep_up(by=SYSTEM)
    right = engine.standing(MEMBERS, folded.city.pk, TODAY)
    marks.remove()
    Membership.objects.system("test").filter(pk=pk).update(joined_on=date(2020, 1, 1))
    Membership.objects.system("test").filter(pk=pk).update(organisation_id=folded.west.pk)
    found = actions.verify(by=SYSTEM)
    today, place = TODAY.isoformat(), folded.tower.pk
    assert set(found) == {Wrong("members.1", "tally", place, 1, today, 1), Wrong("members.1", "tally", folded.west.pk, 1, "2020-01-01", -1)}
    for _ in range(2):  # right at once, and when it is folded
        assert engine.standing(MEMBERS, folded.city.pk, TODAY) == right
        actions.keep_up(by=SYSTEM)
    assert actions.verify(by=SYSTEM) == []


@pytest.mark.tampers
def test_a_wrong_roll_up_is_named_by_the_command(folded: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    right = engine.standing(MEMBERS, folded.city.pk, TODAY)
    row = Rollup.objects.system("test").filter(node_id=folded.city.pk, grain=0).order_by("day").first()
    assert row is not None and right is not None
    Rollup.objects.system("test").filter(pk=row.pk).update(value=row.value + 5)
    assert engine.standing(MEMBERS, folded.city.pk, TODAY) == right + 5
    with pytest.raises(SystemExit):
        call_command("figures_verify")
    told = capsys.readouterr().out
    assert "members.1" in told and folded.city.name in told and f"{row.day:%Y-%m}" in told
    assert engine.standing(MEMBERS, folded.city.pk, TODAY) == right
    call_command("figures_verify")


@pytest.mark.tampers
def test_tallies_and_roll_ups_that_are_gone(folded: Cast) -> None:
    right = engine.standing(MEMBERS, folded.city.pk, TODAY)
    Tally.objects.system("test").all().delete()
    Rollup.objects.system("test").filter(node_id=folded.city.pk).delete()
    assert {one.what for one in actions.verify(by=SYSTEM)} == {"tally", "rollup"}
    assert engine.standing(MEMBERS, folded.city.pk, TODAY) == right
    actions.keep_up(by=SYSTEM)
    assert actions.verify(by=SYSTEM) == [] and engine.standing(MEMBERS, folded.city.pk, TODAY) == right


@pytest.mark.tampers
def test_a_wrong_crowd(cast: Cast, attendances: None) -> None:
    built()
    attend(cast, "tower", 1, 2)
    settled()
    Crowd.objects.system("test").filter(node_id=cast.city.pk).update(bits=BitMap([1, 2, 77, 78]).serialize())
    assert read(cast, "city") == [4]
    attend(cast, "tower", 78)  # one that waits in the queue is left to be settled
    assert {(one.what, one.place_id, one.off) for one in actions.verify(by=SYSTEM, sampled=1000)} == {("crowd", cast.city.pk, 1)}
    settled()
    assert read(cast, "city") == [3] and actions.verify(by=SYSTEM, sampled=1000) == []


def test_what_only_looked_wrong_is_left_alone(folded: Cast) -> None:
    """As when it was folded between the comparison and the turn."""
    before = kept()
    looked = [Wrong("members.1", "tally", folded.tower.pk, 1, TODAY.isoformat(), 1), Wrong("members.1", "rollup", folded.city.pk, 0, TODAY.isoformat(), 1)]
    assert actions.mend(by=SYSTEM, suspects=looked) == [] and kept() == before


def test_only_the_product_itself(cast: Cast) -> None:
    with pytest.raises(Forbidden):
        actions.mend(by=cast.by("city_clerk"), suspects=[])
    with pytest.raises(Forbidden):
        actions.verify(by=cast.by("city_clerk"))
