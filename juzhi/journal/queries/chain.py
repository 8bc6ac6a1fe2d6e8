"""The chain of the journal: what waits to be sealed, what is to be forgotten, and whether everything still holds."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Q
from django.db.models.expressions import RawSQL

from juzhi.base.models import ScopedQuerySet
from juzhi.journal.models import FIRST, FORGET, Entry, EntryLine, EntryValue, lines_digest

CHAIN = "the chain of the journal"
def head_file() -> Path:
    """Where the last seal is kept outside the database."""
    return Path(settings.DATA_FOLDER) / "journal-head.json"


def head() -> tuple[int, str]:
    """Number and seal of the last sealed entry; (0, FIRST) before the first."""
    last = Entry.objects.system(CHAIN).exclude(number=None).order_by("-number").first()
    return (last.number or 0, last.seal or FIRST) if last else (0, FIRST)


def ready_to_seal() -> ScopedQuerySet:
    """Entries without a number which no running transaction can precede, in the order they are numbered.

    A number of a transaction that has not begun yet comes from another cluster (a restored backup): its writer has ended.
    """
    waiting = Entry.objects.system(CHAIN).filter(number=None).order_by("transaction", "id")
    if connection.vendor != "postgresql":
        return waiting
    ended = RawSQL("pg_snapshot_xmin(pg_current_snapshot())::text::bigint", [])
    begun = RawSQL("pg_snapshot_xmax(pg_current_snapshot())::text::bigint", [])
    return waiting.filter(Q(transaction__lt=ended) | Q(transaction__gte=begun))


def values_of(things: Sequence[tuple[str, str]]) -> ScopedQuerySet:
    """Values about `things` (pairs of kind and key), whether of an entry itself or of one of its lines."""
    return EntryValue.objects.system("forgetting").filter(reduce(or_, _about(things)))


def _about(things: Iterable[tuple[str, str]]) -> Iterable[Q]:
    keys: dict[str, list[str]] = defaultdict(list)
    for kind, key in things:
        keys[kind].append(key)
    for kind, own in keys.items():
        yield Q(line=None, entry__kind=kind, entry__thing_key__in=own) | Q(line__kind=kind, line__thing_key__in=own)


@dataclass(frozen=True)
class Fault:
    """The first bad row: its number (None = not sealed yet), its key, and what is wrong: a stable word and a sentence."""

    number: int | None
    key: str
    code: str  # missing changed line value unforgotten cut head
    sentence: str


@dataclass(frozen=True)
class Verdict:
    """What `verify` found. `erased` counts fields whose values were forgotten on purpose."""

    sealed: int
    waiting: int
    erased: int
    fault: Fault | None


def verify(kept_head: dict[str, Any] | None = None) -> Verdict:
    """Walk the whole chain in the order of its numbers, then the entries that wait; stop at the first bad row.

    `kept_head` = {"number", "seal"} as kept outside the database (default: the head file, if there is one): without it a tail cut off goes unseen.
    """
    witness = _kept_head() if kept_head is None else kept_head  # read before the chain, which may grow meanwhile
    everything = Entry.objects.system(CHAIN)
    sealed = waiting = erased = 0
    previous = FIRST
    for piece in _pieces(everything.exclude(number=None).order_by("number"), everything.filter(number=None).order_by("id")):
        contents = _contents(piece)
        for entry in piece:
            fault = _fault_of_place(entry, sealed, previous, witness) if entry.number is not None else None
            found = fault or contents[entry.pk]
            if isinstance(found, Fault):
                return Verdict(sealed, waiting, erased, found)
            erased += found
            if entry.number is None:
                waiting += 1
            else:
                sealed, previous = entry.number, entry.seal or ""
    if witness and witness["number"] > sealed:
        sentence = f"第 {sealed} 条之后被截断：外存的链头是第 {witness['number']} 条"
        return Verdict(sealed, waiting, erased, Fault(sealed + 1, "", "cut", sentence))
    return Verdict(sealed, waiting, erased, None)


def _kept_head() -> dict[str, Any] | None:
    try:
        return dict(json.loads(head_file().read_text()))
    except FileNotFoundError:
        return None


def _pieces(*ordered: ScopedQuerySet, size: int = 1000) -> Iterable[list[Entry]]:
    for entries in ordered:
        piece: list[Entry] = []
        for entry in entries.iterator(chunk_size=size):
            piece.append(entry)
            if len(piece) == size:
                yield piece
                piece = []
        if piece:
            yield piece


def _fault_of_place(entry: Entry, before: int, previous: str, witness: dict[str, Any] | None) -> Fault | None:
    """Whether the entry stands where it was sealed, as it was sealed."""
    number = entry.number or 0
    if number != before + 1:
        return Fault(before + 1, "", "missing", f"第 {before + 1} 条不见了，下一条是第 {number} 条（{entry.key}）")
    if not entry.holds_after(previous):
        return Fault(number, entry.key, "changed", f"第 {number} 条（{entry.key}）与封签不符：被改过、调换过，或是后来插进来的")
    if witness and witness["number"] == number and witness["seal"] != entry.seal:
        return Fault(number, entry.key, "head", f"第 {number} 条（{entry.key}）与外存的链头不符：整条链被重写过")
    return None


def _contents(entries: list[Entry]) -> dict[int, Fault | int]:
    """For each entry the fault of its lines or values, else how many of its fields were erased on purpose."""
    lines: dict[int, list[EntryLine]] = defaultdict(list)
    for line in EntryLine.objects.system(CHAIN).filter(entry__in=entries).order_by("place"):
        lines[line.entry_id].append(line)
    values: dict[tuple[int, int | None], dict[str, EntryValue]] = defaultdict(dict)
    for value in EntryValue.objects.system(CHAIN).filter(entry__in=entries):
        own = values[value.entry_id, value.line_id]
        own[value.field if value.field not in own else f"{value.field}+"] = value  # a second value of one field is in no digest
    return {entry.pk: _content(entry, lines[entry.pk], values) for entry in entries}


def _content(entry: Entry, lines: list[EntryLine], values: dict[tuple[int, int | None], dict[str, EntryValue]]) -> Fault | int:
    name = f"第 {entry.number} 条" if entry.number else "未封的一条"
    if len(lines) != entry.line_count or lines_digest(lines) != entry.lines_digest:
        return Fault(entry.number, entry.key, "line", f"{name}（{entry.key}）的明细行与摘要不符")
    erased = 0
    things = [(entry.kind, entry.thing_key, None, entry.digests)] + [(x.kind, x.thing_key, x.pk, x.digests) for x in lines]
    for kind, key, line, digests in things:
        own = values.get((entry.pk, line), {})
        for field in sorted({*own, *digests}):
            if field not in own:
                if not _forgotten_after(entry, kind, key):
                    return Fault(entry.number, entry.key, "unforgotten", f"{name}（{entry.key}）的“{field}”不见了，而没有遗忘它的记录")
                erased += 1
            elif own[field].digests() != digests.get(field):
                return Fault(entry.number, entry.key, "value", f"{name}（{entry.key}）的“{field}”与摘要不符：被改过或是后来加的")
    return erased


def _forgotten_after(entry: Entry, kind: str, key: str) -> bool:
    """Whether a later entry says that what was known about the thing was forgotten."""
    told = EntryLine.objects.system(CHAIN).filter(entry__verb=FORGET, kind=kind, thing_key=key)
    if entry.number is not None:
        told = told.filter(Q(entry__number__gt=entry.number) | Q(entry__number=None))
    return bool(told.exists())
