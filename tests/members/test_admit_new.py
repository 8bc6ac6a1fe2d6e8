"""`members.admit_new`: a person and a spell, both or neither; suspects within reach are looked at first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from juzhi.base.errors import Forbidden, Refused
from juzhi.members import actions, queries
from juzhi.members.models import Membership
from juzhi.people.models import Contact, Employment, Person
from tests.cast import SYSTEM, Cast


def admitted(cast: Cast, by: Any, **values: Any) -> Membership:
    spell = {"joined_on": values.pop("joined_on", date(2024, 6, 1)), "number": values.pop("number", "")}
    return actions.admit_new(by=by, organisation=cast.harbour, spell=spell, **{"name": "欧阳新", **values})


def test_person_contacts_employment_and_spell(cast: Cast) -> None:
    made = admitted(cast, cast.by("double"), mobiles="19900020001、１９９００－０２０００２", email="Ouyang@Example.org", unit="甲公司", duty="工程师", gender="female", born_on=date(1980, 1, 1), born_precision="year", number="H-7")
    person = Person.objects.system("test").get(pk=made.person_id)
    assert (person.name, person.gender, person.born_on, person.born_precision) == ("欧阳新", "female", date(1980, 1, 1), "year")
    contacts = Contact.objects.system("test").filter(person=person).order_by("-kind", "position").values_list("kind", "value", "value_key", "position")
    assert list(contacts) == [("mobile", "19900020001", "19900020001", 0), ("mobile", "19900020002", "19900020002", 1), ("email", "Ouyang@Example.org", "ouyang@example.org", 0)]
    assert list(Employment.objects.system("test").filter(person=person).values_list("unit", "duty", "source")) == [("甲公司", "工程师", "会员登记")]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "张\x0b三"}, "name"),
        ({"mobiles": "19900020001、123"}, "mobiles"),
        ({"mobiles": "中文"}, "mobiles"),
        ({"email": "nobody"}, "email"),
        ({"born_on": date(2030, 1, 1)}, "born_on"),
        ({"gender": "x"}, "gender"),
        ({"joined_on": date(2023, 1, 1)}, "joined_on"),
        ({"number": "长" * 41}, "number"),
        ({"unit": "长" * 161}, "unit"),
    ],
)
def test_both_or_neither(cast: Cast, values: dict[str, Any], field: str) -> None:
    before = (Person.objects.system("test").count(), Membership.objects.system("test").count())
    with pytest.raises(Refused) as refused:
        admitted(cast, SYSTEM, **values)
    assert refused.value.field == field
    assert (Person.objects.system("test").count(), Membership.objects.system("test").count()) == before


@pytest.mark.parametrize("values", [{"mobiles": "19900000001"}, {"name": "张伟"}, {"name": "张 伟"}])
def test_suspects_are_looked_at_first(cast: Cast, values: dict[str, Any]) -> None:
    clerk = cast.by("east_clerk")
    with pytest.raises(Refused) as refused:
        admitted(cast, clerk, **values)
    assert refused.value.code == "conflict"
    assert admitted(cast, clerk, **values, somebody_else=True).pk


def test_persons_beyond_reach_are_not_looked_at(cast: Cast) -> None:
    assert admitted(cast, cast.by("east_clerk"), name="尉迟喆", mobiles="19900000004").pk
    assert [queries.suspects(cast.by(name), "区同", ["19900000009"]) for name in ("east_clerk", "west_clerk", "city_clerk")] == [[], [], [cast.persons["shared"]]]


def test_what_a_suspect_says_stays_within_reach(cast: Cast) -> None:
    actions.admit(by=SYSTEM, person=cast.persons["bo2"], organisation=cast.orchard, joined_on=date(2024, 7, 1))
    told = {name: [words for one, words in queries.alike(cast.by(name), {"name": "某", "mobiles": "19900000003"})] for name in ("east_clerk", "city_clerk")}
    assert told == {"east_clerk": ["手机相同 · 云海示例公司 · 港前街道分会"], "city_clerk": ["手机相同 · 云海示例公司 · 港前街道分会 · 果园社区知联会"]}


@pytest.mark.parametrize("name", ["west_clerk", "auditor", "statistician", "protection", "expired", "plain", "bo2"])
def test_who_may_not(cast: Cast, name: str) -> None:
    with pytest.raises(Forbidden):
        admitted(cast, cast.by(name))


def test_the_page_shows_suspects_and_takes_the_answer_once(cast: Cast, browser: Callable[[str], Client]) -> None:
    client, address = browser("east_clerk"), f"/members/{cast.harbour.key}/admit/"
    sent = {"name": "张伟", "mobiles": "", "joined_on": "2024-06", "form_key": "a1"}
    answer = client.post(address, sent)
    shown = answer.content.decode()
    assert (answer.status_code, f"{address}{cast.persons['bo'].key}/" in shown, 'type="checkbox" name="somebody_else"' in shown, "19900000002" in shown) == (422, True, True, False)
    sent |= {"somebody_else": "on", "form_key": "a2"}
    first, second = client.post(address, sent), client.post(address, sent)
    assert (first.status_code, second.status_code, first["Location"] == second["Location"]) == (303, 303, True)
    assert Membership.objects.system("test").filter(organisation=cast.harbour, person__name="张伟").count() == 2
    assert client.post(address, sent | {"name": "李四"}).status_code == 409


def test_the_page_names_the_field_at_fault(cast: Cast, browser: Callable[[str], Client]) -> None:
    client = browser("east_clerk")
    answer = client.post(f"/members/{cast.harbour.key}/admit/", {"name": "李四", "mobiles": "123", "joined_on": "2023-02-30"})
    assert (answer.status_code, "没有 30 日" in answer.content.decode()) == (422, True)
    answer = client.post(f"/members/{cast.harbour.key}/admit/", {"name": "李四", "mobiles": "123"})
    assert (answer.status_code, 'id="id_mobiles_error"' in answer.content.decode()) == (422, True)


def test_an_existing_person_is_admitted_by_page_and_strangers_are_not_found(cast: Cast, browser: Callable[[str], Client]) -> None:
    client = browser("east_clerk")
    answer = client.post(f"/members/{cast.harbour.key}/admit/{cast.persons['anna'].key}/", {"joined_on": "2024-06-01"})
    made = Membership.objects.system("test").get(organisation=cast.harbour, person=cast.persons["anna"])
    assert (answer.status_code, answer["Location"]) == (303, f"/members/{cast.harbour.key}/{made.key}/")
    assert client.post(f"/members/{cast.harbour.key}/admit/{cast.persons['chen'].key}/", {"joined_on": "2024-06-01"}).status_code == 404
