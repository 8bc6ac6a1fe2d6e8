"""Compare what is kept with the records, and mend it: tallies against evidence, roll-ups against tallies and closure, some crowds against the records."""

# ruff: noqa: S608 names of our own tables, and evidence from declarations

from __future__ import annotations

from typing import Any

from pyroaring import BitMap

from juzhi.base.action import action
from juzhi.base.actors import Actor
from juzhi.base.errors import Forbidden
from juzhi.figures.actions import crowds
from juzhi.figures.actions.rolling import take_turn, write
from juzhi.figures.actions.shifting import apply_shifts
from juzhi.figures.queries.naming import Wrong
from juzhi.figures.queries.series import DAY, MONTH, Series, as_given, built, given, lineage, month_of, next_month, placed, quoted, rows, unshifted

SAMPLED = 20  # crowds of a series


@action
def mend(*, by: Actor, sampled: int = SAMPLED) -> list[Wrong]:
    """Find every kept value that the records do not bear out, and make figures right at once: a wrong tally is marked, a wrong roll-up or crowd is written anew.

    Cells that are marked already are left to the fold. Of the crowds so many are looked at as `sampled` says. Returns what was wrong, [] the second time
    once the marks are folded. Refuses everybody but the product itself.
    """
    if not by.is_system:
        raise Forbidden()
    take_turn()
    series = built()
    apply_shifts(series)
    found: list[Wrong] = []
    for one in series.values():
        found += _mend_crowds(one, sampled) if one.is_distinct else [*_mend_tallies(one), *_mend_rollups(one)]
    return found


def _mend_tallies(series: Series) -> list[Wrong]:
    """Marked cells are taken out after the grouping: asked for each row, it would take minutes."""
    kept = f"select organisation_id, day, -value from figures_tally where series = {quoted(series.key)}"
    marked = f"exists (select 1 from figures_mark m where m.source = {quoted(series.source)} and m.organisation_id = w.o and m.day = w.d)"
    sql = f"with w as materialized (select o, d, sum(v) v from ({series.cells()} union all {kept}) c group by o, d having sum(v) <> 0) select o, cast(d as text), v from w where not {marked}"
    off = [(o, d, int(v)) for o, d, v in rows(sql, {})]
    write(
        f"insert into figures_mark (source, organisation_id, day) select {quoted(series.source)}, o, d from {given('off', o='int', d='day')} g",
        as_given("off", [row[:2] for row in off], "od"),
    )
    return [Wrong(series.key, "tally", o, DAY, d, -v) for o, d, v in off]


def _mend_rollups(series: Series) -> list[Wrong]:
    key = quoted(series.key)
    kept = f"(select organisation_id o, day d, value v from figures_tally where series = {key})"
    wide = f" where ancestor_id in (select node_id from figures_wide where series = {key})"
    both = " union all ".join(placed(series, kept, places, from_places=True) for places in (lineage(wide), unshifted(wide)))
    sql = (
        f"with placed as materialized (select n, d, sum(v) v from ({both}) u group by n, d), "
        f"w as (select n, {MONTH} g, {month_of('d')} d, v from placed union all select n, {DAY}, d, v from placed "
        f"union all select node_id, grain, day, -value from figures_rollup where series = {key}) "
        "select n, g, cast(d as text), sum(v) from w group by n, g, d having sum(v) <> 0"
    )
    off = [(n, g, d, int(v)) for n, g, d, v in rows(sql, {})]
    write(
        f"insert into figures_rollup (series, node_id, grain, day, value) select {key}, n, g, d, v from {given('off', n='int', g='int', d='day', v='int')} x where true "
        "on conflict (series, node_id, grain, day) do update set value = figures_rollup.value + excluded.value",
        as_given("off", off, "ngdv"),
    )
    return [Wrong(series.key, "rollup", n, g, d, -v) for n, g, d, v in off]


def _mend_crowds(series: Series, sampled: int) -> list[Wrong]:
    """Some crowds, another choice every time; persons in the queues are left to be settled."""
    queued = BitMap(p for table in ("mark", "seen") for (p,) in rows(f"select distinct person_id from figures_{table} where source = {quoted(series.source)} and person_id is not null", {}))
    drawn = rows(
        f"select c.node_id, c.grain, cast(c.day as text), cast({month_of('c.day')} as text), cast({next_month(month_of('c.day'))} as text), w.days, c.bits from figures_crowd c "
        f"join figures_wide w on w.series = c.series and w.node_id = c.node_id where c.series = {quoted(series.key)} order by random() limit %(sampled)s",
        {"sampled": sampled},
    )
    found: list[Wrong] = []
    again: list[tuple[crowds.Place, Any]] = []
    for n, g, d, since, until, days, bits in drawn:
        right = crowds.made(series, {n: bool(days)}, since, until).get((n, g, d), BitMap())
        if off := (right ^ BitMap.deserialize(bytes(bits))) - queued:
            found.append(Wrong(series.key, "crowd", n, g, d, len(off)))
            again.append(((n, g, d), right))
    crowds.put(series, again)
    return found
