"""Verbs of jobs: put in line, claim what is due, settle what was delivered, take back from dead workers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from croniter import croniter
from django.db import connection
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from juzhi.base.action import action
from juzhi.base.actors import ZONE
from juzhi.jobs import queries
from juzhi.jobs.models import PARKED, SENT, WAITING, Beat, Outbox, Progress, ScheduledJob
from juzhi.jobs.schedule import SCHEDULE

LEASE_OF_MESSAGE = timedelta(minutes=5)  # a message taken by a worker that died is delivered again after this
MESSAGE_TRIES = 8  # then it is parked: about an hour and a half
JOB_TRIES = 3
KEPT = timedelta(days=30)


@action
def enqueue(*, by: Any, task: Any, arguments: Mapping[str, Any] | None = None, total: int = 0, message: str = "") -> Progress:
    """Put `task` in line, in the caller's transaction, and return the progress its owner may watch.

    The task is called with `arguments` and `progress` (a key); it wraps its work in `jobs.progress.running(progress)`.
    It may run twice if a worker dies, so it must be safe to repeat.
    """
    made: Progress = Progress.objects.create(
        kind=task.module_path, owner_key=by.key[:120], total=total, message=message, begun_at=by.at
    )
    task.enqueue(**dict(arguments or {}), progress=made.key)
    return made


@action
def tick(*, by: Any) -> list[str]:
    """Put every scheduled job that is due in line; names of those put. With several workers each due time is claimed once.

    After a pause a job runs once, not once for every time that was missed.
    """
    rows = {row.name: row for row in ScheduledJob.objects.system("schedule")}
    put = []
    for declared in SCHEDULE.values():
        following = _following(declared.cron, by.at)
        row = rows.get(declared.name)
        if row is None or row.cron != declared.cron:
            ScheduledJob.objects.bulk_create(
                [ScheduledJob(name=declared.name, cron=declared.cron, next_run_at=following)],
                update_conflicts=True,
                unique_fields=["name"],
                update_fields=["cron", "next_run_at"],
            )
        elif row.next_run_at <= by.at:
            claimed = ScheduledJob.objects.system("schedule").filter(pk=row.pk, next_run_at=row.next_run_at).update(next_run_at=following)
            if claimed:
                declared.task.enqueue()
                put.append(declared.name)
    return put


def _following(cron: str, at: datetime) -> datetime:
    found: datetime = croniter(cron, at.astimezone(ZONE)).get_next(datetime)
    return found


@action
def claim_message(*, by: Any) -> Outbox | None:
    """Take the next message that is due, for five minutes; None if nothing waits. A try is counted when it begins."""
    for message in queries.due_messages(by.at)[:10]:
        taken = Outbox.objects.system("delivery").filter(pk=message.pk, state=WAITING, tries=message.tries, due_at=message.due_at)
        if taken.update(tries=message.tries + 1, due_at=by.at + LEASE_OF_MESSAGE):
            message.tries += 1
            return message  # type: ignore[no-any-return]
    return None


@action
def settle_message(*, by: Any, message: Outbox, error: str = "") -> Outbox:
    """Write down whether a claimed message left. If not, it waits longer each time and is parked at last. Sent, its address and content are wiped."""
    if not error:
        message.state, message.sent_at, message.to, message.payload, message.last_error = SENT, by.at, [], {}, ""
    else:
        message.last_error = error[:200]
        message.due_at = by.at + timedelta(seconds=30 * 2 ** (message.tries - 1))
        if message.tries >= MESSAGE_TRIES:
            message.state = PARKED
    message.save(update_fields=["state", "sent_at", "to", "payload", "last_error", "due_at"])
    return message


@action
def release_message(*, by: Any, message: Outbox) -> Outbox:
    """Put a parked message in line again with a fresh count of tries."""
    message.state, message.tries, message.due_at = WAITING, 0, by.at
    message.save(update_fields=["state", "tries", "due_at"])
    return message


@action
def beat(*, by: Any, worker: str) -> None:
    """Say that a worker is alive (PostgreSQL)."""
    Beat.objects.bulk_create([Beat(worker=worker, at=by.at)], update_conflicts=True, unique_fields=["worker"], update_fields=["at"])


@action
def reap(*, by: Any, lease: timedelta = queries.LEASE, own: str = "") -> list[str]:
    """`own` = a living worker that has nothing in hand any more: its jobs go back too. Put jobs whose worker has died back in line; keys of those. After three tries a job is failed instead, so that one bad job cannot kill for ever."""
    taken = []
    for row in DBTaskResult.objects.running():
        worker = row.worker_ids[-1] if row.worker_ids else ""
        if worker and worker != own and queries.alive(worker, by.at, lease):
            continue
        same = DBTaskResult.objects.filter(pk=row.pk, status=TaskResultStatus.RUNNING, started_at=row.started_at)
        if len(row.worker_ids) < JOB_TRIES:
            changed = same.update(status=TaskResultStatus.READY)
        else:
            changed = same.update(status=TaskResultStatus.FAILED, finished_at=by.at, traceback=f"its worker died {JOB_TRIES} times")
        if changed:
            taken.append(str(row.pk))
    if connection.vendor == "postgresql":
        Beat.objects.system("reaper").filter(at__lt=by.at - 10 * lease).delete()
    return taken


@action
def retry(*, by: Any, job: DBTaskResult) -> bool:
    """Put a failed job back in line, later each time; False once it has had its three tries."""
    tries = len(job.worker_ids)
    if tries >= JOB_TRIES:
        return False
    again = DBTaskResult.objects.filter(pk=job.pk, status=TaskResultStatus.FAILED)
    return bool(again.update(status=TaskResultStatus.READY, run_after=by.at + timedelta(seconds=10 * 4 ** (tries - 1))))


@action
def prune(*, by: Any) -> int:
    """Delete what has been finished for thirty days: results of jobs, sent messages, progress. Returns how many rows."""
    old = by.at - KEPT
    gone = DBTaskResult.objects.finished().filter(finished_at__lt=old).delete()[0]
    gone += Outbox.objects.system("pruning").filter(state=SENT, sent_at__lt=old).delete()[0]
    return gone + int(Progress.objects.system("pruning").filter(begun_at__lt=old).delete()[0])
