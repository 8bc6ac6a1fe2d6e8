"""Saying of suspects whether they are the same, somebody else, or left for later."""

from __future__ import annotations

import pytest

from juzhi.base.errors import Forbidden, Refused
from juzhi.imports import actions, tasks
from juzhi.imports.models import Batch
from juzhi.members.models import Membership
from juzhi.people.models import Person
from tests.cast import Cast
from tests.imports.office import fresh, mixed, planned, rows_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch(cast: Cast) -> Batch:
    return planned(cast.by("east_clerk"), mixed(), cast.tower)


def decisions(batch: Batch) -> list[str]:
    return [row.decision for row in rows_of(batch) if row.action == "suspect"]


def test_row_by_row(cast: Cast, batch: Batch) -> None:
    by, keys = cast.by("east_clerk"), [row.key for row in rows_of(batch) if row.action == "suspect"]
    assert actions.settle(by=by, batch=batch, decisions={keys[0]: "same", keys[1]: "later"}) == 2
    assert actions.settle(by=by, batch=batch, decisions={keys[0]: "same"}) == 0  # twice
    assert decisions(batch) == ["same", "later"]
    assert actions.settle(by=by, batch=batch, decisions={keys[0]: "new"}) == 1
    assert decisions(batch) == ["new", "later"]


def test_all_at_once(cast: Cast, batch: Batch) -> None:
    assert actions.settle(by=cast.by("east_clerk"), batch=batch, everything="new") == 2
    assert decisions(batch) == ["new", "new"]
    assert {row.decision for row in rows_of(batch) if row.action != "suspect"} == {""}


def test_rows_that_are_no_suspects_cannot_be_settled(cast: Cast, batch: Batch) -> None:
    other = next(row for row in rows_of(batch) if row.action == "refuse")
    assert actions.settle(by=cast.by("east_clerk"), batch=batch, decisions={other.key: "new", "unknown": "new"}) == 0
    assert {row.decision for row in rows_of(batch)} == {""}


@pytest.mark.parametrize(("decision", "persons", "spells"), [("same", 1, 4), ("new", 3, 4), ("later", 1, 2)])
def test_what_becomes_of_them(cast: Cast, batch: Batch, decision: str, persons: int, spells: int) -> None:
    """Besides the one new person: two suspects joined to those known, made anew, or left."""
    before = Person.objects.system("test").count(), Membership.objects.system("test").filter(organisation=cast.tower).count()
    actions.settle(by=cast.by("east_clerk"), batch=batch, everything=decision)
    actions.commit(by=cast.by("east_clerk"), batch=batch)
    after = Person.objects.system("test").count(), Membership.objects.system("test").filter(organisation=cast.tower).count()
    assert (after[0] - before[0], after[1] - before[1]) == (persons, spells - 1)


def test_refusals(cast: Cast, batch: Batch) -> None:
    by = cast.by("east_clerk")
    with pytest.raises(Refused, match="裁定只能是"):
        actions.settle(by=by, batch=batch, everything="perhaps")
    with pytest.raises(Forbidden):
        actions.settle(by=cast.by("west_clerk"), batch=batch, everything="same")
    actions.start_commit(by=by, batch=batch, version=fresh(batch).version, task=tasks.write)
    with pytest.raises(Refused, match="正在写入"):
        actions.settle(by=by, batch=batch, everything="same")
    actions.commit(by=by, batch=batch)
    with pytest.raises(Refused, match="已经结束"):
        actions.settle(by=by, batch=batch, everything="same")
