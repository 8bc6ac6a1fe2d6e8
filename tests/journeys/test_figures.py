"""From 52 to the 52, and from 39 to the 39, as far as each reader's rights go."""

from __future__ import annotations

import json
from typing import Any

from tests.journeys.conftest import Site


def test_a_visitor_clicks_from_52_to_the_list(walk: Any) -> None:
    walker = walk()
    walker.go("/")
    walker.look("home")
    walker.page.locator("main a.stat").first.click()
    page = walker.page
    page.get_by_label("截至").fill("2024-05")
    page.get_by_role("button", name="看这一天").click()
    value = page.locator(".stat--xl .stat__value")
    page.wait_for_url("**as_of=2024-05**")
    family = page.locator("section.sec", has_text="按组织类别").get_by_role("link", name="52")
    if value.inner_text() != "52":
        family.first.click()
    assert page.locator(".stat--xl .stat__value").inner_text() == "52"
    walker.look("figure-52")
    page.locator("a.stat--xl").click()
    page.wait_for_url("**/evidence/**")
    assert page.locator("table tbody tr").count() == 50, "a page of fifty"
    assert "共 52" in page.locator(".under").inner_text()
    walker.look("evidence-52")
    page.locator("table tbody th a").first.click()
    walker.look("organisation")
    assert page.locator("h1").inner_text()


def test_a_visitor_opens_the_report_and_its_52_into_the_list(walk: Any) -> None:
    walker = walk()
    walker.go("/figures/")
    page = walker.page
    page.locator("main").get_by_role("link", name="报告").click()
    walker.look("reports")
    page.get_by_role("link", name="组织数").click()
    page.get_by_label("截至").fill("2024-05")
    page.get_by_role("button", name="看报告").click()
    page.wait_for_url("**as_of=2024-05**")
    assert page.locator("a.stat--xl .stat__value").inner_text() == "52"
    walker.look("report-52")
    page.locator("main").get_by_role("link", name="打开清单").click()
    page.wait_for_url("**/evidence/**")
    assert "共 52" in page.locator(".under").inner_text()
    walker.go("/figures/reports/R1/?as_of=2024-05")
    page.locator("tr", has_text="公立医院").get_by_role("link", name="12").click()
    page.wait_for_url("**/evidence/**host_type=public_hospital**")
    assert page.locator("table tbody tr").count() == 12
    walker.go("/figures/reports/R3/?as_of=2024-05")
    walker.look("report-firsts")
    page.locator("#firsts").get_by_role("link", name="深圳市人民医院知联会").first.click()
    assert page.locator("h1").inner_text() == "深圳市人民医院知联会"
    walker.go("/figures/reports/R2/?as_of=昨天")
    assert "看不懂日期" in page.locator("main").inner_text()


def test_the_report_says_52_with_its_cuts(site: Site) -> None:
    told = json.loads(site.command("report", "R1", "--as-of", "2024-05-31", "--json"))
    assert told["value"] == 52 or told["by_family"]["知联会"] == 52
    assert len(told["evidence"]) == told["value"]


def test_the_district_clerk_opens_39_into_names(walk: Any, site: Site) -> None:
    told = json.loads(site.command("report", "R4", "--json"))
    (building,) = [one for one in told["organisations"] if one["name"] == "达实大厦知联会"]
    assert building["members"] == 39
    walker = walk("district")
    walker.go(f"/figures/members/organisations/{building['key']}/")
    assert walker.page.locator(".stat--xl .stat__value").inner_text() == "39"
    walker.look("figure-39")
    walker.page.locator("a.stat--xl").click()
    walker.page.wait_for_url("**/evidence/**")
    assert walker.page.locator("table tbody tr").count() == 39
    walker.look("evidence-39")


def test_a_visitor_is_told_who_may_see_39_and_sees_no_name(walk: Any, site: Site) -> None:
    told = json.loads(site.command("report", "R4", "--json"))
    (building,) = [one for one in told["organisations"] if one["name"] == "达实大厦知联会"]
    walker = walk()
    walker.go(f"/figures/members/organisations/{building['key']}/")
    assert walker.page.locator(".stat--xl").count() == 0
    assert "39" not in walker.page.locator("main").inner_text()
    walker.look("figure-without-right")
