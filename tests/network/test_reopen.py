"""Reopen: a dissolution that was entered wrongly is taken back, as if it had never been."""

from __future__ import annotations

from datetime import date

import pytest

from juzhi.base.errors import Stale
from juzhi.network import actions, queries
from juzhi.network.models import Organisation
from tests.cast import SYSTEM, TODAY, Cast
from tests.network.conftest import refusal, who_may

DAY = date(2026, 6, 1)


def ended(cast: Cast, short: str = "harbour", day: date = DAY) -> Organisation:
    return actions.dissolve(by=SYSTEM, organisation=cast.organisations[short], dissolved_on=day, reason="撤并")


def test_promise(cast: Cast, journal) -> None:
    by, was = cast.by("east_clerk"), ended(cast)
    again = actions.reopen(by=by, organisation=was, reason="登记错了", version=2)
    assert (again.dissolved_on, again.dissolved_precision, again.founded_on, again.version) == (None, "", date(2024, 5, 7), 3)
    assert all(again.stands_on(day) for day in (date(2024, 5, 7), DAY, TODAY)) and queries.state_words(again) == "存续"
    assert journal() == [("network.dissolve", SYSTEM.key, "撤并"), ("network.reopen", by.key, "登记错了")]


def test_refusals(cast: Cast, journal) -> None:
    assert refusal(lambda: actions.reopen(by=SYSTEM, organisation=cast.harbour, reason="登记错了")) == ("这个组织没有终止，不用撤销", None)
    was = ended(cast)
    assert refusal(lambda: actions.reopen(by=SYSTEM, organisation=was, reason=" ")) == ("请写明理由，理由会记入日志", "reason")
    assert [verb for verb, _by, _reason in journal()] == ["network.dissolve"]


def test_twice(cast: Cast) -> None:
    was = ended(cast)
    actions.reopen(by=SYSTEM, organisation=was, reason="登记错了")
    assert refusal(lambda: actions.reopen(by=SYSTEM, organisation=was, reason="登记错了")) == ("这个组织没有终止，不用撤销", None)


def test_two_editors(cast: Cast) -> None:
    was = ended(cast)
    actions.correct(by=SYSTEM, organisation=was, remark="核对", reason="更正")
    with pytest.raises(Stale) as stale:
        actions.reopen(by=SYSTEM, organisation=was, reason="登记错了", version=2)
    assert stale.value.details == [("终止时间", "", "2026-06-01")]


def test_a_superior_lasts_as_long(cast: Cast) -> None:
    """Not beneath one that ended too, today or at a later day; once that one stands again, or the body is moved, it may."""
    for short in ("harbour", "tower", "future"):
        ended(cast, short)
    east = ended(cast, "east", date(2026, 7, 1))
    why = "它的上级「东湖区知联会」已于 2026-07-01 终止，请先撤销上级的终止，或者先改隶"
    assert refusal(lambda: actions.reopen(by=SYSTEM, organisation=cast.harbour, reason="登记错了")) == (why, None)
    actions.move(by=SYSTEM, organisation=cast.tower, parent=cast.west, valid_from=date(2026, 5, 1), reason="改隶")
    assert actions.reopen(by=SYSTEM, organisation=cast.tower, reason="登记错了").dissolved_on is None
    actions.reopen(by=SYSTEM, organisation=east, reason="登记错了")
    assert actions.reopen(by=SYSTEM, organisation=cast.harbour, reason="登记错了").dissolved_on is None


def test_a_name_that_another_bears_by_now(cast: Cast) -> None:
    was = ended(cast)
    actions.found(by=SYSTEM, name=was.name, family=cast.families["知联会"], level="subdistrict", parent=cast.east, founded_on=date(2026, 7, 1))
    assert refusal(lambda: actions.reopen(by=SYSTEM, organisation=was, reason="登记错了")) == ("「港前街道分会」在同一上级之下已经有了，请换个名称，或打开原有组织修改", "name")


def test_a_founding_day_that_nobody_knows_is_today_again(cast: Cast) -> None:
    made = actions.found(by=SYSTEM, name="不详分会", family=cast.families["知联会"], level="park", parent=cast.east)
    actions.dissolve(by=SYSTEM, organisation=made, dissolved_on=date(2020, 1, 1), precision="year", reason="名单载明")
    again = actions.reopen(by=SYSTEM, organisation=made, reason="登记错了")
    assert (again.founded_on, again.founded_precision) == (TODAY, "unknown")


def test_who_may(cast: Cast) -> None:
    """Who may dissolve it: the superior, and the operator's system; not the body itself."""
    was = ended(cast)
    assert who_may(cast, lambda by: actions.reopen(by=by, organisation=was, reason="登记错了")) == ["east_clerk", "city_clerk"]
