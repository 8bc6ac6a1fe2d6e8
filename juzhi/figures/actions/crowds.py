"""Crowds: who is beneath a node in a month or on a day, as bitmaps of ids. Persons are put in and out one by one, or a whole crowd is made again."""

# ruff: noqa: S608 names of our own tables, and evidence from declarations

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.db import connection
from pyroaring import BitMap

from juzhi.figures.actions.rolling import write, write_many
from juzhi.figures.queries.series import DAY, LINEAGE, MONTH, Series, as_given, given, joined, month_of, next_month, quoted, rows
from juzhi.network.models import FOREVER

Place = tuple[int, int, str]  # node, grain, day
PUT = "insert into figures_crowd (series, node_id, grain, day, bits) values (%(series)s, %(n)s, %(g)s, %(d)s, %(bits)s) on conflict (series, node_id, grain, day) do update set bits = excluded.bits"


def settle(series: Series, touched: list[tuple[int, str, int]]) -> None:
    """Ask of each (organisation, day, person) at each node above, whether the person is beneath it in that month and on that day; a move that waits counts on both its sides."""
    above = f"(select ancestor_id, descendant_id, valid_from, valid_to from {LINEAGE} union all select ancestor_id, descendant_id, valid_from, valid_to from figures_shift)"
    placed = f"select l.ancestor_id n, q.d, q.p from q {joined()} {above} l on l.descendant_id = q.o and l.valid_from <= q.d and q.d < l.valid_to"
    ask(series, placed, f"q as materialized (select * from {given('touched', o='int', d='day', p='int')} g), ", as_given("touched", touched, "odp"))


def ask(series: Series, placed: str, tables: str, parameters: dict[str, Any]) -> None:
    """Put the persons of `placed` (n, d, p) into the crowds they belong to now, and out of those they do not."""
    key = quoted(series.key)
    wide = f"(select distinct u.n, u.d, u.p, w.days from ({placed}) u {joined()} figures_wide w on w.series = {key} and w.node_id = u.n)"
    beneath = f"(select 1 from {LINEAGE} m where m.descendant_id = e.o and m.ancestor_id = t.n and m.valid_from <= e.d and e.d < m.valid_to limit 1) is not null"  # exists() would walk all beneath
    alive = f"(select 1 from ({series.rows}) e where e.p = t.p and e.d >= t.d and e.d < t.u and {beneath} limit 1)"
    sql = (
        f"with {tables}w as materialized (select * from {wide} x), t as materialized ("
        f"select distinct n, {MONTH} g, {month_of('d')} d, {next_month(month_of('d'))} u, p from w "
        f"union all select distinct n, {DAY}, d, {_day_after('d')}, p from w where {'days' if connection.vendor == 'postgresql' else 'days = 1'}) "
        f"select n, g, cast(d as text), p, {alive} from t"
    )
    into: dict[Place, BitMap] = defaultdict(BitMap)
    out: dict[Place, BitMap] = defaultdict(BitMap)
    for n, g, d, p, found in rows(sql, parameters):
        (out if found is None else into)[n, g, d].add(p)
    _change(series, into, out)


def _change(series: Series, into: dict[Place, BitMap], out: dict[Place, BitMap]) -> None:
    places = sorted(into.keys() | out.keys())
    held = dict(_held(series, places))
    changed = []
    for place in places:
        was = held.get(place, BitMap())
        now = (was - out.get(place, BitMap())) | into.get(place, BitMap())
        if now != was:
            changed.append((place, now))
    put(series, changed)


def _held(series: Series, places: list[Place]) -> Iterator[tuple[Place, BitMap]]:
    wanted = given("places", n="int", g="int", d="day")
    sql = (
        f"select c.node_id, c.grain, cast(c.day as text), c.bits from {wanted} p {joined()} figures_crowd c on c.series = {quoted(series.key)} "
        "and c.node_id = p.n and c.grain = p.g and c.day = p.d"
    )
    for n, g, d, bits in rows(sql, as_given("places", places, "ngd")):
        yield (n, g, d), BitMap.deserialize(bytes(bits))


def put(series: Series, crowds: Iterable[tuple[Place, BitMap]]) -> None:
    write_many(PUT, [{"series": series.key, "n": n, "g": g, "d": d, "bits": crowd.serialize()} for (n, g, d), crowd in crowds])


def made(series: Series, nodes: dict[int, bool], since: str, until: str) -> dict[Place, BitMap]:
    """The crowds of `nodes` (id: has days) in [since, until), made from the records."""
    above: dict[int, list[tuple[int, str, str]]] = defaultdict(list)
    ids = as_given("nodes", [(n,) for n in nodes], "n")
    for o, n, begun, ended in rows(f"select descendant_id, ancestor_id, cast(valid_from as text), cast(valid_to as text) from {LINEAGE} where ancestor_id in (select n from {given('nodes', n='int')} g)", ids):
        above[o].append((n, begun, ended))
    gather = "array_agg(e.p)" if connection.vendor == "postgresql" else "json_group_array(e.p)"
    wanted = as_given("below", [(o,) for o in above], "o")
    sql = f"select e.o, cast(e.d as text), {gather} from {given('below', o='int')} b {joined()} ({series.rows}) e on e.o = b.o where e.d >= %(since)s and e.d < %(until)s group by e.o, e.d"
    found: dict[Place, BitMap] = defaultdict(BitMap)
    for o, d, people in rows(sql, {**wanted, "since": since, "until": until}):
        crowd = BitMap(people if isinstance(people, list) else json.loads(people))
        for n, begun, ended in above[o]:
            if begun <= d < ended:
                found[n, MONTH, d[:8] + "01"] |= crowd
                if nodes[n]:
                    found[n, DAY, d] |= crowd
    return found


def make_again(series: Series, nodes: dict[int, bool], since: str, until: str) -> None:
    """Make the crowds of these nodes again, in whole months that cover [since, until); half a year at a time, for they are large."""
    first, last = extent(series)
    begun, ended = max(since, first)[:8] + "01", min(until, last)
    while begun <= ended and begun < until:
        year, month = int(begun[:4]), int(begun[5:7])
        following = min(date(year + (month > 6), (month + 5) % 12 + 1, 1), FOREVER).isoformat()
        write(
            f"delete from figures_crowd where series = {quoted(series.key)} and node_id in (select n from {given('nodes', n='int')} g) and day >= %(begun)s and day < %(following)s",
            {**as_given("nodes", [(n,) for n in nodes], "n"), "begun": begun, "following": following},
        )
        put(series, made(series, nodes, begun, following).items())
        begun = following


def extent(series: Series) -> tuple[str, str]:
    """The first and the last day with a record or a crowd."""
    both = f"select min(d) a, max(d) b from ({series.rows}) e union all select min(day), max(day) from figures_crowd where series = {quoted(series.key)}"
    first, last = next(rows(f"select cast(min(a) as text), cast(max(b) as text) from ({both}) x", {}))
    return first or "9999-12-31", last or ""


def _day_after(day: str) -> str:
    return f"{day} + 1" if connection.vendor == "postgresql" else f"date({day}, '+1 day')"
