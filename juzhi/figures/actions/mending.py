"""Compare what is kept with the records, and mend it: tallies against evidence, roll-ups against tallies and closure, some crowds against the records."""

# ruff: noqa: S608 names of our own tables, and evidence from declarations

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Any

from pyroaring import BitMap

from juzhi.base.action import action
from juzhi.base.actors import Actor
from juzhi.base.errors import Forbidden
from juzhi.figures.actions import crowds
from juzhi.figures.actions.rolling import take_turn, write
from juzhi.figures.queries.naming import Wrong
from juzhi.figures.queries.series import DAY, MONTH, Series, as_given, built, given, lineage, month_of, placed, quoted, rows, unshifted

SAMPLED = 20  # months of nodes a series, of which the crowds are looked at


def verify(*, by: Actor, sampled: int = SAMPLED) -> list[Wrong]:
    """Compare every kept value with the records, and mend what they do not bear out. Returns what was wrong, [] the second time once the marks are folded.

    Each comparison is one statement, so of one moment, and holds no lock: nobody waits for it. Only what looks wrong is compared again, and mended, in a turn.
    Of the crowds so many months of a node are looked at as `sampled` says. Refuses everybody but the product itself.
    """
    if not by.is_system:
        raise Forbidden()
    suspects: list[Wrong] = []
    for one in built().values():
        suspects += _crowds_off(one, _drawn(one, sampled)) if one.is_distinct else [*_tallies_off(one), *_rollups_off(one)]
    return mend(by=by, suspects=suspects) if suspects else []


@action
def mend(*, by: Actor, suspects: Sequence[Wrong]) -> list[Wrong]:
    """Compare these values again and make figures right at once: a wrong tally is marked, a wrong roll-up or crowd is written anew. Returns what was wrong.

    Cells that are marked already are left to the fold, persons who wait to be settled to the settling. Refuses everybody but the product itself.
    """
    if not by.is_system:
        raise Forbidden()
    take_turn()
    found: list[Wrong] = []
    for one in built().values():
        named = [wrong for wrong in suspects if wrong.series == one.key]
        tallies = _tallies_off(one, [wrong for wrong in named if wrong.what == "tally"])
        rollups = _rollups_off(one, {wrong.place_id for wrong in named if wrong.what == "rollup"})
        off = _crowds_off(one, {(wrong.place_id, wrong.day[:8] + "01") for wrong in named if wrong.what == "crowd"})
        _mend_tallies(one, tallies)
        _mend_rollups(one, rollups)
        _mend_crowds(one, off)
        found += [*tallies, *rollups, *off]
    return found


def _tallies_off(series: Series, suspects: list[Wrong] | None = None) -> list[Wrong]:
    """Of all cells, or of these; without those that are marked. They are taken out after the grouping: asked for each row, it would take minutes."""
    if suspects == []:
        return []
    marked = f"exists (select 1 from figures_mark m where m.source = {quoted(series.source)} and m.organisation_id = w.o and m.day = w.d)"
    parameters: dict[str, Any] = {}
    if suspects is None:
        kept = f"select organisation_id, day, -value from figures_tally where series = {quoted(series.key)}"
        differences = f"select o, d, sum(v) v from ({series.cells()} union all {kept}) c group by o, d having sum(v) <> 0"
    else:
        differences = f"select o, d, v from ({series.changes(given('cells', o='int', d='day'))}) x where v <> 0"
        parameters = as_given("cells", sorted({(one.place_id, one.day) for one in suspects}), "od")
    sql = f"with w as materialized ({differences}) select o, cast(d as text), v from w where not {marked}"
    return [Wrong(series.key, "tally", o, DAY, d, -int(v)) for o, d, v in rows(sql, parameters)]


def _mend_tallies(series: Series, off: Sequence[Wrong]) -> None:
    write(
        f"insert into figures_mark (source, organisation_id, day) select {quoted(series.source)}, o, d from {given('off', o='int', d='day')} g",
        as_given("off", [(one.place_id, one.day) for one in off], "od"),
    )


def _rollups_off(series: Series, nodes: set[int] | None = None) -> list[Wrong]:
    """Of all nodes, or of these."""
    if nodes == set():
        return []
    key = quoted(series.key)
    chosen = "" if nodes is None else f" and node_id in (select n from {given('nodes', n='int')} g)"
    kept = f"(select organisation_id o, day d, value v from figures_tally where series = {key})"
    wide = f" where ancestor_id in (select node_id from figures_wide where series = {key}{chosen})"
    both = " union all ".join(placed(series, kept, places, from_places=True) for places in (lineage(wide), unshifted(wide)))
    sql = (
        f"with placed as materialized (select n, d, sum(v) v from ({both}) u group by n, d), "
        f"w as (select n, {MONTH} g, {month_of('d')} d, v from placed union all select n, {DAY}, d, v from placed "
        f"union all select node_id, grain, day, -value from figures_rollup where series = {key}{chosen}) "
        "select n, g, cast(d as text), sum(v) from w group by n, g, d having sum(v) <> 0"
    )
    parameters = {} if nodes is None else as_given("nodes", [(n,) for n in sorted(nodes)], "n")
    return [Wrong(series.key, "rollup", n, g, d, -int(v)) for n, g, d, v in rows(sql, parameters)]


def _mend_rollups(series: Series, off: Sequence[Wrong]) -> None:
    write(
        f"insert into figures_rollup (series, node_id, grain, day, value) select {quoted(series.key)}, n, g, d, v from {given('off', n='int', g='int', d='day', v='int')} x where true "
        "on conflict (series, node_id, grain, day) do update set value = figures_rollup.value + excluded.value",
        as_given("off", [(one.place_id, one.grain, one.day, -one.off) for one in off], "ngdv"),
    )


def _drawn(series: Series, sampled: int) -> list[tuple[int, str]]:
    """So many months of nodes, by chance; the same records are not looked at every night."""
    first, last = crowds.extent(series)
    months, month = [], first[:8] + "01"
    while month <= last:
        months.append(month)
        month = _next(month)
    pairs = [(n, month) for n in _days_of(series) for month in months]
    return secrets.SystemRandom().sample(pairs, min(sampled, len(pairs)))


def _next(month: str) -> str:
    return (date.fromisoformat(month) + timedelta(days=31)).replace(day=1).isoformat()


def _crowds_off(series: Series, months: Collection[tuple[int, str]]) -> list[Wrong]:
    """Of these nodes in these months, the crowds of the month and of its days; without persons who wait, and nodes where a move waits.

    What waits is read last: whatever changed meanwhile is in it.
    """
    if not months:
        return []
    days = _days_of(series)
    differ: list[tuple[crowds.Place, BitMap]] = []
    for n, month in sorted(months):
        held, right = _both(series, n, bool(days.get(n)), month)
        differ += [(place, off) for place in sorted(held.keys() | right.keys()) if (off := held.get(place, BitMap()) ^ right.get(place, BitMap()))]
    shifted = {n for (n,) in rows("select distinct ancestor_id from figures_shift", {})}
    queued = BitMap(p for table in ("mark", "seen") for (p,) in rows(f"select distinct person_id from figures_{table} where source = {quoted(series.source)} and person_id is not null", {}))
    return [Wrong(series.key, "crowd", n, g, d, len(off - queued)) for (n, g, d), off in differ if off - queued and n in days and n not in shifted]


def _days_of(series: Series) -> dict[int, bool]:
    """The nodes that are kept: whether by days too."""
    return {n: bool(days) for n, days in rows(f"select node_id, days from figures_wide where series = {quoted(series.key)} and node_id > 0", {})}


def _both(series: Series, node: int, days: bool, month: str) -> tuple[dict[crowds.Place, BitMap], dict[crowds.Place, BitMap]]:
    """What is kept of a node's month, and what the records say."""
    sql = f"select grain, cast(day as text), bits from figures_crowd where series = {quoted(series.key)} and node_id = %(node)s and day >= %(since)s and day < %(until)s"
    held = {(node, g, d): BitMap.deserialize(bytes(bits)) for g, d, bits in rows(sql, {"node": node, "since": month, "until": _next(month)})}
    return held, crowds.made(series, {node: days}, month, _next(month))


def _mend_crowds(series: Series, off: Sequence[Wrong]) -> None:
    days = _days_of(series)
    for n, month in sorted({(one.place_id, one.day[:8] + "01") for one in off}):
        crowds.make_again(series, {n: days[n]}, month, _next(month))
