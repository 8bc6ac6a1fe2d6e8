"""The writing: one batch, one transaction; and taking it back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from juzhi.base import beside, bulk
from juzhi.base.action import action
from juzhi.base.actors import Actor
from juzhi.base.errors import Forbidden, Refused
from juzhi.base.importers import CREATE, REFUSE, SAME, SUSPECT, UPDATE, WRITERS, Row
from juzhi.imports import queries, rules
from juzhi.imports.actions.planning import as_json, let_go
from juzhi.imports.models import WRITTEN, Batch, BatchRow, Decision
from juzhi.jobs.actions import enqueue
from juzhi.journal.actions import Ledger, record


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
    to be handed back as a file, and so is a row that its writer could not write as things are now. Afterwards the raw file is gone and the rows hold no values of what was written.

    Refuses without right, a batch that is finished or not read yet, and one with nothing to write, or of which nothing can be written any more.
    """
    batch = _ready(by, batch)
    with bulk.uncollected(), beside.beside(BatchRow):
        written, left_out = _write(by, batch)
    if not written:
        raise Refused(_("试运行之后有了变化：要写入的 %(number)s 行现在都写不进去。请重新试运行再写入") % {"number": left_out}, code="conflict")
    batch.committed_at = by.at
    batch.counts = {**batch.counts, "written": written, "later": queries.waiting(batch).count(), **({"left_out": left_out} if left_out else {})}
    batch.headings = queries.headings_alone(batch)
    batch.version += 1
    batch.save(update_fields=["committed_at", "counts", "headings", "version"])
    record(by=by, verb="imports.commit", thing=batch, organisation_id=batch.organisation_id, changes={"counts": (None, batch.counts)}, batch_key=batch.key)
    let_go(by, batch)
    return batch


def _write(by: Actor, batch: Batch) -> tuple[int, int]:
    """Every row that is to be written, piece by piece, with its line in the journal. Returns how many were written, and how many left out."""
    ledger = Ledger(by=by, verb="imports.commit", thing=batch, batch_key=batch.key)
    pieces = Pieces(batch, queries.piece_of(batch.kind))
    for lines in WRITERS[batch.kind].write(by=by, into=batch.organisation_id, pieces=pieces, batch_key=batch.key, example=batch.example):
        ledger.add(lines)
        pieces.save()
    ledger.close()
    return pieces.written, pieces.left_out


class Pieces:
    """The rows of a batch on their way to the writer, and what became of them on their way back. A row is given once with those it may repeat already dropped."""

    def __init__(self, batch: Batch, size: int | None) -> None:
        self._batch, self._size = batch, size
        self._rows: list[Row] = []
        self._ids: list[int] = []
        self._actions: list[str] = []  # as they were planned
        self._met: dict[str, int] = {}  # what a row resembles -> the first row that does
        self.written = self.left_out = 0

    def __iter__(self) -> Iterator[list[Row]]:
        last = 0
        while found := queries.some_rows(self._batch, after=last, size=self._size):
            last = found[-1][0]
            self._ids, self._rows = [pk for pk, _row in found], [row for _pk, row in found]
            self._actions = [row.action for row in self._rows]
            if wanted := [row for row in self._rows if is_written(row) and not self._is_repeat(row)]:
                yield wanted
            else:
                self.save()

    def _is_repeat(self, row: Row) -> bool:
        """Two rows that were settled to be the same person: the later one says nothing more."""
        if row.action == CREATE or row.decision == Decision.NEW:
            return False
        first = self._met.setdefault(row.like_key, row.row)
        if first == row.row:
            return False
        row.action, row.same_as = SAME, first
        return True

    def save(self) -> None:
        """What became of the piece. Values of what was written are wiped; those that come back in the file of problems are kept."""
        kept, changed, left_out = [], [], []
        for row, pk, planned in zip(self._rows, self._ids, self._actions, strict=True):
            self.written += is_written(row)
            if row.action == REFUSE != planned:
                left_out.append((row.action, row.reason[:300], "[]", pk))
            if not _comes_back(row):
                kept.append((row.same_as, row.thing_kind, row.thing_key, as_json(row.before), "{}", "[]", pk))
                if row.action != planned:  # few: a column with an index is dear to write
                    changed.append((row.action, pk))
        bulk.update_values(BatchRow, ("same_as", "thing_kind", "thing_key", "before", "values", "warn"), kept)
        bulk.update_values(BatchRow, ("action",), changed)
        bulk.update_values(BatchRow, ("action", "reason", "warn"), left_out)
        self.left_out += len(left_out)


def is_written(row: Row) -> bool:
    return row.action in (CREATE, UPDATE) or (row.action == SUSPECT and row.decision in WRITTEN)


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
    if not queries.to_be_written(batch).exists():
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
