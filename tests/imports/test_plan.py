"""What each row of a file would become: compared with what the reader may see, row by row within his rights."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
import xlsxwriter

from juzhi.base.errors import Forbidden
from juzhi.imports import actions, tasks
from juzhi.imports.models import Batch, BatchRow
from juzhi.imports.reading import Reading
from juzhi.members import actions as members
from juzhi.members.models import Membership
from juzhi.network import actions as network
from juzhi.network.models import Organisation
from tests.cast import SYSTEM, Cast
from tests.imports.office import fresh, mixed, planned, roster, rows_of, uploaded, ways
from tests.imports.workbooks import workbook

pytestmark = pytest.mark.django_db
HEAD = ("组织名称", "别名", "组织类别", "层级", "上级组织", "成立时间", "终止时间")


def listed(*rows: Sequence[Any]) -> bytes:
    """A list of organisations: name, superior and more by heading."""
    made = []
    for name, superior, *more in rows:
        values = {"组织名称": name, "组织类别": "知联会", "层级": "街道", "上级组织": superior, **(more[0] if more else {})}
        made.append([values.get(head, "") for head in HEAD])
    return workbook([HEAD, *made])


def organisations(cast: Cast, name: str, data: bytes, place: str = "east") -> Batch:
    by = SYSTEM if name == "system" else cast.by(name)
    return planned(by, data, None if name == "system" else cast.organisations[place], "orgs")


# --- organisations


def test_a_body_is_known_by_every_form_of_its_name(cast: Cast) -> None:
    network.correct(by=SYSTEM, organisation=cast.east, level="subdistrict", reason="test")
    batch = organisations(
        cast,
        "system",
        listed(
            ("东湖区党外知识分子联谊会", "云海市知联会"),
            ("东湖区 知联会", ""),
            ("港前街道分会", "东湖区党外知识分子联谊会"),
            ("新湾街道分会", "市知联会"),
        ),
    )
    assert ways(batch) == [(2, "same", "东湖区党外知识分子联谊会"), (3, "same", "东湖区知联会"), (4, "same", "港前街道分会"), (5, "create", "新湾街道分会")]
    assert rows_of(batch)[3].values["superior"] == "云海市知联会"


def test_superiors_that_are_none_or_several(cast: Cast) -> None:
    batch = organisations(
        cast,
        "system",
        listed(
            ("甲街道分会", "没有的知联会"),
            ("乙街道分会", "区知联会"),  # the end of several names
            ("丙街道分会", "丁街道分会"),
            ("丁街道分会", "没有的知联会"),
            ("戊街道分会", "丙街道分会"),
        ),
    )
    assert ways(batch) == [(2, "refuse", "unknown_superior"), (3, "refuse", "ambiguous_superior"), (4, "refuse", "superior_refused"), (5, "refuse", "unknown_superior"), (6, "refuse", "superior_refused")]


def test_circles_are_told_before_anything_is_written(cast: Cast) -> None:
    batch = organisations(
        cast,
        "system",
        listed(("甲街道分会", "乙街道分会"), ("乙街道分会", "丙街道分会"), ("丙街道分会", "甲街道分会"), ("丁街道分会", "甲街道分会"), ("戊街道分会", "云海市知联会"), ("己街道分会", "己街道分会")),
    )
    assert ways(batch) == [
        (2, "refuse", "circular_superior"),
        (3, "refuse", "circular_superior"),
        (4, "refuse", "circular_superior"),
        (5, "refuse", "superior_refused"),
        (6, "create", "戊街道分会"),
        (7, "refuse", "unknown_superior"),
    ]


def test_one_name_beneath_two_superiors_is_two(cast: Cast) -> None:
    data = listed(("福田街道分会", "东湖区知联会"), ("福田街道分会", "西山区知联会"), ("福田街道分会", "东湖区党外知识分子联谊会"), ("社区分会", "福田街道分会"))
    batch = organisations(cast, "system", data)
    assert ways(batch) == [(2, "create", "福田街道分会"), (3, "create", "福田街道分会"), (4, "same", "福田街道分会"), (5, "refuse", "ambiguous_superior")]
    assert rows_of(batch)[2].same_as == 2
    actions.commit(by=SYSTEM, batch=batch)
    made = Organisation.objects.system("test").filter(name="福田街道分会", placements__parent__in=[cast.east, cast.west])
    assert made.count() == 2
    again = organisations(cast, "system", listed(("福田街道分会", "东湖区知联会"), ("福田街道分会", "西山区知联会")))
    assert [way[1] for way in ways(again)] == ["same", "same"]
    assert ways(organisations(cast, "system", listed(("福田街道分会", "")))) == [(2, "refuse", "ambiguous_name")]


def test_superiors_may_stand_anywhere_and_each_dissolution_reaches_its_own(cast: Cast) -> None:
    since = {"成立时间": "2015"}
    data = listed(
        ("丙社区分会", "乙街道分会", {**since, "终止时间": "2020-05"}),
        ("乙街道分会", "甲园区分会", {**since, "终止时间": "2021-05"}),
        ("甲园区分会", "东湖区知联会", since),
        ("丁街道分会", "东湖区知联会", since),
    )
    actions.commit(by=SYSTEM, batch=organisations(cast, "system", data))
    ended = dict(Organisation.objects.system("test").filter(name__in=["甲园区分会", "乙街道分会", "丙社区分会", "丁街道分会"]).values_list("name", "dissolved_on"))
    assert ended == {"甲园区分会": None, "乙街道分会": date(2021, 5, 1), "丙社区分会": date(2020, 5, 1), "丁街道分会": None}


def test_impossible_days_are_told(cast: Cast) -> None:
    batch = organisations(
        cast,
        "system",
        listed(
            ("甲街道分会", "东湖区知联会", {"成立时间": "1890"}),
            ("乙街道分会", "东湖区知联会", {"成立时间": "2050-01"}),
            ("丙街道分会", "东湖区知联会", {"成立时间": "2020-01", "终止时间": "2019-01"}),
            ("丁街道分会", "东湖区知联会", {"成立时间": "2020.13"}),
        ),
    )
    assert ways(batch) == [(2, "refuse", "impossible_date"), (3, "refuse", "impossible_date"), (4, "refuse", "ended_before"), (5, "create", "丁街道分会")]
    assert rows_of(batch)[3].warn == [{"unreadable_date": "成立时间"}]


def test_a_district_secretary_writes_beneath_his_district_alone(cast: Cast) -> None:
    batch = organisations(
        cast,
        "east_clerk",
        listed(
            ("甲街道分会", "东湖区知联会"),
            ("乙社区分会", "甲街道分会"),
            ("丙街道分会", "西山区知联会"),
            ("丁社区分会", "丙街道分会"),
            ("戊街道分会", "云海市知联会"),
            ("己街道分会", ""),  # goes into the organisation of the page
            ("果园社区知联会", "西山区知联会", {"成立时间": "2001-01-01"}),  # an update elsewhere
            ("庚街道分会", "东湖区知联会", {"组织类别": "新家族"}),
            ("西山区知联会", "云海市知联会", {"别名": "辛分会", "层级": "区级"}),
            ("壬街道分会", "辛分会"),
        ),
    )
    assert ways(batch) == [
        (2, "create", "甲街道分会"),
        (3, "create", "乙社区分会"),
        (4, "refuse", "not_your_branch"),
        (5, "refuse", "superior_refused"),
        (6, "refuse", "not_your_branch"),
        (7, "create", "己街道分会"),
        (8, "refuse", "not_your_branch"),
        (9, "refuse", "unknown_family"),
        (10, "same", "西山区知联会"),
        (11, "refuse", "not_your_branch"),
    ]
    before = Organisation.objects.system("test").count()
    actions.commit(by=cast.by("east_clerk"), batch=batch)
    assert Organisation.objects.system("test").count() == before + 3
    assert Organisation.objects.system("test").get(name="己街道分会").placements.system("test").get().parent_id == cast.east.pk  # type: ignore[attr-defined]


# --- rosters


def test_what_a_narrow_reader_may_not_see_is_never_learned(cast: Cast) -> None:
    """A clerk of the harbour alone: somebody with the very number, name and unit of a person elsewhere is new to him, whether that person exists or not."""
    anna = {"姓名": "单飞燕", "手机": "19900000001", "单位": "云海示例公司", "邮箱": "anna@example.org"}
    nobody = {"姓名": "单飞燕", "手机": "19900000901", "单位": "无此公司", "邮箱": "nobody@example.org"}
    told = []
    for row in (anna, nobody):
        batch = planned(cast.by("double"), roster(row), cast.harbour)
        told.append([(one.action, one.like_key, one.like_by, one.warn, one.reason) for one in rows_of(batch)])
    assert told == [[("create", "", "", [], "")]] * 2
    wide = planned(cast.by("east_clerk"), roster(anna), cast.harbour)
    assert [(one.action, one.like_key, one.like_by) for one in rows_of(wide)] == [("suspect", cast.persons["anna"].key, "mobile")]


def test_likeness_by_each_way(cast: Cast) -> None:
    batch = planned(
        cast.by("east_clerk"),
        roster(
            {"姓名": "单飞雁", "手机": "+86 199-0000-0001"},
            {"姓名": "张伟", "单位": "云海示例公司", "手机": "19900000777"},
            {"姓名": "张伟", "单位": "别处"},
            {"姓名": "曾 琪", "单位": "云海示例公司"},
            {"姓名": "单飞燕", "手机": "19900000001"},
        ),
        cast.tower,
    )
    assert [(row.action, row.like_by) for row in rows_of(batch)] == [("suspect", "mobile"), ("suspect", "name_unit"), ("create", ""), ("suspect", "name_unit"), ("same", "mobile")]


def test_days_that_no_membership_can_have(cast: Cast) -> None:
    batch = planned(
        cast.by("east_clerk"),
        roster(
            {"姓名": "甲一", "入会时间": "2030-01-01"},
            {"姓名": "甲二", "出生年月": "2031-01"},
            {"姓名": "甲三", "入会时间": "2020-05", "备注": "2019年3月退会"},
            {"姓名": "甲四", "入会时间": "1979", "出生年月": "1980-01"},
            {"姓名": "甲五", "入会时间": "2020-05", "备注": "2020年5月退会"},
            {"姓名": "甲六", "备注": "2019年3月退会"},
        ),
        cast.tower,
    )
    assert [(row.action, row.reason) for row in rows_of(batch)] == [("refuse", "future_date"), ("refuse", "future_date"), ("refuse", "ended_before"), ("refuse", "born_later"), ("create", ""), ("create", "")]
    actions.commit(by=cast.by("east_clerk"), batch=batch)
    spells = Membership.objects.system("test").filter(person__name__startswith="甲").order_by("pk")
    assert list(spells.values_list("joined_on", "joined_precision", "ended_on")) == [(date(2020, 5, 1), "month", date(2020, 5, 1)), (date(2019, 2, 28), "unknown", date(2019, 3, 1))]


def test_a_roster_of_an_organisation_that_has_ended(cast: Cast) -> None:
    batch = planned(SYSTEM, roster({"姓名": "甲一", "入会时间": "2023-07-01"}, {"姓名": "甲二", "入会时间": "2020"}, {"姓名": "甲三"}), cast.closed)
    assert [(row.action, row.reason) for row in rows_of(batch)] == [("refuse", "organisation_over"), ("create", ""), ("refuse", "organisation_over")]


def test_ambiguous_numbers_hidden_rows_ditto_and_footers(cast: Cast, tmp_path: Any) -> None:
    path = tmp_path / "名册.xlsx"
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet("花名册")
        two = book.add_format({"num_format": "0.00"})
        page.merge_range(0, 0, 0, 3, "达标大厦会员名册（2024年）")
        page.write_row(1, 0, ["姓名", "出生年月", "单位", "手机"])
        page.write_row(2, 0, ["甲一", 1985.1, "云塔科技", "19900000601"])
        page.write_row(3, 0, ["甲二", "", "同上", "19900000602"])
        page.write(3, 1, 1985.1, two)
        page.write_row(4, 0, ["甲三", 31121, "〃", "19900000603"])
        page.merge_range(5, 2, 6, 2, "云岭医院")
        page.write_row(5, 0, ["甲四", "85.3"])
        page.write_row(6, 0, ["甲五", "1985年3月（39岁）"])
        page.set_row(6, None, None, {"hidden": True})
        page.write_row(7, 0, ["姓名", "出生年月", "单位", "手机"])
        page.write_row(8, 0, ["合计", "5人"])
        page.write_row(9, 0, ["填表人：某", "", "审核人：某"])
    batch = planned(cast.by("east_clerk"), path.read_bytes(), cast.tower)
    assert [(row.row, row.action, row.values.get("birth"), row.values.get("unit"), row.warn) for row in rows_of(batch)] == [
        (3, "create", None, "云塔科技", [{"ambiguous_date": ["1985-01", "1985-10"], "field": "birth"}]),
        (4, "create", "1985-10", "云塔科技", []),
        (5, "create", "1985-03-15", "云塔科技", []),
        (6, "create", "1985-03", "云岭医院", []),
        (7, "create", "1985-03", "云岭医院", ["hidden_row"]),
        (8, "skip", None, None, []),
        (9, "skip", None, None, []),
        (10, "skip", None, None, []),
    ]


def test_reading_again_replaces_the_plan(cast: Cast) -> None:
    by = cast.by("east_clerk")
    batch = planned(by, mixed(), cast.tower)
    keys = [row.key for row in rows_of(batch)]
    tasks.read_now(by, batch)
    assert len(rows_of(batch)) == len(keys) and not set(keys) & {row.key for row in rows_of(batch)}


def test_somebody_joined_since_is_no_longer_new(cast: Cast) -> None:
    by = cast.by("east_clerk")
    batch = planned(by, roster({"姓名": "单飞燕", "手机": "19900000001"}), cast.harbour)
    assert rows_of(batch)[0].action == "suspect"
    members.admit(by=SYSTEM, person=cast.persons["anna"], organisation=cast.harbour)
    tasks.read_now(by, batch)
    assert rows_of(batch)[0].action == "same"


def test_refusals(cast: Cast) -> None:
    batch = actions.upload(by=cast.by("east_clerk"), file=uploaded(mixed()), kind="roster", organisation_id=cast.tower.pk)
    with pytest.raises(Forbidden):
        actions.plan(by=cast.by("west_clerk"), batch=batch, reading=Reading())
    assert (fresh(batch).read_at, BatchRow.objects.system("test").count()) == (None, 0)
