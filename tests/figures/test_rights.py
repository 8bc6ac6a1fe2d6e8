"""Who sees which number: only who may see it at every organisation it sums, by today's rights, also for the past."""

from __future__ import annotations

import io
import random
from datetime import date, timedelta
from typing import Any
from zipfile import ZipFile

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from juzhi.access import actions as access
from juzhi.access.queries import AccountActor
from juzhi.figures import queries
from juzhi.figures.queries import Node, evaluation
from juzhi.members import actions as members
from juzhi.members.figures import JOINED, MEMBER_PERSONS, MEMBERS
from juzhi.network import queries as network
from juzhi.network.figures import ORGANISATIONS
from juzhi.people import actions as people
from tests.cast import NOW, SYSTEM, TODAY, VISITOR, Cast
from tests.figures.conftest import SECTOR_SINCE, group, signed_in
from tests.figures.world import day_of, grown

pytestmark = pytest.mark.usefixtures("clock")
PLACES = ("city", "east", "west", "harbour", "tower", "orchard", "lone")


def value(cast: Cast, by: Any, indicator: Any, place: str, day: date = TODAY) -> int | None:
    return queries.evaluate(by, indicator, Node("organisation", cast.organisations[place]), day).value


def test_everybody_sees_how_many_organisations(cast: Cast) -> None:
    assert {place: value(cast, VISITOR, ORGANISATIONS, place) for place in PLACES} == {
        "city": 8, "east": 4, "west": 3, "harbour": 1, "tower": 1, "orchard": 1, "lone": 1,
    }


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("city_clerk", {"city": 9, "east": 4, "west": 4, "harbour": 1, "tower": 2, "orchard": 2, "lone": None}),
        ("statistician", {"city": None, "east": 4, "west": None, "harbour": 1, "tower": 2, "orchard": None, "lone": None}),
        ("east_clerk", {"city": None, "east": 4, "west": None, "harbour": 1, "tower": 2, "orchard": None, "lone": None}),
        ("west_clerk", dict.fromkeys(PLACES)),  # own reach only: west's subtree is more than that
        ("double", {"city": None, "east": None, "west": None, "harbour": 1, "tower": None, "orchard": 2, "lone": None}),
        ("auditor", dict.fromkeys(PLACES)),
        ("operator", dict.fromkeys(PLACES)),
        ("expired", dict.fromkeys(PLACES)),
        ("disabled", dict.fromkeys(PLACES)),
        ("anna", dict.fromkeys(PLACES)),
    ],
)
def test_members_only_where_one_may_see_all_of_them(cast: Cast, name: str, seen: dict[str, int | None]) -> None:
    assert {place: value(cast, cast.by(name), MEMBERS, place) for place in PLACES} == seen


def test_the_past_is_seen_by_todays_rights(cast: Cast) -> None:
    """In 2023 the wanderer stood beneath east; today it does not, so east's number of then is not for east's clerk."""
    day = date(2023, 12, 31)
    assert value(cast, cast.by("east_clerk"), MEMBERS, "east", day) is None
    assert (value(cast, cast.by("city_clerk"), MEMBERS, "east", day), value(cast, cast.by("city_clerk"), MEMBERS, "west", day)) == (4, 3)


@pytest.mark.parametrize("kind", ["host", "sector"])
def test_a_host_or_sector_needs_both_of_its_bodies(cast: Cast, kind: str) -> None:
    node = group(cast, kind)
    assert queries.evaluate(cast.by("city_clerk"), MEMBERS, node, TODAY).value is None
    access.grant(by=SYSTEM, account=cast.accounts["city_clerk"], duty="statistician", organisation=cast.lone)
    assert [queries.evaluate(cast.by("city_clerk"), one, node, TODAY).value for one in (MEMBERS, MEMBER_PERSONS)] == [3, 3]
    status, shown = page(cast, "city_clerk", f"/figures/members/{kind}s/{node.key}/evidence/")
    assert (status, "单飞燕" in shown) == (200, True)  # of the tower he reads the list, of the other the number
    assert page(cast, "east_clerk", f"/figures/members/{kind}s/{node.key}/evidence/")[0] == 404


def test_a_sector_is_that_of_the_day(cast: Cast) -> None:
    """Before they came to it there was nobody, and who joined them before joined elsewhere."""
    node, before = group(cast, "sector"), SECTOR_SINCE - timedelta(days=1)
    assert [queries.evaluate(SYSTEM, one, node, day).value for one in (ORGANISATIONS, MEMBERS) for day in (before, SECTOR_SINCE)] == [0, 2, 0, 3]
    assert [queries.evaluate(SYSTEM, JOINED, node, day, since=since).value for since, day in ((date(2010, 1, 1), before), (date(2010, 1, 1), TODAY))] == [0, 0]
    members.admit(by=SYSTEM, person=cast.persons["anna"], organisation=cast.lone, joined_on=SECTOR_SINCE)
    assert [queries.evaluate(SYSTEM, JOINED, node, TODAY, since=since).value for since in (SECTOR_SINCE, SECTOR_SINCE + timedelta(days=1))] == [1, 0]
    told = Client().get(f"/figures/organisations/sectors/{node.key}/", {"as_of": "2024-05-31", "format": "json"}).json()
    assert (told["node"], told["value"]) == ({"kind": "sector", "key": node.key, "name": "卫健系统"}, 0)
    assert "系统为卫健系统的组织" in page(cast, "", f"/figures/organisations/sectors/{node.key}/")[1]
    assert "2024-06" in page(cast, "", f"/figures/organisations/sectors/{node.key}/months/?as_of=2024-08")[1]


def test_one_person_in_two_bodies_counts_once_above(cast: Cast) -> None:
    members.admit(by=SYSTEM, person=cast.persons["anna"], organisation=cast.harbour, joined_on=date(2025, 1, 1))
    assert [value(cast, cast.by("east_clerk"), one, "east") for one in (MEMBERS, MEMBER_PERSONS)] == [5, 4]


def page(cast: Cast, name: str, address: str) -> tuple[int, str]:
    answer = (signed_in(cast, name) if name else Client()).get(address)
    return answer.status_code, answer.content.decode()


def test_a_statistician_sees_counts_and_no_names(cast: Cast) -> None:
    status, shown = page(cast, "statistician", f"/figures/members/organisations/{cast.east.key}/")
    listed, names = page(cast, "statistician", f"/figures/members/organisations/{cast.east.key}/evidence/")
    assert (status, listed) == (200, 200)
    for name in ("单飞燕", "张伟", "曾琪", "N-anna"):
        assert name not in shown + names
    answer = signed_in(cast, "statistician").get(f"/figures/members/organisations/{cast.east.key}/evidence/?format=csv")
    assert answer.content.decode("utf-8-sig").splitlines() == ["姓名,组织,会员号,入会"]


def test_a_siblings_number_is_not_on_the_page_and_its_list_is_not_there(cast: Cast) -> None:
    status, shown = page(cast, "east_clerk", f"/figures/members/organisations/{cast.west.key}/")
    assert status == 200 and "您在这里没有看这个数的权限" in shown and "尉迟喆" not in shown
    for name in ("east_clerk", "statistician", "anna", ""):
        assert page(cast, name, f"/figures/members/organisations/{cast.west.key}/evidence/")[0] == 404
        assert page(cast, name, f"/figures/members/organisations/{cast.west.key}/evidence/?format=csv")[0] == 404


def test_nothing_a_sibling_does_changes_what_one_sees(cast: Cast) -> None:
    address = f"/figures/members/organisations/{cast.west.key}/"
    before = page(cast, "east_clerk", address)
    person = people.enter(by=SYSTEM, name="金丝雀", mobiles=[], email="")
    members.admit(by=SYSTEM, person=person, organisation=cast.orchard)
    assert page(cast, "east_clerk", address) == before or strip(page(cast, "east_clerk", address)) == strip(before)


def strip(answer: tuple[int, str]) -> tuple[int, str]:
    """Without the token that is masked anew each time."""
    import re

    return answer[0], re.sub(r"[A-Za-z0-9]{64}", "", answer[1])


def test_the_file_equals_the_list(cast: Cast) -> None:
    address = f"/figures/members/organisations/{cast.east.key}/evidence/"
    browser = signed_in(cast, "east_clerk")
    figure = queries.evaluate(cast.by("east_clerk"), MEMBERS, Node("organisation", cast.east), TODAY)
    listed = [[str(column.value(row)) for column in queries.columns(MEMBERS)] for row in queries.opened(cast.by("east_clerk"), figure)]
    lines = browser.get(f"{address}?format=csv").content.decode("utf-8-sig").splitlines()
    assert [line.split(",") for line in lines[1:]] == listed and len(listed) == figure.value == 4
    book = ZipFile(io.BytesIO(b"".join(browser.get(f"{address}?format=xlsx")) if browser.get(f"{address}?format=xlsx").streaming else browser.get(f"{address}?format=xlsx").content))
    text = "".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))
    assert all(cell in text for row in listed for cell in row)


@pytest.mark.parametrize("kind", ["organisations", "members"])
def test_pages_ask_the_same_number_of_queries(cast: Cast, kind: str) -> None:
    def asked(address: str) -> int:
        browser = signed_in(cast, "east_clerk")
        with CaptureQueriesContext(connection) as found:
            assert browser.get(address).status_code == 200
        return len(found)

    addresses = [f"/figures/{kind}/organisations/{cast.east.key}/{part}" for part in ("", "evidence/")]
    addresses += [f"/figures/organisations/areas/{cast.areas['9701'].key}/", "/figures/"]
    before = [asked(address) for address in addresses]
    for n in range(3):
        person = people.enter(by=SYSTEM, name=f"多人{n}", mobiles=[], email="")
        members.admit(by=SYSTEM, person=person, organisation=cast.harbour)
    assert [asked(address) for address in addresses] == before


@pytest.mark.parametrize(
    ("asked", "status", "shown"),
    [
        ("2024-05-31", 200, "2024-05-31"),
        ("2024-05", 200, "2024-05-31"),
        ("2024", 200, "2024-12-31"),
        ("二〇二四年五月", 200, "2024-05-31"),
        ("", 200, TODAY.isoformat()),
        ("昨天", 400, "看不懂日期「昨天」，请写成 2016、2016-09 或 2016-09-05"),
        ("2024-02-30", 400, "2024年2月没有 30 日，请改正日期"),
        ("不详", 400, "请写出截至哪一天，例如 2024-05-31"),
        ("9" * 5000, 400, ""),
        ("\x00", 400, ""),
    ],
)
def test_a_day_as_people_write_it(cast: Cast, asked: str, status: int, shown: str) -> None:
    for part in ("", "evidence/"):
        answer = Client().get(f"/figures/organisations/organisations/{cast.city.key}/{part}", {"as_of": asked})
        assert (answer.status_code, shown in answer.content.decode()) == (status, True)


def test_no_file_for_a_day_that_cannot_be_read(cast: Cast) -> None:
    answer = Client().get(f"/figures/organisations/organisations/{cast.city.key}/evidence/?as_of=昨天&format=csv")
    assert (answer.status_code, "看不懂日期" in answer.content.decode()) == (400, True)


def test_unknown_things_are_not_there(cast: Cast) -> None:
    for address in (f"nosuch/organisations/{cast.city.key}/", "organisations/organisations/nosuchkey234/", "organisations/areas/nosuchkey234/", "members/hosts/x/", "members/sectors/x/"):
        assert Client().get(f"/figures/{address}").status_code == 404


@pytest.mark.parametrize("seed", range(2))
def test_what_is_asked_of_the_top_is_what_is_asked_of_each(cast: Cast, seed: int) -> None:
    """Random grants in a federation that moved, merged and parted: the short way over the top finds what asking of every organisation finds."""
    dice, world, answers = random.Random(seed), grown(400 + seed, 50), []
    bodies = [body.row for body in world.bodies.values()]
    for account in list(cast.accounts.values())[:6]:
        for body in dice.sample(bodies, 2):
            access.grant(by=SYSTEM, account=account, duty="statistician", organisation=body, reach=dice.choice(("own", "subtree", "subtree")), purpose="统计", valid_from=date(2025, 1, 1))
        by = AccountActor(account, NOW)
        for body in bodies:
            for day in (TODAY, TODAY - timedelta(days=1), *(day_of(dice) for _ in range(4))):
                each = evaluation.covers(by, MEMBERS.duties, network.subtree(by, body, day))
                answers.append(each)
                assert evaluation.covers_beneath(by, MEMBERS.duties, body, day) == each, (account.login, body.name, day)
    assert answers.count(True) > 20 and answers.count(False) > 20
