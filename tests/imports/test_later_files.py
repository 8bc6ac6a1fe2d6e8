"""Files whose rooms come later are read rightly today: which row is a heading, which is a record, which block it stands in, what fills down.

Their writers will say what each row becomes; here a declaration of headings alone is enough to tell records from titles, subtotals and footers.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from juzhi.base.importers import Field, Importer
from juzhi.imports.reading import Reading, read_book

FILES = Path(__file__).parent / "files"
DAY: Any = {"kind": "date"}
PHONE: Any = {"kind": "mobile"}
FILLS: Any = {"fills_down": True}
NO = Field("no", "序号", ("编号", "批次"), stored=False)
KINDS: dict[str, tuple[str, list[Field]]] = {
    "firms": (
        "龙华街道商会会员企业台账.xlsx",
        [
            NO, Field("name", "企业名称", required=True), Field("short", "简称"), Field("uscc", "统一社会信用代码"), Field("legal", "法定代表人"), Field("capital", "注册资本"),
            Field("founded", "成立日期", **DAY), Field("industry", "所属行业"), Field("area", "所属社区"), Field("role", "商会职务"), Field("stock", "上市情况"),
            Field("contact", "联系人"), Field("mobile", "联系电话", **PHONE), Field("fee", "缴费情况"), Field("remark", "备注"),
        ],
    ),
    "fair": (
        "产品交流会参展商与展品.xlsx",
        [
            NO, Field("booth", "展位号", **FILLS), Field("exhibitor", "参展单位", **FILLS), Field("industry", "行业", **FILLS), Field("product", "产品名称"), Field("flag", "拳头产品"),
            Field("uscc", "统一社会信用代码", **FILLS), Field("mobile", "联系电话", kind="mobile", fills_down=True), Field("a", "甲方"), Field("b", "乙方"), Field("matter", "意向内容"),
            Field("amount", "意向金额"), Field("on", "登记时间", **DAY), Field("day", "日期", kind="date", fills_down=True), Field("hour", "时段"), Field("sum", "小计"), Field("topic", "主题"),
            Field("printed", "印制份数"), Field("issued", "领出份数"), Field("returned", "退回份数"), Field("who", "经手人"),
        ],
    ),
    "signin": ("知行福田活动签到表.xlsx", [NO, Field("name", "姓名", kind="name", required=True), Field("unit", "单位"), Field("mobile", "联系电话", **PHONE), Field("sign", "签名")]),
    "proposals": (
        "建言献策台账.xlsx",
        [
            NO, Field("title", "标题", required=True), Field("authors", "建议人"), Field("org", "报送组织"), Field("session", "场次"), Field("theme", "主题"), Field("on", "提交时间", **DAY),
            Field("route", "报送渠道"), Field("adoption", "采用情况"), Field("lead", "承办单位"), Field("reply", "答复情况"), Field("state", "办理情况"), Field("remark", "备注"),
        ],
    ),
    "visits": (
        "来访接待登记.xlsx",
        [NO, Field("on", "来访日期", **DAY), Field("origin", "来访单位", required=True), Field("level", "单位层级"), Field("leader", "带队领导职务"), Field("n", "人数"), Field("room", "功能室"), Field("remark", "备注")],
    ),
    "honours": (
        "荣誉台账.xlsx",
        [
            Field("no", "序号", stored=False), Field("title", "荣誉名称", required=True), Field("on", "获得时间", **DAY), Field("issuer", "颁发单位"),
            Field("batch", "批次", kind="number"), Field("kind", "类别"), Field("holder", "获得者"), Field("remark", "备注"),
        ],
    ),
    "partners": (
        "战略合作与会员优惠.xlsx",
        [
            NO, Field("industry", "行业", **FILLS), Field("mode", "合作模式", **FILLS), Field("name", "合作单位", required=True), Field("offer", "优惠内容", **FILLS), Field("until", "有效期", **DAY),
            Field("contact", "联系人"), Field("mobile", "联系电话", **PHONE),
        ],
    ),
}  # fmt: skip


def reading(kind: str) -> Reading:
    name, fields = KINDS[kind]
    return read_book(str(FILES / name), name, Importer(kind=kind, declared_in=__name__, label=kind, duty="", fields=tuple(fields)))


def expected(kind: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FILES / f"{KINDS[kind][0]}.expected.json").read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("kind", list(KINDS))
def test_sheets_headings_and_columns(kind: str) -> None:
    laid_down = [one for one in expected(kind)["read"]["sheets"] if one.get("import", True)]
    found = reading(kind).sheets
    assert [(one.sheet, one.header_rows, one.blocks) for one in found] == [(one["sheet"], one["header_rows"], one.get("blocks", 1)) for one in laid_down]
    for one, its in zip(found, laid_down, strict=True):
        known = {heading: name for heading, name in its["columns"].items() if heading in one.columns}
        assert one.columns == known
        assert set(one.unmapped) == set(its["columns"]) - set(known)


# A line drawn across the sheet that its own writer will read: 居民约60人 is a number of persons without names.
FOR_ITS_WRITER = {("0520进社区", 15)}


@pytest.mark.parametrize("kind", list(KINDS))
def test_records_and_what_are_none(kind: str) -> None:
    """Each row of the file, in its order, is told once: as a record of its block, or as no record."""
    laid_down = [(one["sheet"], one["row"], one.get("block", 1), one["action"] == "skip" or (one["sheet"], one["row"]) in FOR_ITS_WRITER) for one in expected(kind)["rows"]]
    assert [(one.sheet, one.row, one.block, one.action == "skip") for one in reading(kind).rows] == laid_down


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("firms", ("name", "legal", "founded", "industry", "area", "role", "contact")),
        ("fair", ("industry", "mobile")),
        ("visits", ("on", "origin")),
        ("honours", ("title", "on", "issuer", "batch", "holder")),
        ("partners", ("industry", "mode")),
        ("signin", ("name", "unit", "mobile")),
    ],
)
def test_values(kind: str, names: tuple[str, ...]) -> None:
    """What needs no writer of its own is understood already: names, dates, telephone numbers, merged cells filled down."""
    laid_down = {(one["sheet"], one["row"], one.get("block", 1)): one["values"] for one in expected(kind)["rows"] if one["action"] == "create"}
    found = {(one.sheet, one.row, one.block): one.values for one in reading(kind).rows}
    wrong = {(place, name): (found[place].get(name), values[name]) for place, values in laid_down.items() for name in names if name in values and found[place].get(name) != values[name]}
    assert wrong == {}
