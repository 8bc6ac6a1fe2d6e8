"""Reads about batches: those of an organisation, those that wait, their rows as writers take them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.translation import gettext as _

from juzhi.base.actors import Actor
from juzhi.base.importers import IMPORTERS, Importer, Row
from juzhi.imports.models import WRITTEN, Batch, BatchRow, Decision, Mapping, RowAction
from juzhi.imports.reading.doubts import CODE, sort_of
from juzhi.jobs.models import DONE, FAILED, Progress
from juzhi.journal.models import Named

TABS = (RowAction.CREATE, RowAction.UPDATE, RowAction.SUSPECT, RowAction.REFUSE, RowAction.SAME, RowAction.SKIP)
KEPT = timedelta(days=1)
PIECE = 5000  # rows that are held at once
PLACES = 12  # organisations beside the list of imports; the rest is found by its name
NAME_AT_MOST = 120  # characters of a name that is sought
WRITING = "juzhi.imports.tasks.write"  # how progress names the job that writes


def kinds(by: Actor, organisation_id: int) -> list[Importer]:
    """Kinds of file `by` may bring into that organisation."""
    return [one for one in IMPORTERS.values() if by.is_system or by.holds(one.duty, organisation_id)]


def batches(by: Actor) -> QuerySet[Batch]:
    return Batch.objects.seen_by(by).order_by("-made_at", "-pk")


def batch(by: Actor, key: str) -> Batch | None:
    return Batch.objects.seen_by(by).filter(key=key).first()


def open_batches(by: Actor) -> QuerySet[Batch]:
    """Batches that wait for somebody: read and neither written nor given up."""
    return batches(by).filter(committed_at=None, discarded_at=None, refused="")


def rows(by: Actor, batch: Batch, tab: str = "") -> QuerySet[BatchRow]:
    found = BatchRow.objects.seen_by(by).filter(batch=batch).order_by("position")
    return found.filter(action=tab) if tab else found


def counts(by: Actor, batch: Batch) -> dict[str, int]:
    """How many rows each tab has, and `open`: suspects not yet settled."""
    found = BatchRow.objects.seen_by(by).filter(batch=batch).order_by()
    per_action = dict(found.values_list("action").annotate(n=Count("pk")))
    waiting = found.filter(Q(decision="") | Q(decision=Decision.LATER), action=RowAction.SUSPECT).count()
    return {**{tab.value: per_action.get(tab.value, 0) for tab in TABS}, "open": waiting}


@dataclass(frozen=True)
class Entry:
    """A batch in a list."""

    batch: Batch
    kind: str
    place: str
    state: str
    tone: str


def entries(by: Actor) -> list[Entry]:
    """The last two hundred batches, newest first."""
    found = list(batches(by)[:200])
    names = by.places(*{one.organisation_id for one in found if one.organisation_id})
    labels = {one.kind: str(one.label) for one in IMPORTERS.values()}
    return [Entry(one, labels.get(one.kind, one.kind), names.get(one.organisation_id or 0, ("", ""))[1], *state_of(one)) for one in found]


def state_of(batch: Batch) -> tuple[str, str]:
    """Where a batch stands, in words, and the tone of its pill."""
    if batch.refused:
        return _("整份没有收"), "danger"
    if batch.undone_at:
        return _("已撤销"), "plain"
    if batch.committed_at:
        return _("已写入"), "ok"
    if batch.discarded_at:
        return _("已放弃"), "plain"
    return (_("等您确认"), "warn") if batch.read_at else (_("正在读取"), "info")


@dataclass(frozen=True)
class Places:
    """Organisations (key, name) that are shown, of how many that answer to the words."""

    rows: list[tuple[str, str]]
    total: int
    words: str

    @property
    def is_cut(self) -> bool:
        return len(self.rows) < self.total

    @property
    def may_be_sought(self) -> bool:
        return bool(self.words) or self.is_cut


def places(by: Actor, words: str = "") -> Places:
    """Organisations into which `by` may bring files, whose names hold `words`: the first dozen by name, and how many there are."""
    duties = dict.fromkeys(one.duty for one in IMPORTERS.values())
    ids = [] if by.is_system else sorted({row["descendant_id"] for row in by.reach(*duties) or ()})
    sought = words.strip()[:NAME_AT_MOST]
    pieces = (ids[start : start + PIECE] for start in range(0, len(ids), PIECE))
    found = [one for piece in pieces for one in by.places(*piece).values() if sought.casefold() in one[1].casefold()]
    return Places(found[:PLACES], len(found), sought)


def mapping(organisation_id: int | None, kind: str) -> dict[str, str]:
    """Headings this organisation has settled before."""
    known = Mapping.objects.system("reading a file with the organisation's own words").filter(organisation_id=organisation_id, kind=kind)
    return dict(known.values_list("heading", "field"))


def as_rows(found: Sequence[BatchRow]) -> list[Row]:
    """Rows as writers take them."""
    return [
        Row(
            sheet=one.sheet or None,
            row=one.row,
            action=one.action,
            block=one.block,
            values=one.values,
            warn=one.warn,
            reason=one.reason,
            same_as=one.same_as,
            position=one.position,
            like_key=one.like_key,
            like_by=one.like_by,
            decision=one.decision,
            thing_kind=one.thing_kind,
            thing_key=one.thing_key,
            before=one.before,
            kept=one.kept,
        )
        for one in found
    ]


def all_rows(batch: Batch) -> list[BatchRow]:
    return list(BatchRow.objects.system("the batch's own verb").filter(batch=batch).order_by("position"))


def piece_of(kind: str) -> int | None:
    """How many rows a kind is written by; None = all together."""
    return PIECE if IMPORTERS[kind].in_pieces else None


def some_rows(batch: Batch, *, after: int, size: int | None) -> list[tuple[int, Row]]:
    """The rows behind the one with that id, with their ids, as a commit needs them. They were written in the file's order."""
    found = BatchRow.objects.system("the batch's own verb").filter(batch=batch, pk__gt=after).order_by("pk")
    columns = found.values_list("pk", "sheet", "row", "action", "block", "values", "reason", "same_as", "position", "like_key", "decision")[:size]
    return [
        (pk, Row(sheet=sheet, row=row, action=action, block=block, values=values, reason=why, same_as=same_as, position=position, like_key=like, decision=decision))
        for pk, sheet, row, action, block, values, why, same_as, position, like, decision in columns
    ]


def planned(batch: Batch) -> QuerySet[BatchRow]:
    """Rows that are records, whatever they would become."""
    return BatchRow.objects.system("the batch's own verb").filter(batch=batch).exclude(action=RowAction.SKIP)


def doubtful(batch: Batch) -> QuerySet[BatchRow]:
    """Rows with a cell that may mean one of two dates, chosen or not."""
    return planned(batch).annotate(told=Cast("warn", TextField())).filter(told__contains=f'"{CODE}"')


def ambiguous(told: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """How many cells there are of each field and sort of ambiguity, and for how many a date was chosen: what a batch keeps of them, without any date."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for one in told:
        sort = sort_of(one[CODE])
        kept = found.setdefault((one["field"], sort), {"field": one["field"], "sort": sort, "rows": 0, "chosen": 0})
        kept["rows"] += 1
        kept["chosen"] += bool(one.get("chosen"))
    return list(found.values())


def per_action(batch: Batch) -> dict[str, int]:
    """How many rows would become what; only what there is."""
    return dict(BatchRow.objects.system("the batch's own verb").filter(batch=batch).order_by().values_list("action").annotate(n=Count("pk")))


def to_be_written(batch: Batch) -> QuerySet[BatchRow]:
    """Rows that a commit writes: new ones, updates, and suspects settled as the same or as somebody else."""
    found = BatchRow.objects.system("the batch's own verb").filter(batch=batch)
    return found.filter(Q(action__in=(RowAction.CREATE, RowAction.UPDATE)) | Q(action=RowAction.SUSPECT, decision__in=WRITTEN))


def waiting(batch: Batch) -> QuerySet[BatchRow]:
    """Suspects that nobody has settled, or that were left for later."""
    return BatchRow.objects.system("the batch's own verb").filter(batch=batch, action=RowAction.SUSPECT).exclude(decision__in=WRITTEN)


def stale(at: datetime) -> QuerySet[Batch]:
    """Batches whose file is a day old and which nobody settled."""
    return Batch.objects.system("expiry").filter(committed_at=None, discarded_at=None, made_at__lte=at - KEPT)


def past_undo(at: datetime) -> QuerySet[BatchRow]:
    """Rows of batches that can no longer be undone and still hold values."""
    old = Batch.objects.system("expiry").filter(committed_at__lte=at - timedelta(days=30)).values("pk")
    return BatchRow.objects.system("expiry").filter(batch_id__in=old).exclude(values={}, before={})


def headings_alone(batch: Batch) -> dict[str, Any]:
    """What is kept of the headings once a batch has ended: no cell."""
    sheets = [{**sheet, "unmapped": dict.fromkeys(sheet.get("unmapped", {}), [])} for sheet in batch.headings.get("sheets", [])]
    return {**batch.headings, "sheets": sheets} if sheets else batch.headings


def is_writing(batch: Batch, at: datetime) -> bool:
    """Whether a job is about to write this batch. One that was put in line an hour ago is taken for dead."""
    jobs = Progress.objects.system("is it being written").filter(key=batch.progress_key, kind=WRITING, begun_at__gt=at - timedelta(hours=1))
    return bool(batch.progress_key) and jobs.exclude(state__in=(DONE, FAILED)).exists()


def batches_named(by: Actor, keys: Sequence[str]) -> dict[str, Named]:
    """What the journal calls imports: the file's name, for those who may open the batch."""
    return {one.key: Named(one.filename, reverse("imports:batch", args=[one.key])) for one in Batch.objects.seen_by(by).filter(key__in=keys)}
