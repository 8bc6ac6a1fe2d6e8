"""What was forgotten, kept outside the database as keys alone, so that an older backup brought back does not bring it back."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from django.conf import settings

from juzhi.base.actors import System
from juzhi.journal import actions
from juzhi.journal.models import FORGET, Entry, EntryLine
from juzhi.network.models import Organisation
from juzhi.people import actions as people
from juzhi.people.models import Ground, Person

PERSON = "people.forget"  # the verb whose entries say that a person was erased


def log() -> Path:
    """One line for each thing: {"at", "kind", "key"}. Lies in the data folder; never part of a backup, never replaced by one."""
    return Path(settings.DATA_FOLDER) / "erased.jsonl"


def known() -> list[tuple[datetime, str, str]]:
    """Everything ever written into the log, oldest first; persons erased stand in it as PERSON with their own keys."""
    try:
        lines = log().read_text().splitlines()
    except FileNotFoundError:
        return []
    rows = [json.loads(line) for line in lines if line.endswith("}")]  # a line cut off in the middle was written by a process that died: the next call writes it again
    return [(datetime.fromisoformat(row["at"]), row["kind"], row["key"]) for row in rows]


def persons() -> list[tuple[datetime, str, str]]:
    """Persons who were erased, as the journal says: when, PERSON, and `key` of the person (whole) or `key of person/key of organisation` (as far as
    that organisation knew them).
    """
    found = []
    entries = Entry.objects.system("log of erasures").filter(verb=PERSON).order_by("pk")
    stubs = set(Person.objects.system("log of erasures").filter(key__in=entries.values("thing_key"), forgotten_at__isnull=False).values_list("key", flat=True))
    for at, key, place in entries.filter(lines__kind="network.organisation").values_list("at", "thing_key", "lines__thing_key"):
        found.append((at, PERSON, f"{key}/{place}"))
    found += [(at, PERSON, key) for at, key in entries.values_list("at", "thing_key") if key in stubs]
    return found


def keep_up() -> int:
    """Write down what the journal says was forgotten and the log does not know yet. Returns how many things. A chore of the worker, and done before a restore."""
    there = {(kind, key) for _, kind, key in known()}
    lines = EntryLine.objects.system("log of erasures").filter(entry__verb=FORGET).order_by("pk").values_list("entry__at", "kind", "thing_key")
    fresh = [(at, kind, key) for at, kind, key in [*lines, *persons()] if (kind, key) not in there]
    if fresh:
        _append(fresh)
    return len(fresh)


def _append(rows: Iterable[tuple[datetime, str, str]]) -> None:
    path = log()
    is_cut = path.exists() and not path.read_bytes().endswith(b"\n")
    with path.open("a") as file:
        file.write("\n" if is_cut else "")
        file.writelines(json.dumps({"at": at.isoformat(), "kind": kind, "key": key}) + "\n" for at, kind, key in rows)
        file.flush()
        os.fsync(file.fileno())


def replay(by: System) -> int:
    """Forget again what was forgotten after the restored backup was made. Returns how many things."""
    told = set(EntryLine.objects.system("log of erasures").filter(entry__verb=FORGET).values_list("kind", "thing_key"))
    told |= {(kind, key) for _, kind, key in persons()}
    owed = [(at, kind, key) for at, kind, key in known() if (kind, key) not in told]
    again = _replay_persons(by, [(at, key) for at, kind, key in owed if kind == PERSON])
    things = [(kind, key) for _, kind, key in owed if kind != PERSON]
    if things:
        actions.forget(by=by, things=things, reason="恢复备份后重做遗忘")
    return len(things) + again


def _replay_persons(by: System, owed: list[tuple[datetime, str]]) -> int:
    """Erase persons again as of their day, first as far as single organisations knew them, then whole. How many."""
    wanted: dict[str, tuple[datetime, set[str], bool]] = {}
    for at, text in owed:
        key, _slash, place = text.partition("/")
        _at, places, is_whole = wanted.get(key, (at, set(), False))
        wanted[key] = (at, places | {place} - {""}, is_whole or not place)
    count = 0
    for key, (at, places, is_whole) in wanted.items():
        person = Person.objects.system("erased after the backup was made").filter(key=key, forgotten_at__isnull=True).first()
        if person is not None:
            ids = None if is_whole else list(Organisation.objects.system("as far as these knew them").filter(key__in=places).values_list("pk", flat=True))
            people.forget(by=System(by.reason, at), person=person, ground=Ground.REQUEST, at=ids)
            count += 1
    return count


def is_empty() -> bool:
    return not Entry.objects.system("is there anything to lose").exists()
