"""What a file is once it is open: sheets of cells, with what a spreadsheet knows beyond the text."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from juzhi.base.errors import Refused
from juzhi.imports.reading.words import refusal

MOST_CELLS = 4_000_000
MOST_COLUMNS = 300  # a heading further right is no heading
MOST_ROWS = 1_048_576
CELL = 32_767  # characters a cell holds
TEXT, NUMBER, DATE, OTHER = "text", "number", "date", "other"


class Cell(NamedTuple):
    """A cell that is not empty. `decimals` = digits after the point that its format shows, None if it fixes none."""

    text: str
    kind: str = TEXT
    decimals: int | None = None


@dataclass
class Sheet:
    """One sheet: rows that hold anything, by their number in the file (from 1), cells by column (from 0)."""

    name: str | None
    rows: dict[int, dict[int, Cell]] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)  # first row, first column, last row, last column
    is_hidden: bool = False


@dataclass
class Book:
    """The sheets of one file."""

    sheets: list[Sheet]
    encoding: str = ""
    delimiter: str = ""


class Budget:
    """Counts cells over the whole file, so that no file costs more than we allow."""

    def __init__(self) -> None:
        self.cells = 0
        self.rows = 0

    def see_row(self, row: int) -> None:
        """Refuse rows beyond the last that a sheet can have; empty ones cost time too."""
        self.rows += 1
        if self.rows > 2 * MOST_ROWS or row > MOST_ROWS:
            raise Refused(refusal("many_rows"))

    def spend(self, row: int, column: int) -> None:
        self.cells += 1
        if self.cells > MOST_CELLS:
            raise Refused(refusal("many_cells", most=MOST_CELLS))
        if row > MOST_ROWS or row < 1 or column < 0:
            raise Refused(refusal("cells_outside"))
