"""Indexes over tokens that no migration can state: FTS5 beside the table on SQLite, GIN on PostgreSQL. Declared beside the model, made after migration."""

# ruff: noqa: S608 names come from declarations, never from a request

from __future__ import annotations

from dataclasses import dataclass

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, connections


@dataclass(frozen=True)
class Words:
    """The column `column` of `model` holds tokens and is searched by them."""

    model: str
    column: str


DECLARED: list[Words] = []


def declare(*words: Words) -> None:
    """Called at import of a capability's models."""
    DECLARED.extend(one for one in words if one not in DECLARED)


def name_of(words: Words) -> str:
    """The FTS5 table, or the index of PostgreSQL."""
    return f"{apps.get_model(words.model)._meta.db_table}_words"


def install(using: str = DEFAULT_DB_ALIAS) -> None:
    """Make what is missing. Idempotent; run after migrate (SQLite drops triggers when it rebuilds a table)."""
    connection = connections[using]
    existing = set(connection.introspection.table_names())
    for words in DECLARED:
        table = apps.get_model(words.model)._meta.db_table
        if table not in existing:
            continue
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                # no pending list: it would be read through by every search
                cursor.execute(f'create index if not exists "{name_of(words)}" on "{table}" using gin ("{words.column}") with (fastupdate = off)')
                continue
            lost = set(_names(words)) - _there(using)
            for statement in _sqlite(words) if lost else ():
                cursor.execute(statement)


def missing(using: str = DEFAULT_DB_ALIAS) -> list[str]:
    """Names of what the database lacks."""
    there = _there(using)
    if connections[using].vendor == "postgresql":
        return [name_of(words) for words in DECLARED if name_of(words) not in there]
    return [name for words in DECLARED for name in _names(words) if name not in there]


def remove(using: str = DEFAULT_DB_ALIAS) -> None:
    """Take it all off again: in tests of what then goes unseen, and before very many rows are loaded. `install` brings it back."""
    connection = connections[using]
    with connection.cursor() as cursor:
        for words in DECLARED:
            if connection.vendor == "postgresql":
                cursor.execute(f'drop index if exists "{name_of(words)}"')
                continue
            for name in _names(words)[1:]:
                cursor.execute(f'drop trigger if exists "{name}"')
            cursor.execute(f'drop table if exists "{name_of(words)}"')


def _there(using: str) -> set[str]:
    connection = connections[using]
    sql = "select indexname from pg_indexes" if connection.vendor == "postgresql" else "select name from sqlite_master"
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return {row[0] for row in cursor.fetchall()}


def _names(words: Words) -> list[str]:
    name = name_of(words)
    return [name, f"{name}_i", f"{name}_u", f"{name}_d"]


def _sqlite(words: Words) -> list[str]:
    """The table keeps the tokens, FTS5 only finds by them; triggers keep the two together. `ascii` parts at spaces only: tokens hold nothing else that parts."""
    table, name, column = apps.get_model(words.model)._meta.db_table, name_of(words), words.column
    enters = f'insert into "{name}"(rowid, "{column}") values (new.id, new."{column}");'
    leaves = f'insert into "{name}"("{name}", rowid, "{column}") values (\'delete\', old.id, old."{column}");'
    return [
        *(f'drop trigger if exists "{one}"' for one in _names(words)[1:]),
        f'create virtual table if not exists "{name}" using fts5("{column}", content="{table}", content_rowid="id", tokenize="ascii", detail=none, '
        "columnsize=0)",
        f'insert into "{name}"("{name}") values (\'rebuild\')',
        f'create trigger "{name}_i" after insert on "{table}" begin {enters} end',
        f'create trigger "{name}_d" after delete on "{table}" begin {leaves} end',
        f'create trigger "{name}_u" after update of "{column}" on "{table}" when old."{column}" is not new."{column}" begin {leaves} {enters} end',
    ]
