"""`access.open_first` and `juzhi open-account`: the first account of a real installation."""

from __future__ import annotations

import io
import re
from datetime import date
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from juzhi.access import actions
from juzhi.access.models import Account, Grant, Invitation
from juzhi.access.queries import AccountActor
from juzhi.base.errors import Forbidden, Refused
from juzhi.journal.models import Entry
from juzhi.network import actions as network
from juzhi.network.models import Organisation
from juzhi.people.models import Person
from tests.cast import NOW, PASSWORD, SYSTEM, Cast

pytestmark = pytest.mark.usefixtures("clock", "cache_table")
WORDS = {"name": "王芳", "organisation": "云海市知联会", "link": "https://juzhi.example.org"}


def opened(**words: Any) -> str:
    told = io.StringIO()
    call_command("open_account", "wangfang", stdout=told, **(WORDS | words))
    return told.getvalue()


def test_an_empty_house_gets_its_body_its_account_and_a_link(db: None) -> None:
    said = opened(founded="2013-05-20")
    link = re.search(r"https://juzhi\.example\.org(/access/invitations/[\w-]+/)\n", said)
    assert link is not None and "已开通「wangfang」，负责云海市知联会" in said
    body = Organisation.objects.system("test").get()
    assert (body.name, body.level, body.family.name, body.founded_on, body.founded_precision) == ("云海市知联会", "city", "知联会", date(2013, 5, 20), "day")
    grants = Grant.objects.system("test").order_by("duty").values_list("account__login", "duty", "reach", "organisation", "valid_to")
    assert list(grants) == [("wangfang", "operator", "subtree", body.pk, None), ("wangfang", "secretary", "subtree", body.pk, None)]
    verbs = Entry.objects.system("test").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["network.register_family", "network.found", "people.enter", "access.open_account", "access.grant", "access.grant", "access.invite"]
    guest = Client()
    assert guest.post(link[1], {"password": PASSWORD})["Location"] == "/workbench/"
    assert guest.get("/access/").content.decode().count("云海市知联会") >= 2
    assert Client().get(link[1]).status_code == 404  # once


def test_what_the_first_account_can_do(db: None) -> None:
    opened()
    by = AccountActor(Account.objects.get(login="wangfang"), NOW)
    body = Organisation.objects.system("test").get()
    assert body.founded_precision == "unknown"
    network.found(by=by, name="东湖区知联会", family=body.family, level="district", parent=body)
    network.found(by=by, name="云海市新联会", family=body.family, level="city")
    assert Organisation.objects.system("test").count() == 3


def test_only_one_duty(db: None) -> None:
    opened(duty=["operator"])
    assert list(Grant.objects.system("test").values_list("duty", flat=True)) == ["operator"]


def test_a_body_that_is_registered_already(db: None) -> None:
    family = network.register_family(by=SYSTEM, name="商会")
    body = network.found(by=SYSTEM, name="云海市知联会", family=family, level="city")
    opened()
    assert Grant.objects.system("test").filter(organisation=body).count() == 2


def rows() -> list[int]:
    return [model.objects.system("test").count() for model in (Organisation, Person, Grant, Invitation, Entry)] + [Account.objects.count()]


def refused(**words: Any) -> str:
    before = rows()
    with pytest.raises(CommandError) as error:
        opened(**words)
    assert rows() == before  # nothing half
    assert error.value.returncode == 2
    return str(error.value)


def test_twice_in_a_row(db: None) -> None:
    opened()
    assert "已经有人负责" in refused()
    assert "没有叫「别的会」的组织" in refused(organisation="别的会")


def test_where_somebody_governs(cast: Cast) -> None:
    assert "已经有人负责" in refused()


def test_words_that_make_no_sense(db: None) -> None:
    assert "请填写姓名" in refused(name=" ")
    assert "请填写组织名称" in refused(organisation=" ")
    assert "看不懂日期" in refused(founded="去年")
    told = io.StringIO()
    with pytest.raises(CommandError, match="登录名只能用"):
        call_command("open_account", "王 芳", stdout=told, **WORDS)
    assert rows() == [0] * 6


def test_beside_the_demonstration(db: None) -> None:
    family = network.register_family(by=SYSTEM, name="知联会")
    network.found(by=SYSTEM, name="云海市知联会", family=family, level="city", example="demo")
    assert "juzhi demo --remove" in refused()


def test_the_verb_is_for_the_command_line_alone(cast: Cast) -> None:
    with pytest.raises(Forbidden):
        actions.open_first(by=cast.by("operator"), login="neu", name="新人", organisation=cast.lone)
    with pytest.raises(Refused, match="只能担任"):
        actions.open_first(by=SYSTEM, login="neu", name="新人", organisation=cast.lone, duties=("auditor",))


def test_home_and_sign_in_say_what_to_do_until_then(db: None) -> None:
    home, door = (Client().get(address).content.decode() for address in ("/", "/account/login/"))
    assert "juzhi open-account" in home and "juzhi open-account" in door and "http://testserver" in door
    opened()
    assert "juzhi open-account" not in Client().get("/account/login/").content.decode()
