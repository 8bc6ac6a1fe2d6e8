"""Before anything is written: upload a file, plan what each row would become, say where its columns go."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping as Map
from collections.abc import Sequence
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from juzhi.base import bulk
from juzhi.base.action import action
from juzhi.base.actors import Actor, System
from juzhi.base.errors import Forbidden, Refused
from juzhi.base.ids import new_keys
from juzhi.base.importers import CREATE, IMPORTERS, REFUSE, SAME, SKIP, UPDATE, WRITERS, Importer, Row
from juzhi.base.text import clean_text
from juzhi.files import actions as files
from juzhi.files.models import Upload
from juzhi.imports import queries, rules
from juzhi.imports.models import Batch, BatchRow, Mapping
from juzhi.imports.reading import Reading, value_of
from juzhi.imports.reading.doubts import doubts
from juzhi.imports.reading.words import refusal
from juzhi.jobs.actions import enqueue

LARGEST_ROWS = 200_000
KEPT = (
    "id", "key", "batch_id", "position", "sheet", "row", "block", "action", "values", "warn", "reason",
    "like_key", "like_by", "same_as", "decision", "thing_kind", "thing_key", "before", "kept",
)  # fmt: skip


@action
def upload(*, by: Actor, file: Any, kind: str, organisation_id: int | None, answers: Map[str, str] | None = None, example: str = "", task: Any = None) -> Batch:
    """Take a file for an organisation and put its reading in line (`task`; None = the caller reads it himself). `answers` = {field: text} to the
    questions of the kind.

    The file is private, outside backups and gone after a day at latest. Refuses an unknown kind, somebody without the kind's duty there, and an
    answer that cannot be read.
    """
    importer = IMPORTERS.get(kind)
    if importer is None:
        raise Refused(_("没有「%(kind)s」这种导入，可选：%(kinds)s") % {"kind": kind, "kinds": "、".join(f"{one.kind}（{one.label}）" for one in IMPORTERS.values())}, field="kind")
    if not rules.may_upload(by, importer.duty, organisation_id):
        raise Forbidden(_("您不能往这个组织导入：需要相应的职责"))
    answered = _answered(importer, answers or {})
    kept = files.store(by=by, file=file, kind=f"imports.{kind}", organisation_id=organisation_id)
    batch = Batch.objects.create(
        kind=kind,
        duty=importer.duty,
        organisation_id=organisation_id,
        actor_key=by.key[:120],
        filename=kept.name[:200],
        upload_key=kept.key,
        answers=answered,
        example=example,
        made_at=by.at,
    )
    if task is not None:
        _read_later(by, batch, task)
    return batch


def _answered(importer: Importer, answers: Map[str, str]) -> dict[str, Any]:
    """The answers as values of their fields, read as cells are."""
    found: dict[str, Any] = {}
    for question in importer.questions:
        text = (answers.get(question.field) or "").strip()
        if text:
            value = value_of(next(one for one in importer.fields if one.name == question.field), text)
            if value is None:
                raise Refused(_("「%(label)s」看不懂，请照例子改写，或者留空") % {"label": question.label}, field=f"{importer.kind}_{question.field}")
            found[question.field] = value
    return found


def fill_in(importer: Importer, batch: Batch, rows: list[Row]) -> None:
    """Give rows what the page said for all of them. Refuses those for which neither says what has to be said."""
    for row in rows:
        for question in importer.questions:
            if row.values.get(question.field) is None:
                row.values[question.field] = batch.answers.get(question.field)
            if question.required and row.values[question.field] is None:
                row.action, row.reason = REFUSE, f"missing_{question.field}"


def _read_later(by: Actor, batch: Batch, task: Any) -> None:
    progress = enqueue(by=by, task=task, arguments={"batch": batch.key}, message=gettext_noop("正在读取文件"))
    batch.progress_key = progress.key
    batch.save(update_fields=["progress_key"])


@action
def plan(*, by: Actor, batch: Batch, reading: Reading) -> Batch:
    """Keep what each row of the file would become: matched with what `by` may see, nothing written yet. Reading again replaces the plan."""
    batch = opened(by, batch)
    if len(reading.rows) > LARGEST_ROWS:
        raise Refused(refusal("too_many_rows", rows=len(reading.rows), most=LARGEST_ROWS), field="file", code="limit")
    BatchRow.objects.system("a plan replaces the one before").filter(batch=batch).delete()
    with bulk.uncollected():
        counts, noticed = _planned(by, batch, reading)
    batch.headings = {**reading.headings(), **{name: told for name, told in noticed.items() if told}}
    batch.counts = dict(counts)
    batch.read_at = by.at
    batch.version += 1
    batch.save(update_fields=["headings", "counts", "read_at", "version"])
    return batch


def _planned(by: Actor, batch: Batch, reading: Reading) -> tuple[Counter[str], dict[str, Any]]:
    """Keep the rows, piece by piece: how many would become what, and what was noticed."""
    counts: Counter[str] = Counter()
    skipped: Counter[str] = Counter()
    asked: list[dict[str, Any]] = []
    met: dict[str, int] = {}
    rows = iter(reading.rows)
    while piece := list(islice(rows, queries.piece_of(batch.kind))):
        fill_in(IMPORTERS[batch.kind], batch, [row for row in piece if row.action == CREATE])
        WRITERS[batch.kind].match(by=by, into=batch.organisation_id, rows=[row for row in piece if row.action == CREATE])
        drop_repeats(piece, met)
        asked += [told for row in piece for told in doubts(row.warn)]
        _keep(batch, piece, counts.total())
        counts.update(row.action for row in piece)
        skipped.update(row.reason for row in piece if row.action == SKIP)
    return counts, {"skipped": dict(skipped), "ambiguous": queries.ambiguous(asked)}


def drop_repeats(rows: Sequence[Row], met: dict[str, int]) -> None:
    """Two rows of one file that would change one record: the later one says nothing more. `met` = what was resembled before, by which row."""
    for row in rows:
        if row.action == UPDATE and (first := met.setdefault(row.like_key, row.row)) != row.row:
            row.action, row.same_as = SAME, first


def _keep(batch: Batch, rows: Sequence[Row], before: int) -> None:
    """Write what the rows of one piece would become; `before` rows of the file stand already."""
    ids, keys = bulk.allocate(BatchRow, len(rows)), new_keys(len(rows))
    kept = (
        (pk, key, batch.pk, position, (row.sheet or "")[:120], row.row, row.block, row.action, as_json(row.values), as_json(row.warn), row.reason[:300]) + (row.like_key, row.like_by, row.same_as, "", "", "", "{}", "")
        for position, (row, pk, key) in enumerate(zip(rows, ids, keys, strict=True), start=before + 1)
    )
    bulk.insert_values(BatchRow, KEPT, kept)


def as_json(value: Any) -> str:
    return _ENCODER.encode(value)


_ENCODER = json.JSONEncoder(ensure_ascii=False)


@action
def refuse(*, by: Actor, batch: Batch, sentence: str) -> Batch:
    """Keep why the whole file was refused; the file itself goes at once."""
    batch = opened(by, batch, may_be_writing=True)
    batch.refused, batch.headings = sentence[:300], queries.headings_alone(batch)
    batch.save(update_fields=["refused", "headings"])
    BatchRow.objects.system("refused").filter(batch=batch).delete()
    let_go(by, batch)
    return batch


@action
def remap(*, by: Actor, batch: Batch, choices: Map[str, str], task: Any = None) -> Batch:
    """Say which heading means which field ("" = leave the column out), remember it for this organisation, and read the file again.

    Refuses a field there is not, and two headings for one field.
    """
    batch = opened(by, batch)
    known = {one.name: str(one.label) for one in IMPORTERS[batch.kind].fields if one.is_read}
    chosen = Counter(field for field in choices.values() if field)
    for field, times in chosen.items():
        if field not in known:
            raise Refused(_("没有「%(field)s」这一栏") % {"field": field}, field="mapping")
        if times > 1:
            raise Refused(_("有 %(times)s 列都对到了「%(field)s」，只能选一列") % {"times": times, "field": known[field]}, field="mapping")
    mine = Mapping.objects.system("the organisation's own words").filter(organisation_id=batch.organisation_id, kind=batch.kind)
    mine.filter(heading__in=list(choices)).delete()
    bulk.insert(Mapping(organisation_id=batch.organisation_id, kind=batch.kind, heading=clean_text(heading, field="mapping", label=_("列名"), limit=80), field=field, duty=batch.duty) for heading, field in choices.items())
    batch.read_at, batch.actor_key = None, by.key[:120]  # it is read again with the rights of whoever asked for it
    batch.save(update_fields=["read_at", "actor_key"])
    if task is not None:
        _read_later(by, batch, task)
    return batch


@action
def discard(*, by: Actor, batch: Batch) -> Batch:
    """Give an import up: the file and all its rows go at once."""
    batch = opened(by, batch)
    batch.discarded_at, batch.headings = by.at, queries.headings_alone(batch)
    batch.save(update_fields=["discarded_at", "headings"])
    BatchRow.objects.system("given up").filter(batch=batch).delete()
    let_go(by, batch)
    return batch


def opened(by: Actor, batch: Batch, *, may_be_writing: bool = False) -> Batch:
    """The batch, held for this verb. Refuses without right, one that is finished, and one that is being written."""
    batch = Batch.objects.system("lock for a verb").select_for_update().get(pk=batch.pk)
    if not rules.may_work_on(by, batch):
        raise Forbidden()
    if not batch.is_open:
        raise Refused(_("这次导入已经结束，不能再改"), code="state")
    if not may_be_writing and queries.is_writing(batch, by.at):
        raise Refused(_("这次导入正在写入，请等它写完"), code="state")
    return batch


def let_go(by: Actor, batch: Batch) -> None:
    """Delete the raw file, whoever uploaded it."""
    upload = Upload.objects.system("the import has no more use of it").filter(key=batch.upload_key, deleted_at=None).first()
    if upload is not None:
        files.discard(by=System("导入已结束", by.at), upload=upload)
