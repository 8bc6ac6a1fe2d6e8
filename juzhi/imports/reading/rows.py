"""From a sheet to rows: below the heading, without titles, subtotals and footers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Any

from juzhi.base.importers import SKIP, Field, Importer, Row
from juzhi.imports.reading import headings
from juzhi.imports.reading.grid import MOST_RECORDS, Cell, Line, Merge, Sheet
from juzhi.imports.reading.repeats import stacked
from juzhi.imports.reading.sensitive import may_be_shown
from juzhi.imports.reading.tidying import Tidier, as_row

SUM = re.compile(r"合\s*计|总\s*计|小\s*计|共\s*计")
FOOTER = re.compile(r"(合\s*计|总\s*计|小\s*计|共\s*计|注[:：]|备注[:：]|说明[:：]|填表人|制表人|审核人|填报人|经办人|负责人[:：]|联系电话[:：]|第.{1,4}页)")
TOTAL = re.compile(r"(本页|本表|以上)?(合\s*计|总\s*计|小\s*计|共\s*计|累\s*计)[:：]?")
SUBTOTAL = re.compile(r".{0,30}(合\s*计|小\s*计)[:：]?.{0,12}")
AMOUNT = re.compile(r"[约共]?-?[0-9][0-9,.]*[\u4e00-\u9fff%％]{0,2}")
DITTO = frozenset({"同上", "〃", "″", '"', "“", "”", "''", "〞", "ditto", "同左"})


@dataclass
class SheetRead:
    """What was understood of one sheet. `unmapped` = headings nobody knew, with up to three values each."""

    sheet: str | None
    header_rows: list[int]
    columns: dict[str, str]
    unmapped: dict[str, list[str]] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)
    hidden_rows: int = 0
    hidden_columns: list[str] = field(default_factory=list)
    blocks: int = 1


def read(importer: Importer, sheet: Sheet, mapping: Mapping[str, str], take: Callable[[Row], Any]) -> tuple[SheetRead | None, bool]:
    """Hand every row below the heading to `take`. Returns what was understood, None when there is no heading, and whether the sheet holds anything."""
    lines = iter(sheet.lines)
    first = list(islice(lines, headings.WITHIN + headings.LOOKED_AT))
    heading = headings.find(first, sheet.merges, importer.fields, mapping)
    if heading is None:
        return None, bool(first)
    name = None if sheet.name is None else headings.shown(sheet.name)
    heads = [*heading.columns.items(), *heading.left_out.items()]
    told = SheetRead(
        name,
        heading.rows,
        {text: field_ for text, field_ in heading.columns.values() if field_} | dict(heading.left_out.values()),
        unmapped={text: [] for text, field_ in heading.columns.values() if not field_},
        left_out=list(dict.fromkeys(text for text, _kind in heading.left_out.values())),
        hidden_columns=list(dict.fromkeys(text for column, (text, _name) in sorted(heads) if column in sheet.hidden_columns)),
        blocks=len(heading.starts),
    )
    rows = _rows(importer, sheet, heading, told, chain(first, lines))
    for row in rows if told.blocks == 1 else stacked(list(islice(rows, MOST_RECORDS + 1))):
        take(row)
    return told, True


def _rows(importer: Importer, sheet: Sheet, heading: headings.Heading, told: SheetRead, lines: Iterator[Line]) -> Iterator[Row]:
    blocks = [_Block(importer, heading, number) for number in range(len(heading.starts))]
    unknown = [(column, text) for column, (text, name) in heading.columns.items() if not name]
    texts = [text.rpartition("/")[2] for text, _name in [*heading.columns.values(), *heading.left_out.values()]]
    heads = {*texts, *map(headings.plain, texts)}
    covered = _Covered(sheet.merges, max(2, len(heading.columns) // 2))
    last = heading.rows[-1]
    for line in lines:
        if line.number <= last:
            continue
        covered.see(line.number)
        if why := _no_record(line, heading, heads, covered):
            yield Row(sheet=told.sheet, row=line.number, action=SKIP, reason=why)
            continue
        for column, text in unknown:
            if column in line.cells:
                _keep_sample(told.unmapped[text], line.cells[column].text)
        if line.is_hidden:
            told.hidden_rows += 1
        for block in blocks:
            row = block.row(told.sheet, line, covered)
            if row is not None:
                yield row


class _Block:
    """Columns that make one table; most sheets have one such block."""

    def __init__(self, importer: Importer, heading: headings.Heading, number: int) -> None:
        fill = {one.name for one in importer.fields if one.fills_down}
        self.importer, self.number, self.tidier = importer, number, Tidier(importer.fields)
        self.names = {column: name for column, (_text, name) in heading.columns.items() if name and heading.block_of(column) == number}
        self.own = [column for column in (*heading.columns, *heading.left_out) if heading.block_of(column) == number]
        self.alone = len(heading.starts) == 1
        self.filled = [(column, name) for column, name in self.names.items() if name in fill]
        self.above: dict[str, Cell] = {}

    def row(self, sheet: str | None, line: Line, covered: _Covered) -> Row | None:
        """The row of this block in that line; None where the line has nothing in it."""
        cells = line.cells
        if not self.alone and not any(column in cells for column in self.own):
            return None
        kept = {name: cells[column] for column, name in self.names.items() if column in cells}
        for column, name in self.filled:
            _fill_down(kept, self.above, name, covered.is_below(column))
        row = as_row(sheet, line.number, self.number + 1, self.tidier.tidy(kept))
        for name, value in self.importer.defaults.items():
            if row.values.get(name) is None:
                row.values[name] = value
        if line.is_hidden:
            row.warn.insert(0, "hidden_row")
        return row


class _Covered:
    """Which merged cells reach down over the line that is looked at; lines come in order."""

    def __init__(self, merges: Sequence[Merge], wide: int) -> None:
        self.merges, self.wide, self.place, self.line = merges, wide, 0, 0
        self.across_until = 0
        self.until: dict[int, int] = {}  # column -> the last line that a merge begun above reaches
        self.begun: list[Merge] = []

    def see(self, line: int) -> None:
        """Go on to that line."""
        self.line = line
        for one in self.begun:
            self.until[one.first] = max(self.until.get(one.first, 0), one.bottom)
        self.begun = []
        while self.place < len(self.merges) and self.merges[self.place].top <= line:
            one = self.merges[self.place]
            self.place += 1
            if one.last - one.first >= self.wide:
                self.across_until = max(self.across_until, one.bottom)
            elif one.first == one.last and one.top < line:
                self.until[one.first] = max(self.until.get(one.first, 0), one.bottom)
            elif one.first == one.last:
                self.begun.append(one)

    def is_across(self) -> bool:
        """Whether a merge as wide as half the table stands here."""
        return self.line <= self.across_until

    def is_below(self, column: int) -> bool:
        """Whether the cell belongs to one merged downwards that began above."""
        return self.line <= self.until.get(column, 0)


def _keep_sample(samples: list[str], text: str) -> None:
    """Up to three different values of a column that nobody knows, none of them of what is never kept."""
    if len(samples) < 3 and text[:40] not in samples and may_be_shown(text):
        samples.append(text[:40])


def _fill_down(kept: dict[str, Cell], above: dict[str, Cell], name: str, is_merged: bool) -> None:
    cell = kept.get(name)
    says_same = cell is not None and len(cell.text) <= 20 and "".join(cell.text.split()) in DITTO
    if (says_same or (cell is None and is_merged)) and name in above:
        kept[name] = above[name]
    elif says_same:
        del kept[name]
    elif cell is not None:
        above[name] = cell
    else:
        above.pop(name, None)


def _no_record(line: Line, heading: headings.Heading, heads: set[str], covered: _Covered) -> str:
    """Why a line is no record: a subtotal, a footer, words across the sheet, a drawn line, the headings once more. "" where it is one."""
    cells = line.cells
    first = cells[min(cells)].text.strip()
    if len(cells) <= max(3, len(heading.columns) // 3):
        if FOOTER.match(first):
            return "subtotal" if SUM.match(first) else "footer"
        if covered.is_across():
            return "title"
    if TOTAL.fullmatch(first) and all(AMOUNT.fullmatch(cell.text.strip()) for column, cell in cells.items() if column != min(cells)):
        return "subtotal"
    if len(cells) == 1 and SUBTOTAL.fullmatch(first):
        return "subtotal"
    if not first.isalnum() and all(len(set(text)) == 1 and not text.isalnum() for text in (cell.text.strip() for cell in cells.values())):
        return "line"
    return "heading" if len(cells) >= 2 and _says_headings(cells, heads) else ""


def _says_headings(cells: Mapping[int, Cell], heads: set[str]) -> bool:
    """Whether two thirds of the cells are headings of the table."""
    others = len(cells) // 3
    for cell in cells.values():
        text = cell.text
        if text not in heads and (text.isalnum() or len(text) > 60 or headings.plain(text) not in heads):
            others -= 1
            if others < 0:
                return False
    return True


def fields_not_stored(fields: Sequence[Field], sheets: Sequence[SheetRead]) -> list[str]:
    """Headings that were understood and have no stated purpose: not written."""
    plain = {one.name for one in fields if not one.is_read and one.classed != "internal"}
    return list(dict.fromkeys(heading for sheet in sheets for heading, name in sheet.columns.items() if name in plain))
