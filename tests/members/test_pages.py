"""Pages of members: who may open them, what they show, what they leave out, and how many queries they run."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from juzhi.members import actions
from juzhi.members.models import Membership
from juzhi.people import actions as people
from juzhi.people.models import Disclosure, Tie
from tests import guard
from tests.cast import SYSTEM, Cast

Browser = Callable[[str], Client]


def unzipped(body: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(body)) as book:
        return "".join(book.read(name).decode("utf-8", "replace") for name in book.namelist())


def addresses(cast: Cast) -> dict[str, str]:
    """Every address of the room at the building 云塔大厦 and the member 单飞燕."""
    tower, spell, person = cast.tower.key, cast.memberships["anna"].key, cast.persons["anna"].key
    return {
        "organisation_roster": f"/members/{tower}/",
        "admit": f"/members/{tower}/admit/",
        "admit_person": f"/members/{tower}/admit/{person}/",
        "batches": f"/members/{tower}/batches/",
        "open_batch": f"/members/{tower}/batches/open/",
        "membership": f"/members/{tower}/{spell}/",
        "correct": f"/members/{tower}/{spell}/correct/",
        "end": f"/members/{tower}/{spell}/end/",
        "of_person": f"/members/persons/{person}/",
    }


WHO = {"east_clerk": 200, "city_clerk": 200, "west_clerk": 404, "double": 404, "auditor": 404, "statistician": 404, "protection": 404, "expired": 404, "plain": 404, "anna": 404}


@pytest.mark.parametrize(("account", "status"), WHO.items())
def test_who_may_open_the_pages_of_a_body(cast: Cast, browser: Browser, account: str, status: int) -> None:
    client = browser(account)
    assert {name: client.get(address).status_code for name, address in addresses(cast).items()} == dict.fromkeys(addresses(cast), status)


def test_a_visitor_is_asked_to_sign_in_and_a_disabled_account_is_one(cast: Cast, browser: Browser) -> None:
    for client in (Client(), browser("disabled")):
        assert {client.get(address).status_code for address in (*addresses(cast).values(), "/members/", "/members/export_contacts/")} == {302}


def test_a_spell_of_another_body_is_not_found_under_ones_own(cast: Cast, browser: Browser) -> None:
    client = browser("east_clerk")
    foreign = cast.memberships["chen"].key
    found = [client.get(f"/members/{cast.tower.key}/{foreign}/{verb}").status_code for verb in ("", "correct/", "end/")]
    assert [*found, client.get("/members/zzzzzzzzzzzz/").status_code, client.get(f"/members/persons/{cast.persons['chen'].key}/").status_code] == [404] * 5


def test_the_roster_of_ones_reach_shows_the_own_branch_and_masks_contacts(cast: Cast, browser: Browser) -> None:
    body = browser("east_clerk").get("/members/").content.decode()
    assert [name in body for name in ("单飞燕", "张伟", "曾琪", "199****0001")] == [True] * 4
    assert [word in body for word in ("尉迟喆", "果园社区", "区同", "流动分会", "19900000001", "anna@example.org")] == [False] * 6


def test_a_clerk_who_is_a_member_elsewhere_does_not_find_oneself_in_the_roster(cast: Cast, browser: Browser) -> None:
    actions.admit(by=SYSTEM, person=cast.persons["double"], organisation=cast.lone, joined_on=date(2024, 1, 1))
    page = browser("double").get("/members/?state=all").content.decode()
    assert "double某" not in page.partition("<main")[2]  # above it stands who reads


FINDS = [
    ("单", ["单飞燕"]),
    ("sfy", ["单飞燕"]),
    ("shanfei", ["单飞燕"]),
    ("shfy", ["单飞燕"]),
    ("SFY", ["单飞燕"]),
    ("zw", ["张伟", "张伟"]),
    ("zhangwei", ["张伟", "张伟"]),
    ("z", ["曾琪", "张伟", "张伟"]),
    ("w", []),
    ("19900000001", []),
    ("云海示例", []),
    ("ycz", []),
    ("^.*", []),
    ("%", []),
]


@pytest.mark.parametrize(("words", "names"), FINDS)
def test_words_find_names_letters_and_initials_and_never_contacts(cast: Cast, browser: Browser, words: str, names: list[str]) -> None:
    shown = browser("east_clerk").get("/members/", {"words": words}).content.decode()
    found = [part.split("<")[0] for part in shown.split('<th scope="row">')[1:] for part in [part.split(">", 1)[1]]]
    assert found == names


def test_a_former_name_finds_the_member(cast: Cast, browser: Browser) -> None:
    people.add_name(by=SYSTEM, person=cast.persons["anna"], text="单小燕")
    client = browser("east_clerk")
    assert "单飞燕" in client.get("/members/", {"words": "小燕"}).content.decode()
    assert "单飞燕" not in client.get("/members/", {"words": "大燕"}).content.decode()


def test_states_and_bodies_beneath(cast: Cast, browser: Browser) -> None:
    actions.end(by=SYSTEM, membership=cast.memberships["bo"], reason_code="left", ended_on=date(2024, 3, 1))
    client = browser("east_clerk")

    def names(query: str) -> int:
        return client.get(f"/members/{cast.east.key}/{query}").content.decode().count('<th scope="row">')

    assert [names(query) for query in ("", "?beneath=on", "?beneath=on&state=over", "?beneath=on&state=all")] == [1, 3, 1, 4]


def test_a_filter_without_sense_finds_nothing_and_says_so(cast: Cast, browser: Browser) -> None:
    client = browser("east_clerk")
    for query in ("?state=zzz", "?organisation=没有这个组织", "?words=" + "长" * 61):
        answer = client.get(f"/members/{query}")
        assert (answer.content.decode().count('<th scope="row">'), "note--warn" in answer.content.decode()) == (0, True)


def test_the_file_holds_the_list_as_shown_and_no_contact_in_full(cast: Cast, browser: Browser) -> None:
    client = browser("east_clerk")
    text = client.get("/members/?words=sfy&format=csv").content.decode("utf-8-sig")
    assert text.splitlines() == [
        "姓名,单位,组织,会员号,入会,会内职务,手机,状态",
        "单飞燕,云海示例公司,云塔大厦知联会,N-anna,2019-03-01,,199****0001,在会",
    ]
    book = unzipped(client.get("/members/?state=all&format=xlsx").content)
    assert ("199****0001" in book, "19900000" in book, "anna@" in book) == (True, False, False)
    assert Disclosure.objects.system("test").count() == 0


def test_columns_that_would_say_the_same_in_every_row_are_left_out(cast: Cast, browser: Browser) -> None:
    client, place = browser("east_clerk"), f"/members/{cast.east.key}/"
    heads = [client.get(f"{place}?format=csv{query}").content.decode("utf-8-sig").splitlines()[0] for query in ("", "&beneath=on", "&state=all")]
    assert heads == ["姓名,单位,会员号,入会,会内职务,手机,状态", "姓名,单位,组织,会员号,入会,会内职务,手机,状态", "姓名,单位,会员号,入会,会内职务,手机,状态,离会"]


def test_sorting_paging_and_bad_ones_answer(cast: Cast, browser: Browser) -> None:
    client = browser("city_clerk")
    for query, status in (("?sort=-joined", 200), ("?sort=unit", 200), ("?sort=mobile", 400), ("?page=2", 400), ("?page=0", 400), ("?format=exe", 400), ("?sort=person__born_on", 400)):
        assert (query, client.get(f"/members/{query}").status_code) == (query, status)


def test_a_fragment_is_the_file_that_the_page_includes(cast: Cast, browser: Browser) -> None:
    client = browser("east_clerk")
    part = client.get("/members/", headers={"HX-Request": "true"}).content.decode().strip()
    assert part.startswith('<div id="roster">') and part in client.get("/members/").content.decode()


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as caught:
        assert client.get(address).status_code == 200
    return len(caught)


def test_pages_run_the_same_number_of_queries_with_more_rows(cast: Cast, browser: Browser) -> None:
    batch = actions.open_batch(by=SYSTEM, organisation=cast.harbour, number=1)
    harbour, person = cast.harbour.key, cast.persons["bo2"]
    lists = ["/members/", f"/members/{harbour}/", f"/members/{harbour}/batches/", f"/members/persons/{person.key}/", f"/people/{person.key}/", "/members/?format=csv"]
    client = browser("city_clerk")
    for address in lists:
        client.get(address)
    before = [queries(client, address) for address in lists]
    for n in range(4):
        made = people.enter(by=SYSTEM, name=f"新人{n}", mobiles=[f"1990001000{n}"], email=f"n{n}@example.org", unit="甲公司", duty="职员")
        actions.admit(by=SYSTEM, person=made, organisation=cast.harbour, joined_on=date(2024, 7, 1), batch=batch)
        actions.open_batch(by=SYSTEM, organisation=cast.harbour, number=n + 2)
    for place in (cast.west, cast.orchard, cast.tower):
        actions.admit(by=SYSTEM, person=person, organisation=place, joined_on=date(2024, 7, 1))
    assert [queries(client, address) for address in lists] == before


def test_former_members_leave_the_roster_when_the_retention_is_over(cast: Cast, browser: Browser) -> None:
    spell = actions.end(by=SYSTEM, membership=cast.memberships["bo"], reason_code="left", ended_on=date(2024, 3, 1))
    client, address = browser("east_clerk"), f"/members/{cast.tower.key}/{cast.memberships['bo'].key}/"
    assert ("N-bo<" in client.get("/members/?state=over").content.decode(), client.get(address).status_code) == (True, 200)
    with guard.tampering():
        Tie.objects.system("test").filter(person=cast.persons["bo"]).update(valid_from=date(2020, 1, 1), valid_to=date(2026, 1, 1))
    assert ("N-bo<" in client.get("/members/?state=over").content.decode(), client.get(address).status_code) == (False, 404)
    assert Membership.objects.system("test").filter(pk=spell.pk).exists()
