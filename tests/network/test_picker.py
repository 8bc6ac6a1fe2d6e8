"""The picker of an organisation: words, sounds and initials find it; without JavaScript the form comes back with the list, and what is chosen counts."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from juzhi.network.forms import MoveForm
from juzhi.network.models import Placement
from tests.cast import VISITOR, Cast

RADIO = re.compile(r'<input type="radio" name="parent" value="(\w+)" data-name="([^"]*)"( checked)?')


def listed(words: str) -> list[str]:
    text = Client().get("/organisations/choices/", {"into": "parent", "parent": words}, headers={"HX-Request": "true"}).content.decode()
    return [name for _key, name, _ in RADIO.findall(text)]


@pytest.mark.parametrize("words", ["云塔", "yunta", "ytds", "yunt"])
def test_by_words_sound_and_initials(cast: Cast, words: str) -> None:
    assert listed(words) == ["云塔大厦新联会", "云塔大厦知联会"]


@pytest.mark.parametrize("query", [{"into": "<b>", "<b>": "云塔"}, {"into": "parent"}, {"into": "parent", "parent": "'\":&|!*\\"}, {"parent": "\ud800".encode("utf-8", "surrogatepass")}, {}])
def test_nonsense_finds_nothing(cast: Cast, query: dict[str, str]) -> None:
    assert Client().get("/organisations/choices/", query).status_code in (200, 400)


def test_an_unknown_name_comes_back_with_what_may_be_meant(cast: Cast) -> None:
    form = MoveForm(VISITOR, {"parent": "云塔", "valid_from": "2026-01-01", "reason": "改隶"})
    assert not form.is_valid()
    assert [name for _key, name, _ in RADIO.findall(str(form["parent"]))] == ["云塔大厦新联会", "云塔大厦知联会"] and 'value="云塔"' in str(form["parent"])


def test_a_name_that_was_found_is_not_said_to_be_missing(cast: Cast) -> None:
    form = MoveForm(VISITOR, {"parent": "西山区知联会", "valid_from": "2026-01-01", "reason": ""})
    assert not form.is_valid() and "没有找到" not in str(form["parent"])
    unknown = MoveForm(VISITOR, {"parent": "没有这样的会", "valid_from": "2026-01-01", "reason": "改隶"})
    assert not unknown.is_valid() and "没有找到" in str(unknown["parent"])


def test_what_was_chosen_shows_its_name_and_stays_chosen(cast: Cast) -> None:
    form = MoveForm(VISITOR, {"parent": cast.west.key, "valid_from": "", "reason": ""})
    assert not form.is_valid()
    assert RADIO.findall(str(form["parent"])) == [(cast.west.key, "西山区知联会", " checked")] and 'value="西山区知联会"' in str(form["parent"])


def test_chosen_through_the_page(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.accounts["city_clerk"], backend="allauth.account.auth_backends.AuthenticationBackend")
    data = {"parent": ["西山", cast.west.key], "valid_from": "2026-11-24", "reason": "改隶", "form_key": "b" * 12, "version": str(cast.fresh("tower").version)}
    assert client.post(f"/organisations/{cast.tower.key}/move/", data).status_code == 303
    assert Placement.objects.system("test").filter(organisation=cast.tower, valid_to=None).get().parent == cast.west
