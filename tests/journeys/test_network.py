"""The tree changed by a secretary: a new body, a move dated in the past, two editors at once."""

from __future__ import annotations

import json
from typing import Any

from tests.journeys.conftest import Site


def _key(site: Site, part: str) -> str:
    told = json.loads(site.command("report", "R1", "--json"))
    return next(one["key"] for one in told["evidence"] if one["name"] == part)


def test_a_body_is_founded_renamed_and_stands_in_the_tree_of_its_day(walk: Any, site: Site) -> None:
    walker = walk("city")
    page = walker.page
    walker.go(f"/organisations/{_key(site, '南山区知联会')}/found/")
    page.get_by_label("组织名称").fill("蛇口街道知联会")
    page.get_by_label("层级").select_option("subdistrict")
    page.get_by_label("成立时间").fill("2025-03")
    walker.look("found")
    page.locator("main form.form button.btn--primary").click()
    page.wait_for_url(lambda url: "/found/" not in url)
    assert page.locator("h1").inner_text().startswith("蛇口街道知联会")
    assert "2025-03" in page.locator("main").inner_text()
    address = page.url
    page.goto(f"{address}rename/")
    page.get_by_label("新名称").fill("蛇口知联会")
    page.get_by_label("起用日期").fill("2026-01-01")
    page.get_by_label("理由").fill("批复更名")
    page.locator("main form.form button.btn--primary").click()
    page.wait_for_url(address)
    page.goto(f"{address}?as_of=2025-06")
    assert "蛇口街道知联会" in page.locator("main").inner_text()
    walker.look("organisation-then")
    page.goto(f"{address}history/")
    walker.look("history")
    page.goto("/organisations/?as_of=2024-12")
    assert "蛇口" not in page.locator("main").inner_text()


def test_a_wrong_date_is_named_and_nothing_typed_is_lost(walk: Any, site: Site) -> None:
    walker = walk("city")
    page = walker.page
    walker.go(f"/organisations/{_key(site, '南山区知联会')}/found/")
    page.get_by_label("组织名称").fill("不会成立的组织")
    page.get_by_label("成立时间").fill("2025-02-30")
    page.locator("main form.form button.btn--primary").click()
    page.locator(".note--danger").wait_for()
    assert "2月没有 30 日" in page.locator(".note--danger").inner_text()
    assert page.get_by_label("组织名称").input_value() == "不会成立的组织"
    walker.noise.clear()  # the browser notes the 422
    walker.look("form-wrong")


def test_two_editors_are_told_field_by_field(walk: Any, site: Site) -> None:
    key = _key(site, "福田区知联会")
    one, two = walk("city"), walk("city")
    for walker in (one, two):
        walker.go(f"/organisations/{key}/correct/")
    one.page.get_by_label("备注").fill("第一位写的")
    one.page.get_by_label("理由").fill("补充")
    one.page.locator("main form.form button.btn--primary").click()
    one.page.wait_for_url(lambda url: "/correct/" not in url)
    two.page.get_by_label("备注").fill("第二位写的")
    two.page.get_by_label("理由").fill("补充")
    two.page.locator("main form.form button.btn--primary").click()
    two.page.locator(".note--warn table").wait_for()
    words = two.page.locator(".note--warn", has=two.page.locator("table")).inner_text()
    assert "第一位写的" in words and "第二位写的" in words
    assert two.page.get_by_label("备注").input_value() == "第二位写的"
    two.noise.clear()
    two.look("two-editors")
