"""Somebody known is found and admitted, not entered again: who finds whom, whole page and fragment, and a constant number of queries."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from juzhi.members import actions
from juzhi.people import actions as people
from tests.cast import SYSTEM, Cast

Browser = Callable[[str], Client]


def test_within_the_readers_reach_and_nobody_else(cast: Cast, browser: Browser) -> None:
    address = f"/members/{cast.harbour.key}/find_person/"
    text = browser("east_clerk").get(address, {"q": "zhangw"}).content.decode()
    assert text.count("<b>张伟</b>") == 2 and "已在本组织" in text and f"/members/{cast.harbour.key}/admit/{cast.persons['bo'].key}/" in text
    text = browser("double").get(address, {"q": "张伟"}).content.decode()
    assert cast.persons["bo"].key not in text and "已在本组织" in text
    for words in ("尉迟", "yuchi", "ycz", "0004", "19900000004"):
        assert "没有找到" in browser("east_clerk").get(address, {"q": words}).content.decode()


@pytest.mark.parametrize("name", ["west_clerk", "statistician", "bo", "expired"])
def test_not_for_others(cast: Cast, browser: Browser, name: str) -> None:
    assert browser(name).get(f"/members/{cast.harbour.key}/find_person/", {"q": "张"}).status_code == 404


def test_whole_page_and_fragment(cast: Cast, browser: Browser) -> None:
    address, client = f"/members/{cast.harbour.key}/find_person/", browser("east_clerk")
    page, part = client.get(address, {"q": "单"}), client.get(address, {"q": "单"}, headers={"HX-Request": "true"})
    assert part.content.decode().strip() in page.content.decode() and "<html" not in part.content.decode()
    assert client.get(address, {"q": "长" * 61}).status_code == 400
    assert client.get(address, {"q": "a\x00b"}).status_code == 400
    assert client.get(address).status_code == 200


def test_the_number_of_queries_does_not_grow(cast: Cast, browser: Browser) -> None:
    client = browser("east_clerk")

    def asked() -> int:
        with CaptureQueriesContext(connection) as told:
            client.get(f"/members/{cast.harbour.key}/find_person/", {"q": "张伟"})
        return len(told)

    asked()
    before = asked()
    for _ in range(4):
        actions.admit(by=SYSTEM, person=people.enter(by=SYSTEM, name="张伟", mobiles=["19900000417"], unit="云海示例公司"), organisation=cast.tower)
    assert asked() == before
