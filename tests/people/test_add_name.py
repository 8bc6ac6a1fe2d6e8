"""`people.add_name`: a former name or a spelling in letters, by which a person is found."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from juzhi.base.errors import Forbidden, Refused
from juzhi.journal.models import Entry
from juzhi.people import actions, queries
from juzhi.people.models import Name
from tests.cast import SYSTEM, Cast


def added(cast: Cast, by: Any = SYSTEM, **values: Any) -> Name:
    return actions.add_name(by=by, person=cast.persons["anna"], **{"text": "单小燕", **values})


def test_it_is_kept_and_finds_the_person(cast: Cast) -> None:
    clerk = cast.by("east_clerk")
    added(cast, clerk), added(cast, clerk, text="Shan Fei-yan", kind="pinyin")
    assert list(Name.objects.system("test").order_by("pk").values_list("kind", "text", "text_key")) == [("former", "单小燕", "单小燕"), ("pinyin", "Shan Fei-yan", "shanfei-yan")]
    assert [list(queries.persons(clerk, words)) for words in ("小燕", "fei-yan")] == [[cast.persons["anna"]]] * 2
    assert {entry.organisation_id for entry in Entry.objects.system("test").filter(verb="people.add_name")} == {cast.tower.pk}


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
