"""关于我的记录: the answers of every room, who looked, and all of it as a file; nobody else's."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator

import openpyxl
import pytest

from juzhi.base.actors import Actor
from juzhi.base.privacy import PRIVACY, Declared, Item, declare
from juzhi.people import actions as people
from juzhi.portal.queries import about_me, as_table, as_tree
from tests.cast import Cast
from tests.portal.conftest import Browser


def items(by: Actor) -> list[Item]:
    return [Item("会员号", "=00012", "2019-03-01 登记 · 云塔大厦知联会"), Item("喜好", None)] if by.person_key == KEY[0] else []


KEY = [""]
SPECIMEN = Declared("tests.specimen", "试样", "说明做什么用", "留三年", "按一下就删", (), items)


@pytest.fixture
def specimen(cast: Cast) -> Iterator[Cast]:
    """Only the specimen's answer, about anna."""
    kept = dict(PRIVACY)
    PRIVACY.clear()
    KEY[0] = cast.persons["anna"].key
    declare(SPECIMEN)
    yield cast
    PRIVACY.clear()
    PRIVACY.update(kept)


def test_a_visitor_is_asked_to_sign_in(cast: Cast, browser: Browser) -> None:
    assert browser().get("/mine/").status_code == 302


def test_the_page(specimen: Cast, browser: Browser) -> None:
    text = browser("anna").get("/mine/").content.decode()
    for words in ("关于我的记录", "单飞燕", "试样", "会员号", "=00012", "说明做什么用", "留三年", "按一下就删"):
        assert words in text, words


def test_nobody_sees_what_is_about_another(specimen: Cast, browser: Browser) -> None:
    for name in ("bo", "city_clerk", "protection", "operator"):
        text = browser(name).get("/mine/").content.decode()
        assert "=00012" not in text and "没有关于您的记录" in text and "试样" in text, name


def test_everything_as_a_tree(specimen: Cast) -> None:
    assert as_tree(about_me(specimen.by("anna"))) == {
        "name": "单飞燕",
        "records": [
            {
                "title": "试样",
                "purpose": "说明做什么用",
                "retention": "留三年",
                "erasure": "按一下就删",
                "items": [{"label": "会员号", "value": "=00012", "note": "2019-03-01 登记 · 云塔大厦知联会"}, {"label": "喜好", "value": "", "note": ""}],
            }
        ],
        "nothing": [],
    }


def test_the_json_file(specimen: Cast, browser: Browser) -> None:
    response = browser("anna").get("/mine/?format=json")
    assert json.loads(response.content) == as_tree(about_me(specimen.by("anna")))
    assert (response["Content-Type"], response["Cache-Control"], response["X-Content-Type-Options"]) == ("application/json", "no-store", "nosniff")
    assert response["Content-Disposition"].startswith('attachment; filename="export.json"')


def test_the_workbook_holds_text_only(specimen: Cast, browser: Browser) -> None:
    response = browser("anna").get("/mine/?format=xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
    heads, rows, _text = as_table(about_me(specimen.by("anna")))
    assert [[cell.value or "" for cell in row] for row in sheet.iter_rows()] == [heads, *rows]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None} == {"s"}


def test_another_file_is_refused_in_words(specimen: Cast, browser: Browser) -> None:
    response = browser("anna").get("/mine/?format=pdf")
    assert (response.status_code, "可选 json 或 xlsx" in response.content.decode()) == (400, True)


def test_who_looked_and_why_is_told_by_organisation_never_by_name(cast: Cast, browser: Browser) -> None:
    people.reveal(by=cast.by("east_clerk"), person=cast.persons["anna"], purpose="通知讲坛改期")
    text = browser("anna").get("/mine/").content.decode().split("<main")[1]
    assert "通知讲坛改期" in text and "查看了手机" in text
    assert "曾琪" not in text and "east_clerk" not in text


def test_every_room_answers(cast: Cast) -> None:
    about = about_me(cast.by("anna"))
    assert len(about.answers) + len(about.nothing) == len(PRIVACY)
    assert "投诉与建议" in about.nothing
    told = json.dumps(as_tree(about), ensure_ascii=False, default=str)
    assert "单飞燕" in told and "19900000001" in told and "N-anna" in told
    assert not [one.name for short, one in cast.persons.items() if short != "anna" and one.name in told]
