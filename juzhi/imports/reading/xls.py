"""Old workbooks (xls), by calamine; what it does not tell, two decimals, hidden rows and columns, comes from `formats`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from juzhi.base.errors import Refused
from juzhi.imports.reading import compound, formats
from juzhi.imports.reading.grid import CELL, DATE, MOST_COLUMNS, MOST_MERGES, NUMBER, OTHER, TEXT, Book, Budget, Cell, Line, Merge, Sheet, written
from juzhi.imports.reading.words import refusal

PANIC = "pyo3_runtime"  # a fault inside calamine comes as no Exception


def read(path: str) -> Book:
    """The book at `path`. Refuses, when its sheets are asked for, one that is broken or protected."""
    return Book(_sheets(path))


def _sheets(path: str) -> Iterator[Sheet]:
    budget = Budget()
    compound.check(path)
    try:
        book = CalamineWorkbook.from_path(path)
        beneath = formats.shown(path)
        for told in book.sheets_metadata:
            if told.typ != SheetTypeEnum.WorkSheet:
                continue
            sheet = Sheet(told.name, is_hidden=told.visible != SheetVisibleEnum.Visible)
            if not sheet.is_hidden:
                found = book.get_sheet_by_name(told.name)
                sheet.merges = sorted({Merge(a[0] + 1, a[1], b[0] + 1, b[1]) for a, b in (found.merged_cell_ranges or [])[:MOST_MERGES]})
                shown = beneath.get(told.name, formats.Shown())
                sheet.hidden_columns = shown.hidden_columns
                sheet.lines = _lines(found, budget, shown)
            yield sheet
    except CalamineError as error:
        words = str(error).lower()
        raise Refused(refusal("protected" if "password" in words or "encrypt" in words else "broken")) from error
    except (ValueError, OSError, IndexError, OverflowError) as error:
        raise Refused(refusal("broken")) from error
    except BaseException as error:
        if type(error).__module__ != PANIC:
            raise
        raise Refused(refusal("broken")) from error


def _lines(found: Any, budget: Budget, shown: formats.Shown) -> Iterator[Line]:
    left = found.start[1] if found.start else 0  # rows come from the first, columns from the first that holds anything
    for number, row in enumerate(found.iter_rows(), start=1):
        budget.spend(number, len(row))
        budget.see_row(number)
        cells = {}
        for column, value in enumerate(row[:MOST_COLUMNS], start=left):
            cell = _cell(value)
            if cell is not None:
                cells[column] = cell._replace(decimals=2) if (number, column) in shown.two_decimals else cell
        if cells:
            yield Line(number, cells, is_hidden=number in shown.hidden_rows)


def _cell(value: Any) -> Cell | None:
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if isinstance(value, bool):
        return Cell("是" if value else "否", OTHER)
    if isinstance(value, float | int):
        return Cell(written(float(value), repr(value)), NUMBER)
    if isinstance(value, datetime | date):
        return Cell(value.isoformat()[:10], DATE)
    if isinstance(value, time | timedelta):
        return Cell(str(value), OTHER)
    return Cell(str(value)[: CELL + 1], TEXT)
