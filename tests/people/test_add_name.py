"""`people.add_name`: a former name or a spelling in letters, by which a person is found."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from juzhi.base.errors import Forbidden, Refused
from juzhi.journal.models import Entry
from juzhi.people import actions, queries
from juzhi.people.models import Name, Person
from tests.cast import SYSTEM, Cast


def added(cast: Cast, by: Any = SYSTEM, **values: Any) -> Name:
    return actions.add_name(by=by, person=cast.persons["anna"], **{"text": "单小燕", **values})


def test_it_is_kept_and_finds_the_person(cast: Cast) -> None:
    clerk = cast.by("east_clerk")
    added(cast, clerk), added(cast, clerk, text="Shan Fei-yan", kind="pinyin")
    assert list(Name.objects.system("test").order_by("pk").values_list("kind", "text", "text_key")) == [("former", "单小燕", "单小燕"), ("pinyin", "Shan Fei-yan", "shanfei-yan")]
    assert [list(queries.persons(clerk, words)) for words in ("小燕", "fei-yan")] == [[cast.persons["anna"]]] * 2
    assert {entry.organisation_id for entry in Entry.objects.system("test").filter(verb="people.add_name")} == {cast.tower.pk}


def test_a_spelling_orders_and_finds_and_a_former_name_does_not_order(cast: Cast) -> None:
    person = cast.persons["anna"]
    before = Person.objects.system("test").get(pk=person.pk)
    added(cast)
    assert Person.objects.system("test").get(pk=person.pk).pinyin_key == before.pinyin_key
    added(cast, text="Dan Feiyan", kind="pinyin")
    after = Person.objects.system("test").get(pk=person.pk)
    assert (before.pinyin_key[:5], after.pinyin_key[:5]) == ("shan4", "dan1单")
    assert (after.stroke_key, after.version) == (before.stroke_key, before.version)
    actions.correct(by=SYSTEM, person=person, name="单飞雁")  # the spelling still wins
    assert Person.objects.system("test").get(pk=person.pk).pinyin_key.startswith("dan1单 fei1飞 yan4雁")


@pytest.mark.parametrize("letters", ["shanfeiyan", "danfeiyan", "chanfeiyan", "sfy", "dfy", "shanf", "dfeiyan"])
def test_every_reading_of_the_surname_finds(cast: Cast, letters: str) -> None:
    assert cast.persons["anna"] in queries.persons(cast.by("east_clerk"), letters)


def test_a_spelling_in_another_system_finds(cast: Cast) -> None:
    added(cast, text="Sin Fei-Yin", kind="pinyin")
    clerk = cast.by("east_clerk")
    assert [cast.persons["anna"] in queries.persons(clerk, words) for words in ("sinfeiyin", "sin fei yin", "sfy", "shanfeiyan", "Sīn")] == [True] * 4 + [False]


@pytest.mark.parametrize(
    ("values", "field"),
    [({"text": ""}, "text"), ({"text": "单\ud800"}, "text"), ({"text": "单\x00"}, "text"), ({"text": "长" * 101}, "text"), ({"text": "单飞燕"}, "text"), ({"kind": "nick"}, "kind")],
)
def test_refusals_name_the_field(cast: Cast, values: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        added(cast, **values)
    assert (refused.value.field, Name.objects.system("test").count()) == (field, 0)


def test_twice_in_a_row(cast: Cast) -> None:
    added(cast)
    with pytest.raises(Refused) as refused:
        added(cast)
    assert (refused.value.code, Name.objects.system("test").count()) == ("conflict", 1)


@pytest.mark.parametrize("name", ["west_clerk", "double", "auditor", "protection", "expired", "plain", "bo"])
def test_who_may_not(cast: Cast, name: str) -> None:
    with pytest.raises(Forbidden):
        added(cast, cast.by(name))


def test_the_page(cast: Cast, browser: Callable[[str], Client]) -> None:
    client, address = browser("east_clerk"), f"/people/{cast.persons['anna'].key}/"
    assert client.post(f"{address}add_name/", {"kind": "former", "text": "单飞燕"}).status_code == 422
    assert client.post(f"{address}add_name/", {"kind": "former", "text": "单小燕"}).status_code == 303
    assert "单小燕" in client.get(address).content.decode()
