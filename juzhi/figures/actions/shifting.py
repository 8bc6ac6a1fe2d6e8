"""Moves: the closure changed, so what was kept goes from the old ancestors to the new. The move itself only leaves shifts, which readers count in at once."""

# ruff: noqa: S608 names of our own tables, and evidence from declarations

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from juzhi.base import bulk, facts
from juzhi.base.facts import LineageChanged
from juzhi.figures.actions import crowds
from juzhi.figures.actions.rolling import roll, write
from juzhi.figures.models import Shift
from juzhi.figures.queries.series import COLUMNS, Series, as_given, given, joined, placed, quoted, rows

FEW = 50  # shifts: with more, crowds are made again as a whole


def shift(*, by: Any, about: LineageChanged) -> None:
    """Follow a change of the closure in its transaction: one row for each span that an organisation came beneath an ancestor or left it. No lock, no arithmetic."""
    bulk.insert(Shift(ancestor_id=a, descendant_id=d, valid_from=since, valid_to=until, sign=sign) for a, d, since, until, sign in netted(about))


def netted(about: LineageChanged) -> Iterator[tuple[int, int, date, date, int]]:
    """Spans that came less spans that went: where only the depth changed nothing is left, so the ancestors that both places share are not touched."""
    steps: dict[tuple[int, int], dict[date, int]] = defaultdict(lambda: defaultdict(int))
    for sign, spans in ((1, about.came), (-1, about.gone)):
        for ancestor, descendant, since, until in spans:
            steps[ancestor, descendant][since] += sign
            steps[ancestor, descendant][until] -= sign
    for (ancestor, descendant), changes in sorted(steps.items()):
        held, since = 0, date.min
        for day, change in sorted(changes.items()):
            if held:
                yield ancestor, descendant, since, day, held
            held, since = held + change, day


def apply_shifts(series: dict[str, Series]) -> int:
    """Write the shifts that wait into the roll-ups and crowds of these series, in the caller's turn. Returns how many."""
    waiting = list(rows("select id, ancestor_id, cast(valid_from as text), cast(valid_to as text) from figures_shift order by id", {}))
    if not waiting:
        return 0
    ids = as_given("ids", [row[:1] for row in waiting], ["id"])
    shifts = f"(select {COLUMNS}, sign from figures_shift where id in (select id from {given('ids', id='int')} g))"
    for one in series.values():
        if one.is_distinct:
            _shift_crowds(one, waiting, shifts, ids)
        else:
            kept = f"(select organisation_id o, day d, value v from figures_tally where series = {quoted(one.key)})"
            roll(one, placed(one, kept, "shifts", from_places=True), ids, f"shifts as materialized {shifts}, ")
    write(f"delete from figures_shift where id in (select id from {given('ids', id='int')} g)", ids)
    return len(waiting)


def _shift_crowds(series: Series, waiting: list[Any], shifts: str, ids: dict[str, Any]) -> None:
    """Few: the persons recorded in the moved cells, or waiting in a queue for them, are asked for. Many: the crowds are made again."""
    wide = dict(rows(f"select node_id, days from figures_wide where series = {quoted(series.key)} and node_id > 0", {}))
    moved = [row for row in waiting if row[1] in wide]
    if len(moved) > FEW:
        nodes = {row[1]: bool(wide[row[1]]) for row in moved}
        crowds.make_again(series, nodes, min(row[2] for row in moved), max(row[3] for row in moved))
    elif moved:
        ask_moved(series, shifts, ids)


def ask_moved(series: Series, shifts: str, ids: dict[str, Any]) -> None:
    queued: Iterable[str] = (f"(select organisation_id o, day d, person_id p from {table} where source = {quoted(series.source)} and person_id is not null)" for table in ("figures_mark", "figures_seen"))
    met = " union all ".join(
        f"select l.ancestor_id n, e.d, e.p from shifts l {joined()} {cells} e on e.o = l.descendant_id and l.valid_from <= e.d and e.d < l.valid_to" for cells in (f"({series.rows})", *queued)
    )
    crowds.ask(series, met, f"shifts as materialized {shifts}, ", ids)


facts.follow("lineage_changed", shift)
