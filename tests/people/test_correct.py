"""`people.correct`: what is known of a person, by the person or a clerk of a body that knows the person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from juzhi.base.errors import Forbidden, Refused, Stale
from juzhi.journal.models import Entry
from juzhi.people import actions
from juzhi.people.models import Person
from tests.cast import SYSTEM, Cast

Browser = Callable[[str], Client]


def corrected(cast: Cast, by: Any = SYSTEM, **values: Any) -> Person:
    return actions.correct(by=by, person=cast.persons["anna"], **values)


def test_values_keys_and_entry(cast: Cast) -> None:
    made = corrected(cast, cast.by("east_clerk"), version=1, name="尉迟䶮", gender="female", born_on=date(1980, 1, 1), born_precision="year", title="教授", reason="对照证件")
    assert (made.name, made.name_key, made.pinyin_key, made.gender, made.born_on, made.born_precision, made.title, made.version) == ("尉迟䶮", "尉迟䶮", "yu4尉 chi2迟 yan3䶮\u0001尉迟䶮", "female", date(1980, 1, 1), "year", "教授", 2)
    entry = Entry.objects.system("test").get(verb="people.correct")
    assert (entry.organisation_id, entry.actor_key, entry.reason) == (cast.tower.pk, cast.accounts["east_clerk"].key, "")


def test_one_corrects_oneself_and_no_body_is_named(cast: Cast) -> None:
    assert corrected(cast, cast.by("anna"), name="单飞雁").name == "单飞雁"
    assert Entry.objects.system("test").get(verb="people.correct").organisation_id is None


REFUSALS: list[tuple[dict[str, Any], str | None, str]] = [
    ({}, None, "没有任何改动"),
    ({"name": "单飞燕"}, None, "没有任何改动"),
    ({"deceased_on": None}, None, "有不能在这里更正的栏目"),
    ({"name": ""}, "name", "请填写姓名"),
    ({"name": "张\ud800"}, "name", "「姓名」里有残缺的字符，请重新输入"),
    ({"title": "长" * 61}, "title", "「职称」太长：有 61 个字，最多 60 个字，请缩短后再提交"),
    ({"gender": "x"}, "gender", "性别请选「女」或「男」，也可以不填"),
    ({"born_on": date(2030, 1, 1), "born_precision": "year"}, "born_on", "出生日期在将来，请核对"),
    ({"born_precision": "year"}, "born_on", "日期和它的精度对不上：只知道年或月时，请写 2016 或 2016-09"),
    ({"title": "教授", "reason": "a\x00"}, "reason", "「说明」里有看不见的控制字符，请删去后重新输入"),
]


@pytest.mark.parametrize(("values", "field", "message"), REFUSALS)
def test_refusals_change_nothing(cast: Cast, values: dict[str, Any], field: str | None, message: str) -> None:
    with pytest.raises(Refused) as refused:
        corrected(cast, **values)
    assert (refused.value.field, refused.value.message) == (field, message)
    kept = Person.objects.system("test").get(pk=cast.persons["anna"].pk)
    assert (kept.name, kept.title, kept.version) == ("单飞燕", "", 1)


@pytest.mark.parametrize("name", ["west_clerk", "double", "auditor", "statistician", "protection", "operator", "expired", "plain", "bo"])
def test_who_may_not(cast: Cast, name: str) -> None:
    with pytest.raises(Forbidden):
        corrected(cast, cast.by(name), title="教授")


def test_two_editors_are_told_field_by_field(cast: Cast) -> None:
    corrected(cast, version=1, title="教授", born_on=date(1980, 1, 1), born_precision="year")
    with pytest.raises(Stale) as stale:
        corrected(cast, version=1, name="单飞雁", gender="female", title="讲师", born_on=None, born_precision="")
    assert stale.value.details == [("姓名", "单飞雁", "单飞燕"), ("性别", "女", ""), ("出生日期", "", "1980"), ("职称", "讲师", "教授")]


def test_the_page_keeps_what_the_second_editor_typed(cast: Cast, browser: Browser) -> None:
    client, address = browser("east_clerk"), f"/people/{cast.persons['anna'].key}/correct/"
    sent = {"name": "单飞燕", "gender": "", "born_on": "1980-05", "title": "", "reason": "", "version": "1"}
    assert client.post(address, sent | {"form_key": "a"})["Location"] == f"/people/{cast.persons['anna'].key}/"
    answer = client.post(address, sent | {"born_on": "1981", "form_key": "b"})
    shown = answer.content.decode()
    assert (answer.status_code, "1980-05" in shown, 'value="1981"' in shown, 'name="version" value="2"' in shown) == (422, True, True, True)
    assert 'value="1980-05"' in client.get(address).content.decode()


def test_one_spells_the_own_name(cast: Cast, browser: Browser) -> None:
    client = browser("anna")
    assert 'value="单飞燕"' in client.get("/people/mine/name/").content.decode()
    assert client.post("/people/mine/name/", {"name": "单飛燕", "version": "1"})["Location"] == "/people/mine/name/"
    assert Person.objects.system("test").get(pk=cast.persons["anna"].pk).name == "单飛燕"
    assert client.post("/people/mine/name/", {"name": "", "version": "2"}).status_code == 422
