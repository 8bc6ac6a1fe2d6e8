"""The writing: one batch, one transaction; and taking it back."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from juzhi.base import bulk
from juzhi.base.action import action
from juzhi.base.actors import Actor
from juzhi.base.errors import Forbidden, Refused
from juzhi.base.importers import CREATE, SUSPECT, UPDATE, WRITERS, Row
from juzhi.imports import queries, rules
from juzhi.imports.actions.planning import let_go
from juzhi.imports.models import Batch, BatchRow, Decision
from juzhi.jobs.actions import enqueue
from juzhi.journal.actions import record, record_many

WRITTEN = ("action", "same_as", "thing_kind", "thing_key", "before", "values", "warn")


@action
def start_commit(*, by: Actor, batch: Batch, version: int | None, task: Any) -> Batch:
    """Put the writing of a batch in line; its progress may be watched and left. Refuses without right, what is not ready, and what is being written."""
    batch = _ready(by, batch)
    if queries.is_writing(batch, by.at):
        raise Refused(_("已经在写入了，请等它写完"), code="state")
    batch.claim(version)
    batch.progress_key = enqueue(by=by, task=task, arguments={"batch": batch.key, "actor": by.key}, message=gettext_noop("正在写入")).key
    batch.save(update_fields=["progress_key", "version"])
    return batch


@action
def commit(*, by: Actor, batch: Batch) -> Batch:
    """Write a batch, whole or not at all. Suspects settled as the same or as new are written; those left for later and refused rows are kept
    to be handed back as a file. Afterwards the raw file is gone and the rows hold no values of what was written.

    Refuses without right, a batch that is finished or not read yet, and one with nothing to write.
    """
    batch = _ready(by, batch)
    kept = queries.all_rows(batch)
    rows = queries.as_rows(kept)
    written = [row for row in rows if is_written(row)]
    lines = WRITERS[batch.kind].write(by=by, into=batch.organisation_id, rows=written, batch_key=batch.key, example=batch.example)
    for row, one in zip(rows, kept, strict=True):
        one.action, one.same_as, one.thing_kind, one.thing_key, one.before = row.action, row.same_as, row.thing_kind, row.thing_key, row.before
        if not _comes_back(row):
            one.values, one.warn = {}, []
    bulk.update(kept, WRITTEN)
    batch.committed_at = by.at
    batch.counts = {**batch.counts, "written": len(written), "later": sum(1 for row in rows if row.action == SUSPECT and not is_written(row))}
    batch.headings = queries.headings_alone(batch)
    batch.version += 1
    batch.save(update_fields=["committed_at", "counts", "headings", "version"])
    record(by=by, verb="imports.commit", thing=batch, organisation_id=batch.organisation_id, changes={"counts": (None, batch.counts)}, batch_key=batch.key)
    if lines:
        record_many(by=by, verb="imports.commit", thing=batch, lines=lines, batch_key=batch.key)
    let_go(by, batch)
    return batch


def is_written(row: Row) -> bool:
    return row.action in (CREATE, UPDATE) or (row.action == SUSPECT and row.decision in (Decision.SAME, Decision.NEW))


def _comes_back(row: Row) -> bool:
    """Whether the row is handed back in the file of rows with problems."""
    return row.action == "refuse" or (row.action == SUSPECT and not is_written(row))


def _ready(by: Actor, batch: Batch) -> Batch:
    batch = Batch.objects.system("lock for commit").select_for_update().get(pk=batch.pk)
    if not rules.may_work_on(by, batch):
        raise Forbidden()
    if batch.committed_at:
        raise Refused(_("这次导入已经写入过了"), code="state")
    if not batch.is_open or batch.read_at is None:
        raise Refused(_("这次导入还没有读完，或者已经结束"), code="state")
    if not any(is_written(row) for row in queries.as_rows(queries.all_rows(batch))):
        raise Refused(_("没有可以写入的行：都已在册、有问题或先放着"), code="state")
    return batch


@action
def undo(*, by: Actor, batch: Batch, reason: str) -> Batch:
    """Take back what a batch wrote, for thirty days. Rows edited since, and records others hold on to, stay and are named with why.

    Refuses without right or reason, a batch not written, undone before, and one older than thirty days.
    """
    batch = Batch.objects.system("lock for undo").select_for_update().get(pk=batch.pk)
    if not rules.may_work_on(by, batch):
        raise Forbidden()
    if not reason.strip():
        raise Refused(_("请写明为什么撤销，理由会记入日志"), field="reason")
    if batch.undone_at:
        raise Refused(_("这次导入已经撤销过了"), code="state")
    if batch.undo_until is None:
        raise Refused(_("这次导入还没有写入，不用撤销；可以放弃它"), code="state")
    if by.at > batch.undo_until:
        raise Refused(_("写入已超过 30 天，不能整批撤销；请逐条更正"), code="state")
    kept = [one for one in queries.all_rows(batch) if one.thing_key]
    rows = queries.as_rows(kept)
    WRITERS[batch.kind].undo(by=by, into=batch.organisation_id, rows=rows, batch_key=batch.key)
    for row, one in zip(rows, kept, strict=True):
        one.kept = row.kept[:200]
    bulk.update(kept, ["kept"])
    batch.undone_at = by.at
    stay = sum(1 for row in rows if row.kept)
    batch.counts = {**batch.counts, "undone": len(rows) - stay, "kept": stay}
    batch.version += 1
    batch.save(update_fields=["undone_at", "counts", "version"])
    changes = {"counts": (None, dict(Counter("kept" if row.kept else "undone" for row in rows)))}
    record(by=by, verb="imports.undo", thing=batch, organisation_id=batch.organisation_id, changes=changes, reason=reason, batch_key=batch.key)
    return batch


@action
def expire(*, by: Actor) -> int:
    """Give up batches whose file is a day old, and wipe the rows of those that can no longer be undone. Returns how many batches were given up."""
    if not by.is_system:
        raise Forbidden()
    old = list(queries.stale(by.at))
    for batch in old:
        batch.discarded_at, batch.headings = by.at, queries.headings_alone(batch)
        batch.save(update_fields=["discarded_at", "headings"])
        BatchRow.objects.system("given up").filter(batch=batch).delete()
        let_go(by, batch)
    queries.past_undo(by.at).update(values={}, before={}, warn=[])
    return len(old)
