"""XML of a file that nobody trusts, piece by piece: no declarations, no endless tokens, no deep nesting."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import IO, Any, Protocol
from xml.parsers import expat

from juzhi.base.errors import Refused
from juzhi.imports.reading.words import refusal

PIECE = 65_536
LONGEST = 1_048_576  # bytes of one tag, comment or instruction
DEEPEST = 100
MOST_ELEMENTS = 500_000  # of the small members: links, formats, the list of sheets
Start = Callable[[str, dict[str, str]], Any]


class Readable(Protocol):
    """What gives bytes until there are no more."""

    def read(self, size: int, /) -> bytes: ...


def walk(file: Readable, start: Start, end: Callable[[str], Any] | None = None, text: Callable[[str], Any] | None = None) -> Iterator[None]:
    """Parse `file` and stop after each piece. Raises Refused for a document type (entities hide there) and an endless token, ExpatError for what is no XML."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _forbidden
    parser.StartElementHandler = start
    if end is not None:
        parser.EndElementHandler = end
    if text is not None:
        parser.CharacterDataHandler = text
    fed = 0
    while piece := file.read(PIECE):
        parser.Parse(piece, False)
        fed += len(piece)
        if fed - parser.CurrentByteIndex > LONGEST:
            raise Refused(refusal("broken"))
        yield
    parser.Parse(b"", True)
    yield


def elements(file: IO[bytes]) -> Iterator[tuple[str, dict[str, str]]]:
    """Name without its prefix, and attributes, of every element at its start; for small members."""
    found: list[tuple[str, dict[str, str]]] = []
    depth = seen = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth, seen
        depth += 1
        seen += 1
        if depth > DEEPEST or seen > MOST_ELEMENTS:
            raise Refused(refusal("broken"))
        found.append((tag.rpartition(":")[2], attributes))

    def end(_tag: str) -> None:
        nonlocal depth
        depth -= 1

    for _piece in walk(file, start, end):
        yield from found
        found.clear()


def _forbidden(*_declared: Any) -> None:
    raise Refused(refusal("entities"))
