"""Add contact: whom to call about what; never public."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from juzhi.network import actions, queries
from tests.cast import SYSTEM, TODAY, VISITOR, Cast
from tests.network.conftest import refusal, who_may

WRONG = "联系电话不对：手机写 11 位数字，座机写区号和号码（有分机的再写分机），服务电话写 400 或 95 开头的号码，请核对"
WRONG_NUMBERS = (
    "88880000", "1990000006", "199000000612", "12900000061", "0571-1888000", "0571-888800001", "0000-88880000", "0190-88880000", "019900000061", "400-000-000",
    "9500", "950000000", "问柏灵", "19900000061 柏灵", "0571-88880000-1234567", "+1 212 555 0100", "1" * 30, "٠٥٧١-٨٨٨٨٠٠٠٠",
)  # fmt: skip


def test_promise(cast: Cast, journal) -> None:
    by = cast.by("east_clerk")
    made = actions.add_contact(by=by, organisation=cast.tower, name="柏灵", mobile="19900000061", purpose="场地")
    assert (made.name, made.mobile, made.purpose, made.valid_from, made.valid_to) == ("柏灵", "19900000061", "场地", TODAY, None)
    assert journal() == [("network.add_contact", by.key, "")]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("199 0000 0061", "19900000061"),
        ("+86 19900000061", "19900000061"),
        ("1 9 9 ０００ ０００６１", "19900000061"),
        ("0571-88880000", "0571-88880000"),
        ("(0571) 8888 0000", "0571-88880000"),
        ("057188880000", "0571-88880000"),
        ("0571－8888－0000", "0571-88880000"),
        ("+86 571 8888 0000", "0571-88880000"),
        ("0086-0571-88880000", "0571-88880000"),
        ("010-66660000转801", "010-66660000-801"),
        ("0571-88880000-8012", "0571-88880000-8012"),
        ("0576-2220000 分机 12", "0576-2220000-12"),
        ("0571 88880000 ext. 3", "0571-88880000-3"),
        ("4000000000", "400-000-0000"),
        ("400-0000-000", "400-000-0000"),
        ("95000", "95000"),
        ("９５０００", "95000"),
        ("", ""),
    ],
)
def test_numbers_of_every_kind_are_kept_in_one_form(cast: Cast, typed: str, kept: str) -> None:
    assert actions.add_contact(by=SYSTEM, organisation=cast.tower, name="柏灵", mobile=typed).mobile == kept


def test_a_mail_address_is_enough(cast: Cast, journal) -> None:
    by = cast.by("east_clerk")
    made = actions.add_contact(by=by, organisation=cast.tower, name="", mobile="", email="ｂａｉ@example.org")
    assert (made.name, made.mobile, made.email) == ("", "", "bai@example.org")
    assert journal() == [("network.add_contact", by.key, "")]


def test_the_form_keeps_what_was_typed_and_the_page_shows_what_was_kept(cast: Cast, signed_in: Callable[[str], Client]) -> None:
    client = signed_in("east_clerk")
    address = reverse("network:add_contact", args=[cast.tower.key])
    wrong = client.post(address, {"name": "柏灵", "mobile": "88880000", "email": "bai@example.org", "purpose": "场地"})
    text = wrong.content.decode()
    assert wrong.status_code == 422 and WRONG in text
    assert all(f'value="{one}"' in text for one in ("柏灵", "88880000", "bai@example.org", "场地"))
    assert client.post(address, {"name": "", "mobile": "0571 8888 0000 转 801", "email": "bai@example.org", "purpose": "场地"}).status_code == 303
    shown = client.get(reverse("network:organisation", args=[cast.tower.key])).content.decode()
    assert "0571-88880000-801" in shown and "bai@example.org" in shown
    assert "0571-88880000-801" not in Client().get(reverse("network:organisation", args=[cast.tower.key])).content.decode()


def test_only_its_secretaries_see_it(cast: Cast) -> None:
    made = actions.add_contact(by=SYSTEM, organisation=cast.tower, name="柏灵", mobile="19900000061")
    seen = {name: list(queries.contacts(cast.by(name), cast.tower)) for name in cast.accounts}
    assert {name for name, rows in seen.items() if rows == [made]} == {"east_clerk", "city_clerk"}
    assert all(rows in ([], [made]) for rows in seen.values())
    assert list(queries.contacts(VISITOR, cast.tower)) == []


@pytest.mark.parametrize(
    ("values", "message", "field"),
    [
        ({"name": "", "mobile": " "}, "联系人、联系电话、电子邮箱至少填一项", "name"),
        ({"purpose": ""}, "请填写用途", "purpose"),
        *(({"mobile": number}, WRONG, "mobile") for number in WRONG_NUMBERS),
        ({"mobile": "19900000061、19900000062"}, "联系电话里有 2 个号码，请只写一个，其余的另行登记", "mobile"),
        ({"mobile": "1" * 70}, "「联系电话」太长：有 70 个字，最多 60 个字，请缩短后再提交", "mobile"),
        ({"email": "柏灵@"}, "电子邮箱不对：应是 name@example.org 这样的形式，请核对", "email"),
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
