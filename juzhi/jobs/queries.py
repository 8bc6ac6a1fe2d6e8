"""What can be asked about jobs: a person's progress, messages and jobs that wait, workers that are alive."""

from __future__ import annotations

import fcntl
import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django_tasks_db.models import DBTaskResult

from juzhi.base.models import ScopedQuerySet
from juzhi.jobs.models import PARKED, RUNNING, WAITING, Beat, Outbox, Progress

LEASE = timedelta(seconds=60)  # a worker silent for longer is taken for dead (PostgreSQL)


def progress(by: Any, key: str) -> Progress | None:
    """The progress `key` if it is `by`'s own, as far as it is now."""
    found: Progress | None = Progress.objects.seen_by(by).filter(key=key).first()
    return found and overlaid(found)


def progress_file(key: str) -> Path:
    """Where a job on SQLite tells how far it is while its transaction holds the only writer's place."""
    return Path(settings.DATA_FOLDER) / "progress" / f"{key}.json"


def overlaid(found: Progress) -> Progress:
    """A running job's newest word, which on SQLite stands in a file."""
    if found.state == RUNNING:
        try:
            told = json.loads(progress_file(found.key).read_text())
        except (OSError, ValueError):
            return found
        found.done, found.total, found.message = told["done"], told["total"], told["message"]
    return found


def due_messages(at: datetime) -> ScopedQuerySet:
    return Outbox.objects.system("delivery").filter(state=WAITING, due_at__lte=at).order_by("due_at", "id")


def parked_messages() -> ScopedQuerySet:
    """Messages that were given up after too many tries."""
    return Outbox.objects.system("the operator's list of parked messages").filter(state=PARKED).order_by("-put_at")


def failed_jobs() -> Any:
    return DBTaskResult.objects.failed()


def waiting_since(at: datetime) -> datetime | None:
    """Since when the oldest job that could run by now has been waiting; None if none waits."""
    waiting = DBTaskResult.objects.ready().filter(enqueued_at__lte=at)
    oldest: datetime | None = waiting.order_by("enqueued_at").values_list("enqueued_at", flat=True).first()
    return oldest


def workers_alive(at: datetime) -> int:
    """How many workers are there now."""
    if connection.vendor == "postgresql":
        return int(Beat.objects.system("how the product fares").filter(at__gt=at - LEASE).count())
    folder = lock_file("any").parent
    return sum(alive(path.name, at) for path in folder.iterdir()) if folder.exists() else 0


def lock_file(worker: str) -> Path:
    """Held locked by a living worker on SQLite; the kernel lets go when the process ends, however it ends."""
    return Path(settings.DATA_FOLDER) / "workers" / worker


def alive(worker: str, at: datetime, lease: timedelta = LEASE) -> bool:
    """Whether the worker that took a job is still there.

    SQLite has one machine and may hold its writer's place for minutes, so a lock file tells; on PostgreSQL beats tell, from any machine.
    """
    if connection.vendor == "postgresql":
        return bool(Beat.objects.system("reaper").filter(worker=worker, at__gt=at - lease).exists())
    try:
        with lock_file(worker).open() as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return False
