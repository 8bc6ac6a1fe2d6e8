"""A streaming reader of OpenDocument tables: repeated and hidden rows and columns, merged cells, dates."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import IO, NamedTuple

from juzhi.base.errors import Refused
from juzhi.imports.reading.grid import CELL, DATE, MOST_COLUMNS, MOST_MERGES, MOST_ROWS, NUMBER, OTHER, TEXT, Book, Budget, Cell, Line, Merge, Sheet, written
from juzhi.imports.reading.markup import DEEPEST, elements, walk
from juzhi.imports.reading.package import Package, faults_told, opened
from juzhi.imports.reading.words import refusal

DECIMALS = re.compile(r"[0-9]+\.([0-9]+)")
ASIDE = frozenset({"office:annotation", "draw:frame", "draw:custom-shape", "draw:g", "table:shapes", "table:tracked-changes"})  # their words belong to no cell
HIDDEN = ("collapse", "filter")


def read(path: str) -> Book:
    """The book at `path`. Refuses, when its sheets are asked for, one that is broken, a bomb, protected or too large."""
    return Book(_sheets(path))


def _sheets(path: str) -> Iterator[Sheet]:
    with opened(path) as package:
        if _is_protected(package):
            raise Refused(refusal("protected"))
        with package.open("content.xml") as file:
            yield from _told(file)


def _is_protected(package: Package) -> bool:
    if "META-INF/manifest.xml" not in package:
        return False
    with package.open("META-INF/manifest.xml") as file:
        return any(tag == "encryption-data" for tag, _attributes in elements(file))


def _told(file: IO[bytes]) -> Iterator[Sheet]:
    """Sheets as they come; the lines of one must be read, or are read over, before the next."""
    reader = _Reader()
    pieces = walk(file, reader.start, reader.end, reader.text)

    def lines(sheet: Sheet) -> Iterator[Line]:
        with faults_told():
            while True:
                while reader.events and isinstance(reader.events[0], Rows):
                    yield from _repeated(reader.events.popleft())
                if reader.events or next(pieces, False) is False:
                    return

    ended = False
    while not ended:
        while reader.events:
            event = reader.events.popleft()
            if isinstance(event, Sheet):
                event.lines = lines(event)
                yield event
        ended = next(pieces, False) is False


class Rows(NamedTuple):
    """A row that holds anything, and how often it stands there."""

    first: int
    times: int
    cells: dict[int, Cell]
    is_hidden: bool


def _repeated(rows: Sheet | Rows) -> Iterator[Line]:
    if isinstance(rows, Rows):
        for number in range(rows.first, rows.first + rows.times):
            yield Line(number, rows.cells, rows.is_hidden)


@dataclass
class _Open:
    """The cell that is being read."""

    attributes: dict[str, str]
    paragraphs: list[str] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    size: int = 0


class _Reader:
    """What the parser calls. `events` = sheets and lines, in their order in the file."""

    def __init__(self) -> None:
        self.events: deque[Sheet | Rows] = deque()
        self.budget = Budget()
        self.hidden_styles: set[str] = set()
        self.style = ""
        self.sheet: Sheet | None = None
        self.depth = self.aside = self.tables = self.row = self.column = self.place = 0
        self.times, self.is_hidden = 1, False
        self.cells: dict[int, Cell] = {}
        self.cell: _Open | None = None
        self.is_text = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise Refused(refusal("broken"))
        if self.aside:
            return
        if tag in ASIDE:
            self.aside = self.depth
        elif tag in STARTS:
            STARTS[tag](self, attributes)

    def end(self, tag: str) -> None:
        if self.aside:
            if self.aside == self.depth:
                self.aside = 0
        elif tag in ENDS:
            ENDS[tag](self)
        self.depth -= 1

    def text(self, piece: str) -> None:
        if self.is_text and self.cell is not None and not self.aside and self.cell.size <= CELL:
            self.cell.size += len(piece)
            self.cell.parts.append(piece)

    def style_starts(self, attributes: dict[str, str]) -> None:
        self.style = attributes.get("style:name", "")

    def table_properties(self, attributes: dict[str, str]) -> None:
        if attributes.get("table:display") == "false":
            self.hidden_styles.add(self.style)

    def table_starts(self, attributes: dict[str, str]) -> None:
        self.tables += 1
        if self.tables > 1:
            return
        self.row = self.place = 0
        self.sheet = Sheet(attributes.get("table:name", ""), is_hidden=attributes.get("table:style-name") in self.hidden_styles)
        self.events.append(self.sheet)

    def table_ends(self) -> None:
        self.tables -= 1

    def column_starts(self, attributes: dict[str, str]) -> None:
        times = _times(attributes.get("table:number-columns-repeated"))
        if self.sheet is not None and self.tables == 1 and attributes.get("table:visibility") in HIDDEN:
            self.sheet.hidden_columns.update(range(self.place, min(self.place + times, MOST_COLUMNS)))
        self.place += times

    def row_starts(self, attributes: dict[str, str]) -> None:
        if self.tables != 1:
            return
        self.cells, self.column = {}, 0
        self.times = _times(attributes.get("table:number-rows-repeated"))
        self.is_hidden = attributes.get("table:visibility") in HIDDEN

    def row_ends(self) -> None:
        if self.tables != 1 or self.sheet is None:
            return
        if self.cells:
            self.budget.see_row(self.row + self.times, self.times)
            self.budget.spend(self.row + 1, len(self.cells) * self.times)
            self.events.append(Rows(self.row + 1, self.times, self.cells, self.is_hidden))
        else:
            self.budget.see_row(1)
        self.row = min(self.row + self.times, MOST_ROWS)

    def cell_starts(self, attributes: dict[str, str]) -> None:
        if self.tables == 1:
            self.cell = _Open(attributes)

    def cell_ends(self) -> None:
        if self.tables != 1 or self.cell is None:
            return
        attributes, times = self.cell.attributes, _times(self.cell.attributes.get("table:number-columns-repeated"))
        found = _cell(self.cell) if self.column < MOST_COLUMNS else None
        if found is not None:
            for column in range(self.column, min(self.column + times, MOST_COLUMNS)):
                self.cells[column] = found
        down, right = _times(attributes.get("table:number-rows-spanned")), _times(attributes.get("table:number-columns-spanned"))
        if (down > 1 or right > 1) and self.sheet is not None and len(self.sheet.merges) < MOST_MERGES:
            self.sheet.merges.append(Merge(self.row + 1, self.column, self.row + down, self.column + right - 1))
        self.column = min(self.column + times, MOST_COLUMNS)
        self.cell, self.is_text = None, False

    def paragraph_starts(self, _attributes: dict[str, str]) -> None:
        self.is_text = self.cell is not None

    def paragraph_ends(self) -> None:
        if self.cell is not None:
            self.cell.paragraphs.append("".join(self.cell.parts))
            self.cell.parts.clear()
        self.is_text = False

    def spaces(self, attributes: dict[str, str]) -> None:
        self.text(" " * min(_times(attributes.get("text:c")), CELL))

    def tab(self, _attributes: dict[str, str]) -> None:
        self.text("\t")

    def line_break(self, _attributes: dict[str, str]) -> None:
        self.text("\n")


STARTS: dict[str, Callable[[_Reader, dict[str, str]], None]] = {
    "style:style": _Reader.style_starts,
    "style:table-properties": _Reader.table_properties,
    "table:table": _Reader.table_starts,
    "table:table-column": _Reader.column_starts,
    "table:table-row": _Reader.row_starts,
    "table:table-cell": _Reader.cell_starts,
    "table:covered-table-cell": _Reader.cell_starts,
    "text:p": _Reader.paragraph_starts,
    "text:s": _Reader.spaces,
    "text:tab": _Reader.tab,
    "text:line-break": _Reader.line_break,
}
ENDS: dict[str, Callable[[_Reader], None]] = {
    "table:table": _Reader.table_ends,
    "table:table-row": _Reader.row_ends,
    "table:table-cell": _Reader.cell_ends,
    "table:covered-table-cell": _Reader.cell_ends,
    "text:p": _Reader.paragraph_ends,
}


def _times(text: str | None) -> int:
    """How often something is repeated; at least once, at most as often as a sheet has rows."""
    return max(1, min(int(text), MOST_ROWS)) if text and len(text) < 20 and text.isascii() and text.isdigit() else 1


def _cell(found: _Open) -> Cell | None:
    kind = found.attributes.get("office:value-type") or found.attributes.get("calcext:value-type", "")
    shown = "\n".join(found.paragraphs)[: CELL + 1]
    value = found.attributes.get("office:value", "")
    if kind == "date" and (day := found.attributes.get("office:date-value", "")[:10]):
        return Cell(day, DATE)
    if kind == "boolean":
        return Cell("是" if found.attributes.get("office:boolean-value") == "true" else "否", OTHER)
    if kind in ("float", "currency", "percentage") and 0 < len(value) <= 40:
        return _number(value, shown)
    text = shown or found.attributes.get("office:string-value", "")[: CELL + 1]
    if not text or text.isspace():
        return None
    return Cell(text, TEXT if kind in ("string", "") else OTHER)


def _number(value: str, shown: str) -> Cell:
    try:
        amount = float(value)
    except ValueError:
        return Cell(value, TEXT)
    digits = DECIMALS.fullmatch(shown.strip())
    return Cell(written(amount, value), NUMBER, len(digits.group(1)) if digits else None)
