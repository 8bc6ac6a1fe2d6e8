"""Add contact: whom to call about what; never public."""

from __future__ import annotations

import pytest

from juzhi.network import actions, queries
from tests.cast import SYSTEM, TODAY, VISITOR, Cast
from tests.network.conftest import refusal, who_may


def test_promise(cast: Cast, journal) -> None:
    by = cast.by("east_clerk")
    made = actions.add_contact(by=by, organisation=cast.tower, name="柏灵", mobile="19900000061", purpose="场地")
    assert (made.name, made.mobile, made.purpose, made.valid_from, made.valid_to) == ("柏灵", "19900000061", "场地", TODAY, None)
    assert journal() == [("network.add_contact", by.key, "")]


def test_only_its_secretaries_see_it(cast: Cast) -> None:
    made = actions.add_contact(by=SYSTEM, organisation=cast.tower, name="柏灵", mobile="19900000061")
    seen = {name: list(queries.contacts(cast.by(name), cast.tower)) for name in cast.accounts}
    assert {name for name, rows in seen.items() if rows == [made]} == {"east_clerk", "city_clerk"}
    assert all(rows in ([], [made]) for rows in seen.values())
    assert list(queries.contacts(VISITOR, cast.tower)) == []


@pytest.mark.parametrize(
    ("values", "message", "field"),
    [
        ({"name": "", "mobile": " "}, "联系人和联系电话至少填一项", "name"),
        ({"purpose": ""}, "请填写用途", "purpose"),
        ({"mobile": "1" * 30}, "「联系电话」太长：有 30 个字，最多 20 个字，请缩短后再提交", "mobile"),
        ({"name": "柏\u0000灵"}, "「联系人」里有看不见的控制字符，请删去后重新输入", "name"),
    ],
)
def test_refusals(cast: Cast, journal, values: dict, message: str, field: str) -> None:
    attempt = {"by": SYSTEM, "organisation": cast.tower, "name": "柏灵", "mobile": "19900000061", **values}
    assert refusal(lambda: actions.add_contact(**attempt)) == (message, field)
    assert journal() == []


def test_twice(cast: Cast) -> None:
    told = {"by": SYSTEM, "organisation": cast.tower, "name": "柏灵", "mobile": "19900000061"}
    actions.add_contact(**told)
    assert refusal(lambda: actions.add_contact(**told)) == ("这个联系人已经登记过了", "name")
    assert actions.add_contact(**told, purpose="场地").purpose == "场地"


def test_who_may(cast: Cast) -> None:
    attempt = {"organisation": cast.tower, "name": "柏灵", "mobile": "19900000061"}
    assert who_may(cast, lambda by: actions.add_contact(by=by, **attempt)) == ["east_clerk", "city_clerk"]
