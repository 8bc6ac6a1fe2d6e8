"""Whom a duty may be given, picked by name: persons the giver may see and who have an account; never a login."""

from __future__ import annotations

import pytest
from django.test import Client

from juzhi.access import queries
from juzhi.access.forms import GrantForm
from juzhi.access.models import Grant
from tests.cast import Cast


def listed(cast: Cast, reader: str, words: str) -> list[str]:
    return [one.name for one in queries.grantees(cast.by(reader), cast.east, words)]


def test_by_name_and_sound_within_reach(cast: Cast) -> None:
    assert (listed(cast, "east_clerk", "单"), listed(cast, "east_clerk", "shanf"), listed(cast, "east_clerk", "尉迟")) == (["单飞燕"], ["单飞燕"], [])
    assert listed(cast, "west_clerk", "单") == []


@pytest.mark.tampers
def test_a_secretary_who_sees_no_person_is_listed_nobody(cast: Cast) -> None:
    cast.grants["east_clerk:member_clerk"].delete()
    assert listed(cast, "east_clerk", "单") == []


def test_no_login_is_told(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.accounts["east_clerk"], backend="allauth.account.auth_backends.AuthenticationBackend")
    text = client.get(f"/access/{cast.east.key}/grantees/?into=login&login=单", headers={"HX-Request": "true"}).content.decode()
    assert "飞燕" in text and "anna" not in text and cast.persons["anna"].key in text


def form(cast: Cast, reader: str, **data: str) -> GrantForm:
    return GrantForm({"duty": "secretary", "reach": "own", **data}, by=cast.by(reader), organisation=cast.east, duties=["secretary"])


def test_chosen_by_key_or_by_login(cast: Cast) -> None:
    assert [form(cast, "east_clerk", login=text).is_valid() for text in (cast.persons["anna"].key, "anna", "ANNA", cast.persons["chen"].key, "chen", "单飞燕")] == [True, True, True, False, False, False]


def test_without_javascript_the_form_comes_back_with_the_list(cast: Cast) -> None:
    asked = form(cast, "east_clerk", login="单飞燕")
    shown = str(asked["login"])
    assert not asked.is_valid() and f'type="radio" name="login" value="{cast.persons["anna"].key}"' in str(asked["login"]) and shown


@pytest.mark.tampers
def test_a_login_that_looks_like_anothers_key_gains_nothing(cast: Cast) -> None:
    cast.accounts["bo"].login = cast.persons["anna"].key
    cast.accounts["bo"].save()
    asked = form(cast, "east_clerk", login=cast.persons["anna"].key)
    assert asked.is_valid() and asked.cleaned_data["login"] == cast.accounts["anna"]


def test_given_through_the_page(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.accounts["east_clerk"], backend="allauth.account.auth_backends.AuthenticationBackend")
    answer = client.post(f"/access/{cast.east.key}/grant/", {"login": ["单飞燕", cast.persons["anna"].key], "duty": "statistician", "reach": "own", "form_key": "a" * 12})
    assert answer.status_code == 303
    assert Grant.objects.system("test").filter(account=cast.accounts["anna"], duty="statistician", organisation=cast.east).exists()
