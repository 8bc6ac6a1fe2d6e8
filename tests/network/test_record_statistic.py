"""Record a statistic: a reported number of an area, as its source gives it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from juzhi.base.periods import parse_date
from juzhi.network import queries
from juzhi.network.actions import Source
from juzhi.network.models import Statistic
from tests.cast import TODAY, VISITOR, Cast
from tests.network.conftest import refusal, who_may
from tests.network.profiles import BULLETIN, measure, recorded


def shown(cast: Cast, area: str = "970101", day: date = TODAY) -> list[tuple[str, str, str, str]]:
    return [(one.title, one.text, one.unit, str(one.statistic.at)) for one in queries.current(VISITOR, cast.areas[area], day)]


def test_promise(cast: Cast, journal) -> None:
    by = cast.by("east_clerk")
    people = measure("专业人才", "人")
    journal_before = len(journal())
    recorded(cast, by)
    recorded(cast, by, measure=people, value=Decimal(150_000), hedge="over", part="中心商务区", as_of=parse_date("不详"))
    made = recorded(cast, by, measure=measure("生产总值", "亿元"), value=Decimal("28.0"), of=cast.areas["9701"], as_of=parse_date("2023"))
    assert (made.value, made.digits, made.places) == (Decimal("28.0"), 280, 1)
    assert shown(cast) == [
        ("高层楼宇", "351", "栋", "2024-05"),
        ("中心商务区 · 专业人才", "超 15万", "人", "未详"),
        ("生产总值", "28.0", "%，占云海市", "2023"),
    ]
    assert [one[:2] for one in journal()[journal_before:]].count(("network.record_statistic", by.key)) == 3


def test_a_newer_number_stands_beside_the_older(cast: Cast) -> None:
    recorded(cast, value=Decimal(340), as_of=parse_date("2022"))
    recorded(cast)
    assert shown(cast) == [("高层楼宇", "351", "栋", "2024-05")]
    assert shown(cast, day=date(2024, 5, 30)) == [("高层楼宇", "340", "栋", "2022")]  # May is over on its last day
    assert shown(cast, day=date(2022, 12, 30)) == []
    assert queries.current(VISITOR, cast.areas["970101"], TODAY)[0].entries == 2


def test_what_the_register_counts_stands_apart(cast: Cast) -> None:
    """East holds three of the family on that day (its own, harbour's, tower's), and future's; lone is of another family."""
    counted = measure("知联会组织", "个", counted="organisations", family=cast.families["知联会"])
    recorded(cast, measure=counted, value=Decimal(6), as_of=parse_date("2024-05-31"))
    recorded(cast, measure=counted, value=Decimal(4), as_of=parse_date("2024-01-01"), hedge="about")
    last, first = (one.gap for one in queries.series(VISITOR, queries.current(VISITOR, cast.areas["970101"])[0].statistic))
    assert last is not None and first is not None
    assert (last.counted, last.agrees, last.words) == (4, False, "截至 2024-05-31 登记了 4 个，比报告的数少 2")
    assert (first.counted, first.agrees, first.words) == (3, False, "截至 2024-01-01 登记了 3 个，与报告的数不符")


def test_a_part_of_a_whole(cast: Cast) -> None:
    whole = recorded(cast)
    tall = measure("超高层楼宇", threshold="100 米以上")
    made = recorded(cast, measure=tall, value=Decimal(67), within=whole, contained="unsaid")
    assert queries.reported(made).relation == "来源没有说是否包含在「高层楼宇 351 栋」里，不能相加"
    said = refusal(lambda: recorded(cast, measure=tall, value=Decimal(352), within=whole, contained="yes", as_of=parse_date("2024-04")))
    assert said == ("352 比 351 还多，不可能包含在里面，请核对", "value")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"source": Source(" ")}, ("请写明来源：哪个单位的什么材料", "source")),
        ({"source": Source("概况", "javascript:alert(1)")}, ("网址要以 http:// 或 https:// 开头，没有就留空", "source_url")),
        ({"source": Source("概况", "", parse_date("2027"))}, ("材料日期在将来，请核对", "source_on")),
        ({"as_of": parse_date("2027")}, ("截至日在将来，请核对", "as_of")),
        ({"as_of": parse_date("2024-07")}, ("截至日晚于材料日期，请核对", "as_of")),
        ({"value": Decimal(0), "hedge": "over"}, ("0 前后不能加约、超、近、余，请核对", "hedge")),
        ({"hedge": "maybe"}, ("0 前后不能加约、超、近、余，请核对", "hedge")),
        ({"contained": "yes"}, ("请同时选哪一项和是否包含，来源没有说的选「来源没有说」", "contained")),
    ],
)
def test_refusals(cast: Cast, changed: dict[str, Any], said: tuple[str, str]) -> None:
    assert refusal(lambda: recorded(cast, **changed)) == said


def test_refusals_that_need_a_place(cast: Cast) -> None:
    areas = cast.areas
    assert refusal(lambda: recorded(cast, of=areas["970102"], value=Decimal(28))) == ("占比要写上级区划，「西山区」不在「东湖区」之上", "of")
    assert refusal(lambda: recorded(cast, of=areas["9701"], value=Decimal(128))) == ("占比是百分数，应当大于 0、不超过 100", "value")
    other = recorded(cast, area="970102")
    assert refusal(lambda: recorded(cast, within=other, contained="no")) == ("只能选同一区划、同一计量单位的另一项", "within")
    recorded(cast)
    assert refusal(lambda: recorded(cast)) == ("同一来源、同一截至日的这一项已经登记过。登记错了请打开它更正", "as_of")
    recorded(cast, source=Source("另一份材料", "", BULLETIN.on), value=Decimal(352))  # another source may say another number
    assert Statistic.objects.system("test").filter(area=areas["970101"]).count() == 2


def test_who_may(cast: Cast) -> None:
    """Of the district: its secretary and the city's. Of the subdistrict: those as well. Of the city: the city's. A building's secretary keeps no area."""
    for area, allowed in (("970101", ["east_clerk", "city_clerk"]), ("970101001", ["east_clerk", "city_clerk"]), ("9701", ["city_clerk"]), ("97", [])):
        assert who_may(cast, lambda by, area=area: recorded(cast, by, area)) == allowed, area


@pytest.mark.tampers
def test_rows_are_never_changed(cast: Cast) -> None:
    """The database itself keeps the number as it was recorded."""
    made = recorded(cast)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Statistic.objects.system("test").filter(pk=made.pk).update(digits=352)
    assert Statistic.objects.system("test").get(pk=made.pk).value == 351


def test_form(cast: Cast, signed_in: Callable[[str], Client]) -> None:
    """As a secretary fills it; a mistake keeps what was typed; another district's secretary is told whose it is; who has no duty finds nothing."""
    address = f"/areas/{cast.areas['970101'].key}/record_statistic/"
    typed = {"measure": measure("专业人才", "人").key, "part": "中心商务区", "value": "15万", "hedge": "over", "as_of": "2024-05", "source": "概况", "source_on": "2024-06"}
    wrong = signed_in("east_clerk").post(address, typed | {"value": "超15万"})
    assert wrong.status_code == 422
    assert "看不懂数目" in wrong.text and 'value="超15万"' in wrong.text
    assert signed_in("east_clerk").post(address, typed).status_code == 303
    page = signed_in("west_clerk").get(address)
    assert (page.status_code, "有「组织管理」职责的人来登记" in page.text, 'name="value"' in page.text) == (200, True, False)
    assert signed_in("west_clerk").post(address, typed | {"as_of": "2024"}).status_code == 422
    assert signed_in("plain").get(address).status_code == 404
    assert shown(cast) == [("中心商务区 · 专业人才", "超 15万", "人", "2024-05")]
