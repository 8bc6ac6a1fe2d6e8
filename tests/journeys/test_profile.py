"""What others report of a district stands beside what the register counts; a roll-out is done where a body is founded, and nobody types it."""

from __future__ import annotations

import json
from typing import Any

from tests.journeys.conftest import Site

SUBMIT = "main form.form button.btn--primary"


def test_a_reported_number_is_shown_beside_the_counted_and_corrected_in_sight(walk: Any) -> None:
    walker = walk("city", phone=True)
    page = walker.page
    walker.go("/areas/?q=南山区")
    page.locator("main").get_by_role("link", name="南山区").first.click()
    page.get_by_role("link", name="登记统计数").click()
    page.get_by_label("统计项目").select_option(label="知联会组织 · 个")
    page.get_by_label("数目").fill("十二")
    page.get_by_label("截至").fill("2025-05-31")
    page.get_by_label("来源", exact=True).fill("区情手册")
    page.locator(SUBMIT).click()
    page.locator(".note--danger").wait_for()
    assert "十二" in page.locator("main").inner_html() or page.get_by_label("数目").input_value() == "十二"
    walker.noise.clear()  # the browser notes the 422
    page.get_by_label("数目").fill("12")
    page.locator(SUBMIT).click()
    page.wait_for_url(lambda url: "/record_statistic/" not in url)
    row = page.locator("main tr", has_text="知联会组织").first.inner_text()
    assert "12" in row and "登记了" in row  # both, never added up
    walker.look("area-profile")


def test_a_founding_in_a_planned_subdistrict_is_its_being_done(walk: Any, site: Site) -> None:
    told = json.loads(site.command("report", "R1", "--json"))
    keys = {one["name"]: one["key"] for one in told["evidence"]}
    walker = walk("city")
    page = walker.page
    walker.go(f"/programmes/of/{keys['深圳市知联会']}/open_programme/")
    page.get_by_label("名称").fill("向街道铺开")
    page.get_by_label("铺开到").select_option("level:subdistrict")
    page.get_by_label("开始时间").fill("2026-01")
    page.locator(SUBMIT).click()
    page.wait_for_url(lambda url: "/open_programme/" not in url)
    programme = page.url
    page.goto(f"{programme}plan_wave/")
    page.get_by_label("计划开始").fill("2026-01-01")
    page.get_by_label("计划结束").fill("2026-06-30")
    page.locator(SUBMIT).click()
    page.wait_for_url(programme)
    page.goto(f"{programme}plan_unit/")
    page.locator("[name=area]").fill("粤海街道")
    page.locator(SUBMIT).click()
    page.wait_for_url(programme)
    assert "已完成\n0" in page.locator("main").inner_text()
    walker.go(f"/organisations/{keys['南山区知联会']}/found/")
    page.get_by_label("组织名称").fill("粤海街道知联会")
    page.get_by_label("层级").select_option("subdistrict")
    page.get_by_label("成立时间").fill("2026-03-18")
    page.locator("[name=area]").fill("粤海街道")
    page.locator(SUBMIT).click()
    page.wait_for_url(lambda url: "/found/" not in url)
    page.goto(programme)
    assert "已完成\n1" in page.locator("main").inner_text()
    walker.look("programme")
    page.goto(f"{programme}units/?as_of=2026-02")
    assert "粤海街道知联会" not in page.locator("main").inner_text()
