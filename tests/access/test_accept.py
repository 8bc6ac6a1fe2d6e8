"""`access.accept`: a one-time link used once, by one of ten that have it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection

from juzhi.access import actions
from juzhi.access.models import Account, Invitation
from juzhi.base.errors import Refused
from juzhi.people import actions as people
from tests.access.conftest import meeting, rush, unlocked
from tests.cast import NOW, PASSWORD, SYSTEM, VISITOR, Cast

SPENT = "这个链接已经用过、过期或不存在，请向发给您的人再要一个"


def joining() -> str:
    person = people.enter(by=SYSTEM, name="新人某", mobiles=[], email="")
    return actions.invite(by=SYSTEM, person=person, organisation=None)[1]


def entering(cast: Cast, name: str = "anna") -> str:
    return actions.invite(by=SYSTEM, person=cast.persons[name], organisation=None, kind=Invitation.Kind.SIGN_IN, days=1)[1]


def test_it_opens_the_account_of_the_invited_person(cast: Cast) -> None:
    account = actions.accept(by=VISITOR, secret=joining(), login="xinren", password=PASSWORD)
    assert (account.person.name, account.login, account.check_password(PASSWORD)) == ("新人某", "xinren", True)


def test_it_names_the_account_that_may_sign_in(cast: Cast) -> None:
    assert actions.accept(by=VISITOR, secret=entering(cast)).login == "anna"
    assert not Account.objects.get(login="anna").has_usable_password()


def test_who_forgot_the_password_sets_a_new_one(cast: Cast) -> None:
    with pytest.raises(Refused) as refused:
        actions.accept(by=VISITOR, secret=entering(cast), password="short")
    assert (refused.value.field, refused.value.message) == ("password", "密码太短：至少 8 个字符")
    assert actions.accept(by=VISITOR, secret=entering(cast), password=PASSWORD).check_password(PASSWORD)


def test_unknown_used_and_expired_are_told_in_the_same_words(cast: Cast) -> None:
    used, expired = joining(), joining()
    actions.accept(by=VISITOR, secret=used, login="xinren", password=PASSWORD)
    later = replace(VISITOR, at=NOW + timedelta(days=7))
    for by, secret in ((VISITOR, "unknown"), (VISITOR, ""), (VISITOR, "\ud800"), (VISITOR, used), (later, expired)):
        with pytest.raises(Refused) as refused:
            actions.accept(by=by, secret=secret, login="another", password=PASSWORD)
        assert (refused.value.message, refused.value.code) == (SPENT, "state")
    assert Account.objects.filter(login="another").count() == 0


def test_a_refusal_leaves_the_link_good(cast: Cast) -> None:
    secret = joining()
    for login, password in (("anna", PASSWORD), ("xinren", "short")):
        with pytest.raises(Refused):
            actions.accept(by=VISITOR, secret=secret, login=login, password=password)
    assert actions.accept(by=VISITOR, secret=secret, login="xinren", password=PASSWORD).login == "xinren"


def test_a_disabled_account_does_not_enter(cast: Cast) -> None:
    with pytest.raises(Refused) as refused:
        actions.accept(by=VISITOR, secret=entering(cast, "disabled"))
    assert refused.value.message == "这个账号已停用，请联系管理人员"


def test_ten_with_the_same_link_open_one_account(committed: Cast) -> None:
    secret = joining()
    ended = rush(10, lambda n: actions.accept(by=VISITOR, secret=secret, login=f"xinren{n}", password=PASSWORD))
    assert ended == Counter(done=1, state=9)
    assert Account.objects.filter(login__startswith="xinren").count() == 1


USE = ('UPDATE "access_invitation"',)
GUARD = ' AND "access_invitation"."used_at" IS NULL'


def test_ten_with_the_same_link_sign_in_once_and_only_thanks_to_the_guard(committed: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = entering(committed)
    assert rush(10, lambda n: actions.accept(by=VISITOR, secret=secret), meeting(10, *USE)) == Counter(done=1, state=9)
    again = entering(committed, "bo")
    with unlocked(monkeypatch):
        ended = rush(10, lambda n: actions.accept(by=VISITOR, secret=again), meeting(10, *USE, without=GUARD))
    assert ended == (Counter(done=10) if connection.vendor == "postgresql" else Counter(done=1, OperationalError=9))
