"""What the reading noticed besides the rows is said: on the page of the batch, and on the command line."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
import xlsxwriter
from django.core.management import call_command
from django.utils.translation import override

from juzhi.imports import actions, queries
from juzhi.imports.models import Batch
from tests.cast import Cast
from tests.imports.office import fresh, planned, roster, rows_of, signed_in

pytestmark = pytest.mark.django_db

SENTENCES = [
    "隐藏的工作表没有读：底稿。要导入请先在表格里取消隐藏",
    "「名单」里隐藏的列和别的列一样看待：单位",
    "「名单」里隐藏的 1 行也读了，行上有说明",
    "不是记录、略过的：横跨整行的标题或说明 1 行；合计、小计 1 行；表尾：填表人、注、页码一类 1 行；又写了一遍的表头 1 行；画线隔开的一行 1 行",
]


@pytest.fixture
def data() -> bytes:
    """A roster with a hidden column, row and sheet, and with every sort of row that is no record."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        page = book.add_worksheet("名单")
        page.write_row(0, 0, ["姓名", "单位", "手机", "职务"])
        page.write_row(1, 0, ["何清", "云塔科技", "19900000101", "工程师"])
        page.write_row(2, 0, ["何明", "云塔科技", "19900000102", "工程师"])
        page.set_row(2, None, None, {"hidden": True})
        page.set_column("B:B", None, None, {"hidden": True})
        page.write_row(3, 0, ["姓名", "单位", "手机", "职务"])
        page.write_row(4, 0, ["——", "——", "——", "——"])
        page.merge_range(5, 0, 5, 3, "塔塔尔族的一句话")
        page.write_row(6, 0, ["合计", "2人"])
        page.write_row(7, 0, ["填表人：某"])
        other = book.add_worksheet("底稿")
        other.write_row(0, 0, ["姓名", "手机"])
        other.hide()
    return file.getvalue()


def test_the_page_says_it(cast: Cast, data: bytes) -> None:
    batch = planned(cast.by("east_clerk"), data, cast.tower)
    client = signed_in(cast, "east_clerk")
    text = client.get(f"/imports/{batch.key}/").content.decode()
    assert [sentence for sentence in SENTENCES if sentence not in text] == []
    actions.commit(by=cast.by("east_clerk"), batch=batch)
    assert queries.noticed(fresh(batch)) == SENTENCES  # what is kept of it holds no cell


def test_the_skipped_rows_say_what_they_were_and_keep_no_text(cast: Cast, data: bytes) -> None:
    batch = planned(cast.by("east_clerk"), data, cast.tower)
    assert [(row.row, row.reason, row.values) for row in rows_of(batch) if row.action == "skip"] == [
        (4, "heading", {}),
        (5, "line", {}),
        (6, "title", {}),
        (7, "subtotal", {}),
        (8, "footer", {}),
    ]
    client = signed_in(cast, "east_clerk")
    for _time in range(2):  # before and after it is written
        text = client.get(f"/imports/{batch.key}/?tab=skip").content.decode()
        assert [word for word in ("又写了一遍的表头", "画线隔开的一行", "横跨整行的标题或说明", "合计、小计", "表尾：填表人、注、页码一类") if f"<b>{word}</b>" not in text] == []
        assert "塔塔尔族" not in text and "填表人：某" not in text
        if not _time:
            actions.commit(by=cast.by("east_clerk"), batch=batch)


def test_blocks_side_by_side() -> None:
    assert queries.noticed(Batch(kind="roster", headings={"sheets": [{"sheet": None, "blocks": 2}, {"sheet": "二"}]})) == ["「这份表」左右并排 2 块，从左到右一块一块读"]


def test_where_there_is_nothing_to_say(cast: Cast) -> None:
    batch = planned(cast.by("east_clerk"), roster({"姓名": "何清", "手机": "19900000101"}), cast.tower)
    assert queries.noticed(batch) == []
    assert "读表时注意到的" not in signed_in(cast, "east_clerk").get(f"/imports/{batch.key}/").content.decode()


def test_on_the_command_line(cast: Cast, data: bytes, tmp_path: Any) -> None:
    path = tmp_path / "名册.xlsx"
    path.write_bytes(data)
    out, words = io.StringIO(), io.StringIO()
    with override(None):
        call_command("import_file", "roster", str(path), "--into", cast.tower.key, "--json", stdout=out)
        call_command("import_file", "roster", str(path), "--into", cast.tower.key, stdout=words)
    told = json.loads(out.getvalue())
    assert told["noticed"] == {
        "hidden_sheets": ["底稿"],
        "sheets": [{"sheet": "名单", "hidden_columns": ["单位"], "hidden_rows": 1}],
        "skipped": {"heading": 1, "line": 1, "title": 1, "subtotal": 1, "footer": 1},
        "sentences": SENTENCES,
    }
    assert [row for row in told["rows"] if row["action"] == "skip"] == [{"sheet": "名单", "row": n, "action": "skip"} for n in (4, 5, 6, 7, 8)]
    assert [sentence for sentence in SENTENCES if sentence not in words.getvalue().splitlines()] == []
