"""The cells of one sheet of a workbook, line by line as they are parsed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import IO

from juzhi.base.errors import Refused
from juzhi.imports.reading.grid import CELL, DATE, MOST_COLUMNS, NUMBER, OTHER, TEXT, Budget, Cell, Line, Sheet, written
from juzhi.imports.reading.markup import DEEPEST, walk
from juzhi.imports.reading.strings import Strings, unescaped
from juzhi.imports.reading.words import refusal

Style = tuple[str, int | None]  # kind, decimals
PLAIN: Style = (NUMBER, None)
DIGITS = "0123456789"


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
    for _piece in walk(file, *_handlers(done, shared, sheet, budget)):
        if done:
            yield from done
            done.clear()


def _handlers(done: list[Line], shared: Shared, sheet: Sheet, budget: Budget) -> tuple[Callable[..., None], Callable[..., None], Callable[..., None]]:
    """What the parser calls: at the start of an element, at its end, and for text. Plain local names, because they run a million times."""
    columns, make = _Columns(), _maker(shared)
    cells: dict[int, Cell] = {}
    parts: list[str] = []
    number = seen = depth = size = phonetic = 0
    place, kind, style, is_hidden, is_text = -1, "n", "", False, False

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal cells, number, seen, depth, size, phonetic, place, kind, style, is_hidden, is_text
        depth += 1
        if tag == "v":
            is_text = kind != "inlineStr"
        elif tag == "t":
            is_text = kind == "inlineStr" and not phonetic
        elif tag == "c":
            found = columns[attributes["r"].rstrip(DIGITS)] if "r" in attributes else -1
            place = found if found >= 0 else place + 1
            kind = attributes.get("t", "n")
            style = attributes.get("s", "")
            seen += 1
            size = 0
            parts.clear()
        elif tag == "row":
            cells, seen, place = {}, 0, -1
            number = integer(attributes.get("r")) or number + 1
            is_hidden = attributes.get("hidden") in ("1", "true")
        elif tag == "rPh":
            phonetic = depth
        elif tag == "col":
            if attributes.get("hidden") in ("1", "true"):
                sheet.hidden_columns.update(range(max(integer(attributes.get("min")), 1) - 1, min(integer(attributes.get("max")), MOST_COLUMNS)))
        elif ":" in tag:
            depth -= 1
            start(tag.rpartition(":")[2], attributes)
        if depth > DEEPEST:
            raise Refused(refusal("broken"))

    def end(tag: str) -> None:
        nonlocal depth, phonetic, is_text
        if tag == "v" or tag == "t":
            is_text = False
        elif tag == "c":
            if parts and place < MOST_COLUMNS:
                cell = make(kind, style, parts[0] if len(parts) == 1 else "".join(parts))
                if cell is not None:
                    cells[place] = cell
        elif tag == "row":
            budget.spend(number, seen)
            budget.see_row(number)
            if cells:
                done.append(Line(number, cells, is_hidden))
        elif tag == "rPh":
            phonetic = 0
        elif ":" in tag:
            end(tag.rpartition(":")[2])
            return
        depth -= 1

    def text(piece: str) -> None:
        nonlocal size
        if is_text and size <= CELL:
            size += len(piece)
            parts.append(piece)

    return start, end, text


def _maker(shared: Shared) -> Callable[[str, str, str], Cell | None]:
    """How a cell is made of its kind, its format and what is written in it."""
    strings, count = shared.strings, len(shared.strings)
    styles = {str(place): style for place, style in enumerate(shared.styles)} | {"": shared.styles[0] if shared.styles else PLAIN}
    day_0 = date(1904, 1, 1) if shared.since_1904 else date(1899, 12, 30)

    def make(kind: str, style: str, text: str) -> Cell | None:
        if kind == "s":
            place = int(text) if len(text) < 10 and text.isdecimal() else count
            found = strings[place] if place < count else ""
        elif kind == "inlineStr" or kind == "str":
            found = unescaped(text)
        else:
            found = text.strip()
            if not found:
                return None
            if kind == "b":
                return Cell("是" if found == "1" else "否", OTHER)
            if kind == "e":
                return Cell(found[:20], OTHER)
            if kind == "d":
                return Cell(found[:10], DATE)
            return _number(found, styles.get(style, PLAIN), day_0)
        return Cell(found) if found and not found.isspace() else None

    return make


def _number(value: str, style: Style, day_0: date) -> Cell:
    kind, decimals = style
    try:
        amount = float(value)
    except ValueError:
        return Cell(value[: CELL + 1], TEXT)
    if kind == DATE and 1 <= amount < 73_416:
        return Cell((day_0 + timedelta(days=int(amount))).isoformat(), DATE)
    return Cell(written(amount, value), NUMBER, decimals)
