"""Every page of the main ways, on desktop and phone, light and dark, in Chinese and English, with large type and without JavaScript."""

from __future__ import annotations

from typing import Any

import pytest

PUBLIC = (
    ("home", "/"),
    ("tree", "/organisations/"),
    ("organisations", "/organisations/list/"),
    ("areas", "/areas/"),
    ("hosts", "/hosts/"),
    ("figures", "/figures/"),
    ("search", "/search/?q=达实"),
    ("complaints", "/complaints/"),
    ("login", "/account/login/"),
)
STAFF = (
    ("workbench", "/workbench/"),
    ("roster", "/members/"),
    ("imports", "/imports/"),
    ("grants", "/access/"),
    ("duties", "/access/duties/"),
    ("gallery", "/gallery/"),
    ("mine", "/mine/"),
    ("security", "/account/2fa/"),
)
FACES = ({"phone": False, "dark": False}, {"phone": False, "dark": True}, {"phone": True, "dark": False}, {"phone": True, "dark": True})


@pytest.mark.parametrize("face", FACES, ids=lambda face: f"{'phone' if face['phone'] else 'desktop'}-{'dark' if face['dark'] else 'light'}")
def test_public_pages(walk: Any, face: dict[str, bool]) -> None:
    walker = walk(**face)
    for name, path in PUBLIC:
        walker.go(path)
        walker.look(name)


@pytest.mark.parametrize("face", FACES, ids=lambda face: f"{'phone' if face['phone'] else 'desktop'}-{'dark' if face['dark'] else 'light'}")
def test_pages_of_staff(walk: Any, face: dict[str, bool]) -> None:
    walker = walk("city", **face)
    for name, path in STAFF:
        walker.go(path)
        walker.look(name)


@pytest.mark.parametrize("login", ["", "city", "member", "operator"])
def test_english_pages_hold_no_chinese_of_ours(walk: Any, login: str) -> None:
    """Names of organisations and persons stay in characters; headings, buttons and labels do not."""
    walker = walk(login, english=True)
    for name, path in (*PUBLIC, *STAFF) if login == "city" else PUBLIC:
        walker.go(path)
        walker.look(name)
        for place in ("h2", "button", "th[scope=col]", "label", ".rail__i", ".crumbs li:first-child"):
            for words in walker.page.locator(place).all_inner_texts():
                allowed = name == "gallery" or words.strip() in ("简体中文", "聚智") or not any("\u4e00" <= c <= "\u9fff" for c in words)
                assert allowed, f"{path} {place}: {words}"


def test_large_type_fits_a_phone(walk: Any) -> None:
    walker = walk("member", phone=True)
    walker.page.context.add_cookies([{"name": "size", "value": "xl", "url": walker.site.address}])
    for name, path in (("workbench-xl", "/workbench/"), ("mine-xl", "/mine/"), ("home-xl", "/"), ("tree-xl", "/organisations/")):
        walker.go(path)
        walker.look(name)


@pytest.mark.parametrize("size", ["normal", "xl"])
def test_staff_sign_out_on_a_phone(walk: Any, size: str) -> None:
    walker = walk("district", phone=True)
    walker.page.context.add_cookies([{"name": "size", "value": size, "url": walker.site.address}])
    walker.go("/members/")
    walker.look(f"roster-{size}")
    walker.page.locator("header .menu > summary").click()
    walker.page.get_by_role("button", name="退出登录").click()
    walker.page.wait_for_url("**/")
    walker.page.get_by_role("link", name="登录").first.wait_for()


def test_the_tree_works_without_javascript(walk: Any) -> None:
    walker = walk(script=False)
    walker.go("/organisations/")
    walker.page.locator("summary.tree__row").first.wait_for()
    assert walker.page.locator("a.tree__name").count() > 1


def test_theme_and_language_are_kept(walk: Any) -> None:
    walker = walk()
    walker.go("/")
    walker.page.get_by_role("button", name="深色").click()
    walker.go("/organisations/")
    assert walker.page.locator("link#dark").get_attribute("media") == "screen"
    walker.page.get_by_role("button", name="English").first.click()
    assert walker.page.locator("html").get_attribute("lang") == "en"
