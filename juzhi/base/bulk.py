"""Many rows at once: the only place where bulk inserts are made, and how a statement is given many ids."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any, TypeVar

from django.db import connections, models, router

M = TypeVar("M", bound=models.Model)


@models.ForeignKey.register_lookup  # which does not inherit it
@models.Field.register_lookup
class Among(models.Lookup):  # type: ignore[type-arg]
    """`pk__among=[…]`: many ids as one parameter. A thousand placeholders take longer to write down than their rows to read."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        left, parameters = self.process_lhs(compiler, connection)
        ids = [int(one) for one in self.rhs]
        if connection.vendor == "postgresql":
            return f"{left} = any(%s::bigint[])", [*parameters, ids]
        return f"{left} in (select value from json_each(%s))", [*parameters, json.dumps(ids)]  # noqa: S608 a column as the ORM writes it


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
