"""Text files: which encoding, which separator, and the line each record begins on. Read line by line, never as a whole."""

from __future__ import annotations

import codecs
import csv
import re
from collections import Counter
from collections.abc import Iterator
from typing import IO

from juzhi.base.errors import Refused
from juzhi.imports.reading.grid import CELL, MOST_COLUMNS, Book, Budget, Cell, Line, Sheet
from juzhi.imports.reading.words import refusal

SEPARATORS = ",\t;|"
BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
LONGEST = 2_000_000  # characters of one line
MOST_LINES = 10_000  # of one record
QUOTED = re.compile(r'"[^"]*"')


def read(path: str) -> Book:
    """The one sheet of a text file. Raises Refused for text in no known encoding, and for what is no text."""
    encoding = _encoding(path)
    with open(path, encoding=encoding, newline="") as file:
        separator = _separator(file.read(100_000).replace("\r", "\n").split("\n")[:40])
    return Book([Sheet(None, _lines(path, encoding, separator))], encoding.removesuffix("-sig"), separator)


def _encoding(path: str) -> str:
    """The encoding in which the whole file can be read."""
    with open(path, "rb") as file:
        head = file.read(4096)
    for mark, encoding in BOMS:
        if head.startswith(mark):
            if not _decodes(path, encoding):
                raise Refused(refusal("unreadable_characters"))
            return encoding
    for encoding in (*_without_mark(head), "utf-8", "gb18030"):
        if _decodes(path, encoding):
            return encoding
    raise Refused(refusal("unknown_encoding"))


def _without_mark(head: bytes) -> list[str]:
    """UTF-16 that does not say so: signs and digits, and so a tenth of the bytes, leave zeros on one side."""
    zeros = (head[0::2].count(0), head[1::2].count(0))
    if sum(zeros) * 10 < len(head):
        return []
    return ["utf-16-le"] if zeros[1] > zeros[0] else ["utf-16-be"]


def _decodes(path: str, encoding: str) -> bool:
    """Whether all of it is text in that encoding. Raises Refused for text with zero characters in it."""
    decoder = codecs.getincrementaldecoder(encoding)()
    with open(path, "rb") as file:
        try:
            while piece := file.read(1024 * 1024):
                if "\x00" in decoder.decode(piece):
                    raise Refused(refusal("null_characters"))
            decoder.decode(b"", True)
        except UnicodeError:
            return False
    return True


def _separator(lines: list[str]) -> str:
    """The sign that stands the same number of times in most lines, outside quotes."""
    best, most = ",", 0
    for sign in SEPARATORS:
        counts = Counter(QUOTED.sub("", line).count(sign) for line in lines if line.strip())
        counts.pop(0, None)
        if counts and max(counts.values()) * 2 + max(counts) > most:
            best, most = sign, max(counts.values()) * 2 + max(counts)
    return best


def _lines(path: str, encoding: str, separator: str) -> Iterator[Line]:
    budget = Budget()
    csv.field_size_limit(CELL * 4)
    begins = 1
    with open(path, encoding=encoding, newline="") as file:
        source = _Source(file)
        reader = csv.reader(source, delimiter=separator)
        try:
            for record in reader:
                budget.spend(begins, len(record))
                cells = {column: Cell(value[:CELL]) for column, value in enumerate(record[:MOST_COLUMNS]) if value and not value.isspace()}
                if cells:
                    yield Line(begins, cells)
                begins = reader.line_num + 1
                source.since = 0
        except csv.Error as error:
            raise Refused(refusal("unreadable_line", line=begins)) from error


class _Source:
    """The lines of a file, none of them endless, and no record of endless lines."""

    def __init__(self, file: IO[str]) -> None:
        self.file = file
        self.since = 0

    def __iter__(self) -> _Source:
        return self

    def __next__(self) -> str:
        line = self.file.readline(LONGEST)
        if not line:
            raise StopIteration
        self.since += 1
        if len(line) == LONGEST or self.since > MOST_LINES:
            raise csv.Error("no end")
        return line
