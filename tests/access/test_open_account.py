"""`access.open_account`: one account for a person, by the person."""

from __future__ import annotations

from collections import Counter

import pytest

from juzhi.access import actions
from juzhi.access.models import Account
from juzhi.base.errors import Forbidden, Refused
from juzhi.journal.models import Entry
from juzhi.people import actions as people
from juzhi.people.models import Person
from tests.access.conftest import meeting, rush
from tests.cast import PASSWORD, SYSTEM, VISITOR, Cast


def newcomer(name: str = "新人某") -> Person:
    return people.enter(by=SYSTEM, name=name, mobiles=[], email="")


def test_it_opens_one_account_with_the_password_and_tells_the_journal(cast: Cast) -> None:
    person = newcomer()
    account = actions.open_account(by=SYSTEM, person=person, login="xinren", password=PASSWORD)
    assert (account.person, account.login, account.check_password(PASSWORD), account.is_active) == (person, "xinren", True, True)
    assert list(Entry.objects.system("test").filter(thing_key=account.key).values_list("verb", "actor_key")) == [("access.open_account", "system:tests")]


def test_without_a_password_none_fits(cast: Cast) -> None:
    account = actions.open_account(by=SYSTEM, person=newcomer(), login="xinren")
    assert (account.has_usable_password(), account.check_password("")) == (False, False)


@pytest.mark.parametrize(
    ("login", "password", "field", "words"),
    [
        ("", PASSWORD, "login", "登录名只能用文字、数字和 . _ - @ +"),
        ("有 空格", PASSWORD, "login", "登录名只能用文字、数字和 . _ - @ +"),
        ("a/b", PASSWORD, "login", "登录名只能用文字、数字和 . _ - @ +"),
        ("a\u202eb", PASSWORD, "login", "「登录名」里有看不见的控制字符，请删去后重新输入"),
        ("a\ud800", PASSWORD, "login", "「登录名」里有残缺的字符，请重新输入"),
        ("长" * 61, PASSWORD, "login", "「登录名」太长：有 61 个字，最多 60 个字，请缩短后再提交"),
        ("anna", PASSWORD, "login", "这个登录名已有人用，请换一个"),
        ("ANNA", PASSWORD, "login", "这个登录名已有人用，请换一个"),
        ("xinren", "short", "password", None),
        ("xinren", "password", "password", None),
    ],
)
def test_each_refusal_names_the_field_and_opens_nothing(cast: Cast, login: str, password: str, field: str, words: str | None) -> None:
    before = Account.objects.count()
    with pytest.raises(Refused) as refused:
        actions.open_account(by=SYSTEM, person=newcomer(), login=login, password=password)
    assert refused.value.field == field
    assert words is None or refused.value.message == words
    assert Account.objects.count() == before


def test_twice_is_refused(cast: Cast) -> None:
    with pytest.raises(Refused) as refused:
        actions.open_account(by=SYSTEM, person=cast.persons["anna"], login="another")
    assert (refused.value.message, refused.value.code) == ("已经有账号了，请直接登录", "state")


def test_nobody_opens_the_account_of_somebody_else(cast: Cast) -> None:
    person = newcomer()
    for by in (VISITOR, cast.by("city_clerk"), cast.by("operator"), cast.by("anna")):
        with pytest.raises(Forbidden):
            actions.open_account(by=by, person=person, login="xinren")


def test_ten_at_once_get_one_login(committed: Cast) -> None:
    persons = [newcomer(f"新人{n}") for n in range(10)]
    spelled = ["Xinren" if n % 2 else "xinren" for n in range(10)]
    ended = rush(10, lambda n: actions.open_account(by=SYSTEM, person=persons[n], login=spelled[n]))
    assert ended == Counter(done=1, conflict=9)
    assert Account.objects.filter(login__iexact="xinren").count() == 1


def test_ten_at_once_open_one_account_for_a_person(committed: Cast) -> None:
    person = newcomer()
    ended = rush(10, lambda n: actions.open_account(by=SYSTEM, person=person, login=f"xinren{n}"))
    assert ended == Counter(done=1, state=9)


def test_the_check_alone_would_not_do(committed: Cast) -> None:
    """The control: where all ask before one writes, the index of the database decides, and everybody is told so in words."""
    persons = [newcomer(f"新人{n}") for n in range(4)]
    work = meeting(4, 'FROM "access_account"', "login")
    ended = rush(4, lambda n: actions.open_account(by=SYSTEM, person=persons[n], login="xinren"), work)
    assert ended == Counter(done=1, conflict=3)
