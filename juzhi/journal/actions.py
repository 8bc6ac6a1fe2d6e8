"""Verbs of the journal: record inside another verb, seal afterwards, forget what the law lets a person erase."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from django.db import connection, models, transaction

from juzhi.base import bulk
from juzhi.base.action import action, inside
from juzhi.base.errors import Forbidden
from juzhi.base.ids import new_keys
from juzhi.journal import queries, rules
from juzhi.journal.models import FORGET, OPEN_CLASSES, REASON, Entry, EntryLine, EntryValue, canonical, digests_of, line_body, lines_digest, quoted, seal_keys

Changes = Mapping[str, tuple[Any, Any]]  # field -> (before, after)
SEALER_LOCK = 7_211_004  # advisory lock on PostgreSQL: one sealer at a time


@dataclass(frozen=True)
class Line:
    """One row of a bulk verb."""

    thing: models.Model
    changes: Changes | None = None
    organisation_id: int | None = None  # a Ledger divides lines among organisations


def record(
    *,
    by: Any,
    verb: str,
    thing: models.Model,
    organisation_id: int | None = None,
    changes: Changes | None = None,
    reason: str = "",
    batch_key: str = "",
    lines: Iterable[Line] = (),
) -> Entry:
    """Write one entry in the caller's transaction. `changes` = {field: (before, after)}; fields that did not change are left out.

    With `lines`, each row gets one line under the same entry. Raises RuntimeError outside an action.
    """
    rows = list(lines)
    personal = any(_reads_persons(one) for one in (thing, *(row.thing for row in rows)))
    values = _values(thing, changes or {})
    if reason and personal:  # words about a person must be erasable, so they stand with the values
        values.append(_value(REASON, "personal", "", reason))
    entry = Entry(
        verb=verb,
        kind=thing._meta.label_lower,
        thing_key=_key(thing),
        organisation_id=organisation_id,
        actor_key=by.key[:120],
        at=by.at,
        reason="" if personal else reason,
        batch_key=batch_key,
    )
    lined = [(row.thing._meta.label_lower, _key(row.thing), _values(row.thing, row.changes or {})) for row in rows]
    return _write(entry, values, lined)


class Noted(NamedTuple):
    """One row of a bulk verb without its object. `changes` = field, its class, before and after as canonical text, in the order of the fields' names."""

    kind: str
    key: str
    organisation_id: int | None
    changes: Sequence[tuple[str, str, str, str]]


def noted(line: Line) -> Noted:
    """The same row as plain values."""
    changes = [(one.field, one.field_class, one.before, one.after) for one in _values(line.thing, line.changes or {})]
    return Noted(line.thing._meta.label_lower, _key(line.thing), line.organisation_id, sorted(changes))


class Ledger:
    """A bulk verb whose lines come in pieces: one entry for each organisation, so that each is seen by its own auditors and by no other.

    Belongs into one action. An entry is written last, when all its lines are known. Costs what a piece costs, however many pieces there are. The lines of an entry are sealed with it.
    """

    def __init__(self, *, by: Any, verb: str, thing: models.Model, batch_key: str = "") -> None:
        self._named = {"verb": verb, "kind": thing._meta.label_lower, "thing_key": _key(thing), "actor_key": by.key[:120], "at": by.at, "batch_key": batch_key}
        self._open: dict[int | None, tuple[Entry, Any]] = {}

    def add(self, lines: Iterable[Line | Noted]) -> None:
        """Write the lines of one piece."""
        groups: dict[int | None, list[Noted]] = defaultdict(list)
        for one in lines:
            line = noted(one) if isinstance(one, Line) else one
            groups[line.organisation_id].append(line)
        for place, rows in groups.items():
            if place not in self._open:
                self._open[place] = Entry(pk=bulk.allocate(Entry, 1)[0], organisation_id=place, **self._named), hashlib.sha256()
            _write_lines(*self._open[place], rows)

    def close(self) -> list[Entry]:
        """Write the entries. Nothing was added: none."""
        for entry, whole in self._open.values():
            entry.lines_digest = whole.hexdigest()
            entry.save(force_insert=True)
        return [entry for entry, _whole in self._open.values()]


def _write_lines(entry: Entry, whole: Any, rows: Sequence[Noted]) -> None:
    keys, salt, start = new_keys(len(rows)), secrets.token_hex(16 * sum(len(row.changes) for row in rows)), 0
    salts, told_of = [], []
    for row, key in zip(rows, keys, strict=True):
        entry.line_count += 1
        digests = []
        for field, field_class, before, after in row.changes:
            own, start = salt[start : start + 32], start + 32
            salts.append(own)
            old, new = digests_of(own, field, field_class, before, after)
            digests.append(f'{quoted(field)}:["{old}","{new}"]')
        told = "{" + ",".join(digests) + "}"
        whole.update(line_body(entry.line_count, key, row.kind, row.key, told))
        told_of.append((key, entry.pk, entry.line_count, row.kind, row.key, told))
    ids, each = bulk.allocate(EntryLine, len(rows)), iter(salts)  # not before: it waits for what is being written
    bulk.insert_values(EntryLine, ("id", "key", "entry_id", "place", "kind", "thing_key", "digests"), [(pk, *told) for pk, told in zip(ids, told_of, strict=True)])
    values = [(entry.pk, pk, *change, next(each)) for pk, row in zip(ids, rows, strict=True) for change in row.changes]
    bulk.insert_values(EntryValue, ("entry_id", "line_id", "field", "field_class", "before", "after", "salt"), values)


def _write(entry: Entry, values: list[EntryValue], lined: Sequence[tuple[str, str, list[EntryValue]]]) -> Entry:
    """Insert an entry with its lines and values: at most three statements for a verb on one thing."""
    if not inside():
        raise RuntimeError(f"{entry.verb!r} was to be recorded outside an action")
    entry.digests = {value.field: value.digests() for value in values}
    made = [EntryLine(place=place, kind=kind, thing_key=key, digests={value.field: value.digests() for value in own}) for place, (kind, key, own) in enumerate(lined, start=1)]
    entry.line_count, entry.lines_digest = len(made), lines_digest(made)
    entry.save(force_insert=True)
    for line in made:
        line.entry = entry
    bulk.insert(made)
    for line, (_, _, own) in zip(made, lined, strict=True):
        for value in own:
            value.line = line
        values += own
    for value in values:
        value.entry = entry
    bulk.insert(values)
    return entry


def _key(thing: models.Model) -> str:
    return str(thing.key)  # type: ignore[attr-defined]


def _reads_persons(thing: models.Model) -> bool:
    """A thing with personal fields: its reasons may name a person."""
    classes: dict[str, str] = getattr(thing, "classes", {})
    return any(sort not in OPEN_CLASSES for sort in classes.values())


def _values(thing: models.Model, changes: Changes) -> list[EntryValue]:
    """A field without a declared class is treated as sensitive. What the journal keeps beside the model's own fields stands in `recorded`."""
    classes: dict[str, str] = {**getattr(thing, "classes", {}), **getattr(thing, "recorded", {})}
    return [_value(name, classes.get(name, "sensitive"), *pair) for name, pair in changes.items() if pair[0] != pair[1]]


def _value(name: str, sort: str, before: Any, after: Any) -> EntryValue:
    return EntryValue(field=name, field_class=sort, before=canonical(before), after=canonical(after), salt=secrets.token_hex(16))


@action
def forget(*, by: Any, things: Iterable[tuple[str, str]], reason: str = "", at: Collection[int] | None = None) -> Entry | None:
    """Delete every value and salt kept about `things` (pairs of kind and key); entries and digests stay, so the chain still holds.

    With `at` only in the entries of these organisations (ids). Leaves one entry about the first of `things` with a line for each: which things were forgotten, never what. None if nothing was given.
    """
    if not rules.may_forget(by):
        raise Forbidden
    pairs = list(dict.fromkeys(things))
    if not pairs:
        return None
    for start in range(0, len(pairs), 300):
        values = queries.values_of(pairs[start : start + 300])
        (values if at is None else values.filter(entry__organisation_id__in=at)).delete()
    kind, key = pairs[0]
    entry = Entry(verb=FORGET, kind=kind, thing_key=key, actor_key=by.key[:120], at=by.at, reason=reason)
    return _write(entry, [], [(one_kind, one_key, []) for one_kind, one_key in pairs])


@action
def seal(*, by: Any, limit: int = 5000) -> int:
    """Number and chain the entries that no running transaction can still precede. Returns how many. A second sealer at the same time does nothing."""
    if not rules.may_seal(by):
        raise Forbidden
    if not _only_sealer():
        return 0
    number, previous = queries.head()
    key = seal_keys()[0]
    waiting = list(queries.ready_to_seal()[:limit])
    for entry in waiting:
        number += 1
        entry.number = number
        entry.seal = previous = entry.seal_after(previous, key)
    bulk.update(waiting, ["number", "seal"])
    if waiting:
        transaction.on_commit(lambda: _keep_head(number, previous))
    return len(waiting)


def _only_sealer() -> bool:
    """On SQLite the write transaction is the lock already."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(%s)", [SEALER_LOCK])
        return bool(cursor.fetchone()[0])


def _keep_head(number: int, seal_text: str) -> None:
    """Keep the last seal outside the database, so that a tail cut off is noticed. Replaced whole, never half-written."""
    path = queries.head_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(f"{path}.{os.getpid()}")
    draft.write_text(json.dumps({"number": number, "seal": seal_text}))
    draft.replace(path)
