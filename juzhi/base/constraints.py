"""Constraints that both databases keep: rows that are never changed, intervals that never overlap. Declared beside the model, made after migration."""

from __future__ import annotations

from dataclasses import dataclass

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, connections


@dataclass(frozen=True)
class AppendOnly:
    """Rows may be inserted; update and delete fail. `may_set` names columns that may be filled once, from NULL. `may_delete` leaves delete open, to an action."""

    model: str
    may_set: tuple[str, ...] = ()
    may_delete: bool = False


@dataclass(frozen=True)
class NoOverlap:
    """Two rows with equal `by` columns never hold on the same day; the first of them is the one with the fewest rows of one value. Half-open [start, until); until NULL = open. `where` = SQL over the row's columns that limits the rule."""

    model: str
    by: tuple[str, ...]
    start: str = "valid_from"
    until: str = "valid_to"
    where: str = ""


DECLARED: list[AppendOnly | NoOverlap] = []


def declare(*constraints: AppendOnly | NoOverlap) -> None:
    """Called at import of a capability's models."""
    DECLARED.extend(c for c in constraints if c not in DECLARED)


def name_of(constraint: AppendOnly | NoOverlap) -> str:
    """The name under which the database keeps it."""
    table = apps.get_model(constraint.model)._meta.db_table
    return f"juzhi_{'append_only' if isinstance(constraint, AppendOnly) else 'no_overlap'}_{table}"


def install(using: str = DEFAULT_DB_ALIAS) -> None:
    """Make every declared constraint, replacing an older form. Idempotent; run after migrate (SQLite drops triggers when it rebuilds a table)."""
    connection = connections[using]
    statements = _postgresql if connection.vendor == "postgresql" else _sqlite
    existing = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for constraint in DECLARED:
            if apps.get_model(constraint.model)._meta.db_table in existing:
                for statement in statements(constraint):
                    cursor.execute(statement)


def missing(using: str = DEFAULT_DB_ALIAS) -> list[str]:
    """Names of declared constraints that the database does not hold."""
    connection = connections[using]
    if connection.vendor == "postgresql":
        sql = "select tgname from pg_trigger union select conname from pg_constraint"
    else:
        sql = "select name from sqlite_master where type = 'trigger'"
    with connection.cursor() as cursor:
        cursor.execute(sql)
        there = {row[0] for row in cursor.fetchall()}
    return [name_of(c) + s for c in DECLARED for s in _suffixes(c, connection.vendor) if name_of(c) + s not in there]


def remove(using: str = DEFAULT_DB_ALIAS) -> None:
    """Take every declared constraint off again: before a test database is emptied, and in tests of what then goes unseen. `install` brings them back."""
    connection = connections[using]
    with connection.cursor() as cursor:
        for constraint in DECLARED:
            table, name = apps.get_model(constraint.model)._meta.db_table, name_of(constraint)
            for suffix in _suffixes(constraint, connection.vendor):
                if connection.vendor == "sqlite":
                    cursor.execute(f'drop trigger if exists "{name}{suffix}"')
                elif isinstance(constraint, AppendOnly):
                    cursor.execute(f'drop trigger if exists "{name}" on "{table}"')
                else:
                    cursor.execute(f'alter table "{table}" drop constraint if exists "{name}"')


def _suffixes(constraint: AppendOnly | NoOverlap, vendor: str) -> tuple[str, ...]:
    """SQLite needs one trigger per moment, PostgreSQL one name for all."""
    if vendor == "postgresql":
        return ("",)
    if isinstance(constraint, AppendOnly):
        return ("_u",) if constraint.may_delete else ("_u", "_d")
    return ("_i", "_u")


def _sqlite(constraint: AppendOnly | NoOverlap) -> list[str]:
    table = apps.get_model(constraint.model)._meta.db_table
    name = name_of(constraint)
    if isinstance(constraint, AppendOnly):
        columns = [f.column for f in apps.get_model(constraint.model)._meta.local_fields]
        kept = " or ".join(f'new."{c}" is not old."{c}"' for c in columns if c not in constraint.may_set)
        filled = "".join(f' or (old."{c}" is not null and new."{c}" is not old."{c}")' for c in constraint.may_set)
        made = [
            f'drop trigger if exists "{name}_u"',
            f'drop trigger if exists "{name}_d"',
            f'create trigger "{name}_u" before update on "{table}" when {kept}{filled} '
            f"begin select raise(abort, '{name}: rows are append-only'); end",
        ]
        if not constraint.may_delete:
            made.append(f'create trigger "{name}_d" before delete on "{table}" begin select raise(abort, \'{name}: rows are append-only\'); end')
        return made
    first, *rest = constraint.by
    same = " and ".join([f'o."{first}" is new."{first}"', *(f'+o."{c}" is new."{c}"' for c in rest)])  # + takes other indexes away from the planner
    limit = f" and ({_prefixed(constraint.where, 'o')})" if constraint.where else ""
    start, until = constraint.start, constraint.until
    meet = f'and o."{start}" < coalesce(new."{until}", \'9999-12-31\') and new."{start}" < coalesce(o."{until}", \'9999-12-31\')'
    overlap = f'select 1 from "{table}" o where o.id is not new.id and {same}{limit} {meet}'  # noqa: S608 names come from declarations, never from a request
    when = f" when {_prefixed(constraint.where, 'new')}" if constraint.where else ""
    made = []
    for suffix, moment in (("i", "insert"), ("u", "update")):
        made += [
            f'drop trigger if exists "{name}_{suffix}"',
            f'create trigger "{name}_{suffix}" before {moment} on "{table}"{when} '
            f"begin select raise(abort, '{name}: intervals overlap') where exists ({overlap}); end",
        ]
    return made


def _prefixed(where: str, alias: str) -> str:
    """Column names in `where` are written as {column}."""
    return where.replace("{", f'{alias}."').replace("}", '"')


def _postgresql(constraint: AppendOnly | NoOverlap) -> list[str]:
    table = apps.get_model(constraint.model)._meta.db_table
    name = name_of(constraint)
    if isinstance(constraint, AppendOnly):
        columns = [f.column for f in apps.get_model(constraint.model)._meta.local_fields]
        kept = " or ".join(f'new."{c}" is distinct from old."{c}"' for c in columns if c not in constraint.may_set)
        filled = "".join(f' or (old."{c}" is not null and new."{c}" is distinct from old."{c}")' for c in constraint.may_set)
        moment = "update" if constraint.may_delete else "update or delete"
        return [
            f"create or replace function {name}() returns trigger language plpgsql as $$ begin "
            f"if tg_op = 'UPDATE' then if not ({kept}{filled}) then return new; end if; end if; "
            f"raise exception '{name}: rows are append-only' using errcode = 'integrity_constraint_violation'; end $$",
            f'drop trigger if exists "{name}" on "{table}"',
            f'create trigger "{name}" before {moment} on "{table}" for each row execute function {name}()',
        ]
    where = f" where ({_prefixed(constraint.where, table).replace(f'{table}.', '')})" if constraint.where else ""
    by = ", ".join(f'"{c}" with =' for c in constraint.by)
    return [
        "create extension if not exists btree_gist",
        f'alter table "{table}" drop constraint if exists "{name}"',
        f'alter table "{table}" add constraint "{name}" exclude using gist '
        f'({by}, daterange("{constraint.start}", "{constraint.until}") with &&){where}',
    ]
