"""Load areas: official divisions, a prefix is a subtree."""

from __future__ import annotations

from datetime import date

import pytest

from juzhi.network import actions, queries
from juzhi.network.models import Area
from tests.cast import SYSTEM, TODAY, VISITOR, Cast
from tests.network.conftest import refusal, who_may

ROWS = [("98", "东川省"), ("980101", "新区"), ("9801", "东川市")]


def test_promise_in_any_order_and_twice(cast: Cast, journal) -> None:
    by = cast.by("operator")
    assert [actions.load_areas(by=by, rows=[*ROWS, ("98", "东川省")]) for _ in range(2)] == [3, 0]
    found = Area.objects.system("test").filter(code__startswith="98").order_by("code")
    assert list(found.values_list("code", "name", "level", "parent__code")) == [("98", "东川省", "province", None), ("9801", "东川市", "city", "98"), ("980101", "新区", "district", "9801")]
    assert journal() == [("network.load_areas", by.key, "")]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (("98010", "新区"), "区划代码 98010 的位数不对"),
        (("98o1", "新区"), "区划代码 98o1 的位数不对"),
        (("９８", "新区"), "区划代码 ９８ 的位数不对"),
        (("9902", "新市"), "区划代码 9902 的上级 99 还没有登记，请一并载入"),
        (("98", " "), "请填写区划 98 的名称"),
    ],
)
def test_refusals(cast: Cast, row: tuple[str, str], message: str) -> None:
    assert refusal(lambda: actions.load_areas(by=SYSTEM, rows=[*ROWS, row] if row[0] != "98" else [row]))[0] == message
    assert Area.objects.system("test").filter(code__startswith="98").count() == 0


def test_bodies_are_counted_with_those_beneath(cast: Cast) -> None:
    told = [[(row["area"].name, row["count"]) for row in queries.areas_with_counts(VISITOR, parent)] for parent in (None, cast.areas["97"], cast.areas["9701"])]
    assert told == [[("云川省", 9)], [("云海市", 9)], [("东湖区", 5), ("西山区", 3), ("北岭区", 0)]]


def begins(day: date) -> tuple[list[str], list[tuple[str, int]]]:
    above, rows = queries.first_areas(VISITOR, day)
    return [one.name for one in above], [(row["area"].name, row["count"]) for row in rows]


def test_a_walk_begins_where_several_divisions_hold_organisations(cast: Cast) -> None:
    districts = ["东湖区", "西山区", "北岭区"]
    assert begins(TODAY) == (["云川省", "云海市"], list(zip(districts, (5, 3, 0), strict=True)))
    assert begins(date(2014, 6, 1)) == (["云川省", "云海市"], list(zip(districts, (1, 0, 0), strict=True)))
    assert begins(date(2013, 6, 1)) == (["云川省"], [("云海市", 1)])
    assert begins(date(1990, 1, 1)) == (["云川省", "云海市"], list(zip(districts, (0, 0, 0), strict=True)))
    actions.load_areas(by=SYSTEM, rows=[("98", "新省")])
    assert begins(TODAY)[0] == ["云川省", "云海市"]
    assert begins(date(1990, 1, 1)) == ([], [("云川省", 0), ("新省", 0)])
    actions.found(by=SYSTEM, name="新省知联会", family=cast.families["知联会"], level="city", founded_on=TODAY, area=Area.objects.system("test").get(code="98"))
    assert begins(TODAY) == ([], [("云川省", 9), ("新省", 1)])


def test_who_may(cast: Cast) -> None:
    assert who_may(cast, lambda by: actions.load_areas(by=by, rows=ROWS)) == ["operator"]
