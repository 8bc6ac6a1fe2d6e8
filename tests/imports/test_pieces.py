"""A long roster in pieces: what a row means does not depend on where a piece ends, and all of it is one batch with one entry."""

from __future__ import annotations

import pytest

from juzhi.imports import actions
from juzhi.imports.queries import standing
from juzhi.journal import actions as journal
from juzhi.journal import queries as chain
from juzhi.journal.models import Entry, EntryLine
from juzhi.members.models import Membership
from juzhi.people import queries as people
from juzhi.people.models import Person
from tests.cast import SYSTEM, Cast
from tests.imports.office import planned, roster, rows_of, ways

pytestmark = pytest.mark.django_db
MANY = roster(
    *({"姓名": f"何{n}清", "手机": f"199000005{n:02}", "单位": "云塔科技"} for n in range(9)),
    {"姓名": "何1清", "手机": "19900000501"},  # again, far below
    {"姓名": "单飞燕", "手机": "19900000001", "职务": "馆长"},  # a member already: something new
    {"姓名": "单飞燕", "手机": "19900000001", "职务": "馆员"},  # again, in another piece: the first one says it
)


@pytest.fixture(params=[2, 5000], ids=["many pieces", "one piece"])
def piece(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standing, "PIECE", request.param)


def test_the_same_wherever_pieces_end(piece: None, cast: Cast) -> None:
    by = cast.by("east_clerk")
    batch = planned(by, MANY, cast.tower)
    assert [(row, action) for row, action, _by in ways(batch)] == [*((n, "create") for n in range(3, 12)), (12, "same"), (13, "update"), (14, "same")]
    assert [(one.row, one.same_as) for one in rows_of(batch) if one.action == "same"] == [(12, 4), (14, 13)]
    batch = actions.commit(by=by, batch=batch)
    assert batch.counts == {"create": 9, "same": 2, "update": 1, "written": 10, "later": 0}
    assert Person.objects.system("test").filter(name__startswith="何").count() == 9
    assert Membership.objects.system("test").filter(organisation=cast.tower, person__name__startswith="何").count() == 9
    assert people.person(by, cast.persons["anna"].key).employments.all()[0].duty == "馆长"


def test_one_entry_whose_lines_are_sealed(piece: None, cast: Cast) -> None:
    by = cast.by("east_clerk")
    batch = actions.commit(by=by, batch=planned(by, MANY, cast.tower))
    told, lined = Entry.objects.system("test").filter(verb="imports.commit", thing_key=batch.key).order_by("line_count")
    assert (told.line_count, lined.line_count) == (0, 19)  # nine persons with a spell each, one renewed
    assert list(EntryLine.objects.system("test").filter(entry=lined).order_by("place").values_list("place", flat=True)) == list(range(1, 20))
    journal.seal(by=SYSTEM)
    assert chain.verify({}).fault is None


def test_who_came_in_is_found_at_once(piece: None, cast: Cast) -> None:
    by = cast.by("east_clerk")
    actions.commit(by=by, batch=planned(by, MANY, cast.tower))
    assert [one.person.name for one in people.someones(by, people.found_by_words(by, "何7清").ids, "何7清")] == ["何7清"]
    assert people.found_by_words(cast.by("west_clerk"), "何7清").ids == []


def test_a_file_brought_twice_at_once_makes_nobody_twice(piece: None, cast: Cast) -> None:
    """Both were planned before either was written: of the later one whoever is there by now is left out and named."""
    by = cast.by("east_clerk")
    first, second = planned(by, MANY, cast.tower), planned(by, MANY, cast.tower)
    actions.commit(by=by, batch=first)
    before = Person.objects.system("test").count()
    second = actions.commit(by=by, batch=second)
    assert (second.counts["written"], second.counts["left_out"]) == (1, 9)  # the member who was to be renewed, and is
    assert {row.reason for row in rows_of(second) if row.action == "refuse"} == {"changed_since"}
    assert Person.objects.system("test").count() == before
