"""Office files made for a test."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter


def workbook(rows: Sequence[Sequence[Any]], sheet: str = "名单") -> bytes:
    """An xlsx file of these rows."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        page = book.add_worksheet(sheet)
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                if value not in (None, ""):
                    page.write(number, column, value)
    return file.getvalue()
