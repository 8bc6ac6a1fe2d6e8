"""`people.reveal`: contacts in full for a clerk, noted for the person; the page that shows them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from juzhi.base.errors import Forbidden, Refused
from juzhi.journal.models import Entry
from juzhi.members import actions as members
from juzhi.people import actions
from juzhi.people.models import Disclosure
from tests.cast import SYSTEM, Cast

Browser = Callable[[str], Client]


def noted() -> list[tuple[Any, ...]]:
    return list(Disclosure.objects.system("test").order_by("pk").values_list("person_key", "organisation__name", "actor_key", "fields", "way", "purpose"))


def test_contacts_in_full_and_a_note(cast: Cast) -> None:
    clerk, person = cast.by("east_clerk"), cast.persons["anna"]
    assert [one.value for one in actions.reveal(by=clerk, person=person, purpose="通知")] == ["19900000001", "anna@example.org"]
    assert noted() == [(person.key, "云塔大厦知联会", clerk.key, "手机、邮箱", "shown", "通知")]
    made = Disclosure.objects.system("test").get()
    entry = Entry.objects.system("test").get(verb="people.disclose")
    assert (made.entry_key, made.at, entry.organisation_id) == (entry.key, clerk.at, cast.tower.pk)


def test_twice_is_noted_twice_and_on_behalf_of_the_body_one_is_clerk_of(cast: Cast) -> None:
    members.admit(by=SYSTEM, person=cast.persons["anna"], organisation=cast.orchard)
    for name in ("city_clerk", "city_clerk", "east_clerk"):
        actions.reveal(by=cast.by(name), person=cast.persons["anna"])
    assert [row[1] for row in noted()] == ["云塔大厦知联会"] * 3


def test_ones_own_and_nothing_to_show_leave_no_note(cast: Cast) -> None:
    assert [one.value for one in actions.reveal(by=cast.by("anna"), person=cast.persons["anna"])] == ["19900000001", "anna@example.org"]
    actions.change_contacts(by=SYSTEM, person=cast.persons["bo"], mobiles="", email="")
    assert actions.reveal(by=cast.by("east_clerk"), person=cast.persons["bo"]) == []
    assert noted() == []


@pytest.mark.parametrize("name", ["west_clerk", "double", "auditor", "statistician", "protection", "operator", "expired", "plain", "bo"])
def test_who_may_not(cast: Cast, name: str) -> None:
    with pytest.raises(Forbidden):
        actions.reveal(by=cast.by(name), person=cast.persons["anna"])
    assert noted() == []


def test_the_page_shows_and_notes_and_the_person_page_does_not(cast: Cast, browser: Browser) -> None:
    client, address = browser("east_clerk"), f"/people/{cast.persons['anna'].key}/"
    page = client.get(address).content.decode()
    assert ("199****0001" in page, "a***@example.org" in page, "19900000001" in page, "anna@example.org" in page, noted()) == (True, True, False, False, [])
    shown = client.get(f"{address}reveal/")
    assert ("19900000001" in shown.content.decode(), "anna@example.org" in shown.content.decode(), shown["Cache-Control"], len(noted())) == (True, True, "no-store", 1)


@pytest.mark.parametrize("name", ["west_clerk", "double", "auditor", "protection", "expired", "plain", "anna"])
def test_the_page_is_not_found_by_others(cast: Cast, browser: Browser, name: str) -> None:
    assert (browser(name).get(f"/people/{cast.persons['anna'].key}/reveal/").status_code, noted()) == (404, [])


def test_disclose_is_for_the_clerk_of_that_body(cast: Cast) -> None:
    given = {"persons": [cast.persons["anna"]], "fields": ["手机"], "way": "printed"}
    with pytest.raises(Forbidden):
        actions.disclose(by=cast.by("double"), organisation=cast.tower, **given)
    with pytest.raises(Refused):
        actions.disclose(by=cast.by("east_clerk"), organisation=cast.tower, purpose="长" * 121, **given)
    actions.disclose(by=cast.by("east_clerk"), organisation=cast.tower, **given | {"persons": [cast.persons["anna"], cast.persons["east_clerk"]]})
    assert [row[0] for row in noted()] == [cast.persons["anna"].key]
    assert actions.disclose(by=cast.by("east_clerk"), organisation=cast.tower, **given | {"persons": []}) == []
