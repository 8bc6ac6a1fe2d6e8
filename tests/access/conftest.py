"""The federation for tests of rights, many at once on a database that commits, and signing in as somebody would."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.management import call_command
from django.db import connection, connections
from django.db.models import QuerySet
from django.test import Client
from django.utils import timezone

from juzhi.base import constraints
from juzhi.base.errors import Refused
from tests import kept
from tests.cast import NOW, Cast


@pytest.fixture(autouse=True)
def static_folder(settings: LazySettings) -> None:
    """Where collected files would lie: the server looks for it when it starts."""
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests come at the moment of the cast."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def cast(db: None) -> Cast:
    return kept.federation()


@pytest.fixture
def cache_table(db: None) -> None:
    """The throttle counts in the database, as it does in the field."""
    call_command("createcachetable", verbosity=0)


@pytest.fixture
def committed(transactional_db: None, tmp_path: Path) -> Iterator[Cast]:
    """The federation in a database in which transactions really commit: on SQLite a file of its own, because threads cannot share one in memory."""
    if connection.vendor == "postgresql":
        constraints.install()
        yield kept.federation()
        constraints.remove()
        return
    memory, name = connection.connection, connection.settings_dict["NAME"]
    connection.connection, connection.settings_dict["NAME"] = None, str(tmp_path / "threads.sqlite3")
    try:
        connection.connect()
        memory.backup(connection.connection)
        connection.cursor().execute("pragma journal_mode=wal")
        yield kept.federation()
        connection.connection.close()
    finally:
        connection.connection, connection.settings_dict["NAME"] = memory, name


def rush(count: int, work: Callable[[int], Any], wrapper: Callable[..., Any] | None = None) -> Counter[str]:
    """Let `count` threads do `work(n)` at once, each with its own connection; how each ended: "done", a refusal's code, or an error's name."""
    outcomes: list[str] = []
    start = threading.Barrier(count)

    def run(number: int) -> None:
        try:
            with connections["default"].execute_wrapper(wrapper or _as_it_is):
                start.wait(20)
                work(number)
            outcomes.append("done")
        except Refused as refused:
            outcomes.append(refused.code)
        except Exception as error:  # the test compares its name
            outcomes.append(type(error).__name__)
        finally:
            connections["default"].close()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return Counter(outcomes)


def _as_it_is(execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
    return execute(sql, params, many, context)


def meeting(count: int, *marks: str, without: str = "") -> Callable[..., Any]:
    """A wrapper in which statements holding every mark wait until `count` of them have come, four seconds at most: what can overlap then does.

    `without` is taken out of those statements: the guard removed.
    """
    barrier = threading.Barrier(count)

    def wrap(execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        if not all(mark in sql for mark in marks):
            return execute(sql, params, many, context)
        found = execute(sql.replace(without, "") if without else sql, params, many, context) if sql.startswith("SELECT") else None
        try:
            barrier.wait(4)
        except threading.BrokenBarrierError:
            pass
        return found if sql.startswith("SELECT") else execute(sql.replace(without, "") if without else sql, params, many, context)

    return wrap


@contextmanager
def unlocked(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The database without our locks: no row is held, and on SQLite a transaction begins only when it writes."""
    with monkeypatch.context() as patch:
        patch.setattr(QuerySet, "select_for_update", lambda self, **_named: self.all())
        if connection.vendor == "sqlite":
            patch.setitem(connection.settings_dict["OPTIONS"], "transaction_mode", "DEFERRED")
            patch.setitem(connection.settings_dict["OPTIONS"], "timeout", 1)
        yield


def signed_in(cast: Cast, name: str) -> Client:
    """A browser in which the account has signed in."""
    client = Client()
    client.force_login(cast.accounts[name])
    return client
