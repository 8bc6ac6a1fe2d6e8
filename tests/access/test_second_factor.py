"""The pages of the sign-in library: each in our layout and in our words, in both languages; the second factor from turning on to turning off."""

from __future__ import annotations

import base64
import hashlib
import hmac
import html
import re
import struct
import time

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from juzhi.access.adapters import CLOSED, FOREIGN
from juzhi.access.models import Account
from tests.access.conftest import signed_in
from tests.cast import PASSWORD, Cast

pytestmark = pytest.mark.usefixtures("cache_table")
HAN = re.compile("[\u3400-\u9fff]")
SPOKEN = re.compile(r"<(h1|h2|label|legend|button|summary|b)\b[^>]*>(.*?)</\1>", re.DOTALL)
KEPT = {"简体中文", "English", "聚智", "Juzhi"}  # said in their own language wherever they stand
KEY = {"name": "钥匙", "credential": {}}


@pytest.fixture
def anna(cast: Cast) -> Account:
    account = Account.objects.get(login="anna")
    account.set_password(PASSWORD)
    account.save()
    return account


@pytest.fixture
def browser(anna: Account) -> Client:
    """Anna has signed in and confirmed a moment ago that it is she."""
    client = Client()
    assert client.post("/account/login/", {"login": "anna", "password": PASSWORD}).status_code == 302
    assert client.post("/account/reauthenticate/", {"password": PASSWORD}).status_code == 302
    return client


def code_of(secret: str, at: float | None = None) -> str:
    """The six digits that an authenticator app shows (RFC 6238), reckoned here, not by the library."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int((at or time.time()) // 30)), hashlib.sha1).digest()
    place = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[place : place + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"


def turn_on(browser: Client) -> tuple[str, list[str]]:
    """The secret of the authenticator, and the recovery codes that were shown."""
    page = browser.get("/account/2fa/totp/activate/").content.decode()
    secret = re.findall(r'<code class="wrap-any">(\w+)</code>', page)[0]
    answer = browser.post("/account/2fa/totp/activate/", {"code": code_of(secret)})
    assert (answer.status_code, answer["Location"]) == (302, "/account/2fa/recovery-codes/")
    shown = browser.get(answer["Location"]).content.decode()
    return secret, re.findall(r"<li><code>(\d+)</code>", shown)


def forget_used_codes() -> None:
    """A code counts once; a test does not wait half a minute for the next."""
    from django.core.cache import cache

    cache.clear()


def is_ours(page: str) -> bool:
    return "web/css/juzhi.css" in page and 'id="main"' in page and "data-face=" in page


def spoken(page: str) -> list[str]:
    """What headings, labels and buttons say."""
    words = (html.unescape(re.sub(r"<[^>]+>", " ", inner)).strip() for _, inner in SPOKEN.findall(page.partition("<main")[2]))
    return [one for one in words if one and one not in KEPT]


def address(name: str, anna: Account) -> str:
    """Where the page is; a key of Anna's for the pages of one key."""
    if name in ("mfa_edit_webauthn", "mfa_remove_webauthn"):
        key = Authenticator.objects.get_or_create(user=anna, type="webauthn", defaults={"data": KEY})[0]
        return reverse(name, args=[key.pk])
    return reverse(name)


FILES = ("mfa_download_recovery_codes",)
OFF = ("mfa_login_webauthn",)  # signing in by a key alone is not switched on: it has no address


@pytest.mark.tampers  # plants a key: no machine of the tests has one
def test_every_page_of_the_library_is_ours_in_layout_and_words(cast: Cast, anna: Account, browser: Client) -> None:
    plain = [name for name in FOREIGN if name not in (*FILES, *OFF)]
    first = ("mfa_activate_totp", "account_set_password")  # before the second factor is on, and for whoever has no password
    walk = [(browser, name) for name in plain if name not in ("account_set_password", "mfa_authenticate", "account_login")]
    step = Client()
    walk = [(browser, "mfa_activate_totp"), (signed_in(cast, "bo"), "account_set_password"), (Client(), "account_login"), (browser, ""), (step, "mfa_authenticate"), *[one for one in walk if one[1] not in first]]
    assert {name for _, name in walk if name} == set(plain)
    wrong = []
    for client, name in walk:
        if not name:
            turn_on(browser)
            step.post("/account/login/", {"login": "anna", "password": PASSWORD})
            continue
        for language in ("zh-hans", "en"):
            client.cookies["django_language"] = language
            answer = client.get(address(name, anna), follow=True)
            page = answer.content.decode()
            assert (answer.status_code, is_ours(page), bool(spoken(page))) == (200, True, True), name
            said = [one for one in spoken(page) if one != "钥匙" and not one.isdigit()]
            wrong += [(name, language, one) for one in said if bool(HAN.search(one)) == (language == "en")]
    assert wrong == []


def test_closed_pages_are_like_pages_that_are_not_there(cast: Cast, browser: Client) -> None:
    for name in CLOSED:
        try:
            where = reverse(name)
        except Exception:  # takes parts, or is switched off
            continue
        answer = browser.get(where)
        assert (answer.status_code, is_ours(answer.content.decode())) == (404, True), name


def test_the_second_factor_from_on_to_off(browser: Client, anna: Account) -> None:
    secret, codes = turn_on(browser)
    assert len(codes) == 10
    file = browser.get("/account/2fa/recovery-codes/download/")
    assert (file["Content-Disposition"], re.findall(r"^\d+$", file.content.decode(), re.MULTILINE)) == ('attachment; filename="recovery-codes.txt"', codes)
    forget_used_codes()

    guest = Client()
    assert guest.post("/account/login/", {"login": "anna", "password": PASSWORD})["Location"] == "/account/2fa/authenticate/"
    assert guest.get("/access/").status_code == 302  # the password alone opens nothing
    wrong = guest.post("/account/2fa/authenticate/", {"code": "000000"}).content.decode()
    assert "没有登录：" in wrong and "没有对上。请看清现在的 6 位数字再输" in wrong and is_ours(wrong)
    assert guest.post("/account/2fa/authenticate/", {"code": code_of(secret)})["Location"] == "/workbench/"

    other = Client()
    other.post("/account/login/", {"login": "anna", "password": PASSWORD})
    assert other.post("/account/2fa/authenticate/", {"code": codes[0]})["Location"] == "/workbench/"
    again = Client()
    again.post("/account/login/", {"login": "anna", "password": PASSWORD})
    assert "没有对上" in again.post("/account/2fa/authenticate/", {"code": codes[0]}).content.decode()  # each works once
    assert "还剩 9 个" in browser.get("/account/2fa/").content.decode()

    assert "恢复码也一并作废" in browser.get("/account/2fa/totp/deactivate/").content.decode()
    assert browser.post("/account/2fa/totp/deactivate/")["Location"] == "/account/2fa/"
    assert Authenticator.objects.filter(user=anna).count() == 0
    last = Client()
    assert last.post("/account/login/", {"login": "anna", "password": PASSWORD})["Location"] == "/workbench/"


def test_a_code_of_half_a_minute_ago_still_counts_and_one_of_two_minutes_ago_does_not(browser: Client) -> None:
    page = browser.get("/account/2fa/totp/activate/").content.decode()
    secret = re.findall(r'<code class="wrap-any">(\w+)</code>', page)[0]
    old = browser.post("/account/2fa/totp/activate/", {"code": code_of(secret, time.time() - 120)})
    assert (old.status_code, "没有启用：" in old.content.decode()) == (200, True)
    assert browser.post("/account/2fa/totp/activate/", {"code": code_of(secret, time.time() - 30)}).status_code == 302


def test_the_app_shows_the_products_name(browser: Client) -> None:
    from allauth.mfa.adapter import get_adapter

    from juzhi.access.adapters import SecondFactorAdapter

    assert isinstance(get_adapter(), SecondFactorAdapter)
    assert get_adapter().get_totp_issuer() == "聚智"


def test_what_matters_asks_again_who_one_is(cast: Cast, anna: Account) -> None:
    client = Client()
    client.post("/account/login/", {"login": "anna", "password": PASSWORD})
    asked = client.get("/account/2fa/totp/activate/", follow=True)
    assert "确认是您本人" in asked.content.decode()
    wrong = client.post("/account/reauthenticate/?next=/account/2fa/totp/activate/", {"password": "nope"}).content.decode()
    assert "没有确认：" in wrong and "密码不对，请再输一次" in wrong
    assert client.post("/account/reauthenticate/?next=/account/2fa/totp/activate/", {"password": PASSWORD})["Location"] == "/account/2fa/totp/activate/"


def test_changing_the_password_says_what_is_wrong_and_leads_back(browser: Client, anna: Account) -> None:
    wrong = browser.post("/account/password/change/", {"oldpassword": "nope", "password1": "12345678", "password2": "x"})
    page = wrong.content.decode()
    assert "现在的密码不对，请再输一次" in page and "再输一遍新密码" in page and is_ours(page)
    fine = {"oldpassword": PASSWORD, "password1": "lan-chuan-77", "password2": "lan-chuan-77"}
    assert browser.post("/account/password/change/", fine)["Location"] == "/account/2fa/"
    assert "密码已修改" in browser.get("/account/2fa/").content.decode()


def test_who_has_no_password_sets_one(cast: Cast) -> None:
    client = signed_in(cast, "bo")
    assert "您还没有密码" in client.get("/account/2fa/").content.decode()
    assert client.get("/account/password/change/")["Location"] == "/account/password/set/"
    assert client.post("/account/password/set/", {"password1": "lan-chuan-77", "password2": "lan-chuan-77"})["Location"] == "/account/2fa/"


def test_without_javascript_the_page_of_a_key_names_what_else_to_do(browser: Client) -> None:
    page = browser.get("/account/2fa/webauthn/add/").content.decode()
    told = re.findall(r"<noscript>(.*?)</noscript>", page, re.DOTALL)
    assert len(told) == 1 and "改用验证器应用、恢复码" in told[0]
    assert 'data-part="ready" hidden' in page  # no button that could do nothing
    assert reverse("mfa_activate_totp") in page


NONSENSE = ("", "null", "[]", "{", '{"id": "x"}', '{"id":"AA","rawId":"AA","type":"public-key","response":{"clientDataJSON":"AA","attestationObject":"AA"}}')


def test_a_key_that_answers_nonsense_is_refused_in_words(browser: Client) -> None:
    for credential in NONSENSE:
        browser.get("/account/2fa/webauthn/add/")
        answer = browser.post("/account/2fa/webauthn/add/", {"name": "钥匙", "credential": credential})
        page = answer.content.decode()
        assert (answer.status_code, "没有成功：" in page, is_ours(page)) == (200, True, True), credential


def test_nonsense_at_the_second_step_is_refused_in_words_too(browser: Client, anna: Account) -> None:
    turn_on(browser)
    guest = Client()
    guest.post("/account/login/", {"login": "anna", "password": PASSWORD})
    for credential in NONSENSE:
        answer = guest.post("/account/2fa/authenticate/", {"credential": credential})
        assert (answer.status_code, "没有成功：" in answer.content.decode()) == (200, True), credential
