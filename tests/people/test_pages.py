"""Pages of persons: who may open them, and what they leave out."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from juzhi.members import actions as members
from juzhi.people import queries
from tests.cast import SYSTEM, Cast

Browser = Callable[[str], Client]
VERBS = ("", "reveal/", "correct/", "change_contacts/", "add_name/", "mark_deceased/")
NONE = [404] * 6


@pytest.mark.parametrize(
    ("account", "statuses"),
    [("east_clerk", [200] * 6), ("city_clerk", [200] * 6), ("west_clerk", NONE), ("double", NONE), ("auditor", NONE), ("statistician", NONE), ("protection", NONE), ("expired", NONE), ("plain", NONE), ("anna", NONE)],
)
def test_who_may_open_the_pages_of_a_member_of_the_tower(cast: Cast, browser: Browser, account: str, statuses: list[int]) -> None:
    client = browser(account)
    assert [client.get(f"/people/{cast.persons['anna'].key}/{verb}").status_code for verb in VERBS] == statuses


def test_the_contact_for_protection_reads_the_own_body_and_changes_nothing(cast: Cast, browser: Browser) -> None:
    client = browser("protection")
    assert [client.get(f"/people/{cast.persons['east_clerk'].key}/{verb}").status_code for verb in VERBS] == [200, 404, 404, 404, 404, 404]


def test_a_visitor_is_asked_to_sign_in_and_unknown_keys_are_not_found(cast: Cast, browser: Browser) -> None:
    assert [Client().get(address).status_code for address in (f"/people/{cast.persons['anna'].key}/", "/people/mine/contacts/", "/people/mine/name/")] == [302] * 3
    assert [browser("east_clerk").get(f"/people/{key}/").status_code for key in ("zzzzzzzzzzzz", "mine", "1", "𠮷")] == [404] * 4


def test_every_signed_in_person_reaches_the_own_name_and_contacts(cast: Cast, browser: Browser) -> None:
    for name in ("anna", "plain", "operator", "expired"):
        client = browser(name)
        assert [client.get(f"/people/mine/{page}/").status_code for page in ("contacts", "name")] == [200, 200]


def test_a_body_learns_nothing_of_another_one(cast: Cast, browser: Browser) -> None:
    person = cast.persons["anna"]
    members.admit(by=SYSTEM, person=person, organisation=cast.orchard, org_role="果园理事")
    pages = [f"/people/{person.key}/", f"/members/persons/{person.key}/", "/members/?state=all"]
    seen = {name: ["果园" in browser(name).get(address).content.decode() for address in pages] for name in ("east_clerk", "city_clerk")}
    assert seen == {"east_clerk": [False] * 3, "city_clerk": [True] * 3}
    assert [one.organisation for one in queries.watchers(cast.by("east_clerk"), person)] == ["云塔大厦知联会"]
    assert sorted(one.organisation for one in queries.watchers(cast.by("anna"), person)) == ["云塔大厦知联会", "果园社区知联会"]
