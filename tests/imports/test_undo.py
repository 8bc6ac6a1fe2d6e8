"""Taking back what a batch wrote, for thirty days; what others hold on to stays and is named."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from juzhi.access import actions as access
from juzhi.base.actors import System
from juzhi.base.errors import Forbidden, Refused
from juzhi.imports import actions
from juzhi.imports.models import Batch
from juzhi.journal.models import EntryValue
from juzhi.members import actions as members
from juzhi.members.models import Membership
from juzhi.network import actions as network
from juzhi.network.models import Host, Organisation, Placement
from juzhi.people import actions as people
from juzhi.people.models import Contact, Employment, Person, Tie
from tests.cast import NOW, SYSTEM, Cast
from tests.imports.office import fresh, planned, roster, rows_of
from tests.imports.workbooks import workbook

pytestmark = pytest.mark.django_db
TABLES = (Organisation, Placement, Person, Contact, Employment, Tie, Membership)
PEOPLE = [{"姓名": f"何{n}清", "手机": f"1990000030{n}", "单位": "云塔科技"} for n in range(4)]


def written(cast: Cast, *rows: dict[str, str], name: str = "east_clerk") -> Batch:
    by = cast.by(name)
    batch = planned(by, roster(*rows), cast.tower)
    actions.settle(by=by, batch=batch, everything="same")
    return actions.commit(by=by, batch=batch)


def everything() -> list[list[dict[str, object]]]:
    return [[{k: v for k, v in row.items() if k not in ("id", "version")} for row in model.objects.system("test").order_by("pk").values()] for model in TABLES]


def kept(batch: Batch) -> list[tuple[int, str]]:
    return [(row.row, row.kept) for row in rows_of(batch) if row.kept]


def test_everything_is_as_it_was(cast: Cast) -> None:
    before = everything()
    batch = written(
        cast,
        *PEOPLE,
        {"姓名": "单飞燕", "手机": "19900000001、19900000401", "职称": "律师", "单位": "别处", "会内职务": "理事", "性别": "女", "出生年月": "1980-03"},
        {"姓名": "张唯", "手机": "19900000003"},
    )
    assert everything() != before
    actions.undo(by=cast.by("east_clerk"), batch=batch, reason="选错了组织")
    assert everything() == before
    assert (kept(batch), fresh(batch).counts["undone"], fresh(batch).counts["kept"]) == ([], 6, 0)
    assert not EntryValue.objects.system("test").filter(after__contains="何0清").exists()  # the journal forgets who never was


def test_what_was_touched_since_stays_and_is_named(cast: Cast) -> None:
    batch = written(cast, *PEOPLE)
    edited, elsewhere, signed_in = (Person.objects.system("test").get(name=f"何{n}清") for n in range(3))
    people.correct(by=SYSTEM, person=edited, title="律师")
    members.admit(by=SYSTEM, person=elsewhere, organisation=cast.harbour, joined_on=date(2025, 1, 1))
    access.open_account(by=SYSTEM, person=signed_in, login="he")
    actions.undo(by=cast.by("east_clerk"), batch=batch, reason="选错了组织")
    held = "别的记录还要用到这个人，人留下，只撤销会籍"
    assert kept(batch) == [(3, "导入之后有人改过"), (4, held), (5, held)]
    assert sorted(Person.objects.system("test").filter(name__startswith="何").values_list("name", flat=True)) == ["何0清", "何1清", "何2清"]
    assert list(Membership.objects.system("test").filter(person__name__startswith="何").order_by("pk").values_list("person__name", "organisation_id")) == [
        ("何0清", cast.tower.pk),
        ("何1清", cast.harbour.pk),
    ]


def test_a_spell_that_was_ended_since_stays(cast: Cast) -> None:
    batch = written(cast, *PEOPLE[:1])
    spell = Membership.objects.system("test").get(person__name="何0清")
    members.end(by=SYSTEM, membership=spell, reason_code="left")
    actions.undo(by=cast.by("east_clerk"), batch=batch, reason="选错了组织")
    assert kept(batch) == [(3, "导入之后有人改过")]


def test_refusals(cast: Cast) -> None:
    by = cast.by("east_clerk")
    open_ = planned(by, roster(*PEOPLE[:1]), cast.tower)
    with pytest.raises(Refused, match="还没有写入"):
        actions.undo(by=by, batch=open_, reason="x")
    batch = actions.commit(by=by, batch=open_)
    with pytest.raises(Forbidden):
        actions.undo(by=cast.by("west_clerk"), batch=batch, reason="x")
    with pytest.raises(Refused, match="请写明为什么撤销"):
        actions.undo(by=by, batch=batch, reason="  ")
    with pytest.raises(Refused, match="写入已超过 30 天"):
        actions.undo(by=System("tests", NOW + timedelta(days=30, seconds=1)), batch=batch, reason="x")
    actions.undo(by=System("tests", NOW + timedelta(days=30)), batch=batch, reason="x")
    with pytest.raises(Refused, match="已经撤销过了"):
        actions.undo(by=by, batch=batch, reason="x")


def test_it_runs_the_same_number_of_queries(cast: Cast) -> None:
    counts = []
    for names in ("甲", "丙丁戊己庚辛"):
        batch = written(cast, *({"姓名": f"{name}{name}", "手机": f"199000005{ord(name) % 97:02}", "单位": "云塔科技"} for name in names))
        with CaptureQueriesContext(connection) as seen:
            actions.undo(by=SYSTEM, batch=batch, reason="x")
        counts.append(len(seen))
    assert counts[0] == counts[1]


ORGANISATIONS = [
    ["组织名称", "组织类别", "层级", "上级组织", "依托单位", "依托单位类型"],
    ["云湾街道知联会", "知联会", "街道", "东湖区知联会", "云湾", "其他"],
    ["云湾大厦知联会", "知联会", "楼宇", "云湾街道知联会", "云湾大厦", "楼宇"],
    ["云湾社区知联会", "知联会", "社区", "云湾街道知联会", "", ""],
    ["云岭园区知联会", "知联会", "园区", "东湖区知联会", "云岭园区", "园区"],
]


def organisations(cast: Cast) -> Batch:
    by = cast.by("east_clerk")
    return actions.commit(by=by, batch=planned(by, workbook(ORGANISATIONS), cast.east, "orgs"))


def test_organisations_go_children_first(cast: Cast) -> None:
    before, hosts = everything(), Host.objects.system("test").count()
    batch = organisations(cast)
    actions.undo(by=cast.by("east_clerk"), batch=batch, reason="选错了文件")
    assert (kept(batch), everything(), Host.objects.system("test").count()) == ([], before, hosts)


ENDED = [
    ["组织名称", "组织类别", "层级", "上级组织", "成立时间", "终止时间"],
    ["东湖区知联会", "知联会", "区级", "云海市知联会", "2014-01-01", "2027-10"],
    ["港前街道分会", "知联会", "街道", "东湖区知联会", "2024-05-07", "2026-06"],
    ["云塔大厦知联会", "知联会", "楼宇", "东湖区知联会", "2018-04-10", "2026-06-01"],
    ["不详分会", "知联会", "园区", "东湖区知联会", "", "2020"],
]


def ended(cast: Cast) -> Batch:
    """Four bodies that stand, one of them founded nobody knows when, are said to have ended: the superior with those beneath it."""
    network.found(by=SYSTEM, name="不详分会", family=cast.families["知联会"], level="park", parent=cast.east)
    batch = planned(SYSTEM, workbook(ENDED), cast.city, "orgs")
    assert [row.action for row in rows_of(batch)] == ["update"] * 4
    return actions.commit(by=SYSTEM, batch=batch)


def over(cast: Cast) -> list[str]:
    return sorted(Organisation.objects.system("test").filter(dissolved_on__isnull=False).exclude(pk=cast.closed.pk).values_list("name", flat=True))


def test_organisations_that_a_file_ended_stand_again_superiors_first(cast: Cast) -> None:
    network.found(by=SYSTEM, name="前来", family=cast.families["知联会"], level="park", parent=cast.west)
    batch = ended(cast)
    assert over(cast) == ["不详分会", "东湖区知联会", "云塔大厦知联会", "港前街道分会"]
    since = Organisation.objects.system("test").get(name="不详分会")
    assert since.founded_on == date(2020, 1, 1)
    actions.undo(by=SYSTEM, batch=batch, reason="名单错了")
    assert (over(cast), kept(batch)) == ([], [])
    since.refresh_from_db(from_queryset=Organisation.objects.system("test"))
    assert (since.founded_on, since.founded_precision) == (date(2026, 11, 24), "unknown")


def test_a_dissolution_that_cannot_be_taken_back_says_why(cast: Cast) -> None:
    batch = ended(cast)
    network.found(by=SYSTEM, name="港前街道分会", family=cast.families["知联会"], level="subdistrict", parent=cast.east, founded_on=date(2026, 7, 1))
    network.correct(by=SYSTEM, organisation=cast.tower, remark="改过", reason="补充")
    actions.undo(by=SYSTEM, batch=batch, reason="名单错了")
    assert kept(batch) == [(3, "终止登记没有撤销，同一上级之下已有同名的组织；其余已还原"), (4, "导入之后有人改过")]
    assert over(cast) == ["云塔大厦知联会", "港前街道分会"]


def test_a_dissolution_beneath_a_superior_that_ended_since_stays(cast: Cast) -> None:
    """And one that only the superior's secretary may take back."""
    by = cast.by("east_clerk")
    batch = actions.commit(by=by, batch=planned(by, workbook([ENDED[0], ENDED[2], ENDED[3]]), cast.east, "orgs"))
    network.dissolve(by=SYSTEM, organisation=cast.future, dissolved_on=date(2026, 6, 1), reason="撤并")
    network.dissolve(by=SYSTEM, organisation=cast.east, dissolved_on=date(2026, 7, 1), reason="撤并")
    actions.undo(by=by, batch=batch, reason="名单错了")
    assert kept(batch) == [(row, "终止登记没有撤销，它的上级也终止了；其余已还原") for row in (2, 3)]


def test_organisations_that_are_held_on_to_say_why(cast: Cast) -> None:
    batch = organisations(cast)
    named = {one.name: one for one in Organisation.objects.system("test").filter(name__startswith="云")}
    network.found(by=SYSTEM, name="云湾西分会", family=cast.families["知联会"], level="community", parent=named["云湾社区知联会"])
    members.admit(by=SYSTEM, person=cast.persons["bo"], organisation=named["云湾大厦知联会"])
    network.correct(by=SYSTEM, organisation=named["云岭园区知联会"], remark="改过", reason="补充")
    actions.undo(by=cast.by("east_clerk"), batch=batch, reason="选错了文件")
    assert kept(batch) == [(2, "它还有下级组织"), (3, "它已经有会员"), (4, "它还有下级组织"), (5, "导入之后有人改过")]
    assert fresh(batch).counts["kept"] == 4
