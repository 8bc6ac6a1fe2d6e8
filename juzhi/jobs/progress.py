"""A job tells how far it is, outside its own data transaction.

Inside a transaction PostgreSQL is told over a second connection. SQLite has one writer, and the job's transaction is it: there the newest
word stands in a small file beside the database until the transaction ends; a second connection would wait for itself.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.utils import timezone
from django.utils.translation import gettext as _

from juzhi.base.errors import Refused
from juzhi.jobs import queries
from juzhi.jobs.models import DONE, FAILED, RUNNING, Progress

PAUSE = 0.5  # seconds between two words of one job: more would only cost


class Teller:
    """Given to a job by `running`: call it as often as you like, with `done` of `total` and a sentence."""

    def __init__(self, key: str) -> None:
        self.key = key
        self.result: dict[str, Any] = {}
        self._told_at = 0.0
        self._line: Any = None

    def __call__(self, done: int, total: int, message: str = "") -> None:
        if done < total and time.monotonic() - self._told_at < PAUSE:
            return
        self._told_at = time.monotonic()
        if not connection.in_atomic_block:
            _write(self.key, done=done, total=total, message=message)
        elif connection.vendor == "postgresql":
            self._tell_beside(done, total, message)
        else:
            path = queries.progress_file(self.key)
            path.parent.mkdir(parents=True, exist_ok=True)
            draft = path.with_suffix(".draft")
            draft.write_text(json.dumps({"done": done, "total": total, "message": message}))
            draft.replace(path)

    def _tell_beside(self, done: int, total: int, message: str) -> None:
        if self._line is None:
            self._line = connections.create_connection(DEFAULT_DB_ALIAS)
        with self._line.cursor() as cursor:
            cursor.execute("update jobs_progress set done = %s, total = %s, message = %s where key = %s", [done, total, message, self.key])

    def close(self) -> None:
        if self._line is not None:
            self._line.close()
        queries.progress_file(self.key).unlink(missing_ok=True)


def _write(key: str, **values: Any) -> None:
    Progress.objects.system("progress of a job").filter(key=key).update(**values)


@contextmanager
def running(key: str) -> Iterator[Teller]:
    """Wrap the work of a job. Ends as done, with `teller.result`; or as failed with the sentence of a refusal, or a plain one for what nobody foresaw."""
    teller = Teller(key)
    _write(key, state=RUNNING, ended_at=None)
    try:
        yield teller
    except BaseException as error:
        teller.close()
        sentence = error.message if isinstance(error, Refused) else _("这件事没有做完，系统会再试；一直不行请联系运维")
        _write(key, state=FAILED, message=sentence[:300], ended_at=timezone.now())
        raise
    teller.close()
    _write(key, state=DONE, result=teller.result, ended_at=timezone.now())
