"""Kept figures, read: what is rolled up, and what the marked cells and waiting shifts add now, in one statement, so exact at its moment.

Every reading answers None where nothing is kept for the node, or where so much waits that the direct way is faster: the caller then counts directly. That the node
is kept is asked again in the very statement that reads: what is kept may be dropped in between.
"""

# ruff: noqa: S608 names of our own tables, and evidence from declarations

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import connection
from pyroaring import BitMap

from juzhi.base.indicators import COUNT, Indicator
from juzhi.figures.queries.series import DAY, LINEAGE, MONTH, Series, joined, quoted, rows, series_of
from juzhi.network.models import FOREVER

BACKLOG = 5000  # marks of a source; with more, counting directly is faster
SHIFTS = 2000  # waiting at one node


def standing(indicator: Indicator, node_id: int, day: date) -> int | None:
    """A stock of everything beneath the organisation as of `day`; the caller has asked for the right to see it. None = count directly."""
    series = series_of(indicator) if indicator.measure == COUNT else None
    return stock(series, node_id, day) if series is not None and series.is_stock else None


def stock(series: Series, node_id: int, day: date) -> int | None:
    """Rows that hold on `day` in organisations that stand beneath the node on `day`."""
    if day >= FOREVER or _days(series, node_id) is None:
        return None
    on_day = "l.valid_from <= %(day)s and %(day)s < l.valid_to"
    parts = [
        _rolled(series, MONTH, "day < %(month)s"),
        _rolled(series, DAY, "day >= %(month)s and day <= %(day)s"),
        f"select c.v from changes c {joined()} {LINEAGE} l on l.descendant_id = c.o and l.ancestor_id = %(node)s and {on_day} where c.v <> 0",
        f"select t.value * l.sign from figures_shift l {joined()} figures_tally t on t.series = {quoted(series.key)} and t.organisation_id = l.descendant_id and t.day <= %(day)s "
        f"where l.ancestor_id = %(node)s and {on_day}",
    ]
    return _summed(series, "day <= %(day)s", parts, {"node": node_id, "day": day.isoformat(), "month": day.replace(day=1).isoformat()})


def total(series: Series, node_id: int, since: date, until: date) -> int | None:
    """A flow over [since, until): each record counts where its organisation stood on its own day."""
    if _days(series, node_id) is None:
        return None
    within = "{0} >= %(since)s and {0} < %(until)s"
    placed = "l.valid_from <= {0} and {0} < l.valid_to"
    parts = [
        _rolled(series, MONTH, "day >= %(first)s and day < %(last)s"),
        _rolled(series, DAY, "day >= %(since)s and day < %(first)s"),
        _rolled(series, DAY, "day >= %(last)s and day < %(until)s"),
        f"select c.v from changes c {joined()} {LINEAGE} l on l.descendant_id = c.o and l.ancestor_id = %(node)s and {placed.format('c.d')} where c.v <> 0",
        f"select t.value * l.sign from figures_shift l {joined()} figures_tally t on t.series = {quoted(series.key)} and t.organisation_id = l.descendant_id "
        f"and {placed.format('t.day')} and {within.format('t.day')} where l.ancestor_id = %(node)s",
    ]
    return _summed(series, within.format("day"), parts, {"node": node_id, **_period(since, until)})


def persons(series: Series, node_id: int, since: date, until: date) -> int | None:
    """Distinct persons with a record in [since, until) in an organisation that stood beneath the node on its day."""
    has_days = _days(series, node_id)
    if has_days is None:
        return None
    found, gone, now = BitMap(), BitMap(), BitMap()
    bits = []
    for kind, person, some in _fetched(_crowds(series, has_days), {"node": node_id, **_period(since, until)}):
        if kind == 4:  # the crowds do not know all
            return None
        if kind == 0:
            bits.append(BitMap.deserialize(bytes(some)))
        else:
            (found, gone, now)[kind - 1].add(person)
    return len((BitMap.union(found, *bits) - gone) | now)


def _summed(series: Series, within: str, parts: list[str], parameters: dict[str, Any]) -> int | None:
    marked = f"select distinct organisation_id o, day d from figures_mark where source = {quoted(series.source)} and {within}"
    sql = (
        f"with cells as materialized ({marked}), changes as materialized ({series.changes('cells')}) "
        f"select (select 1 {_wide(series)}), coalesce(sum(v), 0) from ({' union all '.join(parts)}) u"
    )
    is_kept, value = next(rows(sql, parameters))
    return int(value) if is_kept else None


def _wide(series: Series) -> str:
    return f"from figures_wide where series = {quoted(series.key)} and node_id = %(node)s"


def _rolled(series: Series, grain: int, within: str) -> str:
    return f"select value v from figures_rollup where series = {quoted(series.key)} and node_id = %(node)s and grain = {grain} and {within}"


def _crowds(series: Series, has_days: bool) -> str:
    """Rows (kind, person, bits): 0 a crowd, 1 a person of an edge, 2 one of the queues with no record left, 3 one with a record, 4 a move that waits, or nothing kept here any more."""
    crowd = f"select 0 kind, cast(0 as bigint) p, bits from figures_crowd where series = {quoted(series.key)} and node_id = %(node)s and grain = "
    if has_days:
        edges = f"{crowd}{DAY} and (day >= %(since)s and day < %(first)s or day >= %(last)s and day < %(until)s)"
    else:
        below = f"{LINEAGE} l {joined()} ({series.rows}) e on e.o = l.descendant_id and l.valid_from <= e.d and e.d < l.valid_to"
        edges = " union all ".join(
            f"select 1, p, null from (select distinct e.p from {below} where l.ancestor_id = %(node)s and e.d >= %({since})s and e.d < %({until})s) edge"
            for since, until in (("since", "first"), ("last", "until"))
        )
    queued = " union all ".join(
        f"select organisation_id o, day d, person_id p from {table} where source = {quoted(series.source)} and day >= %(since)s and day < %(until)s and person_id is not null"
        for table in ("figures_mark", "figures_seen")
    )
    placed = "l.valid_from <= {0}.d and {0}.d < l.valid_to limit 1"  # a scalar: exists() would walk all beneath
    beneath = f"(select 1 from {LINEAGE} l where l.descendant_id = {{0}}.o and l.ancestor_id = %(node)s and {placed}) is not null"
    alive = f"(select 1 from ({series.rows}) e where e.p = q.p and e.d >= %(since)s and e.d < %(until)s and {beneath.format('e')} limit 1)"
    return (
        f"with q as materialized (select distinct p from ({queued}) m where {beneath.format('m')}) "
        f"{crowd}{MONTH} and day >= %(first)s and day < %(last)s union all {edges} "
        f"union all select case when {alive} is null then 2 else 3 end, q.p, null from q "
        "union all select 4, 0, null where exists (select 1 from figures_shift where ancestor_id = %(node)s and valid_from < %(until)s and valid_to > %(since)s) "
        f"or not exists (select 1 {_wide(series)}{' and days' * has_days})"
    )


def _fetched(sql: str, parameters: dict[str, Any]) -> Any:
    """Bitmaps as they are: the text form of PostgreSQL takes four times as long."""
    if connection.vendor != "postgresql":
        return rows(sql, parameters)
    from psycopg import Cursor

    connection.ensure_connection()
    with Cursor(connection.connection) as cursor:  # type: ignore[type-var]
        return cursor.execute(sql, parameters, binary=True).fetchall()


def _days(series: Series, node_id: int) -> bool | None:
    """Whether the node has crowds of days; None where it has no roll-ups, or so much waits that they do not pay."""
    waiting = f"select count(*) from (select 1 from figures_mark where source = {quoted(series.source)} limit {BACKLOG + 1}) m"
    shifts = f"select count(*) from (select 1 from figures_shift where ancestor_id = %(node)s limit {SHIFTS + 1}) s"
    sql = f"select days, ({waiting}), ({shifts}) {_wide(series)}"
    for days, marks, moved in rows(sql, {"node": node_id}):
        return bool(days) if marks <= BACKLOG and moved <= SHIFTS else None
    return None


def _period(since: date, until: date) -> dict[str, str]:
    """The period, and the whole months in it [first, last); both `until` where there is none."""
    first = since if since.day == 1 else (since.replace(day=1) + timedelta(days=32)).replace(day=1)
    last = until.replace(day=1)
    if first >= last:
        first = last = until
    return {"since": since.isoformat(), "until": until.isoformat(), "first": first.isoformat(), "last": last.isoformat()}
