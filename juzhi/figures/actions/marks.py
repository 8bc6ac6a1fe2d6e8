"""Triggers that mark the cells of kept evidence, made from the declarations after migration. Bookkeeping only: what a mark means is decided by who folds it."""

# ruff: noqa: S608 names come from declarations, never from a request

from __future__ import annotations

from collections.abc import Iterable

from django.db import DEFAULT_DB_ALIAS, connections, transaction

from juzhi.base.indicators import DISTINCT, INDICATORS, Indicator
from juzhi.figures import models

MOMENTS = {"i": ("insert", "new"), "u": ("update", "both"), "d": ("delete", "old")}
QUEUE, WIDE, TURN = models.Mark._meta.db_table, models.Wide._meta.db_table, models.Turn._meta.db_table


def install(using: str = DEFAULT_DB_ALIAS, indicators: Iterable[Indicator] | None = None) -> None:
    """Make the triggers of every table with kept evidence, replacing older forms, in one transaction: nobody writes between the old and the new.

    Idempotent; run after migrate (SQLite drops triggers when it rebuilds a table). Where one was missing, changes may have gone unmarked: nothing that is kept is
    trusted any more, and it is built again (`widen`).
    """
    connection = connections[using]
    existing = set(connection.introspection.table_names())
    make = _postgresql if connection.vendor == "postgresql" else _sqlite
    lost = missing(using) if indicators is None and WIDE in existing else []
    with transaction.atomic(using), connection.cursor() as cursor:
        if lost:
            if connection.vendor == "postgresql":
                cursor.execute(f"lock table {TURN} in exclusive mode")  # who builds in this moment may not add to what is dropped
            cursor.execute(f"delete from {WIDE}")
        for table, cells in _sources(indicators).items():
            if {table, QUEUE} <= existing:
                for statement in make(table, cells):
                    cursor.execute(statement)


def missing(using: str = DEFAULT_DB_ALIAS) -> list[str]:
    """Names of triggers that the database does not hold."""
    postgresql = connections[using].vendor == "postgresql"
    sql = "select tgname from pg_trigger" if postgresql else "select name from sqlite_master where type = 'trigger'"
    with connections[using].cursor() as cursor:
        cursor.execute(sql)
        there = {row[0] for row in cursor.fetchall()}
    return [f"{_name(table)}_{moment}" for table in _sources() for moment in MOMENTS if f"{_name(table)}_{moment}" not in there]


def remove(using: str = DEFAULT_DB_ALIAS) -> None:
    """Take the triggers off again: before a test database is emptied, and in tests of what then goes unseen. `install` brings them back."""
    connection = connections[using]
    with connection.cursor() as cursor:
        for table in _sources():
            for moment in MOMENTS:
                on = f' on "{table}"' if connection.vendor == "postgresql" else ""
                cursor.execute(f'drop trigger if exists "{_name(table)}_{moment}"{on}')


def _name(table: str) -> str:
    return f"juzhi_marks_{table}"


def _sources(indicators: Iterable[Indicator] | None = None) -> dict[str, list[tuple[str, str, str]]]:
    """Per table: (organisation, day, person) columns to mark; person "null" where nobody is counted once."""
    found: dict[str, list[tuple[str, str, str]]] = {}
    for indicator in INDICATORS.values() if indicators is None else indicators:
        if indicator.kept is None:
            continue
        meta = indicator.kept.rows().model._meta
        column = {one.attname: f'"{one.column}"' for one in meta.concrete_fields} | {one.name: f'"{one.column}"' for one in meta.concrete_fields}
        is_once = indicator.measure == DISTINCT and indicator.kept.until is None
        person = column[str(indicator.person)] if is_once else "null"
        for day in (indicator.kept.day, indicator.kept.until):
            cell = (column[indicator.organisation], column[day], person) if day else None
            if cell and cell not in found.setdefault(meta.db_table, []):
                found[meta.db_table].append(cell)
    for table, cells in found.items():  # with a person the mark says all that one without says
        found[table] = [cell for cell in cells if cell[2] != "null" or not any(other[:2] == cell[:2] and other[2] != "null" for other in cells)]
    return found


def _sqlite(table: str, cells: list[tuple[str, str, str]]) -> list[str]:
    """One narrow insert for each cell of the old and of the new row; the same cell is not marked twice by one update."""
    made = []
    for moment, (verb, which) in MOMENTS.items():
        statements = ""
        for row in ("old", "new") if which == "both" else (which,):
            for organisation, day, person in cells:
                o, d, p = f"{row}.{organisation}", f"{row}.{day}", person if person == "null" else f"{row}.{person}"
                when = f"{d} is not null"
                if which == "both" and row == "new":
                    same = "" if person == "null" else f" and old.{person} is {p}"
                    when += f" and not (old.{organisation} is {o} and old.{day} is {d}{same})"
                statements += f"insert into {QUEUE} (source, organisation_id, day, person_id) select '{table}', {o}, {d}, {p} where {when}; "
        name = f"{_name(table)}_{moment}"
        made += [f'drop trigger if exists "{name}"', f'create trigger "{name}" after {verb} on "{table}" begin {statements}end']
    return made


def _postgresql(table: str, cells: list[tuple[str, str, str]]) -> list[str]:
    """Once for each statement: the cells that its rows touch, each once."""
    made = []
    for moment, (verb, which) in MOMENTS.items():
        views = ("old_rows", "new_rows") if which == "both" else (f"{which}_rows",)
        touched = " union ".join(
            f"select {organisation}, {day}, {'null::bigint' if person == 'null' else f'{person}::bigint'} from {view} where {day} is not null" for view in views for organisation, day, person in cells
        )
        referencing = " ".join(f"{view.removesuffix('_rows')} table as {view}" for view in views)
        name = f"{_name(table)}_{moment}"
        made += [
            f"create or replace function {name}() returns trigger language plpgsql as $$ begin "
            f"insert into {QUEUE} (source, organisation_id, day, person_id) select '{table}', * from ({touched}) cells; return null; end $$",
            f'create or replace trigger "{name}" after {verb} on "{table}" referencing {referencing} for each statement execute function {name}()',
        ]
    return made
