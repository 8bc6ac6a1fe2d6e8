"""What a kind of file is, declared by the room whose records it becomes: its columns, and who matches, writes and undoes its rows.

`imports` (a low floor) reads, settles and commits; it knows rooms only through these two registries.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

CREATE, UPDATE, SAME, SUSPECT, REFUSE, SKIP = "create", "update", "same", "suspect", "refuse", "skip"


@dataclass(frozen=True)
class Field:
    """One column a file of this kind may have.

    `headings` = what people write above it (synonyms; compared by `search_key`); `kind` = how a cell becomes a value: text, name, date, mobile, email,
    number, gender, choice (see `choices`: written form → value), code. `fills_down` = 同上, 〃 and merged cells take the value above.
    """

    name: str
    label: str | _StrPromise
    headings: tuple[str, ...] = ()
    kind: str = "text"
    required: bool = False
    limit: int = 200
    choices: Mapping[str, str] = field(default_factory=dict)
    fills_down: bool = False
    stored: bool = True  # False: understood, never written (a running number, education without a stated purpose)
    classed: str = "personal"


@dataclass(slots=True)
class Row:
    """One row of a file on its way. `values` = {field name: value}: texts, dates with their precision ("2016", "2016-09", "2016-09-05"), None."""

    sheet: str | None
    row: int
    action: str
    block: int = 1
    values: dict[str, Any] = field(default_factory=dict)
    warn: list[Any] = field(default_factory=list)
    reason: str = ""  # a code (missing_name); `REASONS` has its sentence
    same_as: int | None = None
    position: int = 0
    like_key: str = ""
    like_by: str = ""
    decision: str = ""
    thing_kind: str = ""
    thing_key: str = ""
    before: dict[str, Any] = field(default_factory=dict)
    kept: str = ""


@dataclass(frozen=True)
class Importer:
    """A kind of file. `duty` = who may import it; `same` = the fields that make two rows of one file the same thing, strongest first."""

    kind: str
    label: str | _StrPromise
    duty: str
    fields: tuple[Field, ...]
    same: tuple[tuple[str, ...], ...] = ()
    defaults: Mapping[str, Any] = field(default_factory=dict)  # values a row has unless it says otherwise
    told: tuple[str, ...] = ()  # the fields of `values` that results on the command line show
    to_organisation: bool = True  # its rows go into one organisation


@dataclass(frozen=True)
class Like:
    """A record already there that a row resembles, as far as the reader may see it."""

    label: str
    facts: tuple[tuple[str, str], ...] = ()


class Writer(Protocol):
    """How rows of a kind become records; each works on all rows at once. `into` = the id of the organisation they go into, None = none."""

    def match(self, *, by: Any, into: int | None, rows: Sequence[Row]) -> None:
        """Compare with what is there: set `action` same | update | suspect with `like_key like_by`, or refuse with `reason`."""

    def describe(self, *, by: Any, keys: Sequence[str]) -> dict[str, Like]:
        """What stands behind each `like_key`; keys `by` may not see are missing."""

    def write(self, *, by: Any, into: int | None, rows: Sequence[Row], batch_key: str, example: str = "") -> Sequence[Any]:
        """Write rows to be created or updated, inside the caller's transaction; set `thing_kind thing_key before`. Returns journal lines."""

    def undo(self, *, by: Any, into: int | None, rows: Sequence[Row], batch_key: str) -> None:
        """Take back what `write` did; set `kept` = why, on rows that stay."""

    def figures(self, *, rows: Sequence[Row], as_of: date) -> dict[str, Any]:
        """The numbers a report must then show, from the rows alone."""


IMPORTERS: dict[str, Importer] = {}
WRITERS: dict[str, Writer] = {}


def declare(importer: Importer) -> Importer:
    """Enter a kind of file; called once by the room's `imports.py`."""
    IMPORTERS[importer.kind] = importer
    return importer


def writes(kind: str, writer: Writer) -> None:
    """Enter who writes a kind; called once by the room's `actions`."""
    WRITERS[kind] = writer
