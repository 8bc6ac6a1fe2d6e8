"""What is not the product's own fault: a database that is away, a disk that is full. Told by the error itself."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import sqlite3
from collections.abc import Iterator

from django.db import DatabaseError, InterfaceError, OperationalError, connection

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
POSTGRESQL_FULL = "53100"
LEAST = 256 * 1024  # bytes below which a disk counts as full


def causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error, and what it was raised from."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def is_full(error: BaseException | None) -> bool:
    """Whether somewhere no more could be written: a file of ours, SQLite's, or PostgreSQL's."""
    return any(
        (isinstance(one, OSError) and one.errno in FULL)
        or getattr(one, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
        or (getattr(one, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_IOERR and has_no_room())
        or getattr(one, "sqlstate", None) == POSTGRESQL_FULL
        for one in causes(error)
    )


def has_no_room() -> bool:
    """Whether SQLite's disk is full: where it cannot even extend the index of its log, it speaks of input and output only."""
    with contextlib.suppress(OSError):
        return shutil.disk_usage(os.path.dirname(str(connection.settings_dict["NAME"])) or ".").free < LEAST
    return False


def is_away(error: BaseException | None) -> bool:
    """Whether the database did not answer: stopped, unreachable, locked beyond patience, not prepared."""
    return any(isinstance(one, OperationalError | InterfaceError) for one in causes(error) if isinstance(one, DatabaseError | InterfaceError))


def is_missing() -> bool:
    """Whether SQLite's file is gone. A connection that is still open would go on writing into a file that has no name any more, and a new
    one would make an empty database in its place.
    """
    name = str(connection.settings_dict["NAME"])
    return connection.vendor == "sqlite" and os.path.isabs(name) and not os.path.exists(name)
