"""The printed list of names: who may, what is on it, in which order, and what a clerk is told."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from juzhi.members import actions, queries
from juzhi.network.models import Organisation
from juzhi.people import actions as people
from juzhi.people.models import Disclosure, Person
from tests.cast import SYSTEM, Cast

Browser = Callable[[str], Client]
ROLES = {"丁一": "", "田富": "副会长", "田大利": "副会长兼秘书长", "单飞": "荣誉顾问", "曾琪": "会长", "尉迟喆": "理事", "迪力夏提·艾合买提": "会员", "李\U000323b5": "", "王䶮": "", "John Smith": ""}


@pytest.fixture
def hall(cast: Cast) -> Organisation:
    """An organisation of its own kind of members: the town with nobody else in it."""
    for name, role in ROLES.items():
        enter(cast, name, org_role=role)
    return cast.west


def enter(cast: Cast, name: str, **values: Any) -> Person:
    person = people.enter(by=SYSTEM, name=name, organisation_id=cast.west.pk, mobiles=["19900040001"])
    actions.admit(by=SYSTEM, person=person, organisation=cast.west, **{"joined_on": date(2024, 5, 1), **values})
    return person


def listed(cast: Cast, place: Organisation, order: str) -> list[str]:
    found = queries.name_list(cast.by("west_clerk"), place, order)
    return [name for _heading, names in found.groups for name in names]


def ours(names: list[str]) -> list[str]:
    return [name for name in names if name.replace("\u3000", "") in ROLES]


def test_by_strokes_in_both_conventions(cast: Cast, hall: Organisation) -> None:
    padded = ["丁　一", "王　䶮", "田　富", "田大利", "李　\U000323b5", "迪力夏提·艾合买提", "单　飞", "尉迟喆", "曾　琪", "John Smith"]
    assert ours(listed(cast, hall, "strokes")) == padded
    plain = ours(listed(cast, hall, "strokes_unpadded"))
    assert plain == [*padded[:2], "田大利", "田　富", *padded[4:]]


def test_by_sound(cast: Cast, hall: Organisation) -> None:
    names = ours(listed(cast, hall, "name"))
    assert names == ["迪力夏提·艾合买提", "丁　一", "John Smith", "李　\U000323b5", "单　飞", "田大利", "田　富", "王　䶮", "尉迟喆", "曾　琪"]


def test_by_post_each_under_its_heading(cast: Cast, hall: Organisation) -> None:
    found = queries.name_list(cast.by("west_clerk"), hall, "post")
    told = [(heading, ours(names)) for heading, names in found.groups if ours(names)]
    assert told == [
        ("会长", ["曾　琪"]),
        ("副会长", ["田　富", "田大利"]),
        ("理事", ["尉迟喆"]),
        ("荣誉顾问", ["单　飞"]),
        ("会员", ["丁　一", "王　䶮", "李　\U000323b5", "迪力夏提·艾合买提", "John Smith"]),
    ]


def test_what_a_clerk_has_to_look_at(cast: Cast, hall: Organisation) -> None:
    found = queries.name_list(cast.by("west_clerk"), hall, "strokes")
    assert (found.unknown, found.counted) == ([("李\U000323b5", "\U000323b5")], [("王䶮", "䶮"), ("解䶮", "䶮")])  # the second is of the cast
    by_sound = queries.name_list(cast.by("west_clerk"), hall, "name")
    assert (by_sound.unknown, by_sound.counted) == ([], [])


def test_only_members_of_today(cast: Cast, hall: Organisation) -> None:
    before = queries.name_list(cast.by("west_clerk"), hall, "strokes")
    enter(cast, "未来", joined_on=cast.by("west_clerk").today)
    gone = enter(cast, "已离")
    actions.end(by=SYSTEM, membership=gone.memberships.system("test").get(), reason_code="left", ended_on=date(2024, 6, 1))
    dead = enter(cast, "已故人")
    people.mark_deceased(by=SYSTEM, person=dead, on=date(2024, 6, 1))
    after = queries.name_list(cast.by("west_clerk"), hall, "strokes")
    assert (after.count - before.count, after.deceased) == (1, 1)
    assert {"已　离", "已离", "已故人"} & {name for _heading, names in after.groups for name in names} == set()


def test_the_page_names_organisation_day_number_and_rule_and_shows_no_contact(cast: Cast, browser: Browser, hall: Organisation) -> None:
    text = browser("west_clerk").get(f"/members/{hall.key}/name_list/").content.decode()
    sheet = re.sub("[ \n]+", " ", text[text.index('class="a4"') :])
    count = queries.name_list(cast.by("west_clerk"), hall, "strokes").count
    assert f"{hall.name}会员名单" in sheet and f"共 {count} 人，按姓氏笔画为序（单名补位）" in sheet and "截至20" in sheet
    assert "田　富" in sheet and "1990" not in sheet and "199****" not in sheet
    assert not Disclosure.objects.system("test").exists()


@pytest.mark.parametrize(("order", "rule"), [("strokes_unpadded", "按姓氏笔画为序（单名不补位）"), ("name", "按姓名拼音为序"), ("post", "按会内职务、姓氏笔画为序（单名补位）")])
def test_each_order_names_its_rule(cast: Cast, browser: Browser, hall: Organisation, order: str, rule: str) -> None:
    assert rule in browser("west_clerk").get(f"/members/{hall.key}/name_list/?order={order}").content.decode()


def test_an_order_that_does_not_exist_is_told(cast: Cast, browser: Browser, hall: Organisation) -> None:
    answer = browser("west_clerk").get(f"/members/{hall.key}/name_list/?order=score")
    assert answer.status_code == 200 and "没有这种排序，先按姓氏笔画列出" in answer.content.decode()


def test_an_empty_organisation_has_a_list_too(cast: Cast, browser: Browser) -> None:
    assert "今天没有会员" in browser("city_clerk").get(f"/members/{cast.future.key}/name_list/").content.decode()


@pytest.mark.parametrize("account", ["east_clerk", "double", "auditor", "statistician", "protection", "expired", "plain", "anna"])
def test_others_do_not_find_it(cast: Cast, browser: Browser, hall: Organisation, account: str) -> None:
    assert browser(account).get(f"/members/{hall.key}/name_list/").status_code == 404


def test_a_list_runs_the_same_queries_for_one_and_for_many(cast: Cast, browser: Browser) -> None:
    client, counts = browser("west_clerk"), []
    for names in (["甲一"], ["乙一", "乙二", "丙一"]):
        for name in names:
            enter(cast, name)
        with CaptureQueriesContext(connection) as ran:
            client.get(f"/members/{cast.west.key}/name_list/?order=post")
        counts.append(len(ran))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("sort", ["strokes", "strokes_unpadded", "post", "name", "-strokes"])
def test_a_file_keeps_the_order_of_the_roster(cast: Cast, browser: Browser, hall: Organisation, sort: str) -> None:
    client = browser("west_clerk")
    page = client.get(f"/members/{hall.key}/?sort={sort}").content.decode()
    shown = re.findall(r'<th scope="row"><a class="link" href="[^"]*">([^<]*)</a>', page)
    rows = list(csv.reader(io.StringIO(client.get(f"/members/{hall.key}/?sort={sort}&format=csv").content.decode("utf-8-sig"))))
    full = list(csv.reader(io.StringIO(client.post(f"/members/export_contacts/?organisation={hall.key}&sort={sort}", {"reason": "会务", "format": "csv"}).content.decode("utf-8-sig"))))
    assert shown == [row[0] for row in rows[1:]] == [row[0] for row in full[1:]] != []
    order = {"-strokes": "strokes"}.get(sort, sort)
    listed_names = ours(listed(cast, hall, order))
    assert [name.replace("\u3000", "") for name in (listed_names[::-1] if sort[0] == "-" else listed_names)] == [name for name in shown if name in ROLES]


def test_units_stand_by_their_own_names(cast: Cast, browser: Browser) -> None:
    for name, unit in (("甲一", "深圳市中原电子有限公司"), ("乙一", "广州市福田区安心科技有限公司"), ("丙一", "北京明天有限公司")):
        person = people.enter(by=SYSTEM, name=name, unit=unit)
        actions.admit(by=SYSTEM, person=person, organisation=cast.west, joined_on=date(2024, 5, 1))
    page = browser("west_clerk").get(f"/members/{cast.west.key}/?sort=unit").content.decode()
    assert re.findall("安心科技|明天|中原电子", page) == ["安心科技", "明天", "中原电子"]
