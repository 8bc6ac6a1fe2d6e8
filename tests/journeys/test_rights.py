"""The branch ends where it ends, in a real browser."""

from __future__ import annotations

import json
from typing import Any

from tests.journeys.conftest import Site


def test_a_clerk_of_another_branch_finds_nothing(walk: Any, site: Site) -> None:
    told = json.loads(site.command("report", "R1", "--as-of", "2024-05-31", "--json"))
    other = next(one for one in told["evidence"] if one["name"].startswith("罗湖") or "龙岗" in one["name"])
    walker = walk("district")
    for path in (f"/members/organisations/{other['key']}/", f"/access/{other['key']}/", f"/imports/organisations/{other['key']}/", f"/journal/organisations/{other['key']}/"):
        answer = walker.page.goto(path)
        assert answer is not None and answer.status == 404, path
    walker.noise.clear()
    walker.look("not-found")


def test_a_link_is_good_once(walk: Any, site: Site) -> None:
    link = site.link("member")
    first = walk()
    first.page.goto(link)
    first.look("sign-in-link")
    first.page.locator("main form button[type=submit]").first.click()
    first.page.wait_for_url("**/workbench/")
    second = walk()
    answer = second.page.goto(link)
    assert answer is not None and answer.status == 404


def test_a_member_sees_what_is_recorded_about_him(walk: Any) -> None:
    walker = walk("member", phone=True)
    walker.look("member-home")
    walker.go("/mine/")
    words = walker.page.locator("main").inner_text()
    for expected in ("姓名", "手机", "单位", "入会", "用途", "保留", "删除"):
        assert expected in words, expected
    walker.look("mine")


def test_who_can_see_and_why_stands_on_the_page(walk: Any, site: Site) -> None:
    told = json.loads(site.command("report", "R4", "--json"))
    (building,) = [one for one in told["organisations"] if one["name"] == "达实大厦知联会"]
    walker = walk("city")
    walker.go(f"/access/{building['key']}/")
    assert "换届核对名册" in walker.page.locator("main").inner_text()
    walker.look("who-can-see")
