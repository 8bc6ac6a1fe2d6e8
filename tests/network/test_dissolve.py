"""Dissolve: from a day on it no longer stands; its place and records stay."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from juzhi.base.errors import Stale
from juzhi.journal.models import Entry
from juzhi.journal.queries import rows as journal_rows
from juzhi.network import actions, queries
from tests.cast import SYSTEM, TODAY, VISITOR, Cast
from tests.network.conftest import above, refusal, who_may

DAY = date(2026, 6, 1)


def test_promise(cast: Cast, journal) -> None:
    by = cast.by("east_clerk")
    actions.dissolve(by=by, organisation=cast.harbour, dissolved_on=DAY, precision="month", reason="撤并", version=1)
    found = cast.fresh("harbour")
    assert (found.dissolved_on, found.dissolved_precision, found.version) == (DAY, "month", 2)
    assert (found.stands_on(date(2026, 5, 31)), found.stands_on(DAY)) == (True, False)
    assert (queries.state_words(found), above(found, TODAY)) == ("2026-06 终止", ["云海市知联会", "东湖区知联会", "港前街道分会"])
    assert [(node.name, node.count, node.is_gone) for node in queries.children(VISITOR, cast.east, TODAY) if node.organisation == found] == [("港前街道分会", 0, True)]
    assert journal() == [("network.dissolve", by.key, "撤并")]


@pytest.mark.parametrize(
    ("short", "values", "message", "field"),
    [
        ("harbour", {"reason": " "}, "请写明理由，理由会记入日志", "reason"),
        ("harbour", {"dissolved_on": date(2024, 5, 6)}, "终止时间早于成立时间", "dissolved_on"),
        ("harbour", {"dissolved_on": date(2027, 11, 26)}, "终止时间在一年以后，请核对", "dissolved_on"),
        ("east", {}, "它还有下级组织（港前街道分会、未来分会、云塔大厦知联会），请先移走或终止它们", "dissolved_on"),
        ("closed", {}, "这个组织已于 2023-06-30 终止", None),
    ],
)
def test_refusals(cast: Cast, journal, short: str, values: dict, message: str, field: str | None) -> None:
    attempt = {"by": SYSTEM, "organisation": cast.organisations[short], "dissolved_on": DAY, "reason": "撤并", **values}
    assert refusal(lambda: actions.dissolve(**attempt)) == (message, field)
    assert (cast.fresh(short).dissolved_on, journal()) == (cast.organisations[short].dissolved_on, [])


def test_children_that_come_later_or_are_gone_by_then(cast: Cast) -> None:
    """A child counts while it is placed there and stands: neither one that leaves before nor one that ended."""
    assert refusal(lambda: actions.dissolve(by=SYSTEM, organisation=cast.west, dissolved_on=DAY, reason="撤并"))[0].startswith("它还有下级组织（果园社区知联会、流动分会、未来分会）")
    for short in ("harbour", "tower"):
        actions.dissolve(by=SYSTEM, organisation=cast.organisations[short], dissolved_on=DAY, reason="撤并")
    assert refusal(lambda: actions.dissolve(by=SYSTEM, organisation=cast.east, dissolved_on=date(2027, 8, 31), reason="撤并"))[0] == "它还有下级组织（未来分会），请先移走或终止它们"
    actions.dissolve(by=SYSTEM, organisation=cast.east, dissolved_on=date(2027, 9, 1), reason="撤并")
    assert cast.fresh("east").dissolved_on == date(2027, 9, 1)


def test_a_body_of_unknown_founding_that_ended_before_it_was_entered(cast: Cast) -> None:
    made = actions.found(by=SYSTEM, name="不详分会", family=cast.families["知联会"], level="park", parent=cast.east)
    ended = actions.dissolve(by=SYSTEM, organisation=made, dissolved_on=date(2020, 1, 1), precision="year", reason="名单载明")
    assert (ended.founded_on, ended.founded_precision, ended.stands_on(date(2020, 1, 1)), ended.stands_on(TODAY)) == (date(2020, 1, 1), "unknown", False, False)


@pytest.mark.parametrize(("day", "precision", "shown"), [(date(2026, 6, 1), "month", "2026-06"), (date(2026, 1, 1), "year", "2026"), (DAY, "day", "2026-06-01")])
def test_the_day_is_told_no_finer_than_it_is_known(cast: Cast, day: date, precision: str, shown: str) -> None:
    actions.dissolve(by=SYSTEM, organisation=cast.harbour, dissolved_on=day, precision=precision, reason="撤并")
    found = cast.fresh("harbour")
    entry = Entry.objects.system("test").filter(thing_key=found.key).order_by("-pk").first()
    assert [(one.label, one.before, one.after) for one in journal_rows(SYSTEM, [entry])[0].changes] == [("终止时间", None, shown)]
    assert queries.told_history(VISITOR, found)[-1]["at"] == shown and queries.about(VISITOR, found, TODAY).dissolved == shown
    assert [node.note for node in queries.children(VISITOR, cast.east, TODAY) if node.organisation == found] == [f"{shown} 终止"]
    assert refusal(lambda: actions.dissolve(by=SYSTEM, organisation=found, dissolved_on=DAY, reason="撤并"))[0] == f"这个组织已于 {shown} 终止"
    beneath = {"by": SYSTEM, "name": "港角点", "family": cast.families["知联会"], "level": "park", "parent": found, "founded_on": TODAY}
    assert refusal(lambda: actions.found(**beneath)) == (f"上级「港前街道分会」已于 {shown} 终止，从那天起不能在它之下新设组织", "founded_on")
    moved = {"by": SYSTEM, "organisation": cast.tower, "parent": found, "reason": "改隶"}
    assert refusal(lambda: actions.move(**moved, valid_from=date(2025, 12, 1)))[0] == f"「港前街道分会」到 {shown} 就终止了，请先写好那天以后的上级"
    lists = {name: Client().get(reverse("network:organisations"), {"q": "港前", "format": name}) for name in ("csv", "xlsx")}
    assert f"{shown} 终止" in lists["csv"].getvalue().decode("utf-8-sig")
    book = openpyxl.load_workbook(BytesIO(lists["xlsx"].getvalue()))
    assert [row[-1].value for row in book.active.iter_rows(min_row=2)] == [f"{shown} 终止"]


def test_twice(cast: Cast) -> None:
    actions.dissolve(by=SYSTEM, organisation=cast.harbour, dissolved_on=DAY, reason="撤并")
    assert refusal(lambda: actions.dissolve(by=SYSTEM, organisation=cast.harbour, dissolved_on=DAY, reason="撤并")) == ("这个组织已于 2026-06-01 终止", None)


def test_two_editors(cast: Cast) -> None:
    actions.correct(by=SYSTEM, organisation=cast.harbour, remark="核对", reason="更正")
    with pytest.raises(Stale) as stale:
        actions.dissolve(by=SYSTEM, organisation=cast.harbour, dissolved_on=DAY, reason="撤并", version=1)
    assert stale.value.details == [("终止时间", "2026-06-01", "")]


def test_who_may(cast: Cast) -> None:
    """The superior dissolves; by today's tree, not by that of a later day."""
    assert who_may(cast, lambda by: actions.dissolve(by=by, organisation=cast.harbour, dissolved_on=DAY, reason="撤并")) == ["east_clerk", "city_clerk"]
    assert who_may(cast, lambda by: actions.dissolve(by=by, organisation=cast.future, dissolved_on=DAY, reason="撤并")) == ["east_clerk", "city_clerk"]
    for short in ("harbour", "tower", "future"):
        actions.dissolve(by=SYSTEM, organisation=cast.organisations[short], dissolved_on=DAY, reason="撤并")
    assert who_may(cast, lambda by: actions.dissolve(by=by, organisation=cast.east, dissolved_on=TODAY, reason="撤并")) == ["city_clerk"]
