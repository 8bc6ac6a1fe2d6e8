"""XML as Excel, WPS and their like write it, read by one expression per item; whatever is written otherwise goes through the parser.

A cell costs the parser five calls of ours, an expression one match: a third of the time of a large roster.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator
from typing import IO, TypeVar

from juzhi.imports.reading.markup import walk

PIECE = 262_144
OPENING = 65_536  # bytes within which the first item must begin
PLAIN = "[^<&\\r\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f]*"  # text as it is: no references, nothing that XML does not hold
Item = TypeVar("Item")
Handlers = tuple[Callable[..., None], Callable[..., None], Callable[..., None]]


def items(file: IO[bytes], root: str, holder: str, closing: str, understood: Callable[[str], list[Item] | None], handlers: Handlers, done: list[Item]) -> Iterator[list[Item]]:
    """Items of a member, some at a time. `understood` reads a text of whole items, or gives None; then, and for what stands before and behind, the parser calls
    `handlers`, which put what they find into `done`. `holder` = the element in `root` that holds the items, root itself for none; `closing` ends an item."""
    opening = file.read(OPENING)
    begin = re.search(f"<{holder}(?: [^<>]*)?>".encode(), opening)
    if begin is None or not _is_usual(opening[: begin.end()], root):
        for _piece in walk(_Again(opening, file), *handlers):
            yield _taken(done)
        return
    before, rest = opening[: begin.end()], opening[begin.end() :]
    after = (f"</{holder}></{root}>" if holder != root else f"</{root}>").encode()
    end = closing.encode()
    while True:
        cut = rest.rfind(end)
        if cut >= 0:
            block, rest = rest[: cut + len(end)], rest[cut + len(end) :]
            found = understood(codecs.decode(block, "utf-8"))
            if found is None:
                for _piece in walk(_Again(before + block + after), *handlers):
                    yield _taken(done)
            else:
                yield found
        piece = file.read(PIECE)
        if not piece or len(rest) > 4 * PIECE:
            break
        rest += piece
    for _piece in walk(_Again(before + rest + piece, file), *handlers):
        yield _taken(done)


def _is_usual(opening: bytes, root: str) -> bool:
    """Whether the member begins in UTF-8, with its root element, without anything declared or commented."""
    head, _end, rest = opening.partition(b"?>") if opening.startswith(b"<?xml") else (b"", b"", opening)
    return b"<!" not in opening and (b"encoding" not in head or b"utf-8" in head.lower()) and rest.lstrip().startswith(f"<{root} ".encode())


def _taken(done: list[Item]) -> list[Item]:
    taken = done.copy()
    done.clear()
    return taken


class _Again:
    """Bytes already read, then the rest of the file."""

    def __init__(self, first: bytes, file: IO[bytes] | None = None) -> None:
        self.first, self.file, self.place = first, file, 0

    def read(self, size: int) -> bytes:
        piece = self.first[self.place : self.place + size]
        self.place += size
        return piece or (self.file.read(size) if self.file is not None else b"")
