"""`access.note_second_factor`: turning a way of the second factor on or off stays in the journal, without its secret."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from juzhi.access import actions
from juzhi.access.models import Account
from juzhi.base.errors import Forbidden
from juzhi.journal.models import Entry, EntryValue
from tests.access.test_second_factor import anna, browser, turn_on
from tests.cast import SYSTEM, Cast

__all__ = ["anna", "browser"]  # fixtures
pytestmark = pytest.mark.usefixtures("cache_table")


def told() -> list[tuple[str, str]]:
    found = EntryValue.objects.system("test").filter(entry__verb="access.note_second_factor").order_by("pk")
    return [(json.loads(one.before), json.loads(one.after)) for one in found]


def test_what_is_kept(cast: Cast) -> None:
    by, account = cast.by("anna"), cast.accounts["anna"]
    actions.note_second_factor(by=by, account=account, kind="totp", is_on=True)
    actions.note_second_factor(by=by, account=account, kind="totp", is_on=False)
    assert told() == [("", "验证器"), ("验证器", "")]
    assert set(Entry.objects.system("test").filter(verb="access.note_second_factor").values_list("thing_key", "actor_key", "organisation_id")) == {(account.key, by.key, None)}


def test_nobody_elses(cast: Cast) -> None:
    for name in ("city_clerk", "operator", "bo"):
        with pytest.raises(Forbidden):
            actions.note_second_factor(by=cast.by(name), account=cast.accounts["anna"], kind="totp", is_on=False)
    actions.note_second_factor(by=SYSTEM, account=cast.accounts["anna"], kind="webauthn", is_on=True)


def test_the_pages_of_the_library_tell_it(browser: Client, anna: Account, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        turn_on(browser)
    assert told() == [("", "验证器")]
    with django_capture_on_commit_callbacks(execute=True):
        browser.post("/account/2fa/recovery-codes/generate/")
    assert told()[1:] == [("", "恢复码")]
    with django_capture_on_commit_callbacks(execute=True):
        browser.post("/account/2fa/totp/deactivate/")
    assert told()[2:] == [("验证器", "")]
    assert set(Entry.objects.system("test").filter(verb="access.note_second_factor").values_list("actor_key", flat=True)) == {anna.key}


def test_too_many_tries_get_a_page_of_ours(cast: Cast) -> None:
    client = Client()
    answers = [client.post("/account/login/", {"login": "anna", "password": "wrong"}) for _time in range(40)]
    last = answers[-1].content.decode()
    assert "太多" in last and 'id="main"' in last
