"""Make what is kept of a series from the records, and give nodes that grew their roll-ups. The same statements as the fold, for everything beneath a node."""

# ruff: noqa: S608 names of our own tables, and evidence from declarations

from __future__ import annotations

from typing import Any

from django.db import connection

from juzhi.base.action import action
from juzhi.base.actors import Actor
from juzhi.base.errors import Forbidden
from juzhi.figures.actions import crowds, marks
from juzhi.figures.actions.rolling import roll, take_turn, write, write_many
from juzhi.figures.queries.series import COLUMNS, LINEAGE, Series, all_series, as_given, built, given, placed, quoted, rows
from juzhi.network.models import BEGINNING, FOREVER

WIDE = 50  # organisations that ever stood beneath: fewer are counted directly in a millisecond
DAYS = 1000  # with so many, days are kept as crowds too
SOME = 50  # nodes a transaction
LEFT_BY = ("tally", "rollup", "crowd", "wide")


@action
def widen(*, by: Actor, least: int = WIDE, days: int = DAYS, most: int = SOME) -> int:
    """Do one piece of what is to be built: the tallies of a new series, or the roll-ups of up to `most` nodes with at least `least` organisations ever beneath.

    Returns how many tallies or nodes were begun with, 0 when nothing is left to build. What another version of a rule has kept is dropped.
    Refuses everybody but the product itself. Raises RuntimeError where the triggers that mark changes are missing.
    """
    if not by.is_system:
        raise Forbidden()
    if lost := marks.missing():
        raise RuntimeError(f"changes go unmarked, run migrate: {', '.join(lost)}")
    take_turn()
    _drop_others(all_series())
    there = built()
    for series in all_series():
        if series.key not in there:
            _make_tallies(series)
            return 1
    for series in there.values():
        if nodes := _unmade(series, least, days, most):
            _make_nodes(series, nodes)
            return len(nodes)
    return 0


def build(*, by: Actor) -> int:
    """`widen` until nothing is left. Returns how many pieces."""
    pieces = 0
    while widen(by=by):
        pieces += 1
    return pieces


def _drop_others(declared: list[Series]) -> None:
    keys = [[series.key] for series in declared]
    for table in LEFT_BY:
        write(f"delete from figures_{table} where series not in (select k from {given('keys', k='text')} g)", as_given("keys", keys, "k"))


def _make_tallies(series: Series) -> None:
    """What every organisation counts by itself, and the sign that it is made."""
    key = quoted(series.key)
    for table in LEFT_BY:
        write(f"delete from figures_{table} where series = {key}")
    if not series.is_distinct:
        write(f"insert into figures_tally (series, organisation_id, day, value) select {key}, o, d, sum(v) from ({series.cells()}) c group by o, d having sum(v) <> 0")
    write(f"insert into figures_wide (series, node_id, days) values ({key}, 0, {quoted(False)})")
    if connection.vendor == "postgresql":
        write("analyze figures_tally")


def _unmade(series: Series, least: int, days: int, most: int) -> dict[int, bool]:
    """Nodes (id: with days) that have no roll-ups yet, or no crowds of days though they are large enough for them."""
    there = dict(rows(f"select node_id, days from figures_wide where series = {quoted(series.key)}", {}))
    counted = rows(f"select ancestor_id, count(distinct descendant_id) from {LINEAGE} group by ancestor_id having count(distinct descendant_id) >= %(least)s order by 2 desc, 1", {"least": least})
    found = {n: number >= days for n, number in counted}
    return dict([(n, has) for n, has in found.items() if n not in there or (series.is_distinct and has and not there[n])][:most])


def _make_nodes(series: Series, nodes: dict[int, bool]) -> None:
    write_many(
        "insert into figures_wide (series, node_id, days) values (%(series)s, %(n)s, %(days)s) on conflict (series, node_id) do update set days = excluded.days",
        [{"series": series.key, "n": n, "days": days} for n, days in nodes.items()],
    )
    if series.is_distinct:
        crowds.make_again(series, nodes, BEGINNING.isoformat(), FOREVER.isoformat())
        return
    ids: dict[str, Any] = as_given("nodes", [(n,) for n in nodes], "n")
    chosen = f"where ancestor_id in (select n from {given('nodes', n='int')} g)"
    places = f"(select {COLUMNS}, 1 sign from {LINEAGE} {chosen} union all select {COLUMNS}, -sign from figures_shift {chosen})"
    kept = f"(select organisation_id o, day d, value v from figures_tally where series = {quoted(series.key)})"
    roll(series, placed(series, kept, "places", from_places=True), ids, f"places as materialized {places}, ")
