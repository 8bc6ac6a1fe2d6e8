"""Move: another superior from a day on; the past before that day stays."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from juzhi.base.errors import Stale
from juzhi.network import actions, queries
from juzhi.network.models import Lineage, OrganisationName, Placement, Seat
from tests.cast import SYSTEM, TODAY, VISITOR, Cast
from tests.network.conftest import above, refusal, who_may

DAY = date(2025, 1, 1)
BEGINNING = date(1900, 1, 1)


def placements(cast: Cast, short: str) -> list[tuple[str, date, date | None]]:
    rows = Placement.objects.system("test").filter(organisation=cast.organisations[short]).order_by("valid_from")
    return list(rows.values_list("parent__name", "valid_from", "valid_to"))


def test_promise(cast: Cast, journal) -> None:
    by = cast.by("city_clerk")
    moved = actions.move(by=by, organisation=cast.harbour, parent=cast.west, valid_from=DAY, reason="区划调整", version=1)
    assert placements(cast, "harbour") == [("东湖区知联会", BEGINNING, DAY), ("西山区知联会", DAY, None)]
    assert [above(moved, day) for day in (date(2024, 12, 31), DAY)] == [["云海市知联会", "东湖区知联会", "港前街道分会"], ["云海市知联会", "西山区知联会", "港前街道分会"]]
    assert [queries.about(VISITOR, moved, day).parent_name for day in (date(2024, 12, 31), DAY)] == ["东湖区知联会", "西山区知联会"]
    assert (moved.version, journal()) == (2, [("network.move", by.key, "区划调整")])


def test_the_subtree_moves_along(cast: Cast) -> None:
    actions.move(by=SYSTEM, organisation=cast.east, parent=cast.west, valid_from=DAY, reason="合并")
    assert above(cast.tower, DAY) == ["云海市知联会", "西山区知联会", "东湖区知联会", "云塔大厦知联会"]
    assert above(cast.tower, date(2024, 12, 31)) == ["云海市知联会", "东湖区知联会", "云塔大厦知联会"]


def test_to_the_top_and_back(cast: Cast) -> None:
    actions.move(by=SYSTEM, organisation=cast.harbour, parent=None, valid_from=DAY, reason="独立")
    assert (placements(cast, "harbour"), above(cast.harbour, TODAY)) == ([("东湖区知联会", BEGINNING, DAY)], ["港前街道分会"])
    assert [node.name for node in queries.roots(VISITOR, DAY)] == ["云海市知联会", "云塔大厦新联会", "港前街道分会"]
    actions.move(by=SYSTEM, organisation=cast.harbour, parent=cast.east, valid_from=date(2026, 1, 1), reason="归队")
    assert placements(cast, "harbour") == [("东湖区知联会", BEGINNING, DAY), ("东湖区知联会", date(2026, 1, 1), None)]
    told = [(row["title"], row["at"], row["text"]) for row in queries.told_history(VISITOR, cast.harbour)]
    assert told == [("成立", "2024-05-07", "港前街道分会"), ("改隶", "2025-01-01", "不再有上级"), ("改隶", "2026-01-01", "东湖区知联会")]


def test_back_dated_between_placements_holds_until_the_next_recorded_move(cast: Cast) -> None:
    actions.move(by=SYSTEM, organisation=cast.wanderer, parent=cast.city, valid_from=date(2021, 1, 1), reason="补记")
    assert placements(cast, "wanderer") == [("东湖区知联会", BEGINNING, date(2021, 1, 1)), ("云海市知联会", date(2021, 1, 1), date(2024, 1, 1)), ("西山区知联会", date(2024, 1, 1), None)]


def test_back_dated_before_a_time_at_the_top_does_not_swallow_it(cast: Cast) -> None:
    actions.move(by=SYSTEM, organisation=cast.wanderer, parent=None, valid_from=date(2022, 1, 1), reason="独立")
    actions.move(by=SYSTEM, organisation=cast.wanderer, parent=cast.city, valid_from=date(2021, 1, 1), reason="补记")
    assert placements(cast, "wanderer") == [("东湖区知联会", BEGINNING, date(2021, 1, 1)), ("云海市知联会", date(2021, 1, 1), date(2022, 1, 1)), ("西山区知联会", date(2024, 1, 1), None)]
    assert above(cast.wanderer, date(2023, 1, 1)) == ["流动分会"]


def test_a_recorded_move_still_comes_after_an_earlier_one_to_the_same_parent(cast: Cast) -> None:
    actions.move(by=SYSTEM, organisation=cast.future, parent=cast.west, valid_from=date(2026, 1, 1), reason="提前")
    told = [(row["title"], row["at"], row["text"]) for row in queries.told_history(VISITOR, cast.future)]
    assert told == [("成立", "2020-09-18", "未来分会"), ("改隶", "2026-01-01", "西山区知联会")]
    actions.move(by=SYSTEM, organisation=cast.future, parent=cast.city, valid_from=date(2026, 6, 1), reason="借调")
    assert [above(cast.future, day)[-2] for day in (date(2026, 1, 1), date(2026, 6, 1), date(2027, 9, 1))] == ["西山区知联会", "云海市知联会", "西山区知联会"]


def test_a_mistaken_move_is_taken_back_on_its_own_day(cast: Cast) -> None:
    actions.move(by=SYSTEM, organisation=cast.wanderer, parent=cast.east, valid_from=date(2024, 1, 1), reason="撤回")
    assert [row["title"] for row in queries.told_history(VISITOR, cast.wanderer)] == ["成立"]


def test_future_dated(cast: Cast) -> None:
    assert [above(cast.future, day)[1] for day in (TODAY, date(2027, 8, 31), date(2027, 9, 1))] == ["东湖区知联会", "东湖区知联会", "西山区知联会"]


@pytest.mark.parametrize(
    ("short", "values", "message", "field"),
    [
        ("harbour", {"reason": ""}, "请写明理由，理由会记入日志", "reason"),
        ("harbour", {"parent": "harbour"}, "组织不能做自己的上级", "parent"),
        ("harbour", {"parent": "east"}, "那一天它的上级本来就是这个组织", "parent"),
        ("city", {"parent": None}, "那一天它本来就没有上级", "parent"),
        ("harbour", {"parent": "closed"}, "「旧港区知联会」在那一天已经终止，不能做上级", "parent"),
        ("harbour", {"parent": "closed", "valid_from": date(2020, 1, 1)}, "「旧港区知联会」到 2023-06-30 就终止了，请先写好那天以后的上级", "parent"),
        ("harbour", {"valid_from": date(1899, 12, 31)}, "起始日期早于 1900 年，请核对", "valid_from"),
        ("harbour", {"valid_from": date(2050, 1, 1)}, "起始日期在十年以后，请核对", "valid_from"),
        ("city", {"parent": "tower"}, "「云塔大厦知联会」自 2025-01-01 起在「云海市知联会」之下，不能又做它的上级，否则成了循环", "parent"),
        ("west", {"parent": "wanderer"}, "「流动分会」自 2025-01-01 起在「西山区知联会」之下，不能又做它的上级，否则成了循环", "parent"),
        ("west", {"parent": "future"}, "「未来分会」自 2027-09-01 起在「西山区知联会」之下，不能又做它的上级，否则成了循环", "parent"),
    ],
)
def test_refusals(cast: Cast, journal, short: str, values: dict, message: str, field: str) -> None:
    attempt = {"by": SYSTEM, "organisation": cast.organisations[short], "valid_from": DAY, "reason": "改隶", "parent": cast.west, **values}
    if isinstance(attempt["parent"], str):
        attempt["parent"] = cast.organisations[attempt["parent"]]
    before = placements(cast, short), sorted(Lineage.objects.system("test").values_list("ancestor", "descendant", "depth", "valid_from", "valid_to"))
    assert refusal(lambda: actions.move(**attempt)) == (message, field)
    assert (placements(cast, short), sorted(Lineage.objects.system("test").values_list("ancestor", "descendant", "depth", "valid_from", "valid_to"))) == before
    assert journal() == []


def test_a_cycle_only_where_it_is_one(cast: Cast) -> None:
    """Two bodies may swap places over the years."""
    actions.move(by=SYSTEM, organisation=cast.east, parent=cast.wanderer, valid_from=date(2024, 1, 1), reason="改隶")
    assert above(cast.tower, TODAY) == ["云海市知联会", "西山区知联会", "流动分会", "东湖区知联会", "云塔大厦知联会"]
    assert above(cast.wanderer, date(2023, 12, 31)) == ["云海市知联会", "东湖区知联会", "流动分会"]


def test_a_name_taken_beneath_the_new_parent(cast: Cast) -> None:
    actions.found(by=SYSTEM, name="港前街道分会", family=cast.families["知联会"], level="subdistrict", parent=cast.west, founded_on=DAY)
    said = refusal(lambda: actions.move(by=SYSTEM, organisation=cast.harbour, parent=cast.west, valid_from=DAY, reason="改隶"))
    assert said == ("「港前街道分会」在同一上级之下已经有了，请换个名称，或打开原有组织修改", "name")


def test_twice(cast: Cast) -> None:
    moving = {"by": SYSTEM, "organisation": cast.harbour, "parent": cast.west, "valid_from": DAY, "reason": "改隶"}
    actions.move(**moving)
    assert refusal(lambda: actions.move(**moving)) == ("那一天它的上级本来就是这个组织", "parent")
    assert len(placements(cast, "harbour")) == 2


def test_two_editors_are_told(cast: Cast) -> None:
    actions.move(by=SYSTEM, organisation=cast.harbour, parent=cast.west, valid_from=DAY, reason="改隶", version=1)
    with pytest.raises(Stale) as stale:
        actions.move(by=SYSTEM, organisation=cast.harbour, parent=cast.city, valid_from=DAY, reason="改隶", version=1)
    assert stale.value.details == [("上级组织", "云海市知联会", "西山区知联会"), ("名称", "港前街道分会", "港前街道分会")]


@pytest.mark.tampers
@pytest.mark.parametrize("model", [Placement, Seat, OrganisationName])
def test_overlaps_are_refused_by_the_database_itself(cast: Cast, model: Any) -> None:
    row = model.objects.system("test").filter(organisation=cast.wanderer).order_by("-valid_from").first()
    row.pk, row.key, row.valid_from = None, "overlapping2", DAY
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


def test_who_may(cast: Cast) -> None:
    """Secretary at both ends; to and from the top the operator too."""
    assert who_may(cast, lambda by: actions.move(by=by, organisation=cast.harbour, parent=cast.west, valid_from=DAY, reason="改隶")) == ["city_clerk"]
    assert who_may(cast, lambda by: actions.move(by=by, organisation=cast.harbour, parent=cast.tower, valid_from=DAY, reason="改隶")) == ["east_clerk", "city_clerk"]
    assert who_may(cast, lambda by: actions.move(by=by, organisation=cast.harbour, parent=None, valid_from=DAY, reason="独立")) == []
