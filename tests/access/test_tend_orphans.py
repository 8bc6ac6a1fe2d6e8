"""`access.tend_orphans`: what a grant's last day leaves is cared for by the superior, visibly."""

from __future__ import annotations

from datetime import date

import pytest

from juzhi.access import actions, queries, tasks
from juzhi.access.models import Grant
from juzhi.base.errors import Forbidden
from juzhi.network import actions as network
from tests.access.test_take_over import LATER, TOMORROW, cares, on, until_tomorrow
from tests.cast import SYSTEM, TODAY, VISITOR, Cast
from tests.guard import tampering


def test_the_day_after_the_last_one_ended_the_superior_cares(cast: Cast) -> None:
    until_tomorrow(cast)
    assert [(one.account.login, one.organisation.name) for one in actions.tend_orphans(by=SYSTEM)] == []
    assert [(one.account.login, one.organisation.name) for one in actions.tend_orphans(by=LATER)] == [("east_clerk", "港前街道分会")]
    assert cares() == [("east_clerk", "member_clerk", "港前街道分会", "own", TOMORROW, None)]
    assert actions.tend_orphans(by=LATER) == []


def test_bodies_that_never_had_a_clerk_and_bodies_that_ended_are_left_alone(cast: Cast) -> None:
    with tampering():  # no verb shortens a grant
        Grant.objects.system("test").filter(pk=cast.grants["double:member_clerk"].pk).update(organisation=cast.closed, valid_to=TOMORROW)
    assert actions.tend_orphans(by=LATER) == []


def test_expired_above_ends_the_care_below_at_once_and_the_clock_passes_it_on(cast: Cast) -> None:
    actions.revoke(by=SYSTEM, grant=cast.grants["double:member_clerk"], reason="换届")
    with tampering():  # no verb shortens a grant
        Grant.objects.system("test").filter(pk=cast.grants["east_clerk:member_clerk"].pk).update(valid_to=TOMORROW)
    assert on(cast, "east_clerk", 0).holds("member_clerk", cast.harbour.pk)
    assert not on(cast, "east_clerk", 1).holds("member_clerk", cast.harbour.pk)
    actions.tend_orphans(by=LATER)
    assert cares() == [
        ("east_clerk", "member_clerk", "港前街道分会", "own", TODAY, TOMORROW),
        ("city_clerk", "member_clerk", "东湖区知联会", "own", TOMORROW, None),
        ("city_clerk", "member_clerk", "港前街道分会", "own", TOMORROW, None),
    ]


def test_a_moved_body_is_no_longer_cared_for_by_the_old_superior(cast: Cast) -> None:
    actions.revoke(by=SYSTEM, grant=cast.grants["double:member_clerk"], reason="换届")
    network.move(by=SYSTEM, organisation=cast.fresh("harbour"), parent=cast.west, valid_from=TODAY, reason="区划调整")
    assert not cast.by("east_clerk").holds("member_clerk", cast.harbour.pk)
    assert "east_clerk" not in [sight.grant.account.login for sight in queries.who_can_see(cast.by("city_clerk"), cast.harbour) if sight.grant.duty == "member_clerk"]
    actions.tend_orphans(by=SYSTEM)
    assert cares() == [
        ("east_clerk", "member_clerk", "港前街道分会", "own", TODAY, TODAY),
        ("west_clerk", "member_clerk", "港前街道分会", "own", TODAY, None),
    ]


def test_only_the_clock_tends(cast: Cast) -> None:
    for by in (VISITOR, cast.by("city_clerk"), cast.by("operator")):
        with pytest.raises(Forbidden):
            actions.tend_orphans(by=by)


def test_the_task_tends_today(cast: Cast) -> None:
    with tampering():  # no verb shortens a grant
        Grant.objects.system("test").filter(pk=cast.grants["double:member_clerk"].pk).update(valid_to=date(2026, 1, 1))
    assert [tasks.tend_orphans.func(), tasks.tend_orphans.func()] == [1, 0]
