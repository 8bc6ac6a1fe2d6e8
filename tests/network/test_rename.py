"""Rename: a new name from a day on, the old one true before."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from juzhi.base.errors import Refused, Stale
from juzhi.network import actions, queries
from juzhi.network.models import OrganisationName
from tests.cast import SYSTEM, TODAY, VISITOR, Cast
from tests.network.conftest import refusal, who_may

DAY = date(2025, 3, 1)


def names(cast: Cast, short: str) -> list[tuple[str, str, date, date | None]]:
    rows = OrganisationName.objects.system("test").filter(organisation=cast.organisations[short]).order_by("valid_from")
    return list(rows.values_list("kind", "text", "valid_from", "valid_to"))


def test_the_old_name_stays_true_before(cast: Cast, journal) -> None:
    by = cast.by("east_clerk")
    renamed = actions.rename(by=by, organisation=cast.harbour, name="港湾街道分会", valid_from=DAY, reason="街道改名", version=1)
    assert (renamed.name, renamed.version) == ("港湾街道分会", 2)
    assert names(cast, "harbour") == [("official", "港前街道分会", date(1900, 1, 1), DAY), ("official", "港湾街道分会", DAY, None)]
    assert queries.about(VISITOR, renamed, date(2025, 2, 28)).name_then == "港前街道分会"
    assert queries.about(VISITOR, renamed, DAY).name_then == "港湾街道分会"
    assert [one.text for one in queries.about(VISITOR, renamed, DAY).former] == ["港前街道分会"]
    assert journal() == [("network.rename", by.key, "街道改名")]


def test_both_names_are_found(cast: Cast) -> None:
    actions.rename(by=SYSTEM, organisation=cast.harbour, name="港湾街道分会", valid_from=DAY, reason="改名")
    assert [[one.name for one in queries.found_by_words(VISITOR, words)] for words in ("港前", "港湾")] == [["港湾街道分会"]] * 2


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"name": " "}, "请填写新名称"),
        ({"name": "港前街道分会"}, "新名称与现在的名称相同"),
        ({"reason": " "}, "请写明理由，理由会记入日志"),
        ({"valid_from": date(1900, 1, 1)}, "起用日期早于成立时间（2024-05-07），请核对；成立时间登记错了的，先更正成立时间"),
        ({"valid_from": date(2024, 5, 6)}, "起用日期早于成立时间（2024-05-07），请核对；成立时间登记错了的，先更正成立时间"),
        ({"valid_from": date(2026, 11, 25)}, "起用日期还没有到，请到那天再更名"),
        ({"name": "云塔大厦知联会"}, "「云塔大厦知联会」在同一上级之下已经有了，请换个名称，或打开原有组织修改"),
        ({"name": "未来分会"}, "「未来分会」在同一上级之下已经有了，请换个名称，或打开原有组织修改"),
        ({"name": "港\u202e前"}, "「组织名称」里有看不见的控制字符，请删去后重新输入"),
        ({"name": "港" * 200}, "「组织名称」太长：有 200 个字，最多 120 个字，请缩短后再提交"),
    ],
)
def test_refusals(cast: Cast, journal, values: dict, message: str) -> None:
    before = names(cast, "harbour")
    with pytest.raises(Refused) as refused:
        actions.rename(**{"by": SYSTEM, "organisation": cast.harbour, "name": "新名", "valid_from": DAY, "reason": "改名", **values})
    assert refused.value.message == message
    assert (names(cast, "harbour"), journal()) == (before, [])


def test_a_name_that_differs_only_in_spelling_is_not_taken_by_itself(cast: Cast) -> None:
    assert actions.rename(by=SYSTEM, organisation=cast.lone, name="云塔大厦·新联会", valid_from=TODAY, reason="加点").name == "云塔大厦·新联会"


def test_a_name_may_begin_on_the_founding_day_and_in_a_founding_month(cast: Cast) -> None:
    actions.rename(by=SYSTEM, organisation=cast.harbour, name="港湾街道分会", valid_from=cast.harbour.founded_on, reason="登记")
    assert [one[2] for one in names(cast, "harbour")] == [date(1900, 1, 1), date(2024, 5, 7)]
    actions.correct(by=SYSTEM, organisation=cast.tower, founded_on=date(2018, 3, 1), founded_precision="month", reason="只知道月份")
    assert refused_on(cast, date(2018, 2, 28)) == ("起用日期早于成立时间（2018-03），请核对；成立时间登记错了的，先更正成立时间", "valid_from")
    actions.rename(by=SYSTEM, organisation=cast.tower, name="新塔分会", valid_from=date(2018, 3, 15), reason="改名")


def test_an_unknown_founding_day_decides_nothing(cast: Cast) -> None:
    """`founded_on` is then the day it was entered; what it was called before is still worth keeping."""
    actions.correct(by=SYSTEM, organisation=cast.tower, founded_on=TODAY, founded_precision="unknown", reason="查无实据")
    actions.rename(by=SYSTEM, organisation=cast.tower, name="新塔分会", valid_from=date(2010, 1, 1), reason="改名")
    assert queries.about(VISITOR, cast.fresh("tower"), date(2010, 1, 1)).name_then == "新塔分会"


def refused_on(cast: Cast, day: date) -> tuple[str, str | None]:
    return refusal(lambda: actions.rename(by=SYSTEM, organisation=cast.tower, name="新塔分会", valid_from=day, reason="改名"))


def test_a_second_name_must_begin_later_than_the_first(cast: Cast) -> None:
    actions.rename(by=SYSTEM, organisation=cast.harbour, name="港湾街道分会", valid_from=DAY, reason="改名")
    attempt = {"by": SYSTEM, "organisation": cast.harbour, "name": "港口街道分会", "reason": "改名"}
    assert refusal(lambda: actions.rename(**attempt, valid_from=DAY)) == ("起用日期要晚于现名称的起用日期（2025-03-01）", "valid_from")


def test_twice(cast: Cast) -> None:
    actions.rename(by=SYSTEM, organisation=cast.harbour, name="港湾街道分会", valid_from=DAY, reason="改名")
    with pytest.raises(Refused) as refused:
        actions.rename(by=SYSTEM, organisation=cast.harbour, name="港湾街道分会", valid_from=date(2025, 5, 1), reason="改名")
    assert refused.value.message == "新名称与现在的名称相同"
    assert [one[1] for one in names(cast, "harbour")] == ["港前街道分会", "港湾街道分会"]


def test_two_editors_are_told_both_names(cast: Cast) -> None:
    actions.rename(by=SYSTEM, organisation=cast.harbour, name="港湾街道分会", valid_from=DAY, reason="改名", version=1)
    with pytest.raises(Stale) as stale:
        actions.rename(by=SYSTEM, organisation=cast.harbour, name="港口街道分会", valid_from=DAY, reason="改名", version=1)
    assert stale.value.details == [("名称", "港口街道分会", "港湾街道分会")]


def test_who_may(cast: Cast) -> None:
    def attempt(by: Any) -> object:
        return actions.rename(by=by, organisation=cast.harbour, name="港湾街道分会", valid_from=TODAY, reason="改名")

    assert who_may(cast, attempt) == ["east_clerk", "city_clerk"]
