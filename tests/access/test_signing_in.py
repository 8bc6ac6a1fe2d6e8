"""Signing in, and out, and what may not be learned or worn down at the door (trust R20–R25)."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.cache import caches
from django.core.cache.backends.db import DatabaseCache
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from juzhi.access import actions
from juzhi.access.adapters import CLOSED, FOREIGN
from juzhi.access.models import Account, Invitation
from tests.access.conftest import signed_in
from tests.cast import PASSWORD, SYSTEM, Cast

pytestmark = pytest.mark.usefixtures("cache_table")
LOGIN = "/account/login/"
HASHED: list[str] = []


class CountingHasher(MD5PasswordHasher):
    """A quick hasher that tells how often it was asked."""

    algorithm = "counting"

    def encode(self, password: str, salt: str) -> str:
        HASHED.append(password)
        return super().encode(password, salt)


@pytest.fixture(autouse=True)
def quick(settings: Any) -> None:
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]
    HASHED.clear()


@pytest.fixture
def anna(cast: Cast) -> Account:
    account = Account.objects.get(login="anna")
    account.set_password(PASSWORD)
    account.save()
    return account


def enter(login: str, password: str, address: str = "10.0.0.1", browser: Client | None = None, **headers: str) -> Any:
    return (browser or Client()).post(LOGIN, {"login": login, "password": password}, REMOTE_ADDR=address, headers=headers)


def body(response: Any, login: str) -> str:
    page = response.content.decode().replace(f'value="{login}"', "")
    return re.sub(r"[A-Za-z0-9]{64}", "", page)  # masked anew each time


def test_the_right_password_opens_and_the_session_is_a_new_one(anna: Account) -> None:
    browser = Client()
    browser.cookies["sessionid"] = "planted"
    answer = enter("anna", PASSWORD, browser=browser)
    assert (answer.status_code, answer["Location"]) == (302, "/workbench/")
    assert browser.cookies["sessionid"].value not in ("planted", "")
    assert (browser.cookies["sessionid"]["httponly"], browser.cookies["sessionid"]["samesite"]) == (True, "Lax")
    assert browser.get("/access/").status_code == 200


def test_an_unknown_login_a_wrong_password_no_password_and_a_disabled_account_answer_alike(cast: Cast, anna: Account) -> None:
    answers = {login: enter(login, "wrong-horse-1") for login in ("nobody", "anna", "bo", "disabled")}
    assert {login: answer.status_code for login, answer in answers.items()} == dict.fromkeys(answers, 200)
    assert len({body(answer, login) for login, answer in answers.items()}) == 1


def test_each_of_them_costs_one_hashing(cast: Cast, anna: Account) -> None:
    counts = {}
    for login in ("nobody", "anna", "bo", "disabled"):
        HASHED.clear()
        enter(login, "wrong-horse-1")
        counts[login] = len(HASHED)
    assert counts == dict.fromkeys(counts, 1)


def test_the_right_password_of_a_disabled_account_tells_nothing(cast: Cast, anna: Account) -> None:
    wrong = body(enter("anna", "wrong-horse-1"), "anna")
    actions.disable_account(by=SYSTEM, account=anna, reason="离任")
    answer = enter("anna", PASSWORD)
    assert (answer.status_code, body(answer, "anna")) == (200, wrong)


def test_the_sixth_wrong_password_is_refused_and_so_is_the_right_one(anna: Account) -> None:
    told = [body(enter("anna", f"wrong-horse-{n}"), "anna") for n in range(5)]
    assert len(set(told)) == 1
    sixth = body(enter("anna", "wrong-horse-6"), "anna")
    assert sixth != told[0]
    assert enter("anna", PASSWORD).status_code == 200


def test_the_owner_is_not_locked_out_from_another_address(anna: Account) -> None:
    for n in range(8):
        enter("anna", f"wrong-horse-{n}", "10.6.6.6")
    assert enter("anna", PASSWORD, "10.0.0.2").status_code == 302


def test_an_address_tries_ten_times_whatever_the_login(anna: Account) -> None:
    for n in range(10):
        enter(f"nobody{n}", "wrong-horse-1", "10.6.6.6")
    assert enter("anna", PASSWORD, "10.6.6.6").status_code == 200
    assert enter("anna", PASSWORD, "10.0.0.2").status_code == 302


def test_a_forged_forwarding_header_is_not_believed(anna: Account) -> None:
    for n in range(5):
        enter("anna", f"wrong-horse-{n}", x_forwarded_for=f"10.9.9.{n}")
    assert enter("anna", PASSWORD, x_forwarded_for="10.9.9.99").status_code == 200


def test_another_worker_counts_the_same_tries(anna: Account) -> None:
    for n in range(3):
        enter("anna", f"wrong-horse-{n}")
    del caches["default"]  # a fresh cache, as another worker has
    for n in range(2):
        enter("anna", f"wrong-horse-{n}")
    assert isinstance(caches["default"], DatabaseCache)
    assert enter("anna", PASSWORD).status_code == 200


def test_signing_out_ends_the_session(anna: Account) -> None:
    browser = Client()
    enter("anna", PASSWORD, browser=browser)
    kept = browser.cookies["sessionid"].value
    assert browser.get("/account/logout/").status_code == 200  # only asks
    assert browser.get("/access/").status_code == 200
    assert browser.post("/account/logout/").status_code == 302
    replayed = Client()
    replayed.cookies["sessionid"] = kept
    assert replayed.get("/access/").status_code == 302


def test_what_was_written_after_signing_out_is_said_to_be_unsaved(anna: Account) -> None:
    client, address = Client(), reverse("people:mine_contacts")
    told = "刚才填的没有存上"
    assert told not in client.get(address, follow=True).content.decode()
    answer = client.post(address, {"mobiles": "19900040001"}, follow=True)
    assert (answer.redirect_chain[0][0], told in answer.content.decode()) == (f"{LOGIN}?next={address}", True)


def test_a_changed_password_ends_the_other_sessions(anna: Account) -> None:
    here, elsewhere = Client(), Client()
    enter("anna", PASSWORD, browser=here)
    enter("anna", PASSWORD, browser=elsewhere)
    answer = here.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": "another-horse-8", "password2": "another-horse-8"})
    assert answer.status_code == 302
    assert (here.get("/access/").status_code, elsewhere.get("/access/").status_code) == (200, 302)


def test_a_disabled_account_is_out_at_once(anna: Account) -> None:
    browser = Client()
    enter("anna", PASSWORD, browser=browser)
    actions.disable_account(by=SYSTEM, account=anna, reason="离任")
    assert browser.get("/access/").status_code == 302


def test_a_link_with_a_new_password_ends_the_old_sessions(anna: Account) -> None:
    browser, guest = Client(), Client()
    enter("anna", PASSWORD, browser=browser)
    _row, secret = actions.invite(by=SYSTEM, person=anna.person, organisation=None, kind=Invitation.Kind.SIGN_IN)
    assert guest.post(f"/access/invitations/{secret}/", {"password": "another-horse-8"})["Location"] == "/workbench/"
    assert (guest.get("/access/").status_code, browser.get("/access/").status_code) == (200, 302)
    assert enter("anna", "another-horse-8").status_code == 302


def test_a_link_does_not_pass_by_the_second_factor(anna: Account) -> None:
    TOTP.activate(anna, generate_totp_secret())
    _row, secret = actions.invite(by=SYSTEM, person=anna.person, organisation=None, kind=Invitation.Kind.SIGN_IN)
    guest = Client()
    assert guest.post(f"/access/invitations/{secret}/", {"password": ""})["Location"].startswith("/account/2fa/authenticate/")
    assert guest.get("/access/").status_code == 302
    assert Authenticator.objects.filter(user=anna).count() == 1


@pytest.mark.parametrize("name", sorted(CLOSED))
def test_closed_pages_do_not_exist(cast: Cast, name: str) -> None:
    values = {"account_reset_password_from_key": {"uidb36": "1", "key": "x"}, "account_confirm_email": {"key": "x"}}
    address = reverse(name, kwargs=values.get(name))
    assert [browser.get(address).status_code for browser in (Client(), signed_in(cast, "anna"))] == [404, 404]
    assert Client().post(address, {"email": "anna@example.org"}).status_code == 404


OWN_PAGES = ("account_change_password", "account_logout", "account_reauthenticate", "mfa_index", "mfa_list_webauthn", "mfa_add_webauthn", "mfa_activate_totp")


def test_pages_of_the_holder_stand_in_our_house(anna: Account) -> None:
    browser = Client()
    enter("anna", PASSWORD, browser=browser)
    assert browser.get(reverse("mfa_activate_totp"))["Location"].startswith("/account/reauthenticate/")
    assert browser.post(reverse("account_reauthenticate"), {"password": PASSWORD}).status_code == 302
    found = {}
    for name in OWN_PAGES:
        answer = browser.get(reverse(name))
        page = answer.content.decode()
        found[name] = (answer.status_code, 'id="main"' in page, "数字来自原始记录" in page, "<style" in page or " style=" in page or "<script>" in page)
    assert found == dict.fromkeys(OWN_PAGES, (200, True, True, False))


def test_every_page_of_the_library_is_open_or_closed_by_name() -> None:
    assert set(FOREIGN).isdisjoint(CLOSED)


def test_the_operators_command_lets_in_and_shuts(anna: Account, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("account", "anna", link="https://juzhi.example.org/")
    link = capsys.readouterr().out.strip()
    assert link.startswith("https://juzhi.example.org/access/invitations/")
    assert Client().get(link.removeprefix("https://juzhi.example.org")).status_code == 200
    call_command("account", "anna", disable="离任")
    assert not Account.objects.get(login="anna").is_active
