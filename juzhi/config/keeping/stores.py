"""The two databases as a backup knows them: a dump of one moment, its tables counted and digested, a scratch copy, and the exchange of all data at once."""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
from django.conf import settings
from psycopg import sql

from juzhi.base.errors import Refused

Tables = dict[str, list[Any]]  # table -> [number of rows, digest of its rows in order]
HEAD = "select number, seal from journal_entry where number is not null order by number desc limit 1"
MIGRATIONS = "select app, name from django_migrations order by app, name"
UNKEPT = ("django_session", "cache")  # a session must not come back with a restored backup, nor what was only cached


@dataclass(frozen=True)
class Moment:
    """What a dump holds, read at the very moment of the dump: tables, the last seal of the journal, migrations applied."""

    tables: Tables
    head: list[Any] | None
    migrations: list[list[str]]


def is_postgresql() -> bool:
    return bool(settings.DATABASES["default"]["ENGINE"].endswith("postgresql"))


def dump(path: Path) -> Moment:
    """Write the database, as it is at one moment, to `path`. Returns what is in it."""
    return _dump_postgresql(path) if is_postgresql() else _dump_sqlite(path)


# SQLite


def _dump_sqlite(path: Path) -> Moment:
    source = sqlite3.connect(f"file:{quote(str(settings.DATABASES['default']['NAME']))}?mode=ro", uri=True, timeout=20)
    target = sqlite3.connect(path, isolation_level=None)
    with contextlib.closing(source), contextlib.closing(target):
        source.backup(target)
        target.execute("pragma journal_mode=delete")
        target.execute("pragma secure_delete=on")
        for table in UNKEPT:
            with contextlib.suppress(sqlite3.OperationalError):
                target.execute(f'delete from "{table}"')  # noqa: S608 names of our own
        target.execute("vacuum")
        head, migrations = target.execute(HEAD).fetchone(), target.execute(MIGRATIONS).fetchall()
    return Moment(tables_of_sqlite(path), list(head) if head else None, [list(row) for row in migrations])


def tables_of_sqlite(path: Path) -> Tables:
    """Raises Refused when SQLite itself finds the file damaged."""
    with contextlib.closing(sqlite3.connect(f"file:{quote(str(path))}?mode=ro&immutable=1", uri=True)) as line:
        line.text_factory = bytes
        try:
            if line.execute("pragma quick_check").fetchone()[0] != b"ok":
                raise Refused("备份里的数据库已损坏")
            names = line.execute("select name from sqlite_master where type = 'table' and sql not like 'create virtual%' and name not like 'sqlite_%'").fetchall()
            return {name: _digest_of_sqlite(line, name) for name in sorted(row[0].decode() for row in names)}
        except sqlite3.DatabaseError as error:
            raise Refused(f"备份里的数据库已损坏（{error}）")


def _digest_of_sqlite(line: sqlite3.Connection, table: str) -> list[Any]:
    keys = sorted((row[5], row[1].decode()) for row in line.execute(f'pragma table_info("{table}")') if row[5])
    order = ", ".join(f'"{name}"' for _, name in keys) or "rowid"
    told, count = hashlib.sha256(), 0
    for row in line.execute(f'select * from "{table}" order by {order}'):  # noqa: S608 names from the database itself
        told.update(repr(row).encode())
        count += 1
    return [count, told.hexdigest()]


def exchange_sqlite(path: Path) -> None:
    """Put the file at `path` in the place of the database, whole. Nobody may have it open."""
    place = Path(settings.DATABASES["default"]["NAME"])
    with contextlib.closing(sqlite3.connect(place, timeout=20)) as line:
        line.execute("pragma wal_checkpoint(truncate)")
        line.execute("pragma journal_mode=delete")  # no log of the old database may be read into the new one
    with path.open("rb") as written:
        os.fsync(written.fileno())
    os.replace(path, place)


# PostgreSQL


def address(name: str | None = None) -> str:
    """The address of our database, or of `name` beside it, as JUZHI_DATABASE_URL writes it."""
    own = settings.DATABASES["default"]
    who = quote(own["USER"]) + (f":{quote(own['PASSWORD'])}" if own["PASSWORD"] else "")
    host = own["HOST"] + (f":{own['PORT']}" if own["PORT"] else "")
    return f"postgresql://{who}@{host}/{quote(name or own['NAME'])}"


def program(name: str) -> str:
    """pg_dump and its like must not be older than the server: the newest that is installed. Raises Refused."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[4]) if path.parts[4].isdigit() else 0)
    path = str(found[-1]) if found else shutil.which(name)
    if not path:
        raise Refused(f"找不到 {name}。请安装 PostgreSQL 的客户端程序：apt-get install postgresql-client", code="state")
    return path


def _run(*words: str) -> None:
    done = subprocess.run([program(words[0]), *words[1:]], capture_output=True, text=True, env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"}, stdin=subprocess.DEVNULL)  # noqa: S603
    if done.returncode:
        raise Refused(f"{words[0]}：{(done.stderr.strip().splitlines() or ['没有做成'])[-1]}", code="state")


@contextlib.contextmanager
def _moment(where: str) -> Iterator[tuple[psycopg.Connection[Any], str]]:
    """One moment of the database, seen by us and by others who name its snapshot."""
    with psycopg.connect(where) as line:
        line.execute("set transaction isolation level repeatable read read only")
        row = line.execute("select pg_export_snapshot()").fetchone()
        yield line, row[0] if row else ""


def _dump_postgresql(path: Path) -> Moment:
    with _moment(address()) as (line, snapshot):
        left_out = [f"--exclude-table-data=public.{table}" for table in UNKEPT]
        _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", *left_out, f"--file={path}", address())
        head, migrations = line.execute(HEAD).fetchone(), line.execute(MIGRATIONS).fetchall()
        return Moment(_tables_seen(line), list(head) if head else None, [list(row) for row in migrations])


def tables_of_postgresql(where: str) -> Tables:
    with _moment(where) as (line, _):
        return _tables_seen(line)


def _tables_seen(line: psycopg.Connection[Any]) -> Tables:
    line.execute("set local timezone = 'UTC'")
    rows = line.execute("select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace order by relname collate \"C\"").fetchall()
    return {name: _digest_of_postgresql(line, name) for (name,) in rows if name not in UNKEPT}


def _digest_of_postgresql(line: psycopg.Connection[Any], table: str) -> list[Any]:
    found = line.execute(
        "select a.attname from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any(i.indkey) where i.indisprimary and i.indrelid = %s::regclass order by a.attnum",
        [f'public."{table}"'],
    ).fetchall()
    order = sql.SQL(", ").join(sql.Identifier(name) for (name,) in found) if found else sql.SQL("1")
    told, count = hashlib.sha256(), 0
    with line.cursor() as cursor, cursor.copy(sql.SQL("copy (select * from {} order by {}) to stdout").format(sql.Identifier(table), order)) as copy:
        for piece in copy:
            told.update(piece)
            count += bytes(piece).count(b"\n")  # COPY writes a line break inside a value as \n in two characters
    return [count, told.hexdigest()]


@contextlib.contextmanager
def scratch_postgresql(path: Path) -> Iterator[str]:
    """A database beside ours with the dump in it, dropped afterwards. Gives its address. Raises Refused when we may not make one."""
    name = f"juzhi_proof_{secrets.token_hex(4)}"
    made = sql.SQL("create database {} template template0 encoding 'UTF8' lc_collate 'C' lc_ctype 'C.UTF-8'").format(sql.Identifier(name))
    with psycopg.connect(address(), autocommit=True) as line:
        try:
            line.execute(made)
        except psycopg.errors.InsufficientPrivilege:
            raise Refused("数据库账号不能建临时库，无法核对备份。请由管理员执行：ALTER ROLE 账号 CREATEDB", code="state")
        try:
            _run("pg_restore", "--exit-on-error", "--no-owner", "--no-privileges", f"--dbname={address(name)}", str(path))
            yield address(name)
        finally:
            line.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


def exchange_postgresql(path: Path) -> None:
    """Put the dump in the place of everything in our database, in one transaction: all or nothing."""
    script = path.with_suffix(".sql")
    _run("pg_restore", "--no-owner", "--no-privileges", f"--file={script}", str(path))
    clean = ["--command=set lock_timeout = '20s'", "--command=drop schema public cascade", "--command=create schema public"]
    _run("psql", "--quiet", "--no-psqlrc", "--single-transaction", "--set=ON_ERROR_STOP=1", *clean, f"--file={script}", f"--dbname={address()}")
