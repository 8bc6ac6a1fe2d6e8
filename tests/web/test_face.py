"""The reader's choices live in cookies; going back never leaves this site."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.cast import Cast
from tests.web.conftest import Browser

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("name", "value", "cookie"), [("theme", "dark", "theme"), ("theme", "auto", "theme"), ("size", "xl", "size"), ("language", "en", "django_language")])
def test_a_choice_is_kept_for_a_year_and_the_reader_sent_back(name: str, value: str, cookie: str) -> None:
    client = Client()
    answer = client.post("/face/", {name: value, "next": "/figures/?as_of=2024"})
    kept = answer.cookies[cookie]
    assert (answer.status_code, answer["Location"], kept.value) == (303, "/figures/?as_of=2024", value)
    assert (kept["max-age"], kept["samesite"], kept["httponly"], sorted(answer.cookies)) == (31536000, "Lax", True, [cookie])


@pytest.mark.parametrize("back", ["https://elsewhere.example.org/", "//elsewhere.example.org", "/\\elsewhere.example.org", "\\\\elsewhere.example.org", "javascript:alert(1)", "elsewhere", "", "///x", "/\t/elsewhere.example.org"])
def test_an_open_redirect_is_refused(back: str) -> None:
    assert Client().post("/face/", {"theme": "dark", "next": back})["Location"] == "/"


@pytest.mark.parametrize(("name", "value"), [("theme", "pink"), ("size", "9"), ("language", "xx")])
def test_what_there_is_not_to_choose_is_left(name: str, value: str) -> None:
    answer = Client().post("/face/", {name: value, "next": "/"})
    assert (answer.status_code, list(answer.cookies)) == (303, [])


def test_looking_changes_nothing() -> None:
    assert Client().get("/face/").status_code == 405


def test_the_face_of_a_page_follows_the_cookies() -> None:
    client = Client()
    assert 'media="screen and (prefers-color-scheme: dark)"' in client.get("/").content.decode()
    client.post("/face/", {"theme": "dark", "size": "xl"})
    client.cookies["theme"], client.cookies["size"] = "dark", "xl"
    text = client.get("/").content.decode()
    assert 'id="dark" media="screen"' in text and '<html lang="zh-hans" data-size="xl">' in text
    client.cookies["theme"], client.cookies["size"] = '"><script>', "9"
    text = client.get("/").content.decode()
    assert 'media="screen and (prefers-color-scheme: dark)"' in text and "data-size" not in text and '"><script>' not in text


def test_staff_have_the_rail_and_members_the_public_face(cast: Cast, browser: Browser) -> None:
    assert 'class="rail"' in browser("city_clerk").get("/figures/").content.decode()
    assert 'class="rail"' not in browser("anna").get("/figures/").content.decode()
    assert 'class="rail"' not in browser().get("/figures/").content.decode()
