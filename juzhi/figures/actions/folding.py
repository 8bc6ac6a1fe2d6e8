"""Fold marks into tallies and roll-ups, settle persons into crowds: late is slower, never wrong."""

# ruff: noqa: S608 names of our own tables, and evidence from declarations

from __future__ import annotations

import time
from collections import defaultdict
from typing import Any

from django.db import connection

from juzhi.base.action import action
from juzhi.base.actors import Actor
from juzhi.base.errors import Forbidden
from juzhi.figures.actions import crowds
from juzhi.figures.actions.rolling import roll, take_turn, write
from juzhi.figures.actions.shifting import apply_shifts
from juzhi.figures.queries.series import Series, as_given, built, given, lineage, of_source, placed, quoted, rows, unshifted

FOLDED = {"postgresql": 2000, "sqlite": 1000}  # marks a transaction: on SQLite nobody else writes meanwhile
SETTLED = {"postgresql": 8000, "sqlite": 1000}  # each rewrites the large crowds above: few at a time cost as much as many
GAP = 0.15  # seconds
PATIENCE = 5.0  # seconds in a row: other chores of the worker wait


@action
def fold(*, by: Actor, most: int = 0) -> int:
    """Turn the oldest marks, up to `most`, into tallies and roll-ups, after the moves that wait. Returns how many marks. Refuses everybody but the product itself.

    It counts the marked cells again and adds the difference, so a mark that stands twice does no harm and nothing can be half done.
    """
    if not by.is_system:
        raise Forbidden()
    take_turn()
    return fold_marks(most or FOLDED[connection.vendor])


@action
def settle(*, by: Actor, most: int = 0) -> int:
    """Put the persons of folded marks, up to `most`, into the crowds above them, or out. Returns how many marks. Refuses everybody but the product itself."""
    if not by.is_system:
        raise Forbidden()
    take_turn()
    return settle_persons(most or SETTLED[connection.vendor])


def keep_up(*, by: Actor) -> int:
    """Fold and settle until nothing waits, or for some seconds; each piece in a transaction of its own, none when there is nothing to do. Returns how many marks."""
    done, ends = 0, time.monotonic() + PATIENCE
    for work, tables in ((fold, ("mark", "shift")), (settle, ("seen",))):
        while time.monotonic() < ends and any(next(rows(f"select 1 from figures_{table} limit 1", {}), None) for table in tables):
            begun = time.monotonic()
            done += work(by=by)
            if connection.vendor == "sqlite":  # others who wait to write ask every tenth of a second, and would never find it free
                time.sleep(min(time.monotonic() - begun, GAP))
    return done


def fold_marks(most: int) -> int:
    """What `fold` does in its transaction. The marks and the count of their cells may be of two moments: what changed between has a mark of its own."""
    series = built()
    apply_shifts(series)
    marks = list(rows("select id, source, organisation_id, cast(day as text), person_id from figures_mark order by id limit %(most)s", {"most": most}))
    cells: dict[str, set[tuple[int, str]]] = defaultdict(set)
    for _id, source, organisation, day, _person in marks:
        cells[source].add((organisation, day))
    for source, touched in cells.items():
        for one in of_source(series.values(), source):
            if not one.is_distinct:
                _fold_cells(one, sorted(touched))
    _queue_persons(series, marks)
    write(f"delete from figures_mark where id in (select id from {given('ids', id='int')} g)", as_given("ids", [row[:1] for row in marks], ["id"]))
    return len(marks)


def _fold_cells(series: Series, touched: list[tuple[int, str]]) -> None:
    """Count these cells again; the difference goes to the tallies and to all above, placed by what the roll-ups know of the closure at any moment."""
    cells = as_given("cells", touched, "od")
    found = [(o, str(d), int(v)) for o, d, v in rows(f"select o, cast(d as text), v from ({series.changes(given('cells', o='int', d='day'))}) x where v <> 0", cells)]
    if not found:
        return
    changed, table = as_given("changed", found, "odv"), given("changed", o="int", d="day", v="int")
    both = " union all ".join(placed(series, "changed", places) for places in (lineage(), unshifted()))
    roll(series, both, changed, f"changed as materialized (select * from {table} g), ")
    write(
        f"insert into figures_tally (series, organisation_id, day, value) select {quoted(series.key)}, o, d, v from {table} g where true "
        "on conflict (series, organisation_id, day) do update set value = figures_tally.value + excluded.value",
        changed,
    )


def _queue_persons(series: dict[str, Series], marks: list[Any]) -> None:
    """Persons that are counted once are settled later."""
    sources = {one.source for one in series.values() if one.is_distinct}
    queued = sorted({mark[1:] for mark in marks if mark[1] in sources and mark[4] is not None})
    if queued:
        columns = {"source": "text", "organisation_id": "int", "day": "day", "person_id": "int"}
        write(f"insert into figures_seen ({', '.join(columns)}) select {', '.join(columns)} from {given('queued', **columns)} g", as_given("queued", queued, list(columns)))


def settle_persons(most: int) -> int:
    """What `settle` does in its transaction."""
    series = built()
    seen = list(rows("select id, source, organisation_id, cast(day as text), person_id from figures_seen order by id limit %(most)s", {"most": most}))
    for one in series.values():
        touched = sorted({mark[2:] for mark in seen if mark[1] == one.source})
        if one.is_distinct and touched:
            crowds.settle(one, touched)
    write(f"delete from figures_seen where id in (select id from {given('ids', id='int')} g)", as_given("ids", [row[:1] for row in seen], ["id"]))
    return len(seen)
