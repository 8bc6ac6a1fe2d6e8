"""The tree changed by a secretary: a new body, a move dated in the past, two editors at once."""

from __future__ import annotations

import json
from typing import Any

from tests.journeys.conftest import Site


def _key(site: Site, part: str) -> str:
    told = json.loads(site.command("report", "R1", "--json"))
    return next(one["key"] for one in told["evidence"] if one["name"] == part)


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
