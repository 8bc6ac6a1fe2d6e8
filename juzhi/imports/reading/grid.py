"""What a file is once it is open: sheets that are read line by line, and what a spreadsheet knows beyond the text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from juzhi.base.errors import Refused
from juzhi.imports.reading.words import refusal

MOST_CELLS = 4_000_000
MOST_COLUMNS = 300  # a heading further right is no heading
MOST_ROWS = 1_048_576
MOST_MERGES = 100_000
MOST_RECORDS = 200_000  # rows of one import
CELL = 32_767  # characters a cell holds
TEXT, NUMBER, DATE, OTHER = "text", "number", "date", "other"


class Cell(NamedTuple):
    """A cell that is not empty. `decimals` = digits after the point that its format shows, None if it fixes none."""

    text: str
    kind: str = TEXT
    decimals: int | None = None


def written(amount: float, raw: str) -> str:
    """A number as people write it: 13800138000 for 13800138000.0, 78.46 for 78.459999999999994. From 10^15 on it stays as it came: digits may be lost."""
    if not abs(amount) < 1e15:
        return raw[: CELL + 1]
    return str(int(amount)) if amount.is_integer() else repr(amount)


class Line(NamedTuple):
    """A row that holds anything: its number in the file (from 1), cells by column (from 0)."""

    number: int
    cells: dict[int, Cell]
    is_hidden: bool = False


class Merge(NamedTuple):
    """Cells merged into one: first row, first column, last row, last column."""

    top: int
    first: int
    bottom: int
    last: int


@dataclass
class Sheet:
    """One sheet. `lines` is read once; columns and merges that concern a line are known when it comes."""

    name: str | None
    lines: Iterator[Line] = field(default_factory=lambda: iter(()))
    hidden_columns: set[int] = field(default_factory=set)
    merges: list[Merge] = field(default_factory=list)  # by their first row
    is_hidden: bool = False


@dataclass
class Book:
    """The sheets of one file, each to be read before the next is asked for."""

    sheets: Iterable[Sheet]
    encoding: str = ""
    delimiter: str = ""


class Budget:
    """Counts cells over the whole file, so that no file costs more than we allow."""

    def __init__(self) -> None:
        self.cells = 0
        self.rows = 0

    def see_row(self, row: int, times: int = 1) -> None:
        """Refuse rows beyond the last that a sheet can have; empty ones cost time too."""
        self.rows += times
        if self.rows > 2 * MOST_ROWS or row > MOST_ROWS:
            raise Refused(refusal("many_rows"))

    def spend(self, row: int, cells: int) -> None:
        """Refuse more cells than we allow, and those of a row that no sheet has."""
        self.cells += cells
        if self.cells > MOST_CELLS:
            raise Refused(refusal("many_cells", most=MOST_CELLS))
        if row > MOST_ROWS or row < 1:
            raise Refused(refusal("cells_outside"))
