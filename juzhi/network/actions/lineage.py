"""The dated closure of the legal tree: recomputed for whole subtrees inside the action that changed a placement."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date

from django.db.models import Q

from juzhi.base import bulk
from juzhi.base.facts import LineageChanged, tell
from juzhi.network.models import BEGINNING, FOREVER, Lineage, Placement, Root
from juzhi.search.actions import mark_moved

Span = tuple[date, date]
Row = tuple[int, int, int, date, date]  # descendant, ancestor, depth, from, to
Rows = list[tuple[int, int, date, date]]  # ancestor, depth, from, to


def rewrite(organisation_ids: Iterable[int]) -> None:
    """Recompute the rows above every organisation that ever stood beneath one of `organisation_ids`, itself included.

    Call it inside an action, after the placements are written. Rows that did not change are left alone.
    """
    wanted = set(organisation_ids)
    below = set(Lineage.objects.system("closure").filter(ancestor_id__in=wanted).values_list("descendant_id", flat=True)) | wanted
    chains = _chains(below)
    existing: dict[tuple[int, int, int, date, date], int] = {
        (d, a, depth, f, t): pk
        for pk, d, a, depth, f, t in Lineage.objects.system("closure")
        .filter(descendant_id__in=below)
        .values_list("id", "descendant_id", "ancestor_id", "depth", "valid_from", "valid_to")
    }
    right = {(d, a, depth, f, t) for d in below for a, depth, f, t in chains[d]}
    gone = [pk for row, pk in existing.items() if row not in right]
    known = {row[0] for row in existing}
    mark_moved({row[0] for row in right.symmetric_difference(existing)} & wanted & known)  # what is new has nothing beneath that could be found
    for start in range(0, len(gone), 500):
        Lineage.objects.system("closure").filter(pk__in=gone[start : start + 500]).delete()
    bulk.insert(
        Lineage(descendant_id=d, ancestor_id=a, depth=depth, valid_from=f, valid_to=t)
        for d, a, depth, f, t in sorted(right - existing.keys())
    )
    _tell((row for row in existing if row not in right), (row for row in right - existing.keys() if row[0] in known))  # nothing could be recorded yet of what is new
    _rewrite_roots(wanted)


def uproot(organisation_ids: Iterable[int]) -> None:
    """Take away the rows above and beneath these organisations, inside the action that deletes them: higher rooms follow as they follow a move."""
    wanted = list(set(organisation_ids))
    rows = Lineage.objects.system("closure").filter(Q(descendant_id__in=wanted) | Q(ancestor_id__in=wanted))
    _tell(rows.values_list("descendant_id", "ancestor_id", "depth", "valid_from", "valid_to"), ())
    rows.delete()


def _tell(gone: Iterable[Row], came: Iterable[Row]) -> None:
    """Higher rooms keep sums over the closure."""
    about = LineageChanged(*(tuple((a, d, f, t) for d, a, _depth, f, t in rows) for rows in (gone, came)))
    if about.gone or about.came:
        tell("lineage_changed", by=None, about=about)


def _rewrite_roots(organisation_ids: set[int]) -> None:
    """The spans in which nobody stood above them: a placement of one changes nobody else's."""
    existing = {
        (organisation, since, until): pk
        for pk, organisation, since, until in Root.objects.system("closure")  # type: ignore[misc]
        .filter(organisation_id__in=organisation_ids)
        .values_list("id", "organisation_id", "valid_from", "valid_to")
    }
    placements = _placements(organisation_ids)
    right = {(organisation, *span) for organisation in organisation_ids for span in _gaps([one[1:] for one in placements[organisation]])}
    Root.objects.system("closure").filter(pk__in=[pk for row, pk in existing.items() if row not in right]).delete()  # type: ignore[misc]
    bulk.insert(Root(organisation_id=organisation, valid_from=since, valid_to=until) for organisation, since, until in sorted(right - existing.keys()))


def _gaps(spans: Iterable[Span]) -> Iterator[Span]:
    """What of [BEGINNING, FOREVER) the spans leave free; they do not overlap."""
    free = BEGINNING
    for since, until in sorted(spans):
        if free < since:
            yield free, since
        free = max(free, until)
    if free < FOREVER:
        yield free, FOREVER


def _chains(organisation_ids: set[int]) -> dict[int, Rows]:
    """Rows above each organisation, from the placements; equal consecutive rows are one."""
    placements = _placements(organisation_ids)
    return {organisation: _merged(_climb(organisation, placements)) for organisation in organisation_ids}


def _placements(organisation_ids: set[int]) -> dict[int, list[tuple[int, date, date]]]:
    """(parent, from, to) of these organisations and of all that ever stood above them."""
    found: dict[int, list[tuple[int, date, date]]] = {}
    frontier = set(organisation_ids)
    while frontier:
        batch, rows = list(frontier), defaultdict(list)
        for start in range(0, len(batch), 500):
            for child, parent, since, until in (
                Placement.objects.system("closure")
                .filter(organisation_id__in=batch[start : start + 500])
                .values_list("organisation_id", "parent_id", "valid_from", "valid_to")
            ):
                rows[child].append((parent, since, until or FOREVER))
        found |= {organisation: rows[organisation] for organisation in batch}
        frontier = {parent for placed in rows.values() for parent, _, _ in placed} - found.keys()
    return found


def _climb(organisation: int, placements: dict[int, list[tuple[int, date, date]]]) -> Rows:
    """Walk up, clipping the interval at each step: two nodes that swap places over the years are no cycle on any day."""
    rows: Rows = [(organisation, 0, BEGINNING, FOREVER)]
    waiting = [(organisation, 0, BEGINNING, FOREVER)]
    while waiting:
        node, depth, since, until = waiting.pop()
        for parent, placed_from, placed_to in placements.get(node, ()):
            start, end = max(since, placed_from), min(until, placed_to)
            if start < end:
                rows.append((parent, depth + 1, start, end))
                waiting.append((parent, depth + 1, start, end))
    return rows


def _merged(rows: Rows) -> Rows:
    merged: Rows = []
    for ancestor, depth, since, until in sorted(rows):
        if merged and merged[-1][:2] == (ancestor, depth) and merged[-1][3] == since:
            merged[-1] = (ancestor, depth, merged[-1][2], until)
        else:
            merged.append((ancestor, depth, since, until))
    return merged
