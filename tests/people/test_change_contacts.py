"""`people.change_contacts`: all of a person's mobiles and the mail address, by the person or a clerk of a body that knows the person."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from juzhi.base.errors import Forbidden, Refused, Stale
from juzhi.journal.models import Entry, EntryValue
from juzhi.people import actions
from juzhi.people.models import Contact, Disclosure, Person
from tests.cast import SYSTEM, Cast

Browser = Callable[[str], Client]


def changed(cast: Cast, by: Any = SYSTEM, **values: Any) -> Person:
    return actions.change_contacts(by=by, person=cast.persons["anna"], **{"mobiles": "19900040001", "email": "new@example.org", **values})


def contacts(cast: Cast) -> list[tuple[Any, ...]]:
    return list(Contact.objects.system("test").filter(person=cast.persons["anna"]).order_by("-kind", "position").values_list("kind", "value", "value_key", "position"))


OLD = [("mobile", "19900000001", "19900000001", 0), ("email", "anna@example.org", "anna@example.org", 0)]


def test_they_are_replaced_and_noted(cast: Cast) -> None:
    made = changed(cast, cast.by("east_clerk"), mobiles="＋８６ 199-0004-0001、19900040002", email="Anna.New@Example.org", version=1)
    assert contacts(cast) == [("mobile", "19900040001", "19900040001", 0), ("mobile", "19900040002", "19900040002", 1), ("email", "Anna.New@Example.org", "anna.new@example.org", 0)]
    assert made.version == 2
    entry = Entry.objects.system("test").get(verb="people.change_contacts")
    value = EntryValue.objects.system("test").get(entry=entry)
    assert (entry.organisation_id, value.field_class, value.before, value.after) == (cast.tower.pk, "sensitive", '"19900000001、anna@example.org"', '"19900040001、19900040002、Anna.New@Example.org"')


def test_empty_takes_them_away(cast: Cast) -> None:
    changed(cast, cast.by("anna"), mobiles=" ", email="")
    assert contacts(cast) == []


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"mobiles": "123"}, "mobiles"),
        ({"mobiles": "19900040001、123"}, "mobiles"),
        ({"mobiles": "19900040001\ud800"}, "mobiles"),
        ({"mobiles": "、".join(f"1990004000{n}" for n in range(6))}, "mobiles"),
        ({"mobiles": "1" * 201}, "mobiles"),
        ({"email": "anna"}, "email"),
        ({"email": "a@b\x00.org"}, "email"),
        ({"email": "a" * 300 + "@example.org"}, "email"),
        ({"mobiles": "19900000001", "email": "anna@example.org"}, None),
    ],
)
def test_refusals_name_the_field_and_change_nothing(cast: Cast, values: dict[str, Any], field: str | None) -> None:
    with pytest.raises(Refused) as refused:
        changed(cast, **values)
    assert (refused.value.field, contacts(cast)) == (field, OLD)


@pytest.mark.parametrize("name", ["west_clerk", "double", "auditor", "statistician", "protection", "operator", "expired", "plain", "bo"])
def test_who_may_not(cast: Cast, name: str) -> None:
    with pytest.raises(Forbidden):
        changed(cast, cast.by(name))
    assert contacts(cast) == OLD


def test_two_editors_see_each_others_masked_and_the_person_sees_the_own_in_full(cast: Cast) -> None:
    changed(cast, version=1)
    told = []
    for name in ("east_clerk", "anna"):
        with pytest.raises(Stale) as stale:
            changed(cast, cast.by(name), mobiles="19900040009", email="", version=1)
        told.append(stale.value.details)
    assert told == [
        [("手机", "19900040009", "199****0001"), ("邮箱", "", "n***@example.org")],
        [("手机", "19900040009", "19900040001"), ("邮箱", "", "new@example.org")],
    ]


def test_the_form_shows_them_in_full_and_that_is_noted(cast: Cast, browser: Browser) -> None:
    client, address = browser("east_clerk"), f"/people/{cast.persons['anna'].key}/change_contacts/"
    assert 'value="19900000001"' in client.get(address).content.decode()
    rows = Disclosure.objects.system("test").values_list("person_key", "organisation__name", "fields", "way", "purpose")
    assert list(rows) == [(cast.persons["anna"].key, "云塔大厦知联会", "手机、邮箱", "shown", "更正联系方式")]
    assert client.post(address, {"mobiles": "19900040001", "email": "", "version": "1"}).status_code == 303
    assert client.post(address, {"mobiles": "1", "email": "", "version": "2"}).status_code == 422
    assert Disclosure.objects.system("test").count() == 1


def test_one_changes_the_own_contacts_and_nothing_is_noted(cast: Cast, browser: Browser) -> None:
    client = browser("anna")
    assert 'value="19900000001"' in client.get("/people/mine/contacts/").content.decode()
    sent = {"mobiles": "19900040001", "email": "anna@example.org", "version": "1", "form_key": "a"}
    assert [client.post("/people/mine/contacts/", sent).status_code for _ in range(2)] == [303, 303]
    assert contacts(cast)[0][1] == "19900040001"
    assert Disclosure.objects.system("test").count() == 0
    answer = client.post("/people/mine/contacts/", {"mobiles": "19900040003", "email": "", "version": "1", "form_key": "b"})
    assert (answer.status_code, "19900040001" in answer.content.decode()) == (422, True)
