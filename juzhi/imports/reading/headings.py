"""Which row is the heading, which column is which field, and where several blocks of columns stand side by side."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from juzhi.base.importers import Field
from juzhi.base.text import has_control
from juzhi.imports.reading.grid import Cell, Line, Merge
from juzhi.imports.reading.sensitive import kind_of_heading, kind_of_values

WITHIN = 25  # rows from the top in which a heading is looked for
LOOKED_AT = 500  # rows below it that tell what an unknown column holds
NEARLY = 88  # likeness in percent from which a heading is taken for a known one
MOST_BLOCKS = 12
BRACKETED = re.compile(r"[（(【\[][^）)】\]]*[）)】\]]")


@dataclass
class Heading:
    """The heading of one sheet. `columns` = {column: (what is written, field name; "" = unknown)}; `starts` = the first column of each block."""

    rows: list[int]
    columns: dict[int, tuple[str, str]]
    left_out: dict[int, tuple[str, str]] = field(default_factory=dict)  # column -> (what is written, kind)
    starts: list[int] = field(default_factory=lambda: [0])

    def block_of(self, column: int) -> int:
        """The number of the block that a column stands in, from 0."""
        return max(number for number, start in enumerate(self.starts) if start <= column or not number)


@lru_cache(maxsize=8192)
def plain(text: str) -> str:
    """A heading for comparing: without white space, stars, （必填）, units in brackets."""
    folded = unicodedata.normalize("NFKC", text)
    return re.sub(r"[\s*＊:：]+", "", BRACKETED.sub("", folded)).lower() or re.sub(r"\s+", "", folded).lower()


def known(fields: Sequence[Field]) -> dict[str, str]:
    """Every known heading -> field name."""
    return {plain(str(word)): one.name for one in fields for word in (one.label, *one.headings)}


def find(lines: Sequence[Line], merges: Sequence[Merge], fields: Sequence[Field], mapping: Mapping[str, str]) -> Heading | None:
    """The row with the most known headings, at least two of them; with the row beneath where it has two levels. None if there is none."""
    words = known(fields)
    own = {plain(heading): name for heading, name in mapping.items()}
    scored = [(_score(line, words, own), -place) for place, line in enumerate(lines[:WITHIN])]
    best, place = max(scored, default=(0, 0))
    if best < 2:
        return None
    rows, texts = _levels(lines, -place, merges, words)
    heading = Heading(rows, {}, starts=_starts(texts, words, own))
    taken: set[tuple[int, str]] = set()
    for column, text in sorted(texts.items()):
        if kind := kind_of_heading(plain(text)):
            heading.left_out[column] = (text, kind)
            continue
        name = _field_of(text, words, own)
        if (heading.block_of(column), name) in taken:
            name = ""
        taken.add((heading.block_of(column), name))
        heading.columns[column] = (text, name)
    _look_inside(lines, heading, words)
    return heading


def _score(line: Line, words: Mapping[str, str], own: Mapping[str, str]) -> int:
    texts = [plain(cell.text) for cell in line.cells.values() if len(cell.text) <= 60]
    return len({text for text in texts if text in words or text in own or kind_of_heading(text)})


def _is_part(texts: Mapping[int, str], beneath: Mapping[int, Cell], words: Mapping[str, str]) -> bool:
    """Whether the row beneath holds headings, some of them where the row itself is empty, and no more than the table is wide."""
    heads = [plain(cell.text) for cell in beneath.values() if len(cell.text) <= 20]
    return len(heads) == len(beneath) < len(texts) * 2 and sum(1 for head in heads if head in words or kind_of_heading(head)) * 2 > len(heads) and any(column not in texts for column in beneath)


def _levels(lines: Sequence[Line], place: int, merges: Sequence[Merge], words: Mapping[str, str]) -> tuple[list[int], dict[int, str]]:
    """The heading's rows, and the text of each column: group/part where a group spans several columns."""
    row, cells = lines[place].number, lines[place].cells
    texts = {column: _one_line(cell) for column, cell in cells.items()}
    here = [one for one in merges if one.top == row]
    groups = {column: texts[one.first] for one in here if one.bottom == row and one.last > one.first and one.first in texts for column in range(one.first, one.last + 1)}
    down = any(one.bottom == row + 1 for one in here)
    beneath = lines[place + 1].cells if place + 1 < len(lines) and lines[place + 1].number == row + 1 else {}
    if not merges and _is_part(texts, beneath, words):  # text files have no merges: a group reaches as far as what stands beneath it
        for column in sorted({*texts, *beneath}):
            if column in beneath and (column in texts or column - 1 in groups):
                groups[column] = texts.get(column) or groups[column - 1]
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


def _starts(texts: Mapping[int, str], words: Mapping[str, str], own: Mapping[str, str]) -> list[int]:
    """The first column of each block: where the heading that began the table stands again, and what follows it stands again too."""
    columns = sorted(texts)
    heads = [plain(texts[column]) for column in columns]
    first = next((place for place, head in enumerate(heads) if head in words or head in own), None)
    if first is None:
        return [0]
    again = [place for place, head in enumerate(heads) if head == heads[first]][:MOST_BLOCKS]
    pattern = heads[first : again[1]] if len(again) > 1 else []
    if sum(1 for head in pattern if words.get(head) or own.get(head)) < 2:
        return [0]
    starts = [columns[place] for place in again if heads[place : place + 2] == pattern[:2]]
    return [0, *starts[1:]]


def _one_line(cell: Cell) -> str:
    text = shown(cell.text)
    return " ".join(text.split()) if any(ord(one) < 128 and one.isalpha() for one in text) else re.sub(r"[\r\n\t]+", "", text).strip()


def shown(text: str) -> str:
    """What of a heading, or of the name of a sheet, may be kept and shown: no control characters, at most eighty."""
    return "".join(one for one in text[:200] if one in "\r\n\t" or not has_control(one))[:80]


def _field_of(text: str, words: Mapping[str, str], own: Mapping[str, str]) -> str:
    """The field a heading means: as settled before, as known, nearly as known. A part says more than its group."""
    from rapidfuzz import fuzz  # here: only who reads a file needs it, and it takes megabytes

    whole, part = plain(text), plain(text.rpartition("/")[2])
    for one in (whole, part):
        if one in own:
            return own[one]
    for one in (whole, part):
        if one in words:
            return words[one]
    best = max(((fuzz.ratio(part, word), name) for word, name in words.items()), default=(0, ""))
    return best[1] if best[0] >= NEARLY else ""


def _look_inside(lines: Sequence[Line], heading: Heading, words: Mapping[str, str]) -> None:
    """Move columns that nobody knows, or that only this organisation knows, and whose cells speak of what is never stored, to those left out."""
    unknown = [column for column, (text, name) in heading.columns.items() if not name or name not in (words.get(plain(text)), words.get(plain(text.rpartition("/")[2])))]
    if not unknown:
        return
    below = [line.cells for line in lines if line.number > heading.rows[-1]][:LOOKED_AT]
    for column in unknown:
        kind = kind_of_values(cells[column].text for cells in below if column in cells)
        if kind:
            heading.left_out[column] = (heading.columns.pop(column)[0], kind)
