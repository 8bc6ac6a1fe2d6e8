"""xls and ods, by calamine; what it does not tell of an xls comes from `formats`."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from juzhi.base.errors import Refused
from juzhi.imports.reading import formats
from juzhi.imports.reading.grid import CELL, DATE, MOST_COLUMNS, NUMBER, OTHER, TEXT, Book, Budget, Cell, Sheet
from juzhi.imports.reading.words import refusal


def read(path: str) -> Book:
    """The book at `path`. Raises Refused for one that is broken or protected."""
    try:
        book = CalamineWorkbook.from_path(path)
        budget = Budget()
        beneath = formats.shown(path)
        return Book([_sheet(book, name, budget, beneath.get(name, formats.Shown())) for name in book.sheet_names])
    except CalamineError as error:
        words = str(error).lower()
        raise Refused(refusal("protected" if "password" in words or "encrypt" in words else "broken")) from error
    except (ValueError, OSError, IndexError) as error:
        raise Refused(refusal("broken")) from error


def _sheet(book: Any, name: str, budget: Budget, told: formats.Shown) -> Sheet:
    found = book.get_sheet_by_name(name)
    sheet = Sheet(name, merges=[(a[0] + 1, a[1], b[0] + 1, b[1]) for a, b in found.merged_cell_ranges or []], hidden_rows=told.hidden_rows)
    for number, row in enumerate(found.iter_rows(), start=1):
        cells = {}
        for column, value in enumerate(row):
            budget.spend(number, column)
            cell = _cell(value) if column < MOST_COLUMNS else None
            if cell is not None:
                cells[column] = cell._replace(decimals=2) if (number, column) in told.two_decimals else cell
        if cells:
            sheet.rows[number] = cells
    return sheet


def _cell(value: Any) -> Cell | None:
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if isinstance(value, bool):
        return Cell("是" if value else "否", OTHER)
    if isinstance(value, float | int):
        return Cell(str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(value), NUMBER)
    if isinstance(value, datetime | date):
        return Cell(value.isoformat()[:10], DATE)
    if isinstance(value, time | timedelta):
        return Cell(str(value), OTHER)
    return Cell(str(value)[: CELL + 1], TEXT)
