"""`imports.wipe`: rows lose what they hold of erased things; the whole walk stands in tests/people/test_forget.py."""

from __future__ import annotations

import pytest

from juzhi.base.errors import Forbidden
from juzhi.imports import actions
from juzhi.imports.models import Batch, BatchRow
from tests.cast import NOW, SYSTEM, Cast


@pytest.fixture
def batch(cast: Cast) -> Batch:
    made = Batch.objects.create(kind="roster", duty="member_clerk", organisation_id=cast.east.pk, actor_key="x", filename="册.csv", made_at=NOW, read_at=NOW)
    for number, (thing, like) in enumerate([("thingthing22", ""), ("otherother22", ""), ("", "likelikelike"), ("", "")], start=1):
        BatchRow.objects.create(batch=made, position=number, row=number, action="suspect" if like else "create", thing_key=thing, like_key=like, values={"name": "某"}, before={"x": 1}, warn=["w"], reason="r")
    return made


def told(batch: Batch) -> list[tuple[str, bool]]:
    return [(one.action, bool(one.values or one.before or one.warn or one.reason)) for one in BatchRow.objects.system("t").filter(batch=batch).order_by("position")]


@pytest.mark.tampers
def test_only_these_and_twice(batch: Batch) -> None:
    assert actions.wipe(by=SYSTEM, things=[("members.membership", "thingthing22")], likes=["likelikelike"]) == 2
    assert told(batch) == [("create", False), ("create", True), ("skip", False), ("create", True)]
    assert actions.wipe(by=SYSTEM, things=[], likes=[""]) == 0


@pytest.mark.tampers
def test_who_may_not(cast: Cast, batch: Batch) -> None:
    with pytest.raises(Forbidden):
        actions.wipe(by=cast.by("east_clerk"), things=[("members.membership", "thingthing22")])
    assert told(batch)[0] == ("create", True)
