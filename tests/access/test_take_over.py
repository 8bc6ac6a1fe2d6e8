"""`access.take_over`: what nobody holds any more is cared for by the superior, visibly."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from juzhi.access import actions
from juzhi.access.models import Grant
from juzhi.access.queries import AccountActor
from juzhi.base.errors import Forbidden, Refused
from tests.access.conftest import rush
from tests.cast import NOW, SYSTEM, TODAY, VISITOR, Cast
from tests.guard import tampering

TOMORROW = TODAY + timedelta(days=1)
LATER = replace(SYSTEM, at=NOW + timedelta(days=1))


def cares() -> list[tuple[Any, ...]]:
    found = Grant.objects.system("test").filter(source="takeover").order_by("pk")
    return list(found.values_list("account__login", "duty", "organisation__name", "reach", "valid_from", "valid_to"))


def on(cast: Cast, name: str, days: int) -> AccountActor:
    return replace(cast.by(name), at=NOW + timedelta(days=days))


def until_tomorrow(cast: Cast) -> None:
    """The harbour's only clerk holds the duty to the end of today."""
    with tampering():  # no verb shortens a grant
        Grant.objects.system("test").filter(pk=cast.grants["double:member_clerk"].pk).update(valid_to=TOMORROW)


def test_the_nearest_superior_that_has_a_holder_takes_over(cast: Cast) -> None:
    made = actions.take_over(by=cast.by("east_clerk"), organisation=cast.tower, duty="member_clerk")
    assert [grant.account.login for grant in made] == ["east_clerk"]
    assert cares() == [("east_clerk", "member_clerk", "云塔大厦知联会", "own", TODAY, None)]
    assert actions.take_over(by=cast.by("east_clerk"), organisation=cast.tower, duty="member_clerk") == []
    with tampering():  # no verb shortens a grant
        Grant.objects.system("test").filter(pk=cast.grants["west_clerk:secretary"].pk).update(valid_to=TODAY)
    actions.take_over(by=cast.by("city_clerk"), organisation=cast.orchard, duty="secretary")
    assert cares()[1:] == [("city_clerk", "secretary", "果园社区知联会", "own", TODAY, None)]


def test_who_may_not_and_what_is_not_taken_over(cast: Cast) -> None:
    for by in (VISITOR, cast.by("west_clerk"), cast.by("anna"), cast.by("operator"), cast.by("expired")):
        with pytest.raises(Forbidden):
            actions.take_over(by=by, organisation=cast.tower, duty="member_clerk")
    with pytest.raises(Refused) as refused:
        actions.take_over(by=SYSTEM, organisation=cast.tower, duty="publisher")
    assert refused.value.field == "duty"
    assert cares() == []


def test_ten_at_once_take_over_once(committed: Cast) -> None:
    assert rush(10, lambda n: actions.take_over(by=SYSTEM, organisation=committed.tower, duty="member_clerk")) == Counter(done=10)
    assert len(cares()) == 1
