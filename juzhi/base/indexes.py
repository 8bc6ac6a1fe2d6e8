"""Indexes over tokens that no migration can state: FTS5 beside the table on SQLite, GIN on PostgreSQL. Declared beside the model, made after migration."""

# ruff: noqa: S608 names come from declarations, never from a request

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, connections, models, router

from juzhi.base import beside
from juzhi.base.ids import LENGTH


@dataclass(frozen=True)
class Words:
    """The column `column` of `model` holds tokens and is searched by them."""

    model: str
    column: str


DECLARED: list[Words] = []
PENDING = 256  # kilobytes of entries that wait
SAMPLED = 32  # one row in so many


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
    if spared := _spared(connection, existing):
        with connection.cursor() as cursor:
            cursor.execute(f"drop index if exists {', '.join(map(connection.ops.quote_name, spared))}")
    for words in DECLARED:
        table = apps.get_model(words.model)._meta.db_table
        if table not in existing:
            continue
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                for statement in _postgresql(words):
                    cursor.execute(statement)
                continue
            lost = set(_names(words)) - _there(using)
            for statement in _sqlite(words) if lost else ():
                cursor.execute(statement)


def _spared(connection: Any, existing: set[str]) -> list[str]:
    """Indexes that Django makes on PostgreSQL beside the one of a key, to find by how it begins: keys are random, are only ever found whole, and each index makes a row dearer."""
    if connection.vendor != "postgresql":
        return []
    name_of_index = connection.schema_editor()._create_index_name
    columns = [(model._meta.db_table, one) for model in apps.get_models() for one in model._meta.local_fields if isinstance(one, models.CharField) and one.max_length == LENGTH]
    return [name_of_index(table, [one.column], suffix="_like") for table, one in columns if table in existing and one.name.endswith("key")]


def missing(using: str = DEFAULT_DB_ALIAS) -> list[str]:
    """Names of what the database lacks."""
    there = _there(using)
    if connections[using].vendor == "postgresql":
        return [name for words in DECLARED for name in (name_of(words), f"{name_of(words)}_sample", f"{name_of(words)}_found") if name not in there]
    return [name for words in DECLARED for name in _names(words) if name not in there]


def remove(using: str = DEFAULT_DB_ALIAS) -> None:
    """Take it all off again: in tests of what then goes unseen, and before very many rows are loaded. `install` brings it back."""
    connection = connections[using]
    with connection.cursor() as cursor:
        for words in DECLARED:
            if connection.vendor == "postgresql":
                cursor.execute(f'drop function if exists "{name_of(words)}_found"')
                cursor.execute(f'drop index if exists "{name_of(words)}", "{name_of(words)}_sample"')
                continue
            table, *triggers, loading = _names(words)
            for name in triggers:
                cursor.execute(f'drop trigger if exists "{name}"')
            for name in (table, loading):
                cursor.execute(f'drop table if exists "{name}"')


@contextmanager
def at_once(model: type[models.Model]) -> Iterator[None]:
    """Rows of `model` inserted meanwhile are entered together at the end, inside the caller's transaction; rows that are changed meanwhile, each by itself.

    On SQLite a trigger's insert is a step that could be taken back, and before each FTS5 writes down all it has gathered: four times the work for many rows.
    """
    connection = connections[router.db_for_write(model)]
    if connection.vendor != "sqlite":
        yield
        return
    table, held = model._meta.db_table, [words for words in DECLARED if apps.get_model(words.model) is model]
    for words in held:
        _say(connection, f'insert into "{name_of(words)}_loading" select coalesce(max(id), 0) from "{table}"')
    yield
    for words in held:
        name, column = name_of(words), words.column
        _say(connection, f'insert into "{name}"(rowid, "{column}") select id, "{column}" from "{table}" where id > (select one from "{name}_loading")')
        _say(connection, f'delete from "{name}_loading"')


def _say(connection: Any, statement: str) -> None:
    beside.run(connection, lambda cursor: cursor.execute(statement))


def _there(using: str) -> set[str]:
    connection = connections[using]
    sql = "select indexname from pg_indexes union select proname from pg_proc" if connection.vendor == "postgresql" else "select name from sqlite_master"
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return {row[0] for row in cursor.fetchall()}


def _names(words: Words) -> list[str]:
    name = name_of(words)
    return [name, f"{name}_i", f"{name}_u", f"{name}_d", f"{name}_loading"]


def _postgresql(words: Words) -> list[str]:
    """The index over everything, a small one over a sample, and a function that finds.

    GIN reads all it has of a word before it gives the first row; of what is common enough the sample gives as many as were asked for. Rows that wait in a list before
    they are entered make many rows half as dear; it is kept so short that reading it through costs a search nothing. The function sees to it that the
    table is never read through, whatever the planner thinks: what seems common may stand together at the table's end.
    """
    table, name = apps.get_model(words.model)._meta.db_table, name_of(words)
    found = f'select array(select thing_id from "{table}" where %s"{words.column}" @@ $1 and kind = $2 limit $3)'
    return [
        f'create index if not exists "{name}" on "{table}" using gin ("{words.column}") with (fastupdate = on, gin_pending_list_limit = {PENDING})',
        f'create index if not exists "{name}_sample" on "{table}" using gin ("{words.column}") with (fastupdate = off) where mod(id, {SAMPLED}) = 0',
        f"""create or replace function "{name}_found"(asked tsquery, of_kind text, at_most bigint) returns setof bigint
language plpgsql stable set enable_seqscan = off set enable_indexscan = off set jit = off as $$
declare found bigint[];
begin
    execute '{found % f"mod(id, {SAMPLED}) = 0 and "}' into found using asked, of_kind, at_most;
    if cardinality(found) < at_most then
        execute '{found % ""}' into found using asked, of_kind, at_most;
    end if;
    return query select unnest(found);
end $$""",
    ]


def _sqlite(words: Words) -> list[str]:
    """The table keeps the tokens, FTS5 only finds by them; triggers keep the two together. `ascii` parts at spaces only: tokens hold nothing else that parts."""
    table, name, column = apps.get_model(words.model)._meta.db_table, name_of(words), words.column
    enters = f'insert into "{name}"(rowid, "{column}") values (new.id, new."{column}");'
    leaves = f'insert into "{name}"("{name}", rowid, "{column}") values (\'delete\', old.id, old."{column}");'
    return [
        *(f'drop trigger if exists "{one}"' for one in _names(words)[1:4]),
        f'create table if not exists "{name}_loading" (one integer primary key)',
        f'create virtual table if not exists "{name}" using fts5("{column}", content="{table}", content_rowid="id", tokenize="ascii", detail=none, '
        "columnsize=0)",
        f'insert into "{name}"("{name}") values (\'rebuild\')',
        f'create trigger "{name}_i" after insert on "{table}" when not exists (select 1 from "{name}_loading") begin {enters} end',
        f'create trigger "{name}_d" after delete on "{table}" begin {leaves} end',
        f'create trigger "{name}_u" after update of "{column}" on "{table}" when old."{column}" is not new."{column}" begin {leaves} {enters} end',
    ]
