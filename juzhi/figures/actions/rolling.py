"""What every writer of roll-ups shares: whose turn it is, and how cells are placed at the nodes above."""

# ruff: noqa: S608 names of our own tables, and evidence from declarations

from __future__ import annotations

from typing import Any

from django.db import connection

from juzhi.figures.queries.series import DAY, MONTH, Series, joined, month_of, quoted


def take_turn() -> None:
    """One writer of roll-ups at a time, until the transaction ends. On SQLite it is the only writer anyway."""
    if connection.vendor == "postgresql":
        write("lock table figures_turn in exclusive mode")


def write(sql: str, parameters: dict[str, Any] | None = None) -> int:
    """Run one statement; the number of rows it wrote."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters or {})
        return cursor.rowcount


def write_many(sql: str, parameters: list[dict[str, Any]]) -> None:
    with connection.cursor() as cursor:
        if parameters:
            cursor.executemany(sql, parameters)


def roll(series: Series, placed: str, parameters: dict[str, Any], tables: str = "") -> None:
    """Add `placed` (n, d, v) to the roll-ups of both grains, where the node is wide. `tables` = common tables it names, each ending in a comma."""
    key = quoted(series.key)
    write(
        f"with {tables}placed as materialized (select u.n, u.d, u.v from ({placed}) u {joined()} figures_wide w on w.series = {key} and w.node_id = u.n), "
        f"rolled as (select n, {MONTH} g, {month_of('d')} d, v from placed union all select n, {DAY}, d, v from placed) "
        f"insert into figures_rollup (series, node_id, grain, day, value) select {key}, n, g, d, sum(v) from rolled group by n, g, d having sum(v) <> 0 "
        "on conflict (series, node_id, grain, day) do update set value = figures_rollup.value + excluded.value",
        parameters,
    )
