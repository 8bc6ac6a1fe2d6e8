"""Text files: which encoding, which separator, and the line each record begins on."""

from __future__ import annotations

import csv
import io
from collections import Counter

from juzhi.base.errors import Refused
from juzhi.imports.reading.grid import CELL, MOST_COLUMNS, Book, Budget, Cell, Sheet
from juzhi.imports.reading.words import refusal

SEPARATORS = ",\t;|"
BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def read(path: str) -> Book:
    """The one sheet of a text file. Raises Refused for text in no known encoding, and for what is no text."""
    with open(path, "rb") as file:
        data = file.read()
    encoding, text = _decoded(data)
    if "\x00" in text:
        raise Refused(refusal("null_characters"))
    separator = _separator(text[:100_000].replace("\r", "\n").split("\n")[:40])
    return Book([_sheet(text, separator)], encoding, separator)


def _decoded(data: bytes) -> tuple[str, str]:
    for mark, encoding in BOMS:
        if data.startswith(mark):
            try:
                return encoding.removesuffix("-sig"), data.decode(encoding)
            except UnicodeDecodeError as error:
                raise Refused(refusal("unreadable_characters")) from error
    for encoding in ("utf-8", "gb18030"):
        try:
            return encoding, data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused(refusal("unknown_encoding"))


def _separator(lines: list[str]) -> str:
    """The sign that stands the same number of times in most lines."""
    best, most = ",", 0
    for sign in SEPARATORS:
        counts = Counter(line.count(sign) for line in lines if line.strip())
        counts.pop(0, None)
        if counts and max(counts.values()) * 2 + max(counts) > most:
            best, most = sign, max(counts.values()) * 2 + max(counts)
    return best


def _sheet(text: str, separator: str) -> Sheet:
    sheet, budget = Sheet(None), Budget()
    csv.field_size_limit(CELL * 4)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    begins = 1
    try:
        for record in reader:
            cells = {}
            for column, value in enumerate(record):
                budget.spend(begins, column)
                if column < MOST_COLUMNS and value.strip():
                    cells[column] = Cell(value[:CELL])
            if cells:
                sheet.rows[begins] = cells
            begins = reader.line_num + 1
    except csv.Error as error:
        raise Refused(refusal("unreadable_line", line=begins)) from error
    return sheet
