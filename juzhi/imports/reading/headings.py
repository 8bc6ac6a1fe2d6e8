"""Which row is the heading, and which column is which field."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz

from juzhi.base.importers import Field
from juzhi.base.text import has_control
from juzhi.imports.reading.grid import Cell, Sheet
from juzhi.imports.reading.sensitive import kind_of_heading, kind_of_values

WITHIN = 25  # rows from the top in which a heading is looked for
NEARLY = 88  # likeness in percent from which a heading is taken for a known one
BRACKETED = re.compile(r"[（(【\[][^）)】\]]*[）)】\]]")


@dataclass
class Heading:
    """The heading of one sheet. `columns` = {column: (what is written, field name; "" = unknown)}."""

    rows: list[int]
    columns: dict[int, tuple[str, str]]
    left_out: dict[int, tuple[str, str]] = field(default_factory=dict)  # column -> (what is written, kind)


def plain(text: str) -> str:
    """A heading for comparing: without white space, stars, （必填）, units in brackets."""
    folded = unicodedata.normalize("NFKC", text)
    return re.sub(r"[\s*＊:：]+", "", BRACKETED.sub("", folded)).lower() or re.sub(r"\s+", "", folded).lower()


def known(fields: Sequence[Field]) -> dict[str, str]:
    """Every known heading -> field name."""
    return {plain(str(word)): one.name for one in fields for word in (one.label, *one.headings)}


def find(sheet: Sheet, fields: Sequence[Field], mapping: Mapping[str, str]) -> Heading | None:
    """The row with the most known headings, at least two of them; with the row beneath where it has two levels. None if there is none."""
    words = known(fields)
    own = {plain(heading): name for heading, name in mapping.items()}
    numbers = [number for number in sorted(sheet.rows)[:WITHIN]]
    scored = [(_score(sheet, number, words, own), -number) for number in numbers]
    best, place = max(scored, default=(0, 0))
    if best < 2:
        return None
    rows, texts = _levels(sheet, -place)
    columns: dict[int, tuple[str, str]] = {}
    left_out: dict[int, tuple[str, str]] = {}
    taken: set[str] = set()
    for column, text in sorted(texts.items()):
        if kind := kind_of_heading(plain(text)):
            left_out[column] = (text, kind)
            continue
        name = _field_of(text, words, own)
        if name in taken:
            name = ""
        taken.add(name)
        columns[column] = (text, name)
    heading = Heading(rows, columns, left_out)
    _look_inside(sheet, heading, words)
    return heading


def _score(sheet: Sheet, number: int, words: Mapping[str, str], own: Mapping[str, str]) -> int:
    texts = [plain(cell.text) for cell in sheet.rows[number].values() if len(cell.text) <= 60]
    return len({text for text in texts if text in words or text in own or kind_of_heading(text)})


def _levels(sheet: Sheet, row: int) -> tuple[list[int], dict[int, str]]:
    """The heading's rows, and the text of each column: group/part where a group spans several columns."""
    texts = {column: _one_line(cell) for column, cell in sheet.rows[row].items()}
    groups = {column: texts[first] for top, first, bottom, last in sheet.merges if top == row == bottom and last > first and first in texts for column in range(first, last + 1)}
    down = any(top == row and bottom == row + 1 for top, _first, bottom, _last in sheet.merges)
    beneath = sheet.rows.get(row + 1, {})
    if not groups or not (down or beneath) or not any(column in beneath for column in groups):
        return [row], texts
    found = {column: text for column, text in texts.items() if column not in groups}
    for column, group in groups.items():
        part = _one_line(beneath[column]) if column in beneath else ""
        found[column] = f"{group}/{part}" if part and part != group else group
    for column, cell in beneath.items():
        if column not in found:
            found[column] = _one_line(cell)
    return [row, row + 1], found


def _one_line(cell: Cell) -> str:
    text = shown(cell.text)
    return " ".join(text.split()) if any(ord(one) < 128 and one.isalpha() for one in text) else re.sub(r"[\r\n\t]+", "", text).strip()


def shown(text: str) -> str:
    """What of a heading, or of the name of a sheet, may be kept and shown: no control characters, at most eighty."""
    return "".join(one for one in text[:200] if one in "\r\n\t" or not has_control(one))[:80]


def _field_of(text: str, words: Mapping[str, str], own: Mapping[str, str]) -> str:
    """The field a heading means: as settled before, as known, nearly as known. A part says more than its group."""
    whole, part = plain(text), plain(text.rpartition("/")[2])
    for one in (whole, part):
        if one in own:
            return own[one]
    for one in (whole, part):
        if one in words:
            return words[one]
    best = max(((fuzz.ratio(part, word), name) for word, name in words.items()), default=(0, ""))
    return best[1] if best[0] >= NEARLY else ""


def _look_inside(sheet: Sheet, heading: Heading, words: Mapping[str, str]) -> None:
    """Move columns that nobody knows, or that only this organisation knows, and whose cells speak of what is never stored, to those left out."""
    unknown = [column for column, (text, name) in heading.columns.items() if not name or name not in (words.get(plain(text)), words.get(plain(text.rpartition("/")[2])))]
    if not unknown:
        return
    below = [cells for number, cells in sorted(sheet.rows.items()) if number > heading.rows[-1]][:500]
    for column in unknown:
        kind = kind_of_values(cells[column].text for cells in below if column in cells)
        if kind:
            heading.left_out[column] = (heading.columns.pop(column)[0], kind)
