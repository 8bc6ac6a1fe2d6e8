"""A series: one kept indicator in one version of its rule, and the pieces of SQL that its statements are made of.

All that is put into a statement as text comes from declarations or is a name of ours; days and ids are parameters.
"""

# ruff: noqa: S608 see above

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import F

from juzhi.base.indicators import DISTINCT, INDICATORS, Indicator
from juzhi.network.models import FOREVER, Lineage

MONTH, DAY = 0, 1  # grains
LINEAGE = Lineage._meta.db_table
COLUMNS = "ancestor_id, descendant_id, valid_from, valid_to"


@dataclass(frozen=True)
class Series:
    """`rows` is the indicator's own evidence as SQL, with the columns o d and, where declared, u (until) a (amount) p (person)."""

    key: str
    source: str
    rows: str
    is_stock: bool
    is_summed: bool
    is_distinct: bool

    def fresh(self, cell: str) -> str:
        """What the evidence says of the cell (`cell`.o, `cell`.d) now. Scalar on purpose: it forces a probe of the index, whatever the statistics say."""
        if self.is_stock:
            return f"{self._on(cell, 'd')} - {self._on(cell, 'u')}"
        return self._on(cell, "d")

    def _on(self, cell: str, column: str) -> str:
        what = "cast(coalesce(sum(e.a), 0) as bigint)" if self.is_summed else "count(*)"
        return f"(select {what} from ({self.rows}) e where e.o = {cell}.o and e.{column} = {cell}.d)"

    def cells(self) -> str:
        """Every row of evidence as cells (o, d, v), not yet summed."""
        value = "a" if self.is_summed else "1"
        if not self.is_stock:
            return f"select o, d, {value} v from ({self.rows}) e"
        return f"select o, d, {value} v from ({self.rows}) e union all select o, u, -{value} from ({self.rows}) e where u is not null"

    def changes(self, cells: str) -> str:
        """Of `cells` (a table with o and d) what the evidence says now beyond what is kept: (o, d, v)."""
        kept = f"coalesce((select t.value from figures_tally t where t.series = {quoted(self.key)} and t.organisation_id = c.o and t.day = c.d), 0)"
        return f"select c.o, c.d, {self.fresh('c')} - {kept} v from {cells} c"


_made: dict[tuple[str, str], Series] = {}


def series_of(indicator: Indicator) -> Series | None:
    """The series of an indicator; None where nothing is kept. Distinct persons of a stock are counted directly."""
    kept = indicator.kept
    if kept is None or (indicator.measure == DISTINCT and kept.until):
        return None
    key = f"{indicator.id}.{indicator.version}"
    if (key, connection.vendor) not in _made:
        columns = {"o": indicator.organisation, "d": kept.day, "u": kept.until, "a": kept.amount, "p": indicator.person}
        found = kept.rows().order_by().values(**{name: F(path) for name, path in columns.items() if path})
        sql, parameters = found.query.sql_with_params()
        rows = (sql % tuple(map(quoted, parameters))).replace("%", "%%")
        _made[key, connection.vendor] = Series(key, found.model._meta.db_table, rows, bool(kept.until), bool(kept.amount), indicator.measure == DISTINCT)
    return _made[key, connection.vendor]


def all_series() -> list[Series]:
    """Of everything declared."""
    return [series for indicator in INDICATORS.values() if (series := series_of(indicator)) is not None]


def quoted(value: Any) -> str:
    """A constant of a declaration as SQL. Raises ValueError for what is neither a plain word, a number, a truth nor a day."""
    if isinstance(value, bool):
        return str(value).lower() if connection.vendor == "postgresql" else str(int(value))
    if isinstance(value, int):
        return str(value)
    if isinstance(value, date | str) and "'" not in str(value) and "\\" not in str(value):
        return f"'{value}'"
    raise ValueError(f"{value!r} cannot stand in kept evidence")


def month_of(day: str) -> str:
    """SQL for the first day of its month."""
    return f"cast(date_trunc('month', {day}) as date)" if connection.vendor == "postgresql" else f"(substr({day}, 1, 8) || '01')"


def next_month(day: str) -> str:
    return f"cast({day} + interval '1 month' as date)" if connection.vendor == "postgresql" else f"date({day}, '+1 month')"


def given(name: str, **kinds: str) -> str:
    """SQL for rows given as the parameter `name` (see `as_given`), with columns of kind int, day or text."""
    if connection.vendor == "postgresql":
        types = {"int": "bigint[]", "day": "date[]", "text": "text[]"}
        arrays = ", ".join(f"%({name}_{column})s::{types[kind]}" for column, kind in kinds.items())
        return f"(select * from unnest({arrays}) as u({', '.join(kinds)}))"
    columns = ", ".join(f"json_extract(value, '$[{place}]') as {column}" for place, column in enumerate(kinds))
    return f"(select {columns} from json_each(%({name})s))"


def as_given(name: str, rows: Sequence[Sequence[Any]], columns: Sequence[str]) -> dict[str, Any]:
    """The parameters of `given`; days as text YYYY-MM-DD."""
    if connection.vendor == "postgresql":
        return {f"{name}_{column}": [row[place] for row in rows] for place, column in enumerate(columns)}
    return {name: json.dumps([list(row) for row in rows])}


def joined() -> str:
    """A join whose left side SQLite visits first; PostgreSQL finds the order by itself."""
    return "join" if connection.vendor == "postgresql" else "cross join"


def placed(series: Series, cells: str, places: str, *, from_places: bool = False) -> str:
    """(n, d, v): what cells (a table o, d, v) add at the ancestors of `places` (a table of COLUMNS and sign).

    A flow counts where the organisation stood on its day. A stock comes with the organisation: from the later of its day and the placing, and goes with it.
    """
    here = "c.o = l.descendant_id"
    if not series.is_stock:
        meet = f"{here} and l.valid_from <= c.d and c.d < l.valid_to"
        return f"select l.ancestor_id n, c.d d, c.v * l.sign v from {_met(cells, places, meet, from_places)}"
    later = "greatest" if connection.vendor == "postgresql" else "max"
    both = _met(cells, places, f"{here} and c.d < l.valid_to", from_places)
    ends = _met(cells, places, f"{here} and c.d < l.valid_to and l.valid_to < '{FOREVER}'", from_places)
    return f"select l.ancestor_id n, {later}(c.d, l.valid_from) d, c.v * l.sign v from {both} union all select l.ancestor_id, l.valid_to, -c.v * l.sign from {ends}"


def _met(cells: str, places: str, meet: str, from_places: bool) -> str:
    return f"{places} l {joined()} {cells} c on {meet}" if from_places else f"{cells} c {joined()} {places} l on {meet}"


def lineage(where: str = "") -> str:
    """The closure as places."""
    return f"(select {COLUMNS}, 1 sign from {LINEAGE}{where})"


def unshifted(where: str = "") -> str:
    """What waits to be shifted, taken back: the closure and these together are what the roll-ups know."""
    return f"(select {COLUMNS}, -sign sign from figures_shift{where})"


def rows(sql: str, parameters: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        yield from cursor.fetchall()


def built() -> dict[str, Series]:
    """The series whose tallies are made, by key."""
    made = {key for (key,) in rows("select series from figures_wide where node_id = 0", {})}
    return {series.key: series for series in all_series() if series.key in made}


def of_source(series: Iterable[Series], source: str) -> list[Series]:
    return [one for one in series if one.source == source]
