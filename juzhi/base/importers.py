"""What a kind of file is, declared by the room whose records it becomes: its columns, and who matches, writes and undoes its rows.

`imports` (a low floor) reads, settles and commits; it knows rooms only through these two registries.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

CREATE, UPDATE, SAME, SUSPECT, REFUSE, SKIP = "create", "update", "same", "suspect", "refuse", "skip"


@dataclass(frozen=True)
class Field:
    """One column a file of this kind may have.

    `headings` = what people write above it (synonyms; compared by `search_key`); `kind` = how a cell becomes a value: text, name, date, mobile, telephone
    (mobiles, landlines and service numbers), email, number, gender, choice (see `choices`: written form → value), state (a choice that may name the day on which something ended), pair (cut into the
    two `parts`), remark. `fills_down` = 同上, 〃 and merged cells take
    the value above. The label, headings that are marked for translation, and `said` are known in every language of the pages: what is exported in
    one is read again.
    """

    name: str
    label: str | _StrPromise
    headings: tuple[str | _StrPromise, ...] = ()
    kind: str = "text"
    required: bool = False
    limit: int = 200
    choices: Mapping[str, str] = field(default_factory=dict)
    said: tuple[tuple[str | _StrPromise, str], ...] = ()  # words of an export → value of the choice
    fills_down: bool = False
    stored: bool = True  # False: understood, never written (a running number, education without a stated purpose)
    parts: tuple[str, ...] = ()  # the values that are read from it, where it holds several and is not stored itself
    classed: str = "personal"

    @property
    def is_read(self) -> bool:
        """Whether any value comes from it."""
        return self.stored or bool(self.parts)

    def word(self, value: Any) -> Any:
        """A value of a choice as people say it; any other value as it is."""
        said = next((word for word, meant in (*self.said, *self.choices.items()) if meant == value), value) if self.choices or self.said else value
        return str(said).replace("%(day)s", "").strip() if isinstance(value, str) else value


@dataclass(frozen=True)
class Question:
    """What the page asks beside the file: the value of a field for every row that does not say it itself. Empty = each row for itself."""

    field: str
    label: str | _StrPromise
    help: str | _StrPromise = ""
    required: bool = False  # a row for which neither the file nor the page says it is refused: missing_<field>


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
    """A kind of file. `duty` = who may import it; `same` = the fields that make two rows of one file the same thing, strongest first.

    `declared_in` = the module that declares it (`__name__`): files are read in a child process that imports this module alone, so it stands on `base`.
    """

    kind: str
    declared_in: str
    label: str | _StrPromise
    duty: str
    fields: tuple[Field, ...]
    same: tuple[tuple[str, ...], ...] = ()
    defaults: Mapping[str, Any] = field(default_factory=dict)  # values a row has unless it says otherwise
    told: tuple[str, ...] = ()  # the fields of `values` that results on the command line show
    to_organisation: bool = True  # its rows go into one organisation
    in_pieces: bool = False  # no row needs another: they are matched and written some thousands at a time
    tells_namesakes: bool = False  # two rows of one name are two persons, and both say so
    questions: tuple[Question, ...] = ()
    leads_to: str = ""  # name of the page of an organisation on which the records then stand; takes the organisation's key
    leads_word: str | _StrPromise = ""
    named_by: str = "name"  # the field whose value names a row
    likenesses: Mapping[str, str | _StrPromise] = field(default_factory=dict)  # `like_by` → why a row resembles what is there
    decides: Mapping[str, Mapping[str, str | _StrPromise]] = field(default_factory=dict)  # `like_by` → its own choices, where something else than likeness is asked: decision → word
    reasons: Mapping[str, str | _StrPromise] = field(default_factory=dict)  # `reason` → why a row is refused, beyond what reading says
    warnings: Mapping[str, str | _StrPromise] = field(default_factory=dict)  # code in `warn` → its sentence; {} stands for its value


@dataclass(frozen=True)
class Like:
    """A record already there that a row resembles, as far as the reader may see it."""

    label: str
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Became:
    """What a row has become, as far as the reader may see it today. `page` = name of an address and what it takes; `facts` = what was written."""

    label: str
    page: tuple[str, tuple[str, ...]] | None = None
    facts: tuple[str, ...] = ()


class Writer(Protocol):
    """How rows of a kind become records; each works on all rows at once. `into` = the id of the organisation they go into, None = none."""

    def match(self, *, by: Any, into: int | None, rows: Sequence[Row]) -> None:
        """Compare with what is there: set `action` same | update | suspect with `like_key like_by`, or refuse with `reason`. Once for each piece."""

    def describe(self, *, by: Any, keys: Sequence[str]) -> dict[str, Like]:
        """What stands behind each `like_key`; keys `by` may not see are missing."""

    def became(self, *, by: Any, rows: Sequence[Row]) -> dict[str, Became]:
        """By `thing_key`, what rows that were written have become; things `by` may not see are missing."""

    def write(self, *, by: Any, into: int | None, pieces: Iterable[Sequence[Row]], batch_key: str, example: str = "") -> Iterator[Sequence[Any]]:
        """Write rows to be created or updated, inside the caller's transaction; set `thing_kind thing_key before`. Gives the journal's lines of each piece
        before it takes the next. A row that cannot be written as things are now is left out: set `action` refuse with `reason`. A kind that is not `in_pieces` gets one piece with all rows."""

    def undo(self, *, by: Any, into: int | None, rows: Sequence[Row], batch_key: str) -> None:
        """Take back what `write` did; set `kept` = why, on rows that stay."""

    def figures(self, *, rows: Sequence[Row], as_of: date) -> dict[str, Any]:
        """The numbers a report must then show, from the rows alone."""


IMPORTERS: dict[str, Importer] = {}
WRITERS: dict[str, Writer] = {}


def for_reading(importer: Importer, spoken: Mapping[str, Any]) -> Importer:
    """The kind as its files are read: with the headings and words of every language, which `words` gathered where translations were at hand."""
    return replace(importer, fields=tuple(_for_reading(one, spoken.get(one.name, {})) for one in importer.fields))


def _for_reading(one: Field, spoken: Mapping[str, Any]) -> Field:
    said = {**spoken.get("choices", {}), **{str(word): value for word, value in one.said}, **one.choices}
    choices = {"".join(unicodedata.normalize("NFKC", word.replace("%(day)s", "")).split()): value for word, value in said.items()}
    return replace(one, headings=(*map(str, one.headings), *spoken.get("headings", ())), choices=choices)


def words(importer: Importer) -> dict[str, Any]:
    """Headings and choices of each field as the language of now says them: {field: {"headings": […], "choices": {word: value}}}."""
    return {one.name: {"headings": [str(word) for word in (one.label, *one.headings)], "choices": {str(word): value for word, value in one.said}} for one in importer.fields}


def declare(importer: Importer) -> Importer:
    """Enter a kind of file; called once by the room's `imports.py`."""
    IMPORTERS[importer.kind] = importer
    return importer


def writes(kind: str, writer: Writer) -> None:
    """Enter who writes a kind; called once by the room's `actions`."""
    WRITERS[kind] = writer
