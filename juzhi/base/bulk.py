"""Many rows at once: the only place where bulk inserts are made, and how a statement is given many values."""

from __future__ import annotations

import gc
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, islice
from typing import Any, TypeVar

from django.db import connections, models, router

from juzhi.base import beside
from juzhi.base.action import inside

M = TypeVar("M", bound=models.Model)
AT_A_TIME = 100  # rows in one statement of SQLite


@models.ForeignKey.register_lookup  # which does not inherit it
@models.Field.register_lookup
class Among(models.Lookup):  # type: ignore[type-arg]
    """`pk__among=[…]`, `name__among={…}`: many values as one parameter. A thousand placeholders take longer to write down than their rows to read."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        left, parameters = self.process_lhs(compiler, connection)
        is_text = isinstance(self.lhs.output_field, models.CharField | models.TextField)
        values = [str(one) if is_text else int(one) for one in self.rhs]
        if connection.vendor == "postgresql":
            return f"{left} = any(%s::{'text' if is_text else 'bigint'}[])", [*parameters, values]
        return f"{left} in (select value from json_each(%s))", [*parameters, json.dumps(values)]  # noqa: S608 no text of ours


def insert(rows: Iterable[M], *, chunk: int = 1000) -> list[M]:
    """Insert `rows` (all of one model) in chunks, inside the caller's transaction. Returns them with ids."""
    made: list[M] = []
    iterator = iter(rows)
    while piece := list(islice(iterator, chunk)):
        made += type(piece[0])._base_manager.bulk_create(piece)
    return made


def put(rows: Iterable[M], *, unique: Sequence[str], fields: Sequence[str], chunk: int = 500) -> None:
    """Insert `rows` in chunks, inside the caller's transaction; where one with the same `unique` fields is there already, write its `fields`."""
    iterator = iter(rows)
    while piece := list(islice(iterator, chunk)):
        type(piece[0])._base_manager.bulk_create(piece, update_conflicts=True, unique_fields=unique, update_fields=fields)


def update(rows: Sequence[M], fields: Sequence[str], *, chunk: int = 5000) -> None:
    """Write `fields` of `rows` (all of one model) in chunks, inside the caller's transaction: one prepared statement, ten times as fast as `bulk_update`."""
    if not rows:
        return
    model = type(rows[0])
    connection = connections[router.db_for_write(model)]
    columns = [one for one in model._meta.concrete_fields if one.name in set(fields)]
    quoted = connection.ops.quote_name
    sets = ", ".join(f"{quoted(str(one.column))} = %s" for one in columns)
    statement = f"UPDATE {quoted(model._meta.db_table)} SET {sets} WHERE id = %s"  # noqa: S608 names of our own tables
    with connection.cursor() as cursor:
        for start in range(0, len(rows), chunk):
            piece = rows[start : start + chunk]
            cursor.executemany(statement, [[*(one.get_db_prep_save(getattr(row, one.attname), connection) for one in columns), row.pk] for row in piece])


@contextmanager
def uncollected() -> Iterator[None]:
    """Without looking for cycles meanwhile: many rows of plain values make none, and looking for them takes a fifth of the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def allocate(model: type[models.Model], number: int) -> Sequence[int]:
    """That many ids for rows that will be written by `insert_values`, so that rows may point at each other before they stand. Inside the caller's transaction.

    On PostgreSQL they come from the table's sequence; on SQLite the transaction is the only writer, and what it does not use is given again.
    """
    connection = connections[router.db_for_write(model)]
    table, column = model._meta.db_table, str(model._meta.pk.column)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            sequence = "(select pg_get_serial_sequence(%s, %s)::regclass)"  # a subquery, so that it is looked up once and not for each row
            cursor.execute(f"select nextval({sequence}) from generate_series(1, %s)", [table, column, number])  # noqa: S608 no text of ours
            return [row[0] for row in cursor.fetchall()]
        cursor.execute("select coalesce(max(seq), 0) from sqlite_sequence where name = %s", [table])
        last = cursor.fetchone()[0]
        cursor.execute("delete from sqlite_sequence where name = %s", [table])
        cursor.execute("insert into sqlite_sequence (name, seq) values (%s, %s)", [table, last + number])
        return range(last + 1, last + number + 1)


def insert_values(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write rows that are plain values (text, number, date, None; JSON as text) in the order of `names`, without an object for each. Inside the caller's transaction.

    Raises ValueError when `names` leave out a column that the database does not fill itself: no default of a field is applied here.
    """
    if not inside():
        raise RuntimeError(f"{model._meta.label} was to be written outside an action")
    fields = {one.attname: one for one in model._meta.concrete_fields}
    lacking = [name for name, one in fields.items() if name not in names and not one.has_db_default() and not one.primary_key]
    if lacking:
        raise ValueError(f"{model._meta.label} has columns that were not given: {', '.join(lacking)}")
    connection = connections[router.db_for_write(model)]
    quoted = connection.ops.quote_name
    columns = ", ".join(quoted(str(fields[name].column)) for name in names)
    table, given = quoted(model._meta.db_table), list(rows)
    if connection.vendor == "postgresql":
        beside.run(connection, lambda cursor: _copy(cursor, f"COPY {table} ({columns}) FROM STDIN", given))
    else:
        beside.run(connection, lambda cursor: _fill(cursor, f"INSERT INTO {table} ({columns}) VALUES ", len(names), given))  # noqa: S608 names of our own tables


def _copy(cursor: Any, statement: str, rows: Sequence[Sequence[Any]]) -> None:
    with cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def _fill(cursor: Any, head: str, width: int, rows: Sequence[Sequence[Any]]) -> None:
    """SQLite, a hundred rows by one statement: what a statement costs beside its rows is a fifth of an insert."""
    one, whole = f"({', '.join('?' * width)})", len(rows) - len(rows) % AT_A_TIME
    cursor.executemany(head + ", ".join([one] * AT_A_TIME), (list(chain.from_iterable(rows[start : start + AT_A_TIME])) for start in range(0, whole, AT_A_TIME)))
    cursor.executemany(head + one, rows[whole:])


def update_values(model: type[models.Model], names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Write the columns `names` of rows given as plain values, each ending with the row's id. Inside the caller's transaction."""
    if not inside():
        raise RuntimeError(f"{model._meta.label} was to be written outside an action")
    if not rows:
        return
    connection = connections[router.db_for_write(model)]
    quoted = connection.ops.quote_name
    fields = [next(one for one in model._meta.concrete_fields if one.attname == name) for name in names]
    table = quoted(model._meta.db_table)
    if connection.vendor != "postgresql":
        sets = ", ".join(f"{quoted(str(one.column))} = ?" for one in fields)
        beside.run(connection, lambda cursor: cursor.executemany(f"UPDATE {table} SET {sets} WHERE id = ?", rows))  # noqa: S608 names of our own tables
        return
    columns = [list(column) for column in zip(*rows, strict=True)]
    sets = ", ".join(f"{quoted(str(one.column))} = v.c{place}::{one.db_type(connection)}" for place, one in enumerate(fields))
    given = ", ".join(["%s::text[]"] * len(fields))
    named = ", ".join(f"c{place}" for place in range(len(fields)))
    texts = [[None if value is None else str(value) for value in column] for column in columns[:-1]]
    statement = f"UPDATE {table} t SET {sets} FROM unnest({given}, %s::bigint[]) AS v({named}, id) WHERE t.id = v.id"  # noqa: S608 names of our own tables
    beside.run(connection, lambda cursor: cursor.execute(statement, [*texts, columns[-1]]))
