"""`access.disable_account`: an account shut, and what it was the last to hold taken over."""

from __future__ import annotations

from collections import Counter

import pytest
from django.test import Client

from juzhi.access import actions
from juzhi.access.models import Account, Grant
from juzhi.base.errors import Forbidden, Refused
from juzhi.journal.models import Entry
from tests.access.conftest import rush, signed_in
from tests.cast import NOW, SYSTEM, VISITOR, Cast


def test_its_grants_and_cookies_give_nothing_from_the_next_request_on(cast: Cast) -> None:
    browser = signed_in(cast, "east_clerk")
    assert browser.get(f"/access/{cast.east.key}/").status_code == 200
    account = actions.disable_account(by=SYSTEM, account=cast.accounts["east_clerk"], reason="离任")
    assert account.disabled_at == NOW
    assert browser.get(f"/access/{cast.east.key}/")["Location"].startswith("/account/login/")
    assert not cast.by("east_clerk").holds_anywhere("secretary", "member_clerk", "statistician")
    assert not Client().login(username="east_clerk", password="")


def test_superiors_take_over_what_it_was_the_last_to_hold(cast: Cast) -> None:
    actions.disable_account(by=SYSTEM, account=cast.accounts["east_clerk"], reason="离任")
    found = Grant.objects.system("test").filter(source="takeover").order_by("duty")
    assert list(found.values_list("account__login", "duty", "organisation__name")) == [
        ("city_clerk", "member_clerk", "东湖区知联会"),
        ("city_clerk", "secretary", "东湖区知联会"),
    ]
    verbs = Entry.objects.system("test").filter(thing_key=cast.accounts["east_clerk"].key, verb="access.disable_account")
    assert verbs.count() == 1


def test_care_it_had_taken_over_passes_on(cast: Cast) -> None:
    actions.revoke(by=SYSTEM, grant=cast.grants["double:member_clerk"], reason="换届")
    actions.disable_account(by=SYSTEM, account=cast.accounts["east_clerk"], reason="离任")
    found = Grant.objects.system("test").filter(organisation=cast.harbour, source="takeover").order_by("pk")
    assert list(found.values_list("account__login", "valid_to")) == [("east_clerk", NOW.date()), ("city_clerk", None)]


def test_twice_and_without_a_reason_is_refused(cast: Cast) -> None:
    with pytest.raises(Refused) as refused:
        actions.disable_account(by=SYSTEM, account=cast.accounts["anna"], reason=" ")
    assert refused.value.field == "reason"
    actions.disable_account(by=SYSTEM, account=cast.accounts["anna"], reason="离任")
    with pytest.raises(Refused) as refused:
        actions.disable_account(by=SYSTEM, account=cast.accounts["anna"], reason="离任")
    assert refused.value.message == "这个账号已经停用"


def test_only_an_operator_and_only_below(cast: Cast) -> None:
    actions.grant(by=SYSTEM, account=cast.accounts["plain"], duty="operator", organisation=cast.east)
    for by in (VISITOR, cast.by("city_clerk"), cast.by("protection"), cast.by("anna")):
        with pytest.raises(Forbidden):
            actions.disable_account(by=by, account=cast.accounts["anna"], reason="不该")
    with pytest.raises(Forbidden):
        actions.disable_account(by=cast.by("plain"), account=cast.accounts["city_clerk"], reason="不该")
    actions.disable_account(by=cast.by("operator"), account=cast.accounts["city_clerk"], reason="离任")
    assert not Account.objects.get(login="city_clerk").is_active


def test_ten_at_once_shut_it_once(committed: Cast) -> None:
    ended = rush(10, lambda n: actions.disable_account(by=SYSTEM, account=Account.objects.get(login="anna"), reason="离任"))
    assert ended == Counter(done=1, state=9)
