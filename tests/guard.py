"""What no test may do: write past the actions, or speak to another machine. Switched on while a test runs, for every connection and thread."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connections
from django.db.backends.signals import connection_created

from juzhi.base.action import inside

# Tables that are written outside actions: sign-in, sessions, cache, receipts of forms, progress of jobs, the queue and Django's own bookkeeping.
EXEMPT = re.compile(r"(?:django_|account_|mfa_|auth_)\w+|cache|web_receipt|jobs_progress|sqlite_\w+")
# The sign-in library keeps these two columns of an account: the day of the last sign-in, and the password somebody chose for himself.
EXEMPT_COLUMNS = re.compile(r'\s*update "access_account" set "(?:last_login|password)" = \S+ where', re.IGNORECASE)
WRITE = re.compile(r"\b(?:insert(?:\s+or\s+\w+)?\s+into|replace\s+into|update(?!\s+set\b)|delete\s+from|truncate(?:\s+table)?|copy)\s+(?:only\s+)?\"?(\w+)", re.IGNORECASE)
LOCK = re.compile(r"for (?:no key )?update\b.*$", re.IGNORECASE | re.DOTALL)
STARTS = ("insert", "replace", "update", "delete", "truncate", "copy", "with")
LOOPBACK = re.compile(r"127\.\d+\.\d+\.\d+|::1|localhost|")


class WrittenOutside(AssertionError):
    """A row was written outside every action."""


class Guard:
    on = False


def written_table(sql: str) -> str:
    """The table that a statement writes and only an action may write; "" for a read, an exempt table, a savepoint."""
    text = sql.lstrip(" (\n\t")
    if not text.lower().startswith(STARTS) or EXEMPT_COLUMNS.match(text):
        return ""
    found = WRITE.search(LOCK.sub("", text))
    return "" if found is None or EXEMPT.fullmatch(found[1].lower()) else found[1]


def watch(execute: Callable[..., Any], sql: str, parameters: Any, many: bool, context: dict[str, Any]) -> Any:
    """The execute wrapper of every connection."""
    if Guard.on and not inside():
        table = written_table(str(sql))
        if table:
            raise WrittenOutside(f"{table} was written outside an action: {str(sql)[:160]}")
    return execute(sql, parameters, many, context)


def install() -> None:
    """Watch every connection there is, and every one opened later, in whatever thread."""
    for connection in connections.all():
        _watch_connection(sender=None, connection=connection)
    connection_created.connect(_watch_connection, dispatch_uid="tests.guard")


def _watch_connection(sender: Any, connection: Any, **_: Any) -> None:
    if watch not in connection.execute_wrappers:
        connection.execute_wrappers.append(watch)


@contextmanager
def tampering() -> Iterator[None]:
    """Where a test plays the intruder, or makes rows that no verb makes: writes past the actions are let through."""
    before, Guard.on = Guard.on, False
    try:
        yield
    finally:
        Guard.on = before


def refuse_the_network() -> None:
    """From now on this process reaches only itself. An audit hook stays as long as the process."""
    sys.addaudithook(_listen)


def _listen(event: str, arguments: tuple[Any, ...]) -> None:
    if event in ("socket.connect", "socket.sendto"):
        address = arguments[1]
        if isinstance(address, tuple) and not LOOPBACK.fullmatch(str(address[0])):
            raise ConnectionRefusedError(f"tests reach no other machine: {address}")
    elif event == "socket.getaddrinfo":
        host = arguments[0].decode() if isinstance(arguments[0], bytes) else arguments[0] or ""
        if not LOOPBACK.fullmatch(host):
            raise ConnectionRefusedError(f"tests look up no other machine: {host}")
