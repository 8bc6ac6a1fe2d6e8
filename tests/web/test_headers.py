"""Every answer, found or not, carries the same guard: own scripts only, no frame, no sniffing; pages of an account are kept by no cache."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from juzhi.base.access import ANYONE, access
from juzhi.config.urls import urlpatterns as house
from tests.cast import Cast
from tests.web.conftest import Browser

pytestmark = pytest.mark.django_db


@access(duty=ANYONE)
def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("CANARY of the inside")


urlpatterns = [path("broken/", broken), *house]
GUARD = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
POLICY = {
    "default-src 'self'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
}


def answers() -> list[tuple[int, HttpResponse]]:
    client = Client(raise_request_exception=False)
    with override_settings(ROOT_URLCONF="tests.web.test_headers"):
        found: list[Any] = [client.get(address) for address in ("/", "/gallery/", "/no-such-page/", "/broken/", "/workbench/")]
    return [(answer.status_code, answer) for answer in found]


def test_every_answer_is_guarded(caplog: pytest.LogCaptureFixture) -> None:
    told = answers()
    assert [status for status, _answer in told] == [200, 200, 404, 500, 302]
    for status, answer in told:
        assert {name: answer.get(name) for name in GUARD} == GUARD, status
        assert {part.strip() for part in answer["Content-Security-Policy"].split(";")} == POLICY, status


def test_a_failure_tells_nothing_of_the_inside(caplog: pytest.LogCaptureFixture) -> None:
    text = dict(answers())[500].content.decode()
    assert "系统出了差错" in text and "CANARY" not in text and "Traceback" not in text and "RuntimeError" not in text


def test_no_page_needs_more_than_the_policy_gives(cast: Cast, browser: Browser) -> None:
    for name, address in (("", "/"), ("", "/gallery/"), ("", "/nope/"), ("city_clerk", "/workbench/"), ("anna", "/workbench/"), ("anna", "/mine/"), ("", "/complaints/"), ("", "/account/login/")):
        text = browser(name).get(address).content.decode()
        assert not re.search(r"\sstyle=|\son[a-z]+=|javascript:|<style", text), address
        assert not re.search(r"<script(?![^>]*\ssrc=)", text), address
        assert not re.search(r'(?:src|href)="(?:https?:)?//', text), address


def test_pages_of_an_account_are_kept_by_no_cache(cast: Cast, browser: Browser) -> None:
    for address in ("/", "/workbench/", "/mine/", "/figures/"):
        assert browser("city_clerk").get(address)["Cache-Control"] == "no-store", address
