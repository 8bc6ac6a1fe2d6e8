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


def log() -> Path:
    """One line for each thing: {"at", "kind", "key"}. Lies in the data folder; never part of a backup, never replaced by one."""
    return Path(settings.DATA_FOLDER) / "erased.jsonl"


def known() -> list[tuple[datetime, str, str]]:
    """Everything ever written into the log, oldest first."""
    try:
        lines = log().read_text().splitlines()
    except FileNotFoundError:
        return []
    rows = [json.loads(line) for line in lines if line.endswith("}")]  # a line cut off in the middle was written by a process that died: the next call writes it again
    return [(datetime.fromisoformat(row["at"]), row["kind"], row["key"]) for row in rows]


def keep_up() -> int:
    """Write down what the journal says was forgotten and the log does not know yet. Returns how many things. A chore of the worker, and done before a restore."""
    there = {(kind, key) for _, kind, key in known()}
    lines = EntryLine.objects.system("log of erasures").filter(entry__verb=FORGET).order_by("pk").values_list("entry__at", "kind", "thing_key")
    fresh = [(at, kind, key) for at, kind, key in lines if (kind, key) not in there]
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
    owed = [(kind, key) for _, kind, key in known() if (kind, key) not in told]
    if owed:
        actions.forget(by=by, things=owed, reason="恢复备份后重做遗忘")
    return len(owed)


def is_empty() -> bool:
    return not Entry.objects.system("is there anything to lose").exists()
