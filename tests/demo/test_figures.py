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
