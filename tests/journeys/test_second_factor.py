"""Turning the second factor on, signing in with it and turning it off, in a real browser with a real security key's stand-in; and what goes to the printer."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from tests.access.test_second_factor import code_of

KEY = {"protocol": "ctap2", "transport": "usb", "hasResidentKey": False, "hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True}
PASSWORD = "lan-chuan-77"


def send(walker: Any, **values: str) -> None:
    """Fill the page's form and send it."""
    for name, value in values.items():
        walker.page.locator(f"main [name={name}]").fill(value)
    with walker.page.expect_navigation():
        walker.page.locator("main form button").first.click()


def press_key(walker: Any) -> None:
    with walker.page.expect_navigation():
        walker.page.locator("[data-behaviour=security-key] button").click()


def turn_on(walker: Any, here: str) -> list[str]:
    """A password, the authenticator and a key, each page looked at. Returns the recovery codes."""
    page = walker.page
    page.goto(f"{here}/account/password/set/")
    send(walker, password1=PASSWORD, password2=PASSWORD)
    walker.look("security-off")
    page.goto(f"{here}/account/2fa/totp/activate/")
    walker.look("confirm-oneself")
    send(walker, password=PASSWORD)
    walker.look("authenticator")
    send(walker, code="000000")
    walker.look("authenticator-wrong")
    send(walker, code=code_of(page.locator("main .wrap-any").inner_text()))
    walker.look("recovery-codes")
    codes: list[str] = page.locator(".codes code").all_inner_texts()
    with page.expect_download() as file:
        page.get_by_role("link", name="下载").click()
    assert re.findall(r"^\d+$", Path(file.value.path()).read_text(), re.MULTILINE) == codes
    page.goto(f"{here}/account/2fa/webauthn/add/")
    walker.look("key-add")
    press_key(walker)
    page.goto(f"{here}/account/2fa/webauthn/")
    assert page.locator("main .rows > li").count() == 1
    walker.look("keys")
    return codes


def turn_off(walker: Any, here: str) -> None:
    page = walker.page
    page.goto(f"{here}/account/2fa/totp/deactivate/")
    if "reauthenticate" in page.url:
        send(walker, password=PASSWORD)
    walker.look("authenticator-off")
    send(walker)
    page.goto(f"{here}/account/2fa/webauthn/")
    page.get_by_role("link", name="移除").click()
    send(walker)


def test_the_second_factor_from_on_to_off(walk: Any) -> None:
    walker = walk("", phone=True, dark=True)
    page, here = walker.page, walker.site.address.replace("127.0.0.1", "localhost")  # a key belongs to a name, never to a number
    machine = page.context.new_cdp_session(page)
    machine.send("WebAuthn.enable")
    machine.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    page.goto(walker.site.link("district").replace("127.0.0.1", "localhost"))
    send(walker)
    codes = turn_on(walker, here)
    for answer in ("key", codes[0]):
        page.goto(f"{here}/account/logout/")
        send(walker)
        page.goto(f"{here}/account/login/")
        send(walker, login="district", password=PASSWORD)
        walker.look("second-step")
        press_key(walker) if answer == "key" else send(walker, code=answer)
        assert page.url == f"{here}/workbench/"
    turn_off(walker, here)
    page.goto(f"{here}/account/2fa/")
    assert page.locator("main").get_by_text("已启用", exact=True).count() == 0


def test_paper_is_light_and_keeps_its_bars(walk: Any) -> None:
    walker = walk("city", dark=True)
    walker.go("/figures/")
    walker.page.locator("main a.stat").first.click()
    walker.page.emulate_media(media="print")
    walker.page.locator(".bars rect.bar").first.wait_for(state="visible")
    look = "element => { const style = getComputedStyle(element); return [style.color, style.backgroundColor] }"
    assert walker.page.locator("html").evaluate(look) == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]
    assert walker.page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--surface').trim().toLowerCase()") in ("#fff", "#ffffff")
    for hidden in (".rail", "header.bar", ".asof"):
        assert not walker.page.locator(hidden).first.is_visible(), hidden
