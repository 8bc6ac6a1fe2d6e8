"""Entries as a reader may know them: who did what to which thing, each changed field before and after, and why."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, OuterRef, Q

from juzhi.base.models import ScopedQuerySet
from juzhi.journal.models import ACCOUNT, READERS, REASON, VERBS, Entry, EntryLine, EntryValue, Named
from juzhi.journal.queries.words import Asked, field_label, key_of, kind_label, told

PER_PAGE = 50
PRECISION = "_precision"  # the field beside a date that says how far it is known
Told = dict[str, "EntryValue | None"]  # field -> its value, None = forgotten


@dataclass(frozen=True)
class Change:
    """One changed field as a reader may know it, in words: `state` shown | hidden (no right to the values) | erased."""

    label: str
    state: str
    before: Any = None
    after: Any = None


@dataclass(frozen=True)
class Row:
    """One entry as a reader may know it."""

    entry: Entry
    verb: str
    thing: str  # its kind
    reason: str
    changes: tuple[Change, ...]
    name: Named
    actor: str
    place: tuple[str, str]  # key and name of the organisation; ("", "") for none


def entries_of_organisation(by: Any, organisation: str) -> ScopedQuerySet:
    """Entries of the organisation with key `organisation`, newest first."""
    return Entry.objects.seen_by(by).filter(organisation_id=by.organisation_id(organisation)).order_by("-at", "-id")


def entries_of_thing(by: Any, kind: str, key: str) -> ScopedQuerySet:
    """Entries about one thing, whether it was the thing of the verb or one of many rows, newest first."""
    lines = EntryLine.objects.system("within entries the reader sees").filter(entry=OuterRef("pk"), kind=kind, thing_key=key)
    return Entry.objects.seen_by(by).filter(Q(kind=kind, thing_key=key) | Q(Exists(lines))).order_by("-at", "-id")


def verbs_since(kind: str, keys: Sequence[str], since: datetime) -> dict[str, int]:
    """Which verbs were recorded after `since` about things of one kind, and about how many of these each. For sentences about numbers: it names no thing."""
    if not keys:
        return {}
    found: Counter[str] = Counter()
    why = "what happened to the records of a number"
    alone = Entry.objects.system(why).filter(kind=kind, thing_key__among=keys, at__gt=since).order_by()
    found.update(dict(alone.values_list("verb").annotate(n=Count("thing_key", distinct=True))))
    among = EntryLine.objects.system(why).filter(kind=kind, thing_key__among=keys, entry__at__gt=since).order_by()
    found.update(dict(among.values_list("entry__verb").annotate(n=Count("thing_key", distinct=True))))
    return dict(found)


def organisation(by: Any, key: str) -> str:
    """The name of an organisation; "" where the reader's actor knows none."""
    found = by.organisation_id(key)
    return str(by.places(found).get(found, ("", ""))[1]) if found else ""


def name_of(by: Any, kind: str, key: str) -> Named:
    """What one thing is called."""
    asked = Asked(by)
    asked.want([(kind, key)])
    asked.fetch()
    return asked.thing(kind, key)


def reads_things(by: Any) -> bool:
    """Whether the reader may open all that happened to one thing."""
    return bool(by.holds_anywhere(*READERS))


def page(by: Any, entries: ScopedQuerySet, number: Any, about: tuple[str, str] | None = None) -> Page[Any]:
    """One page of `entries` as `Row`s. With `about` = (kind, key) the changes of a bulk verb are those of that thing's own line."""
    found: Page[Any] = Paginator(entries, PER_PAGE).get_page(number)
    found.object_list = rows(by, list(found.object_list), about)
    return found


def rows(by: Any, entries: list[Entry], about: tuple[str, str] | None = None) -> list[Row]:
    """`entries` with what `by` may know of their values: two queries, one for the organisations, and one for each kind of thing that is named."""
    digests: dict[tuple[int, int | None], Any] = {(entry.pk, None): entry.digests for entry in entries}
    if about:
        lines = EntryLine.objects.seen_by(by).filter(entry__in=entries, kind=about[0], thing_key=about[1])
        digests |= {(line.entry_id, line.pk): line.digests for line in lines}
    wanted = Q(line=None) | Q(line__in=[line for _, line in digests if line])
    kept: dict[Any, dict[str, EntryValue]] = defaultdict(dict)
    for value in EntryValue.objects.system("told apart by class below").filter(wanted, entry__in=entries).order_by("id"):
        kept[value.entry_id, value.line_id][value.field] = value
    readable = set(EntryValue.objects.seen_by(by).filter(wanted, entry__in=entries).values_list("pk", flat=True))
    parts: dict[int, list[tuple[str, Told]]] = defaultdict(list)  # entry -> (kind, its fields), the entry's own first
    for entry in entries:
        for (entry_id, line_id), fields in digests.items():
            if entry_id == entry.pk:
                kind = about[0] if line_id and about else entry.kind
                parts[entry.pk].append((kind, {name: kept[entry_id, line_id].get(name) for name in fields}))
    places = by.places(*{entry.organisation_id for entry in entries if entry.organisation_id})
    asked = _asked(by, entries, parts, readable)
    return [_row(entry, parts[entry.pk], readable, asked, places) for entry in entries]


def _asked(by: Any, entries: list[Entry], parts: dict[int, list[tuple[str, Told]]], readable: set[int]) -> Asked:
    """All names that the entries need: of things, of who did it, and of what their values name."""
    asked = Asked(by)
    asked.want((entry.kind, entry.thing_key) for entry in entries)
    asked.want((ACCOUNT, entry.actor_key) for entry in entries if not entry.actor_key.startswith("system:"))
    for kind, fields in (part for found in parts.values() for part in found):
        for name, value in fields.items():
            if value is not None and value.pk in readable:
                for text in (value.before, value.after):
                    asked.want(key_of(kind, name, json.loads(text)))
    asked.fetch()
    return asked


def _row(entry: Entry, parts: list[tuple[str, Told]], readable: set[int], asked: Asked, places: dict[int, tuple[str, str]]) -> Row:
    reason, changes = entry.reason, []
    for kind, fields in parts:
        said = fields.pop(REASON, None)
        if said is not None and said.pk in readable and not reason:
            reason = str(json.loads(said.after))
        changes += [_change(asked, kind, name, fields, readable) for name in fields if not _is_told_with_its_day(name, fields)]
    verb, place = str(VERBS.get(entry.verb, entry.verb)), places.get(entry.organisation_id or 0, ("", ""))
    return Row(entry, verb, kind_label(entry.kind), reason, tuple(changes), asked.thing(entry.kind, entry.thing_key), asked.actor(entry.actor_key), place)


def _is_told_with_its_day(name: str, fields: Told) -> bool:
    return name.endswith(PRECISION) and f"{name.removesuffix(PRECISION)}_on" in fields


def _change(asked: Asked, kind: str, name: str, fields: Told, readable: set[int]) -> Change:
    label, value = field_label(kind, name), fields[name]
    if value is None:
        return Change(label, "erased")
    if value.pk not in readable:
        return Change(label, "hidden")
    beside = fields.get(f"{name.removesuffix('_on')}{PRECISION}") if name.endswith("_on") else None
    before, after = (
        told(asked, kind, name, json.loads(getattr(value, side)), json.loads(getattr(beside, side)) or "" if beside is not None and beside.pk in readable else "")
        for side in ("before", "after")
    )
    return Change(label, "shown", before, after)

