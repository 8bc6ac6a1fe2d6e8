"""Lists: sorted, paged, and exported exactly as shown; what the address asks wrongly is told, not a failure."""

from __future__ import annotations

import csv
import io
from typing import Any

import openpyxl
import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from juzhi.web.lists import Column, Listing, listing

COLUMNS = (
    Column("name", "姓名", lambda row: row[0], sort="name"),
    Column("number", "人数", lambda row: row[1], sort="number", text=False),
    Column("note", "备注", lambda row: row[2]),
)
ROWS = [("丙", 3, "=1+1"), ("甲", None, "\t@SUM(A1)"), ("乙", 10, "a\x07b\x00")]


def asked(query: str = "", rows: Any = ROWS, **named: Any) -> Listing | HttpResponse:
    return listing(RequestFactory().get(f"/list/?{query}"), rows, columns=COLUMNS, filename="名单", **named)


def names(query: str, **named: Any) -> tuple[list[str], str]:
    shown = asked(query, **named)
    assert isinstance(shown, Listing)
    return [values[0] for _row, values in shown.rows], shown.problem


def test_sorted_as_asked_the_empty_last() -> None:
    assert names("") == (["丙", "甲", "乙"], "")
    assert names("sort=number") == (["丙", "乙", "甲"], "")
    assert names("sort=-name")[0] == sorted(["丙", "甲", "乙"], reverse=True)


@pytest.mark.parametrize("query", ["sort=note", "sort=pk", "sort=password", "sort=-", "sort=name;drop"])
def test_a_sort_there_is_not_is_told(query: str) -> None:
    assert names(query) == (["丙", "甲", "乙"], "没有可以这样排序的列，先按原来的顺序列出")


def test_paged() -> None:
    rows = [(f"{number:03}", number, "") for number in range(120)]
    assert [len(names(f"page={number}", rows=rows)[0]) for number in (1, 2, 3)] == [50, 50, 20]


@pytest.mark.parametrize("page", ["0", "4", "-1", "x", "1e9", "９", "9" * 30])
def test_a_page_there_is_not_is_told(page: str) -> None:
    rows = [(f"{number:03}", number, "") for number in range(120)]
    shown, problem = names(f"page={page}", rows=rows)
    assert (len(shown) in (20, 50), problem) == (True, "没有这一页，先给您看最近的一页")


def test_another_file_is_told() -> None:
    assert names("format=pdf")[1] == "不能导出成这种文件，可选 xlsx 或 csv"


def test_the_file_holds_all_pages_in_the_order_shown() -> None:
    rows = [(f"{number:03}", number, "") for number in range(120)]
    told: list[int] = []
    answer = asked("format=csv&sort=-name&page=2", rows=rows, exported=lambda found: told.append(len(found)))
    assert isinstance(answer, HttpResponse)
    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert (lines[0], [line[0] for line in lines[1:]], told) == (["姓名", "人数", "备注"], [f"{number:03}" for number in reversed(range(120))], [120])


def test_a_page_alone_discloses_nothing() -> None:
    told: list[int] = []
    asked("", exported=lambda found: told.append(len(found)))
    assert told == []


def test_csv_runs_no_formula_and_holds_no_control_characters() -> None:
    answer = asked("format=csv")
    assert isinstance(answer, HttpResponse)
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))) == [["姓名", "人数", "备注"], ["丙", "3", "'=1+1"], ["甲", "", "'\t@SUM(A1)"], ["乙", "10", "ab"]]


def test_workbook_cells_are_text_but_for_numbers() -> None:
    answer = asked("format=xlsx")
    assert isinstance(answer, HttpResponse)
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)] == [["丙", 3, "=1+1"], ["甲", "", "\t@SUM(A1)"], ["乙", 10, "ab"]]
    assert [cell.data_type for cell in sheet["C"]] == ["s"] * 4


def test_the_file_is_a_download_that_no_cache_keeps() -> None:
    answer = asked("format=xlsx")
    assert isinstance(answer, HttpResponse)
    assert answer["Content-Disposition"] == "attachment; filename=\"export.xlsx\"; filename*=UTF-8''%E5%90%8D%E5%8D%95.xlsx"
    assert (answer["Cache-Control"], answer["X-Content-Type-Options"]) == ("no-store", "nosniff")
