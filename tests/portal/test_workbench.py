"""What awaits the reader; a member's own memberships; never what belongs to others."""

from __future__ import annotations

from datetime import date
from typing import Any

from juzhi.access import actions as access
from juzhi.members import actions as members
from juzhi.network import actions as network
from juzhi.portal.actions import complain
from juzhi.portal.queries import desk
from tests.cast import SYSTEM, TODAY, VISITOR, Cast
from tests.portal.conftest import Browser


def test_a_visitor_is_asked_to_sign_in(cast: Cast, browser: Browser) -> None:
    response = browser().get("/workbench/")
    assert (response.status_code, response["Location"]) == (302, "/account/login/?next=/workbench/")


def test_bodies_without_keepers_of_the_own_reach_only(cast: Cast) -> None:
    told = desk(cast.by("east_clerk"))
    assert [(task.title, task.note) for task in told.unkept] == [
        ("港前街道分会", "没有人担任：组织管理"),
        ("未来分会", "没有人担任：组织管理、会员管理"),
        ("云塔大厦知联会", "没有人担任：组织管理、会员管理"),
    ]
    assert (told.unkept_count, told.unkept[0].verb, told.unkept[0].href) == (3, "授权", f"/access/{cast.harbour.key}/grant/")


def test_no_reach_no_task(cast: Cast) -> None:
    for name in ("publisher", "statistician", "double", "expired"):
        assert desk(cast.by(name)).unkept == [], name


def test_a_takeover_waits_to_be_handed_on(cast: Cast) -> None:
    access.revoke(by=SYSTEM, grant=cast.grants["west_clerk:secretary"], reason="离任")
    told = desk(cast.by("city_clerk"))
    assert [(task.title, task.href) for task in told.cared] == [("代管西山区知联会的组织管理", f"/access/{cast.west.key}/grant/")]
    assert "西山区知联会" in [task.title for task in told.unkept] or told.unkept_count > len(told.unkept)


def test_what_one_keeps_for_others_comes_last(cast: Cast) -> None:
    before = desk(cast.by("city_clerk")).first
    access.revoke(by=SYSTEM, grant=cast.grants["west_clerk:secretary"], reason="离任")
    told = desk(cast.by("city_clerk"))
    assert [place.name for place in told.places] == ["云海市知联会", "西山区知联会"]
    assert told.first == before


def test_this_month(cast: Cast) -> None:
    quiet = desk(cast.by("east_clerk"))
    assert ([one.name for one in quiet.founded], quiet.joined) == ([], 0)
    made = network.found(by=SYSTEM, name="新港分会", family=cast.families["知联会"], level="park", parent=cast.fresh("east"), founded_on=date(2026, 11, 2))
    members.admit(by=SYSTEM, person=cast.persons["plain"], organisation=made, joined_on=date(2026, 11, 3))
    members.admit(by=SYSTEM, person=cast.persons["plain"], organisation=cast.orchard, joined_on=date(2026, 11, 3))
    told = desk(cast.by("east_clerk"))
    assert ([one.name for one in told.founded], told.joined, told.month) == (["新港分会"], 1, "2026-11")
    assert desk(cast.by("statistician")).joined is None


def test_my_organisations_with_what_i_may_do_there(cast: Cast) -> None:
    told = desk(cast.by("double"))
    assert [(place.name, place.duties, place.imports, place.grants, place.counts) for place in told.places] == [
        ("港前街道分会", "会员管理", True, False, True),
        ("果园社区知联会", "统计", False, False, True),
    ]


def test_an_import_waits_for_those_who_may_write_it(cast: Cast) -> None:
    from django.core.files.base import ContentFile

    from juzhi.imports import actions as imports
    from juzhi.imports import tasks

    by = cast.by("east_clerk")
    batch = imports.upload(by=by, file=ContentFile("姓名,单位\n单听澜,云海示例公司\n".encode(), name="名册.csv"), kind="roster", organisation_id=cast.tower.pk)
    tasks.read_now(by, batch)
    told = desk(cast.by("east_clerk")).batches
    assert [(task.title, task.verb, task.href) for task in told] == [("名册.csv：等您确认", "核对", f"/imports/{batch.key}/")]
    assert told[0].note.startswith("会员花名册 · 云塔大厦知联会 · ")
    assert (desk(cast.by("west_clerk")).batches, desk(cast.by("statistician")).batches) == ([], [])


def test_complaints_wait_for_those_who_open_the_box(cast: Cast) -> None:
    complain(by=VISITOR, text="港前街道分会的成立日期不对", page="/organisations/")
    assert [(task.title, task.note) for task in desk(cast.by("operator")).complaints] == [("港前街道分会的成立日期不对", "11-24 · 未署名 · /organisations/")]
    assert desk(cast.by("city_clerk")).complaints == []


def test_the_page_of_staff_and_of_a_member(cast: Cast, browser: Browser) -> None:
    staff = browser("city_clerk").get("/workbench/")
    assert (staff.status_code, [template.name for template in staff.templates][0]) == (200, "portal/workbench.html")
    member = browser("shared").get("/workbench/")
    assert (member.status_code, [template.name for template in member.templates][0]) == (200, "portal/own.html")
    assert [(spell.membership.organisation.name, spell.year, spell.note) for spell in member.context["own"].spells] == [
        ("云塔大厦新联会", "2023", "会员号 N-lone"),
        ("果园社区知联会", "2023", "会员号 N-shared"),
    ]
    text = member.content.decode()
    assert 'href="/mine/"' in text
    assert not [one.name for short, one in cast.persons.items() if short != "shared" and one.name in text]


def test_queries_do_not_grow_with_organisations(cast: Cast, django_assert_num_queries: Any, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(40) as before:
        desk(cast.by("city_clerk"))
    for number in range(3):
        network.found(by=SYSTEM, name=f"新设{number}号知联会", family=cast.families["知联会"], level="district", parent=cast.fresh("city"), founded_on=TODAY)
    with django_assert_num_queries(len(before)):
        desk(cast.by("city_clerk"))


def test_the_bodies_that_are_not_listed_can_be_opened(cast: Cast, browser: Browser) -> None:
    """52 were counted, eight listed, and nothing led to the others."""
    said = "看全部，按缺谁筛选"
    assert said not in browser("city_clerk").get("/workbench/").content.decode()
    for number in range(9):
        network.found(by=SYSTEM, name=f"试办{number}联谊会", family=cast.families["知联会"], level="unit", parent=cast.east, founded_on=date(2025, 1, 1))
    told = desk(cast.by("city_clerk"))
    assert told.unkept_count > len(told.unkept)
    assert said in browser("city_clerk").get("/workbench/").content.decode()
