"""Two districts become one: what will happen is read first, then confirmed, and the ended one leads to its successor."""

from __future__ import annotations

import json
from typing import Any

from tests.journeys.conftest import Site


def test_a_merge_is_read_then_confirmed(walk: Any, site: Site) -> None:
    told = json.loads(site.command("report", "R1", "--json"))
    keys = {one["name"]: one["key"] for one in told["evidence"]}
    walker = walk("city")
    page = walker.page
    walker.go(f"/organisations/{keys['南山区知联会']}/merge/")
    page.get_by_label("盐田区知联会").check()
    page.get_by_label("从哪天起").fill("2026-03")
    page.get_by_label("理由").fill("两区合并")
    page.get_by_role("button", name="看看会怎样").click()
    page.get_by_role("heading", name="确认以后会这样").wait_for()
    assert page.get_by_label("理由").input_value() == "两区合并"
    walker.look("merge-told")
    page.get_by_role("button", name="确认合并").click()
    page.wait_for_url(lambda url: "/merge/" not in url)
    assert "盐田区知联会" in page.locator("main").inner_text()
    walker.go(f"/organisations/{keys['盐田区知联会']}/")
    assert "并入 南山区知联会" in page.locator("main").inner_text()
    walker.look("merged")
    page.get_by_role("link", name="南山区知联会").first.click()
    page.wait_for_url(lambda url: keys["南山区知联会"] in url)
