"""Reads about imports: batches of an organisation, the rows of a tab, what each suspect resembles."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import override

from juzhi.base.actors import Actor
from juzhi.base.codes import mask_mobile
from juzhi.base.importers import IMPORTERS, WRITERS, Field, Importer, Like, Row
from juzhi.imports.models import DUTIES, Batch, BatchRow, Decision, Mapping, RowAction
from juzhi.imports.reading.words import reason, retold, warning
from juzhi.jobs.models import DONE, FAILED, Progress
from juzhi.jobs.queries import progress
from juzhi.journal.models import Named

TABS = (RowAction.CREATE, RowAction.UPDATE, RowAction.SUSPECT, RowAction.REFUSE, RowAction.SAME, RowAction.SKIP)
KEPT = timedelta(days=1)
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


def places(by: Actor) -> list[tuple[str, str]]:
    """Organisations (key, name) into which `by` may bring files; the first fifty."""
    if by.is_system:
        return []
    ids = [row["descendant_id"] for row in (by.reach(*DUTIES) or ())[:50]]
    return list(by.places(*ids).values())


def likes(by: Actor, batch: Batch, keys: Iterable[str]) -> dict[str, Like]:
    """What the rows resemble, as far as `by` may see it today."""
    wanted = [key for key in dict.fromkeys(keys) if key]
    return WRITERS[batch.kind].describe(by=by, keys=wanted) if wanted and batch.kind in WRITERS else {}


def fields(batch: Batch) -> tuple[Field, ...]:
    """The columns this file has, in the order of the declaration."""
    present = {name for sheet in batch.headings.get("sheets", []) for name in sheet["columns"].values()}
    return tuple(one for one in IMPORTERS[batch.kind].fields if one.name in present and one.stored)


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


PIECE = 5000  # rows that are held at once


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


def to_be_written(batch: Batch) -> QuerySet[BatchRow]:
    """Rows that a commit writes: new ones, updates, and suspects settled as the same or as somebody else."""
    found = BatchRow.objects.system("the batch's own verb").filter(batch=batch)
    return found.filter(Q(action__in=(RowAction.CREATE, RowAction.UPDATE)) | Q(action=RowAction.SUSPECT, decision__in=(Decision.SAME, Decision.NEW)))


def waiting(batch: Batch) -> QuerySet[BatchRow]:
    """Suspects that nobody has settled, or that were left for later."""
    return BatchRow.objects.system("the batch's own verb").filter(batch=batch, action=RowAction.SUSPECT).exclude(decision__in=(Decision.SAME, Decision.NEW))


def stale(at: datetime) -> QuerySet[Batch]:
    """Batches whose file is a day old and which nobody settled."""
    return Batch.objects.system("expiry").filter(committed_at=None, discarded_at=None, made_at__lte=at - KEPT)


def past_undo(at: datetime) -> QuerySet[BatchRow]:
    """Rows of batches that can no longer be undone and still hold values."""
    old = Batch.objects.system("expiry").filter(committed_at__lte=at - timedelta(days=30)).values("pk")
    return BatchRow.objects.system("expiry").filter(batch_id__in=old).exclude(values={}, before={})


PER_PAGE = 100
TONES = {RowAction.CREATE: "circle-check", RowAction.UPDATE: "refresh", RowAction.SUSPECT: "users", RowAction.REFUSE: "alert-triangle", RowAction.SAME: "user-check", RowAction.SKIP: "circle-dashed"}
BY_WORDS = {"mobile": _lazy("手机号相同"), "name_unit": _lazy("姓名和单位相同"), "name_birth": _lazy("姓名和出生日期相同"), "name": _lazy("名称相同")}


@dataclass(frozen=True)
class Shown:
    """One row on a page: its cells in the order of the columns, what was noticed, and what it resembles."""

    row: BatchRow
    cells: list[Any]
    warnings: list[str]
    reason: str
    like: Like | None
    by_words: Any
    pairs: list[tuple[str, Any, Any]]


@dataclass(frozen=True)
class Screen:
    """Everything the page of a batch shows."""

    batch: Batch
    kind: str
    place: tuple[str, str]  # key and name
    state: str
    tone: str
    step: int
    counts: dict[str, int]
    tabs: list[dict[str, Any]]
    tab: str
    page: Page[Any] | None
    heads: list[str]
    rows: list[Shown]
    columns: list[dict[str, Any]]
    progress: Any
    failed: str  # why the last job came to nothing
    refused: str  # why the whole file was
    writable: int

    @property
    def is_waiting(self) -> bool:
        """Whether a job is at work on it."""
        return self.progress is not None

    @property
    def is_planned(self) -> bool:
        return self.batch.is_open and self.batch.read_at is not None

    @property
    def nothing(self) -> bool:
        return not self.writable


def screen(by: Actor, batch: Batch, tab: str = "", page: str = "") -> Screen:
    """The page of a batch at one of its tabs: the first that has rows, if the one asked for is not there."""
    found = counts(by, batch)
    tab = tab if tab in RowAction.values else next((one.value for one in (RowAction.SUSPECT, *TABS) if found[one.value]), RowAction.CREATE.value)
    pages = Paginator(rows(by, batch, tab), PER_PAGE)
    present = pages.get_page(page if page.isdigit() and len(page) < 7 else 1)
    columns_ = fields(batch) if batch.headings else ()
    told = likes(by, batch, [row.like_key for row in present]) if tab in (RowAction.SUSPECT, RowAction.UPDATE) else {}
    state, tone = state_of(batch)
    job = progress(by, batch.progress_key) if batch.progress_key and batch.is_open else None
    is_writing_now = job is not None and not job.ended and batch.read_at is not None
    if is_writing_now:
        state, tone = _("正在写入"), "info"
    settled = rows(by, batch, RowAction.SUSPECT).filter(decision__in=(Decision.SAME, Decision.NEW)).count()
    return Screen(
        batch=batch,
        kind=str(IMPORTERS[batch.kind].label),
        place=by.places(batch.organisation_id).get(batch.organisation_id, ("", "")) if batch.organisation_id else ("", ""),
        state=state,
        tone=tone,
        step=5 if batch.committed_at else 4 if is_writing_now else 3 if batch.read_at else 2,
        counts=found,
        tabs=[{"label": one.label, "href": f"?tab={one.value}", "count": found[one.value], "current": one.value == tab, "icon": TONES[one]} for one in TABS],
        tab=tab,
        page=present if present.paginator.num_pages > 1 else None,
        heads=[str(one.label) for one in columns_],
        rows=[_shown(row, columns_, told) for row in present],
        columns=ways_of_columns(by, batch),
        progress=job if job is not None and not job.ended else None,
        failed=retold(job.message) if job is not None and job.state == FAILED else "",
        refused=retold(batch.refused),
        writable=found[RowAction.CREATE] + found[RowAction.UPDATE] + settled,
    )


def ways_of_columns(by: Actor, batch: Batch) -> list[dict[str, Any]]:
    """Each heading with where it goes, as `mapper_row` takes it; left-out ones last, with why."""
    labels = {one.name: one for one in IMPORTERS[batch.kind].fields}
    beside = samples(by, batch) if batch.is_open else {}
    found: dict[str, dict[str, Any]] = {}
    for heading, name in columns(batch):
        one = labels.get(name)
        kept = one is not None and one.stored
        note = ""
        if one is not None and one.kind == "remark":
            note = _("只从中读出离会、去世和日期，其余的话不收")
        elif not kept:
            note = _("认出是「%(label)s」，没有写明用途，不收") % {"label": one.label} if one else _("认不出，先不收；可以改列的去向")
        found[heading] = {"heading": heading, "sample": "、".join(beside.get(heading, [])[:2]), "label": one.label if one else "", "note": note, "kept": kept}
    for heading in batch.headings.get("not_imported", []):
        found[heading] = {"heading": heading, "sample": "", "label": "", "note": _("敏感信息，系统没有这一列，未读取、未暂存"), "kept": False}
    return sorted(found.values(), key=lambda one: not one["kept"])


def _shown(row: BatchRow, columns_: Sequence[Field], told: dict[str, Like]) -> Shown:
    like = told.get(row.like_key)
    theirs = {_("姓名"): like.label, _("组织名称"): like.label, **dict(like.facts)} if like else {}
    pairs = [(str(one.label), _masked(one, row.values.get(one.name)), theirs[str(one.label)]) for one in columns_ if theirs.get(str(one.label))]
    return Shown(
        row=row,
        cells=[_cell(row.values.get(one.name)) for one in columns_],
        warnings=[warning(one) for one in row.warn],
        reason=reason(row.reason) if row.reason else "",
        like=like,
        by_words=BY_WORDS.get(row.like_by, ""),
        pairs=pairs,
    )


def _masked(one: Field, value: Any) -> str:
    """A value beside one that is shown masked, so that like is seen to be like."""
    return mask_mobile(value) if one.kind in ("mobile", "telephone") and value else _cell(value)


def _cell(value: Any) -> str:
    return "、".join(str(one) for one in value) if isinstance(value, list) else "" if value is None else str(value)


def headings_alone(batch: Batch) -> dict[str, Any]:
    """What is kept of the headings once a batch has ended: no cell."""
    sheets = [{**sheet, "unmapped": dict.fromkeys(sheet.get("unmapped", {}), [])} for sheet in batch.headings.get("sheets", [])]
    return {**batch.headings, "sheets": sheets} if sheets else batch.headings


def is_writing(batch: Batch, at: datetime) -> bool:
    """Whether a job is about to write this batch. One that was put in line an hour ago is taken for dead."""
    jobs = Progress.objects.system("is it being written").filter(key=batch.progress_key, kind=WRITING, begun_at__gt=at - timedelta(hours=1))
    return bool(batch.progress_key) and jobs.exclude(state__in=(DONE, FAILED)).exists()


def columns(batch: Batch) -> list[tuple[str, str]]:
    """Every heading that may be mapped, with the field it means now ("" = none). Left-out sensitive columns are not among them."""
    found: dict[str, str] = {}
    for sheet in batch.headings.get("sheets", []):
        found |= {heading: field for heading, field in sheet["columns"].items()}
        found |= {heading: "" for heading in sheet.get("unmapped", {})}
    left_out = {*batch.headings.get("not_imported", [])}
    return [(heading, field) for heading, field in found.items() if heading not in left_out]


def samples(by: Actor, batch: Batch) -> dict[str, list[str]]:
    """A few values beside each heading: as written where nobody knew the column, as understood where it was known."""
    first = list(rows(by, batch).exclude(action__in=(RowAction.SKIP, RowAction.SAME))[:8])
    found: dict[str, list[str]] = {}
    for sheet in batch.headings.get("sheets", []):
        for heading, name in sheet["columns"].items():
            values = [_cell(row.values.get(name)) for row in first if row.sheet == (sheet["sheet"] or "")]
            found[heading] = list(dict.fromkeys(value for value in values if value))[:2]
        found |= sheet.get("unmapped", {})
    return found


def problem_table(by: Actor, batch: Batch) -> tuple[list[str], list[list[str]]]:
    """Rows that did not come in, with the reason in the last column: heads and lines of text. Mended, the file can be brought again."""
    columns_ = fields(batch)
    remark = next((one for one in IMPORTERS[batch.kind].fields if one.kind == "remark"), None)
    found = rows(by, batch).filter(Q(action=RowAction.REFUSE) | Q(action=RowAction.SUSPECT, decision__in=("", Decision.LATER)))
    with override(settings.LANGUAGE_CODE):  # headings that are read again are Chinese, whoever takes the file away
        heads = ["工作表", "行号", *(str(one.label) for one in columns_), *([str(remark.label)] if remark else []), "原因"]
    lines = []
    for row in found:
        why = reason(row.reason) if row.reason else _("疑似重复：%(why)s，还没有裁定") % {"why": BY_WORDS.get(row.like_by, "")}
        cells = [_cell(row.values.get("mobiles") or row.values.get(one.name) if one.kind in ("mobile", "telephone") else row.values.get(one.name)) for one in columns_]
        lines.append([row.sheet, str(row.row), *cells, *([_ending(row.values)] if remark else []), why])
    return heads, lines


def _ending(values: dict[str, Any]) -> str:
    """What was read from a remark, in words that are read the same way again."""
    words = {"left": "退会", "deceased": "已故"}.get(values.get("state") or "", "")
    return f"{values['ended']}{words}" if words and values.get("ended") else words


def batches_named(by: Actor, keys: Sequence[str]) -> dict[str, Named]:
    """What the journal calls imports: the file's name, for those who may open the batch."""
    return {one.key: Named(one.filename, reverse("imports:batch", args=[one.key])) for one in Batch.objects.seen_by(by).filter(key__in=keys)}
