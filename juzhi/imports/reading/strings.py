"""Shared strings of a workbook, kept packed: a register of a hundred thousand names takes a few megabytes."""

from __future__ import annotations

import re
from array import array
from typing import IO

from juzhi.base.errors import Refused
from juzhi.imports.reading.grid import CELL, MOST_CELLS
from juzhi.imports.reading.markup import DEEPEST
from juzhi.imports.reading.usual import PLAIN, Handlers, items
from juzhi.imports.reading.words import refusal

LARGEST = 64 * 1024 * 1024  # bytes of all different texts of a workbook
ITEM = re.compile(f"""\\s*<si><t(?: xml:space="preserve")?>({PLAIN})</t></si>""")
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


class Strings:
    """Texts by number."""

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._ends = array("L", [0])

    def add(self, text: str) -> None:
        self._bytes += text.encode("utf-8", "surrogatepass")
        self._ends.append(len(self._bytes))
        if len(self._bytes) > LARGEST or len(self._ends) > MOST_CELLS:
            raise Refused(refusal("too_large_inside"))

    def __len__(self) -> int:
        return len(self._ends) - 1

    def __getitem__(self, number: int) -> str:
        return self._bytes[self._ends[number] : self._ends[number + 1]].decode("utf-8", "surrogatepass")


def unescaped(text: str) -> str:
    """_x000D_ is how a sheet writes a control character. Longer than a cell may be is cut."""
    return ESCAPED.sub(lambda match: chr(int(match.group(1), 16)), text[: CELL + 1]) if "_x" in text else text[: CELL + 1]


def read_strings(file: IO[bytes]) -> Strings:
    """The shared strings, without phonetic readings."""
    found = Strings()

    def understood(block: str) -> list[None] | None:
        texts: list[str] = []
        place = 0
        for one in ITEM.finditer(block):
            if one.start() != place:
                return None
            place = one.end()
            texts.append(one.group(1))
        if place != len(block):
            return None
        for text in texts:
            found.add(unescaped(text))
        return []

    for _some in items(file, "sst", "sst", "</si>", understood, _handlers(found), []):
        pass
    return found


def _handlers(found: Strings) -> Handlers:
    """What the parser calls."""
    parts: list[str] = []
    depth = size = phonetic = 0
    is_text = False

    def start(tag: str, _attributes: dict[str, str]) -> None:
        nonlocal depth, size, phonetic, is_text
        depth += 1
        if depth > DEEPEST:
            raise Refused(refusal("broken"))
        name = tag.rpartition(":")[2]
        if name == "t":
            is_text = not phonetic
        elif name == "si":
            parts.clear()
            size = 0
        elif name == "rPh":
            phonetic = depth

    def end(tag: str) -> None:
        nonlocal depth, phonetic, is_text
        name = tag.rpartition(":")[2]
        if name == "t":
            is_text = False
        elif name == "si":
            found.add(unescaped("".join(parts)))
        elif name == "rPh" and phonetic == depth:
            phonetic = 0
        depth -= 1

    def text(piece: str) -> None:
        nonlocal size
        if is_text and size <= CELL:
            size += len(piece)
            parts.append(piece)

    return start, end, text
