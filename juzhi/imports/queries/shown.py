"""Everything the page of a batch shows: its rows at a tab, what each resembles or has become, and where its columns go."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from juzhi.base.actors import Actor
from juzhi.base.codes import mask_mobile
from juzhi.base.importers import IMPORTERS, WRITERS, Became, Field, Importer, Like
from juzhi.imports.models import WRITTEN, Batch, BatchRow, Decision, RowAction
from juzhi.imports.queries.doubtful import Asked, Doubt, asked_of, asked_of_all
from juzhi.imports.queries.headings import cell, fields, ways_of_columns
from juzhi.imports.queries.noticed import noticed
from juzhi.imports.queries.standing import TABS, as_rows, counts, rows, state_of
from juzhi.imports.reading.words import reason, retold, warning
from juzhi.jobs.models import FAILED
from juzhi.jobs.queries import progress

PER_PAGE = 100
SUSPECTS_PER_PAGE = 20  # pairs are tall; a decision is a key away
DECISIONS = {Decision.SAME: lazy("同一个，并入"), Decision.NEW: lazy("不同，新增"), Decision.LATER: lazy("先放着")}
TONES = {RowAction.CREATE: "circle-check", RowAction.UPDATE: "refresh", RowAction.SUSPECT: "users", RowAction.REFUSE: "alert-triangle", RowAction.SAME: "user-check", RowAction.SKIP: "circle-dashed"}


def likes(by: Actor, batch: Batch, keys: Iterable[str]) -> dict[str, Like]:
    """What the rows resemble, as far as `by` may see it today."""
    wanted = [key for key in dict.fromkeys(keys) if key]
    return WRITERS[batch.kind].describe(by=by, keys=wanted) if wanted and batch.kind in WRITERS else {}


def outcomes(by: Actor, batch: Batch, found: Sequence[BatchRow]) -> dict[str, Became]:
    """What rows that were written have become, by `thing_key`, as far as `by` may see it today."""
    written = [row for row in found if row.thing_key]
    return WRITERS[batch.kind].became(by=by, rows=as_rows(written)) if written and batch.kind in WRITERS else {}


@dataclass(frozen=True)
class Shown:
    """One row on a page: its cells in the order of the columns, what was noticed, what it resembles, and what it became."""

    row: BatchRow
    name: str
    cells: list[Any]
    warnings: list[str]
    reason: str
    like: Like | None
    by_words: Any
    pairs: list[tuple[str, Any, Any]]
    became: Became | None
    href: str
    asked: list[Asked]  # cells that may mean one of two dates
    decisions: list[tuple[str, Any]]  # what may be said of it as a suspect, and the word for it

    @property
    def kept(self) -> str:
        """Why it stayed when the import was taken back."""
        return _(self.row.kept) if self.row.kept else ""

    @property
    def warning_words(self) -> str:
        return "；".join(self.warnings)

    @property
    def outcome_words(self) -> str:
        """What was written of it, or that it stood in the register already."""
        return " · ".join(self.became.facts) if self.became and self.became.facts else _("原来就在册，没有改动")


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
    leads: tuple[str, str]  # where what was written stands: address and word; ("", "") where there is no such page
    later: int  # suspects that were not written
    doubtful: list[str]  # headings nobody knew, and those taken for a known one because they look like it
    columns: list[dict[str, Any]]
    progress: Any
    failed: str  # why the last job came to nothing
    refused: str  # why the whole file was
    writable: int
    noticed: list[str]  # what the reading noticed besides the rows
    doubts: list[Doubt]  # what is asked of cells that may mean one of two dates
    nameless: str  # the column without which no row can be written, where no heading was taken for it
    over: tuple[int, Any]  # how many suspects have a record that ended and may begin again, and the word for it

    @property
    def is_waiting(self) -> bool:
        """Whether a job is at work on it."""
        return self.progress is not None

    @property
    def is_planned(self) -> bool:
        return self.batch.is_open and self.batch.read_at is not None

    @property
    def asked(self) -> list[Shown]:
        """The rows of this page with a cell that may mean one of two dates."""
        return [shown for shown in self.rows if shown.asked]

    @property
    def nothing(self) -> bool:
        return not self.writable


def screen(by: Actor, batch: Batch, tab: str = "", page: str = "") -> Screen:
    """The page of a batch at one of its tabs: the first that has rows, if the one asked for is not there."""
    importer, found = IMPORTERS[batch.kind], counts(by, batch)
    tab = tab if tab in RowAction.values else next((one.value for one in _order(batch) if found[one.value]), RowAction.CREATE.value)
    pages = Paginator(rows(by, batch, tab), SUSPECTS_PER_PAGE if tab == RowAction.SUSPECT and batch.is_open else PER_PAGE)
    present = pages.get_page(page if page.isdigit() and len(page) < 7 else 1)
    columns = fields(batch) if batch.headings else ()
    told = likes(by, batch, [row.like_key for row in present])
    became = outcomes(by, batch, list(present)) if batch.committed_at else {}
    place = by.places(batch.organisation_id).get(batch.organisation_id, ("", "")) if batch.organisation_id else ("", "")
    state, tone = state_of(batch)
    job = progress(by, batch.progress_key) if batch.progress_key and batch.is_open else None
    is_writing_now = job is not None and not job.ended and batch.read_at is not None
    if is_writing_now:
        state, tone = _("正在写入"), "info"
    settled = rows(by, batch, RowAction.SUSPECT).filter(decision__in=WRITTEN).count()
    ways = ways_of_columns(by, batch)
    return Screen(
        batch=batch,
        kind=str(importer.label),
        place=place,
        state=state,
        tone=tone,
        step=5 if batch.committed_at else 4 if is_writing_now else 3 if batch.read_at else 2,
        counts=found,
        tabs=[{"label": one.label, "href": f"?tab={one.value}", "count": found[one.value], "current": one.value == tab, "icon": TONES[one]} for one in TABS],
        tab=tab,
        page=present if present.paginator.num_pages > 1 else None,
        heads=[] if tab == RowAction.SKIP or (batch.committed_at and tab not in (RowAction.REFUSE, RowAction.SUSPECT)) else [str(one.label) for one in columns],
        rows=[_shown(row, importer, columns, told, became.get(row.thing_key)) for row in present],
        columns=ways,
        leads=_leads(importer, place),
        later=found[RowAction.SUSPECT] - settled,
        doubtful=[way["heading"] for way in ways if way["is_doubtful"]],
        progress=job if job is not None and not job.ended else None,
        failed=retold(job.message) if job is not None and job.state == FAILED else "",
        refused=retold(batch.refused),
        writable=found[RowAction.CREATE] + found[RowAction.UPDATE] + settled,
        noticed=noticed(batch),
        doubts=asked_of_all(batch) if batch.is_open else [],
        nameless=_nameless(importer, columns) if batch.is_open and batch.headings else "",
        over=_over(by, batch, importer),
    )


def _nameless(importer: Importer, columns: Sequence[Field]) -> str:
    return "" if importer.named_by in {one.name for one in columns} else str(next(one.label for one in importer.fields if one.name == importer.named_by))


def _order(batch: Batch) -> tuple[RowAction, ...]:
    """Which tab comes first: what waits for somebody; once written, what came of it."""
    return TABS if batch.committed_at else (RowAction.SUSPECT, *TABS)


def _over(by: Actor, batch: Batch, importer: Importer) -> tuple[int, Any]:
    offered = {how: words[Decision.AGAIN] for how, words in importer.decides.items() if Decision.AGAIN in words}
    return (rows(by, batch, RowAction.SUSPECT).filter(like_by__in=[*offered]).count(), next(iter(offered.values()))) if offered else (0, "")


def _leads(importer: Importer, place: tuple[str, str]) -> tuple[str, str]:
    return (reverse(importer.leads_to, args=[place[0]]), str(importer.leads_word)) if importer.leads_to and place[0] else ("", "")


def _shown(row: BatchRow, importer: Importer, columns: Sequence[Field], told: dict[str, Like], outcome: Became | None) -> Shown:
    like = told.get(row.like_key)
    labels = {one.name: str(one.label) for one in importer.fields}
    theirs = _by_label(((labels[importer.named_by], like.label), *like.facts)) if like else {}
    ours = ((str(one.label), _masked(one, row.values.get(one.name))) for one in columns)
    pairs = [(label, value, _beside(value, theirs[label])) for label, value in ours if label in theirs]
    return Shown(
        row=row,
        name=cell(row.values.get(importer.named_by)),
        cells=[cell(row.values.get(one.name), one) for one in columns],
        warnings=[warning(one, importer) for one in row.warn],
        reason=reason(row.reason, importer) if row.reason else "",
        like=like,
        by_words=importer.likenesses.get(row.like_by, ""),
        pairs=pairs,
        became=outcome,
        href=reverse(outcome.page[0], args=outcome.page[1]) if outcome and outcome.page else "",
        asked=asked_of(row, importer),
        decisions=[*importer.decides.get(row.like_by, DECISIONS).items()],
    )


def _by_label(facts: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for label, value in facts:
        if value:
            found.setdefault(label, []).append(value)
    return found


def _beside(ours: str, theirs: Sequence[str]) -> str:
    """What stands beside a value: of several numbers the one that is alike, for it is why the row is asked about; else all of them."""
    return ours if ours in theirs else "、".join(dict.fromkeys(theirs))


def _masked(one: Field, value: Any) -> str:
    """A value beside one that is shown masked, so that like is seen to be like."""
    return mask_mobile(value) if one.kind in ("mobile", "telephone") and value else cell(value, one)
