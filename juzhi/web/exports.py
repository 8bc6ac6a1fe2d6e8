"""Files people take away: xlsx with text cells, CSV for Excel; nothing in a cell is ever run as a formula."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    import xlsxwriter

CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")  # never valid in a cell, or not text at all
FORMULA = tuple("=+-@\t\r\n＝＋－＠")
SHEET_MARKS = re.compile(r"[\[\]:*?/\\\x00-\x1f]")  # never in the name of a sheet
CELL = 32_767  # characters an Excel cell holds
Rows = Iterable[Sequence[Any]]


def cell_text(value: Any) -> str:
    """The text of a cell: dates as ISO, yes and no in words, no control characters."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, datetime):
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M") if timezone.is_aware(value) else value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    return CONTROL.sub("", str(value))


def is_number(value: Any) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def formula_safe(text: str) -> str:
    """A CSV cell that a spreadsheet would run gets an apostrophe in front."""
    return f"'{text}" if text.lstrip(" \u3000").startswith(FORMULA) or text.startswith(FORMULA) else text


def write_csv(file: io.BytesIO, heads: Sequence[str], rows: Rows, text: Sequence[bool]) -> None:
    """UTF-8 with BOM (else Excel guesses the encoding) and CRLF."""
    wrapped = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    writer = csv.writer(wrapped, lineterminator="\r\n")
    writer.writerow([formula_safe(cell_text(head)) for head in heads])
    for row in rows:
        writer.writerow([str(value) if is_number(value) and not as_text else formula_safe(cell_text(value)) for value, as_text in zip(row, text, strict=True)])
    wrapped.flush()
    wrapped.detach()


def write_xlsx(file: io.BytesIO, heads: Sequence[str], rows: Rows, text: Sequence[bool]) -> None:
    """Every cell is text, but for numbers in columns that are not `text`: no leading zero is lost, no formula or link is made."""
    write_book(file, [(_("名单"), heads, rows, text)])


def write_book(file: io.BytesIO, sheets: Iterable[tuple[str, Sequence[str], Rows, Sequence[bool]]]) -> None:
    """A workbook of several sheets, each (title, heads, rows, which columns are text)."""
    import xlsxwriter  # here: most processes never write a workbook, and it takes megabytes

    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False})
    taken: set[str] = set()
    for title, heads, rows, text in sheets:
        _fill(book, sheet_name(title, taken), heads, rows, text)
    book.close()


def sheet_name(title: str, taken: set[str]) -> str:
    """A name that a workbook allows (at most 31 characters, none of []:*?/\\ and no apostrophe at its ends), and that no other sheet has."""
    plain = SHEET_MARKS.sub(" ", cell_text(title)).strip("' ")[:28] or _("名单")
    name, n = plain, 2
    while name.casefold() in taken:
        name, n = f"{plain[:26]} {n}", n + 1
    taken.add(name.casefold())
    return name


def _fill(book: xlsxwriter.Workbook, name: str, heads: Sequence[str], rows: Rows, text: Sequence[bool]) -> None:
    sheet = book.add_worksheet(name)
    head_format, text_format = book.add_format({"bold": True, "num_format": "@"}), book.add_format({"num_format": "@"})
    for place, head in enumerate(heads):
        sheet.write_string(0, place, cell_text(head), head_format)
        sheet.set_column(place, place, 18, None if not text[place] else text_format)
    for line, row in enumerate(rows, 1):
        for place, value in enumerate(row):
            if is_number(value) and not text[place]:
                sheet.write_number(line, place, value)
            else:
                sheet.write_string(line, place, fitting(cell_text(value)), text_format)
    sheet.freeze_panes(1, 0)


def fitting(text: str) -> str:
    """A text longer than a cell is cut, and says so."""
    if len(text) <= CELL:
        return text
    tail = _("…（原文 %(count)s 字，单元格放不下，未完）") % {"count": len(text)}
    return text[: CELL - len(tail)] + tail


WRITERS: dict[str, Callable[[io.BytesIO, Sequence[str], Rows, Sequence[bool]], None]] = {"xlsx": write_xlsx, "csv": write_csv}
TYPES = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "text/csv; charset=utf-8", "json": "application/json"}


def respond(kind: str, filename: str, heads: Sequence[str], rows: Rows, text: Sequence[bool]) -> HttpResponse:
    """The file as a download; never kept by a cache."""
    file = io.BytesIO()
    WRITERS[kind](file, heads, rows, text)
    return _download(file.getvalue(), kind, filename)


def respond_book(filename: str, sheets: Iterable[tuple[str, Sequence[str], Sequence[Sequence[Any]]]]) -> HttpResponse:
    """A workbook of several sheets as a download, each (title, heads, rows): numbers stay numbers, all else is text."""
    file = io.BytesIO()
    write_book(file, [(title, heads, rows, [False] * len(heads)) for title, heads, rows in sheets])
    return _download(file.getvalue(), "xlsx", filename)


def respond_json(filename: str, tree: Any) -> HttpResponse:
    """The tree as a JSON file that a person can read: indented, characters as they are."""
    return _download(json.dumps(tree, ensure_ascii=False, indent=2, cls=DjangoJSONEncoder).encode(), "json", filename)


def _download(body: bytes, kind: str, filename: str) -> HttpResponse:
    response = HttpResponse(body, content_type=TYPES[kind])
    response["Content-Disposition"] = f"attachment; filename=\"export.{kind}\"; filename*=UTF-8''{quote(f'{filename}.{kind}')}"
    response["Cache-Control"] = "no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
