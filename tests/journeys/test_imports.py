"""A secretary's own file: from upload to records, and back again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.journeys.conftest import Site

ROSTER = "姓名,性别,出生年月,单位,职务,手机,民族,入会时间\n陈一舟,男,1985.03,云塔数据公司,工程师,19900088001,汉族,2021.05\n𠮷田𰻞,女,1990-07,云塔数据公司,律师,19900088002,回族,2022年6月\n,男,,无名公司,,19900088003,,\n合计,2人,,,,,,\n"


def _building(site: Site) -> dict[str, Any]:
    told = json.loads(site.command("report", "R4", "--json"))
    return next(one for one in told["organisations"] if one["name"] == "达实大厦知联会")


def test_a_roster_goes_in_and_comes_out_again(walk: Any, site: Site, tmp_path: Path) -> None:
    file = tmp_path / "新会员名单.csv"
    file.write_text(ROSTER, encoding="utf-8-sig")
    building = _building(site)
    walker = walk("district")
    page = walker.page
    walker.go(f"/imports/organisations/{building['key']}/")
    walker.look("import-upload")
    page.get_by_label("会员花名册").check()
    page.set_input_files("input[type=file]", file)
    page.get_by_role("button", name="上传并试运行").click()
    page.get_by_role("button", name="写入 2 行").or_(page.get_by_role("link", name="查看结果")).first.wait_for(timeout=60_000)
    page.reload()
    assert "民族" in page.locator("ul.map del").all_inner_texts()
    page.get_by_role("link", name="新增 2").click()
    assert "陈一舟" in page.locator("table").inner_text()
    assert "回族" not in page.content()
    walker.look("import-dry-run")
    page.get_by_role("link", name="有问题 1").click()
    walker.look("import-problems")
    page.get_by_role("button", name="写入 2 行").click()
    page.get_by_text("可撤销至").or_(page.get_by_role("link", name="查看结果")).first.wait_for(timeout=60_000)
    page.reload()
    assert "写入 2 行" in page.locator("main").inner_text()
    walker.look("import-written")
    assert _building(site)["members"] == building["members"] + 2
    page.get_by_role("link", name="撤销这次导入").click()
    page.get_by_label("为什么撤销").fill("演示走一遍")
    walker.look("import-undo")
    page.locator("main form").get_by_role("button", name="撤销").click()
    page.get_by_text("已撤销").first.wait_for()
    walker.look("import-undone")
    assert _building(site)["members"] == building["members"]


def test_a_file_that_is_no_list_is_refused_in_one_sentence(walk: Any, site: Site, tmp_path: Path) -> None:
    file = tmp_path / "花名册.xlsx"
    file.write_bytes(b"%PDF-1.7\nnot a workbook at all")
    walker = walk("district")
    walker.go(f"/imports/organisations/{_building(site)['key']}/")
    walker.page.get_by_label("会员花名册").check()
    walker.page.set_input_files("input[type=file]", file)
    walker.page.get_by_role("button", name="上传并试运行").click()
    walker.page.get_by_text("这份文件没有收").or_(walker.page.get_by_role("link", name="查看结果")).first.wait_for(timeout=60_000)
    walker.page.reload()
    assert "这份文件没有收" in walker.page.locator("main").inner_text()
    walker.look("import-refused")
