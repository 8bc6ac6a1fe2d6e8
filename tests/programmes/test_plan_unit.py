"""Plan a unit: an area, a host or an organisation in a wave; whether it is done is told by the founding there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from juzhi.network import actions as network
from juzhi.programmes import queries
from juzhi.programmes.models import PlannedUnit, Programme
from tests.cast import SYSTEM, TODAY, VISITOR, Cast
from tests.programmes.conftest import opened, planned, refusal, wave, who_may


def told(programme: Programme, day: date = TODAY) -> list[tuple[Any, ...]]:
    return [(one.name, one.state, str(one.done) if one.done else "", one.words, one.ground) for one in queries.units(queries.parts(VISITOR, programme, day))]


def test_promise_and_the_founding_that_tells(cast: Cast, programme: Programme, journal) -> None:
    """Harbour was founded on 2024-05-07; no subdistrict body sits in Orchard's street, whose community body does not count."""
    first, by = wave(programme), cast.by("east_clerk")
    planned(first, cast.areas["970101001"], by, kind="pilot", planned_on=date(2024, 4, 30))
    planned(first, cast.areas["970102001"], by)
    assert told(programme) == [
        ("港前街道", "achieved", "2024-05-07", "已完成，晚了 7 天", "「港前街道分会」成立"),
        ("果园街道", "late", "", "逾期 877 天", ""),
    ]
    assert [row[1:4] for row in told(programme, date(2024, 5, 6))] == [("late", "", "逾期 6 天"), ("open", "", "未到期")]
    (part,) = queries.parts(VISITOR, programme, date(2024, 5, 7))
    assert (part.planned, part.achieved, part.late, len(part.pilots), part.pilots_done) == (2, 1, 0, 1, 1)
    assert [one[0] for one in journal()].count("programmes.plan_unit") == 2


def test_a_host_and_a_body_that_has_moved_away(cast: Cast) -> None:
    """By the seat of the founding, and done all the same when the body is over."""
    programme = opened(cast, title="走进楼宇", host_type="building", level="")
    planned(wave(programme), cast.hosts["tower"])
    network.relocate(by=SYSTEM, organisation=cast.tower, area=cast.areas["970102"], host=None, sector=None, valid_from=date(2025, 1, 1), reason="搬走")
    network.dissolve(by=SYSTEM, organisation=cast.tower, dissolved_on=date(2025, 6, 1), reason="终止")
    assert told(programme) == [("云塔大厦", "achieved", "2018-04-10", "已完成", "「云塔大厦知联会」成立")]


def test_an_unknown_founding_day_is_done_without_a_day(cast: Cast, programme: Programme) -> None:
    planned(wave(programme), cast.areas["970102001"])
    network.found(by=SYSTEM, name="果园街道分会", family=cast.families["知联会"], level="subdistrict", parent=cast.west, area=cast.areas["970102001"])
    assert told(programme) == [("果园街道", "achieved", "未详", "已完成", "「果园街道分会」成立")]


def test_refusals(cast: Cast, programme: Programme) -> None:
    first = wave(programme)
    planned(first, cast.areas["970101001"])
    assert refusal(lambda: planned(wave(programme, 2025), cast.areas["970101001"])) == ("「港前街道」已经在第 1 批里，要换批请先移出", "area")
    assert refusal(lambda: planned(first, cast.areas["970102001"], planned_on=date(2024, 7, 1))) == ("计划日期不在这一批的时间里，请改日期或换一批", "planned_on")
    assert refusal(lambda: planned(first, cast.areas["970102001"], kind="best")) == ("请选试点或铺开", "kind")
    districts = opened(cast, title="向各区铺开", level="district")
    assert refusal(lambda: planned(wave(districts), cast.areas["970101001"])) == ("「港前街道」比铺开到的层级还低，请写那一级或以上的区划", "area")
    hospitals = opened(cast, title="走进医院", level="", host_type="public_hospital")
    assert refusal(lambda: planned(wave(hospitals), cast.hosts["tower"])) == ("「云塔大厦」不是公立医院", "host")


def test_who_may(cast: Cast, programme: Programme) -> None:
    """The secretary of the body that leads; not of the one that is planned in."""
    first = wave(programme)
    assert who_may(cast, lambda by: planned(first, cast.orchard, by)) == ["east_clerk", "city_clerk"]


def test_form_and_pages(cast: Cast, programme: Programme, signed_in: Callable[[str], Client]) -> None:
    """A number opens into its units, as of the same day, and into a file; the pages ask no more of the database for more units."""
    first, client = wave(programme), signed_in("east_clerk")
    address, typed = f"/programmes/{programme.key}/plan_unit/", {"wave": first.key, "kind": "pilot", "planned_on": ""}
    for area in ("港前街道", "果园街道"):
        assert client.post(address, typed | {"area": area}).status_code == 303
    both = client.post(address, typed | {"area": "港前街道", "host": "云塔大厦"})
    assert (both.status_code, "区划、依托单位、组织三者填一个" in both.text) == (422, True)
    page = f"/programmes/{programme.key}/"
    assert f'href="{page}units/?as_of=2026-11-24&amp;wave=1&amp;state=late"' in Client().get(f"{page}?as_of=2026-11-24").text
    late = Client().get(f"{page}units/?as_of=2024-12-31&wave=1&state=late&format=csv").text
    assert [line.split(",")[1] for line in late.strip().splitlines()] == ["对象", "果园街道"]
    assert Client().get(f"{page}units/?state=best").status_code == 400
    assert Client().get(f"{page}?as_of=tomorrow").status_code == 400
    counts = []
    for place in (None, cast.orchard, cast.hosts["tower"]):
        if place is not None:
            planned(first, place)
        with CaptureQueriesContext(connection) as asked:
            Client().get(f"{page}units/")
        counts.append(len(asked))
    assert counts[0] == counts[1] == counts[2]
    assert PlannedUnit.objects.system("test").count() == 4
