"""One search: organisations for everybody, persons only for those who may see them."""

from __future__ import annotations

import pytest

from juzhi.portal.queries import found
from tests.cast import VISITOR, Cast
from tests.portal.conftest import Browser


def told(cast: Cast, name: str, words: str) -> tuple[list[str], list[tuple[str, str]] | None]:
    shown = found(cast.by(name) if name else VISITOR, words)
    return [one.name for one in shown.organisations], None if shown.persons is None else [(one.person.name, one.places) for one in shown.persons]


def test_organisations_by_any_name(cast: Cast) -> None:
    assert told(cast, "", "云塔") == (["云塔大厦新联会", "云塔大厦知联会"], None)
    assert told(cast, "", "没有这个") == ([], None)
    assert told(cast, "", "") == ([], None)
    assert told(cast, "", " \u200b ") == ([], None)


def test_persons_of_the_own_reach_only_told_apart_by_where_they_belong(cast: Cast) -> None:
    assert told(cast, "east_clerk", "张伟") == ([], [("张伟", "云塔大厦知联会"), ("张伟", "港前街道分会")])
    assert told(cast, "double", "张伟") == ([], [("张伟", "港前街道分会")])
    assert told(cast, "west_clerk", "张伟") == ([], [])


@pytest.mark.parametrize("name", ["", "bo", "statistician", "publisher", "operator", "auditor", "expired"])
def test_nobody_else_finds_a_person(cast: Cast, browser: Browser, name: str) -> None:
    assert told(cast, name, "张伟")[1] is None
    text = browser(name).get("/search/", {"q": "张伟"}).content.decode()
    assert "没有找到“张伟”" in text and "云塔大厦" not in text


def test_whole_page_and_fragment(cast: Cast, browser: Browser) -> None:
    page = browser().get("/search/", {"q": "果园"})
    part = browser().get("/search/", {"q": "果园"}, headers={"HX-Request": "true"})
    assert (page.status_code, part.status_code) == (200, 200)
    assert "<html" in page.content.decode() and "<html" not in part.content.decode()
    assert part.content.decode().strip() in page.content.decode()


def test_what_cannot_be_searched_is_told(cast: Cast, browser: Browser) -> None:
    too_long = browser().get("/search/", {"q": "长" * 101})
    assert (too_long.status_code, "请缩短到 100 个字以内再搜" in too_long.content.decode()) == (400, True)
    assert browser().get("/search/", {"q": "a\x00b"}).status_code == 400
    assert browser().get("/search/", {"q": "%_'\";<script>"}).status_code == 200
    assert "<script>alert" not in browser().get("/search/", {"q": "<script>alert(1)"}).content.decode()
