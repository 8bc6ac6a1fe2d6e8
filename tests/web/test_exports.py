"""Cells: dates as ISO, no control characters, nothing a spreadsheet would run, nothing silently cut."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from juzhi.web.exports import CELL, cell_text, fitting, formula_safe, respond_json


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, ""),
        (True, "是"),
        (False, "否"),
        (date(2024, 5, 31), "2024-05-31"),
        (datetime(2024, 5, 31, 20, 0, tzinfo=UTC), "2024-06-01 04:00"),
        ("a\x00b\x07c\x1fd\x7fe\x9ff\ud800g\ufffeh", "abcdefgh"),
        ("一\n二\t三", "一\n二\t三"),
        ("阿卜杜拉·艾山 王𬱖", "阿卜杜拉·艾山 王𬱖"),
        (0, "0"),
    ],
)
def test_text_of_a_cell(value: Any, expected: str) -> None:
    assert cell_text(value) == expected


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\t=1", "\r=1", "\n=1", "  =1", "\u3000=1", "＝1", "＋1", "－1", "＠x"])
def test_what_a_spreadsheet_would_run_is_marked(text: str) -> None:
    assert formula_safe(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "张伟", "13-14", "a=b", "2024-05-31", "'=1"])
def test_the_rest_is_left_alone(text: str) -> None:
    assert formula_safe(text) == text


def test_a_text_too_long_for_a_cell_says_so() -> None:
    assert fitting("长" * CELL) == "长" * CELL
    cut = fitting("长" * (CELL + 1))
    assert (len(cut), cut[-25:]) == (CELL, ("长" * 25 + "…（原文 32768 字，单元格放不下，未完）")[-25:])


def test_json_as_a_file_a_person_can_read() -> None:
    answer = respond_json("关于我的记录", {"姓名": "尉迟喆", "日": date(2024, 5, 31)})
    assert answer.content.decode() == '{\n  "姓名": "尉迟喆",\n  "日": "2024-05-31"\n}'
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("application/json", "no-store")
