"""The cells of one sheet of a workbook, line by line as they are parsed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import IO

from juzhi.base.errors import Refused
from juzhi.imports.reading.grid import CELL, DATE, MOST_COLUMNS, NUMBER, OTHER, TEXT, Budget, Cell, Line, Sheet, written
from juzhi.imports.reading.markup import DEEPEST
from juzhi.imports.reading.strings import Strings, unescaped
from juzhi.imports.reading.usual import PLAIN as TEXT_ALONE
from juzhi.imports.reading.usual import items
from juzhi.imports.reading.words import refusal

Style = tuple[str, int | None]  # kind, decimals
PLAIN: Style = (NUMBER, None)
DIGITS = "0123456789"
KNOWN = 20_000  # texts that are looked for again
Maker = Callable[[str, str, str], Cell | None]
USUAL_ROW = re.compile(r"""\s*<row r="([0-9]{1,7})"((?: [A-Za-z0-9:]+="[^"<&]*")*)(/?)>""")
HIDDEN = re.compile(' hidden="(?:1|true)"')
USUAL_CELL = re.compile(
    """<c r="([A-Z]{1,3})[0-9]{1,7}"(?: s="([0-9]{1,9})")?(?: t="([A-Za-z]{1,9})")?"""
    f"""(?:/>|>(?:<v>({TEXT_ALONE})</v>|<is><t(?: xml:space="preserve")?>({TEXT_ALONE})</t></is>)?</c>)"""
)


@dataclass(frozen=True)
class Shared:
    """What the sheets of a workbook have in common."""

    strings: Strings
    styles: Sequence[Style]
    since_1904: bool


def integer(text: str | None) -> int:
    """A whole number of an attribute, 0 for what is none."""
    return int(text) if text and len(text) < 10 and text.isascii() and text.strip().isdigit() else 0


def column(letters: str) -> int:
    """A → 0, XFD → 16383."""
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - 64
    return place - 1


class _Columns(dict[str, int]):
    """Letters → column, each reckoned once; -1 for what are none."""

    def __missing__(self, letters: str) -> int:
        found = column(letters) if 0 < len(letters) <= 3 and letters.isascii() and letters.isalpha() and letters.isupper() else -1
        if len(self) < 20_000:
            self[letters] = found
        return found


def lines(file: IO[bytes], shared: Shared, sheet: Sheet, budget: Budget) -> Iterator[Line]:
    """Every line of the sheet that holds anything; its hidden columns are noted in `sheet`."""
    done: list[Line] = []
    make = _maker(shared)
    parsed = _Parsed(done, make, sheet, budget)
    usual = _Usual(parsed)
    for some in items(file, "worksheet", "sheetData", "</row>", usual.understood, (parsed.start, parsed.end, parsed.text), done):
        yield from some


class _Usual:
    """Rows as they are usually written."""

    def __init__(self, parsed: _Parsed) -> None:
        self.parsed, self.columns = parsed, parsed.columns

    def understood(self, block: str) -> list[Line] | None:
        """The lines in a text of whole rows, None where anything in it is written otherwise."""
        found: list[Line] = []
        counted: list[tuple[int, int]] = []
        place = 0
        while place < len(block):
            row = USUAL_ROW.match(block, place)
            number = integer(row.group(1)) if row else 0
            if row is None or not number:
                return None
            place, end = row.end(), row.end()
            cells: dict[int, Cell] = {}
            seen = 0
            if not row.group(3):
                end = block.find("</row>", place)
                for one in USUAL_CELL.finditer(block, place, end):
                    if one.start() != place:
                        return None
                    place = one.end()
                    seen += 1
                    letters, style, kind, value, inline = one.groups()
                    text = inline if kind == "inlineStr" else value
                    column = self.columns[letters]
                    if text and column < MOST_COLUMNS:
                        cell = self.parsed.make(kind or "n", style or "", text)
                        if cell is not None:
                            cells[column] = cell
                if place != end:
                    return None
                place = end + 6
            counted.append((number, seen))
            if cells:
                found.append(Line(number, cells, HIDDEN.search(row.group(2)) is not None))
        for number, seen in counted:
            self.parsed.budget.spend(number, seen)
            self.parsed.budget.see_row(number)
            self.parsed.number = number
        return found


class _Parsed:
    """What the parser calls: at the start of an element, at its end, and for text."""

    def __init__(self, done: list[Line], make: Maker, sheet: Sheet, budget: Budget) -> None:
        self.done, self.make, self.sheet, self.budget, self.columns = done, make, sheet, budget, _Columns()
        self.cells: dict[int, Cell] = {}
        self.parts: list[str] = []
        self.number = self.seen = self.depth = self.size = self.phonetic = 0
        self.place, self.kind, self.style, self.is_hidden, self.is_text = -1, "n", "", False, False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise Refused(refusal("broken"))
        name = tag.rpartition(":")[2]
        if name == "v":
            self.is_text = self.kind != "inlineStr"
        elif name == "t":
            self.is_text = self.kind == "inlineStr" and not self.phonetic
        elif name == "c":
            found = self.columns[attributes["r"].rstrip(DIGITS)] if "r" in attributes else -1
            self.place = found if found >= 0 else self.place + 1
            self.kind, self.style = attributes.get("t", "n"), attributes.get("s", "")
            self.seen += 1
            self.size = 0
            self.parts.clear()
        elif name == "row":
            self.cells, self.seen, self.place = {}, 0, -1
            self.number = integer(attributes.get("r")) or self.number + 1
            self.is_hidden = attributes.get("hidden") in ("1", "true")
        elif name == "rPh":
            self.phonetic = self.depth
        elif name == "col" and attributes.get("hidden") in ("1", "true"):
            self.sheet.hidden_columns.update(range(max(integer(attributes.get("min")), 1) - 1, min(integer(attributes.get("max")), MOST_COLUMNS)))

    def end(self, tag: str) -> None:
        self.depth -= 1
        name = tag.rpartition(":")[2]
        if name == "v" or name == "t":
            self.is_text = False
        elif name == "c":
            cell = self.make(self.kind, self.style, "".join(self.parts)) if self.parts and self.place < MOST_COLUMNS else None
            if cell is not None:
                self.cells[self.place] = cell
        elif name == "row":
            self.budget.spend(self.number, self.seen)
            self.budget.see_row(self.number)
            if self.cells:
                self.done.append(Line(self.number, self.cells, self.is_hidden))
        elif name == "rPh":
            self.phonetic = 0

    def text(self, piece: str) -> None:
        if self.is_text and self.size <= CELL:
            self.size += len(piece)
            self.parts.append(piece)


def _maker(shared: Shared) -> Maker:
    """How a cell is made of its kind, its format and what is written in it."""
    strings, count = shared.strings, len(shared.strings)
    styles = {str(place): style for place, style in enumerate(shared.styles)} | {"": shared.styles[0] if shared.styles else PLAIN}
    known: dict[str, Cell] = {}
    day_0 = date(1904, 1, 1) if shared.since_1904 else date(1899, 12, 30)

    def make(kind: str, style: str, text: str) -> Cell | None:
        if kind == "s":
            again = known.get(text)
            if again is not None:
                return again
            place = int(text) if len(text) < 10 and text.isdecimal() else count
            found = strings[place] if place < count else ""
            cell = Cell(found) if found and not found.isspace() else None
            if cell is not None and len(known) < KNOWN:
                known[text] = cell
            return cell
        if kind == "inlineStr" or kind == "str":
            found = unescaped(text)
            return Cell(found) if found and not found.isspace() else None
        found = text.strip()
        if not found or kind == "n":
            return _number(found, styles.get(style, PLAIN), day_0) if found else None
        return _other(kind, found) or _number(found, styles.get(style, PLAIN), day_0)

    return make


def _other(kind: str, text: str) -> Cell | None:
    """A truth, an error or a written date."""
    if kind == "b":
        return Cell("是" if text == "1" else "否", OTHER)
    if kind == "e":
        return Cell(text[:20], OTHER)
    return Cell(text[:10], DATE) if kind == "d" else None


def _number(value: str, style: Style, day_0: date) -> Cell:
    kind, decimals = style
    try:
        amount = float(value)
    except ValueError:
        return Cell(value[: CELL + 1], TEXT)
    if kind == DATE and 1 <= amount < 73_416:
        return Cell((day_0 + timedelta(days=int(amount))).isoformat(), DATE)
    return Cell(written(amount, value), NUMBER, decimals)
