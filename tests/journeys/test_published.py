"""A number from its publishing to its restatement, and the sentence that says why."""

from __future__ import annotations

import contextlib
import json
import subprocess
from typing import Any

from tests.journeys.conftest import Site


def test_a_number_is_published_restated_and_explained(walk: Any, site: Site) -> None:
    told = json.loads(site.command("report", "R1", "--json"))
    key = next(one["key"] for one in told["evidence"] if one["name"] == "龙岗区知联会")
    walker = walk("city")
    page = walker.page
    walker.go(f"/figures/organisations/organisations/{key}/?as_of=2025-12")
    before = int(page.locator(".stat--xl .stat__value").inner_text())
    page.get_by_role("link", name="发布这个数").click()
    walker.look("publish")
    page.get_by_role("button", name="发布", exact=True).click()
    page.wait_for_url("**/figures/readings/*/")
    reading = page.url
    assert page.locator(".stat--xl .stat__value").inner_text() == str(before)
    page.goto(f"/organisations/{key}/found/")  # a body of that time, entered late
    page.get_by_label("组织名称").fill("坂田街道知联会")
    page.get_by_label("层级").select_option("subdistrict")
    page.get_by_label("成立时间").fill("2025-06")
    page.locator("main form.form button.btn--primary").click()
    page.wait_for_url(lambda url: "/found/" not in url)
    with contextlib.suppress(subprocess.CalledProcessError):  # it ends with 1 when something is otherwise
        site.command("figures_verify")
    page.goto(reading)
    assert str(before + 1) in page.locator(".stat--lg").inner_text()
    page.get_by_role("link", name="写一句说明").click()
    page.get_by_label("为什么变了").fill("坂田街道的组织补登记")
    walker.look("explain")
    page.get_by_role("button", name="写上说明").click()
    page.wait_for_url(reading)
    visitor = walk(phone=True)
    visitor.go(reading)
    assert "坂田街道的组织补登记" in visitor.page.locator("main").inner_text()
    visitor.look("reading")
    visitor.page.get_by_role("link", name="看今天的数和清单").click()
    visitor.look("figure-published")
    visitor.page.get_by_role("link", name="按月看").click()
    visitor.look("months")
    walker.go(f"/figures/organisations/organisations/{key}/months/?as_of=2025-12")
    walker.look("months")
    walker.go("/figures/readings/")
    walker.look("readings")
