"""Relocate: another territory, host or sector from a day on."""

from __future__ import annotations

from datetime import date

import pytest

from juzhi.base.errors import Stale
from juzhi.network import actions, queries
from juzhi.network.models import Seat
from tests.cast import SYSTEM, TODAY, VISITOR, Cast
from tests.network.conftest import refusal, who_may

DAY = date(2025, 1, 1)
BEGINNING = date(1900, 1, 1)


def seats(cast: Cast, short: str) -> list[tuple]:
    rows = Seat.objects.system("test").filter(organisation=cast.organisations[short]).order_by("valid_from")
    return list(rows.values_list("area__name", "host__name", "sector__name", "valid_from", "valid_to"))


def test_promise(cast: Cast, journal) -> None:
    by = cast.by("east_clerk")
    sector = actions.register_sector(by=SYSTEM, name="教育系统")
    moved = actions.relocate(by=by, organisation=cast.tower, area=cast.areas["970101001"], host=None, sector=sector, valid_from=DAY, reason="搬家", version=1)
    assert seats(cast, "tower") == [("东湖区", "云塔大厦", None, BEGINNING, DAY), ("港前街道", None, "教育系统", DAY, None)]
    assert [str(queries.edges(VISITOR, moved, day).seat.area) for day in (date(2024, 12, 31), DAY)] == ["东湖区", "港前街道"]
    assert [row["text"] for row in queries.told_history(VISITOR, moved)] == ["云塔大厦知联会", "港前街道 · 教育系统"]
    assert (moved.version, journal()[-1]) == (2, ("network.relocate", by.key, "搬家"))


def test_back_dated_holds_until_the_next_recorded_seat(cast: Cast) -> None:
    for day, area in ((DAY, "970102"), (date(2023, 1, 1), "970103")):
        actions.relocate(by=SYSTEM, organisation=cast.tower, area=cast.areas[area], host=None, sector=None, valid_from=day, reason="搬家")
    assert [(row[0], row[3], row[4]) for row in seats(cast, "tower")] == [("东湖区", BEGINNING, date(2023, 1, 1)), ("北岭区", date(2023, 1, 1), DAY), ("西山区", DAY, None)]


def test_to_nowhere_and_the_same_day_again(cast: Cast) -> None:
    actions.relocate(by=SYSTEM, organisation=cast.tower, area=None, host=None, sector=None, valid_from=DAY, reason="退租")
    assert seats(cast, "tower") == [("东湖区", "云塔大厦", None, BEGINNING, DAY)]
    actions.relocate(by=SYSTEM, organisation=cast.tower, area=cast.areas["970102"], host=None, sector=None, valid_from=DAY, reason="改正")
    actions.relocate(by=SYSTEM, organisation=cast.tower, area=cast.areas["970103"], host=None, sector=None, valid_from=DAY, reason="改正")
    assert [(row[0], row[3], row[4]) for row in seats(cast, "tower")] == [("东湖区", BEGINNING, DAY), ("北岭区", DAY, None)]


@pytest.mark.parametrize(
    ("values", "message", "field"),
    [
        ({"reason": ""}, "请写明理由，理由会记入日志", "reason"),
        ({"area": "970101", "host": "tower"}, "所在地、依托单位、系统都没有变", "area"),
        ({"valid_from": date(1899, 1, 1)}, "起始日期早于 1900 年，请核对", "valid_from"),
        ({"valid_from": date(2040, 1, 1)}, "起始日期在十年以后，请核对", "valid_from"),
    ],
)
def test_refusals(cast: Cast, journal, values: dict, message: str, field: str) -> None:
    named = {"area": cast.areas[values.get("area", "970102")], "host": cast.hosts.get(values.get("host", ""))}
    attempt = {"by": SYSTEM, "organisation": cast.tower, "sector": None, "valid_from": DAY, "reason": "搬家", **values, **named}
    assert refusal(lambda: actions.relocate(**attempt)) == (message, field)
    assert journal() == []


def test_nowhere_to_nowhere(cast: Cast) -> None:
    made = actions.found(by=SYSTEM, name="无址分会", family=cast.families["知联会"], level="park", parent=cast.east)
    said = refusal(lambda: actions.relocate(by=SYSTEM, organisation=made, area=None, host=None, sector=None, valid_from=TODAY, reason="搬家"))
    assert said == ("所在地、依托单位、系统都没有变", "area")


def test_twice_and_two_editors(cast: Cast) -> None:
    attempt = {"by": SYSTEM, "organisation": cast.tower, "area": cast.areas["970102"], "host": None, "sector": None, "valid_from": DAY, "reason": "搬家"}
    actions.relocate(**attempt, version=1)
    assert refusal(lambda: actions.relocate(**attempt)) == ("所在地、依托单位、系统都没有变", "area")
    with pytest.raises(Stale) as stale:
        actions.relocate(**{**attempt, "area": cast.areas["970103"]}, version=1)
    assert stale.value.details == [("所在区划", "北岭区", "西山区"), ("依托单位", None, None), ("系统", None, None)]


def test_who_may(cast: Cast) -> None:
    attempt = {"organisation": cast.tower, "area": cast.areas["970102"], "host": None, "sector": None, "valid_from": DAY, "reason": "搬家"}
    assert who_may(cast, lambda by: actions.relocate(by=by, **attempt)) == ["east_clerk", "city_clerk"]
