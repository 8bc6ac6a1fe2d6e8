"""What a person decides about rows: which date a cell means, whether a suspect is the same; and what follows from it for the plan."""

from __future__ import annotations

from collections.abc import Mapping as Map
from collections.abc import Sequence
from itertools import islice

from django.utils.translation import gettext as _

from juzhi.base import bulk
from juzhi.base.action import action
from juzhi.base.actors import Actor
from juzhi.base.errors import Refused
from juzhi.base.importers import CREATE, IMPORTERS, REFUSE, SAME, SUSPECT, UPDATE, WRITERS, Importer, Row
from juzhi.imports import queries
from juzhi.imports.actions.planning import drop_repeats, fill_in, opened
from juzhi.imports.models import Batch, BatchRow, Decision, RowAction
from juzhi.imports.reading.doubts import CODE, READINGS, doubts, sort_of
from juzhi.journal.actions import record

REPLANNED = ("action", "values", "warn", "reason", "like_key", "like_by", "same_as", "decision")


@action
def settle(*, by: Actor, batch: Batch, decisions: Map[str, str] | None = None, everything: str = "", dates: Map[str, Map[str, str]] | None = None) -> int:
    """Say of suspects whether they are the same, somebody else, or left for later: by row key, or `everything` at once. `dates` are chosen first
    (see `choose`): a row that then resembles another record than the one that was looked at stays open. To begin again is for rows whose kind offers it;
    the others stay as they are. Returns how many suspects changed.
    """
    batch = opened(by, batch)
    wanted = dict(decisions or {})
    if {*wanted.values(), everything} - {"", *Decision.values}:
        raise Refused(_("裁定只能是：同一个、不同、重新开始、先放着"), field="decision")
    suspects = BatchRow.objects.system("settle").filter(batch=batch, action=RowAction.SUSPECT)
    begins_again = [how for how, offered in IMPORTERS[batch.kind].decides.items() if Decision.AGAIN in offered]
    if everything == Decision.AGAIN:
        suspects = suspects.filter(like_by__in=begins_again)
    if everything:
        return suspects.exclude(decision=everything).update(decision=everything)
    seen = dict(suspects.filter(key__in=list(wanted)).values_list("key", "like_key"))
    if dates:
        choose(by=by, batch=batch, dates=dates)
    changed = []
    for row in suspects.filter(key__in=list(seen)):
        if wanted[row.key] == Decision.AGAIN and row.like_by not in begins_again:
            continue
        if row.decision != wanted[row.key] and row.like_key == seen[row.key]:
            row.decision = wanted[row.key]
            changed.append(row)
    bulk.update(changed, ["decision"])
    return len(changed)


@action
def choose(*, by: Actor, batch: Batch, dates: Map[str, Map[str, str]] | None = None, everything: tuple[str, str, int | None] | None = None) -> int:
    """Say which date ambiguous cells mean: `dates` = {row key: {field: date}}, "" = the field stays as it was without a choice; or `everything` =
    (field, sort of ambiguity, which of the two readings; None = no choice) for every such row. Rows that change are compared with the register
    again, for a birth tells people apart; a suspect that then resembles somebody else has to be settled anew. Returns how many rows changed.

    Refuses without right, a batch that is finished, not read yet or being written, and a date that is none of the two.
    """
    batch = opened(by, batch)
    if batch.read_at is None:
        raise Refused(_("这次导入还没有读完，或者已经结束"), code="state")
    if everything is not None and everything[2] not in (None, *range(READINGS)):
        raise Refused(_("没有这种读法，请在列出的两种里选一种"), field="everything")
    wanted = dates or {}
    found = queries.doubtful(batch) if everything else queries.doubtful(batch).filter(key__in=list(wanted))
    changed = [row for row in found.order_by("position") if _chosen(row, _alike(row, *everything) if everything else wanted[row.key])]
    if not changed:
        return 0
    _plan_again(by, batch, changed)
    batch.counts = queries.per_action(batch)
    batch.headings = {**batch.headings, "ambiguous": queries.ambiguous(told for row in queries.doubtful(batch) for told in doubts(row.warn))}
    batch.version += 1
    batch.save(update_fields=["counts", "headings", "version"])
    record(by=by, verb="imports.choose", thing=batch, organisation_id=batch.organisation_id, changes={"counts": (None, {"chosen": len(changed)})}, batch_key=batch.key)
    return len(changed)


def _alike(row: BatchRow, field: str, sort: str, place: int | None) -> dict[str, str]:
    """The choice for one row where all of a field and a sort are read alike."""
    same = (told for told in doubts(row.warn) if told["field"] == field and sort_of(told[CODE]) == sort)
    return {told["field"]: "" if place is None else told[CODE][place] for told in same}


def _chosen(row: BatchRow, dates: Map[str, str]) -> bool:
    """Take the choice into the row; whether it changes anything. Refuses a date that the cell cannot mean."""
    is_new = False
    for told in doubts(row.warn):
        name = told["field"]
        if name not in dates or dates[name] == told.get("chosen", ""):
            continue
        if dates[name] not in ("", *told[CODE]):
            raise Refused(_("第 %(row)s 行：「%(date)s」不是这一格可能的日期，请在列出的两个里选一个") % {"row": row.row, "date": dates[name][:40]}, field="dates")
        is_new = True
        if dates[name]:
            told.setdefault("was", row.values.get(name))
            told["chosen"] = row.values[name] = dates[name]
        else:
            row.values[name] = told.pop("was", None)
            told.pop("chosen", None)
    return is_new


def _plan_again(by: Actor, batch: Batch, changed: Sequence[BatchRow]) -> None:
    """What the rows become now. Rows of one record are judged together; of a kind whose rows need each other, all are."""
    importer, size = IMPORTERS[batch.kind], queries.piece_of(batch.kind)
    kept = {row.pk: row for row in changed}
    likes = {row.like_key for row in changed if row.like_key}
    others = queries.planned(batch) if size is None else queries.planned(batch).filter(like_key__among=likes)
    kept = {row.pk: row for row in [*changed, *(row for row in others if row.pk not in kept)]}
    ordered = sorted(kept.values(), key=lambda row: row.position)
    rows = queries.as_rows(ordered)
    judged = [row for row in rows if _as_read(row, importer)]
    fill_in(importer, batch, judged)
    waiting = iter([row for row in judged if row.action == CREATE])
    while piece := list(islice(waiting, size)):
        WRITERS[batch.kind].match(by=by, into=batch.organisation_id, rows=piece)
    same = queries.planned(batch).filter(action=UPDATE, like_key__among={row.like_key for row in rows if row.action == UPDATE})
    drop_repeats(rows, {key: number for key, number, pk in same.values_list("like_key", "row", "pk") if pk not in kept})
    for one, row in zip(ordered, rows, strict=True):
        is_settled = row.action == SUSPECT and row.like_key == one.like_key
        one.decision = one.decision if is_settled else ""
        one.action, one.values, one.warn, one.reason = row.action, row.values, row.warn, row.reason[:300]
        one.like_key, one.like_by, one.same_as = row.like_key, row.like_by, row.same_as
    bulk.update(ordered, REPLANNED)


def _as_read(row: Row, importer: Importer) -> bool:
    """Put a row back to where its reading left it, before anything was compared; False where the reading itself refused it or found it twice in the file."""
    if (row.action == SAME and not row.like_key) or (row.action == REFUSE and _was_unreadable(row)):
        return False
    row.action, row.reason, row.like_key, row.like_by, row.same_as = CREATE, "", "", "", None
    row.warn = [told for told in row.warn if (next(iter(told)) if isinstance(told, dict) else told) not in importer.warnings]  # the writer says its own again
    return True


def _was_unreadable(row: Row) -> bool:
    """Whether the row was refused for what stands in it, not for what it was compared with. A field that was lacking may be there now."""
    start, _underscore, name = row.reason.partition("_")
    return row.reason in ("broken_name", "unreadable_text") or (start in ("missing", "unknown") and row.values.get(name) is None)
