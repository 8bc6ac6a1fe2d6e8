"""Found: a new body beneath another, alone or in one founding with others."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from juzhi.network import actions, queries
from juzhi.network.models import Organisation, OrganisationName
from tests.cast import SYSTEM, TODAY, VISITOR, Cast
from tests.network.conftest import above, refusal, who_may


def values(cast: Cast, **other: Any) -> dict[str, Any]:
    return {"by": SYSTEM, "name": "北岭社区知联会", "family": cast.families["知联会"], "level": "community", "parent": cast.east, "founded_on": date(2024, 6, 1), **other}


def test_promise(cast: Cast, journal) -> None:
    by = cast.by("east_clerk")
    made = actions.found(**values(cast, by=by, aliases=("北岭联谊会",), area=cast.areas["970101"], host=cast.hosts["tower"], reason="批文 3 号"))
    edges = queries.edges(VISITOR, made, TODAY)
    assert (made.name, made.level, made.founded_on, made.founded_precision) == ("北岭社区知联会", "community", date(2024, 6, 1), "day")
    assert above(made, TODAY) == ["云海市知联会", "东湖区知联会", "北岭社区知联会"]
    assert (edges.parent.parent, edges.seat.area, edges.seat.host) == (cast.east, cast.areas["970101"], cast.hosts["tower"])
    assert list(OrganisationName.objects.system("test").filter(organisation=made).values_list("kind", "text")) == [("official", "北岭社区知联会"), ("alias", "北岭联谊会")]
    assert journal() == [("network.found", by.key, "批文 3 号")]


def test_an_unknown_day_counts_from_today(cast: Cast) -> None:
    made = actions.found(**values(cast, founded_on=None))
    assert (made.founded_on, made.founded_precision, queries.founded_text(made)) == (TODAY, "unknown", "")


def test_several_share_one_founding(cast: Cast) -> None:
    founding = actions.register_founding(by=SYSTEM, organisation=cast.east, title="首批分会成立大会", on=date(2024, 5, 1), precision="month", batch=2)
    one = actions.found(**values(cast, founded_on=None, founding=founding))
    two = actions.found(**values(cast, name="南岭社区知联会", founded_on=date(2024, 5, 20), founding=founding))
    assert [(x.founded_on, x.founded_precision, x.founding_batch) for x in (one, two)] == [(date(2024, 5, 1), "month", 2), (date(2024, 5, 20), "day", 2)]
    assert queries.about(VISITOR, one, TODAY).together == [two]
    assert queries.about(VISITOR, queries.organisation(VISITOR, one.key), TODAY).founding == "首批分会成立大会 · 2024-05 · 第 2 批"
    assert queries.about(VISITOR, cast.east, TODAY).together == []


@pytest.mark.parametrize(
    ("other", "message", "field"),
    [
        ({"name": "  "}, "请填写组织名称", "name"),
        ({"name": "云塔大厦知联会"}, "「云塔大厦知联会」在同一上级之下已经有了，请换个名称，或打开原有组织修改", "name"),
        ({"name": "流动分会", "parent": "west"}, "「流动分会」在同一上级之下已经有了，请换个名称，或打开原有组织修改", "name"),
        ({"name": "云海市知联会", "parent": None}, "「云海市知联会」在同一上级之下已经有了，请换个名称，或打开原有组织修改", "name"),
        ({"founded_on": date(1899, 12, 31)}, "成立时间早于 1900 年，请核对", "founded_on"),
        ({"founded_on": date(2027, 11, 26)}, "成立时间在一年以后，请核对", "founded_on"),
        ({"parent": "closed"}, "上级「旧港区知联会」已于 2023-06-30 终止，从那天起不能在它之下新设组织", "founded_on"),
        ({"name": "北\n岭"}, "「组织名称」只能写一行，请去掉换行和制表符", "name"),
        ({"name": "北\x07岭"}, "「组织名称」里有看不见的控制字符，请删去后重新输入", "name"),
        ({"name": "北\ud800岭"}, "「组织名称」里有残缺的字符，请重新输入", "name"),
        ({"name": "北" * 10_000_000}, "「组织名称」太长：有 10000000 个字，最多 120 个字，请缩短后再提交", "name"),
    ],
)
def test_refusals(cast: Cast, journal, other: dict, message: str, field: str) -> None:
    if other.get("parent"):
        other = {**other, "parent": cast.organisations[other["parent"]]}
    before = Organisation.objects.system("test").count()
    assert refusal(lambda: actions.found(**values(cast, **other))) == (message, field)
    assert (Organisation.objects.system("test").count(), journal()) == (before, [])


def test_a_day_other_than_the_foundings(cast: Cast) -> None:
    founding = actions.register_founding(by=SYSTEM, organisation=cast.east, title="成立大会", on=date(2024, 5, 1), precision="month")
    said = refusal(lambda: actions.found(**values(cast, founded_on=date(2024, 6, 1), founding=founding)))
    assert said == ("成立时间（2024-06-01）与所选成立事项的日期（2024-05）对不上，请核对", "founded_on")


def test_twice(cast: Cast) -> None:
    actions.found(**values(cast))
    assert refusal(lambda: actions.found(**values(cast)))[1] == "name"


def test_the_name_of_a_body_that_moved_away_or_ended_is_free(cast: Cast) -> None:
    assert actions.found(**values(cast, name="流动分会")).name == "流动分会"
    assert actions.found(**values(cast, name="旧港区知联会", parent=cast.city)).name == "旧港区知联会"


def test_a_parent_founded_later_is_worth_a_warning(cast: Cast) -> None:
    told = [
        queries.parent_founded_later(actions.found(**values(cast, name=f"第{n}分会", founded_on=day, founded_precision=precision)), cast.harbour)
        for n, (day, precision) in enumerate([(date(2024, 5, 6), "day"), (date(2024, 5, 7), "day"), (date(2024, 5, 1), "month"), (date(2024, 4, 1), "month"), (None, "day")])
    ]
    assert told == [True, False, False, True, False]


def test_who_may(cast: Cast) -> None:
    assert who_may(cast, lambda by: actions.found(**values(cast, by=by))) == ["east_clerk", "city_clerk"]
    assert who_may(cast, lambda by: actions.found(**values(cast, by=by, parent=None))) == ["operator"]
