"""Writing while the caller goes on: a second thread hands rows to the database, which works them in while Python prepares the next ones.

It is the caller's connection and transaction, and the order is the one in which the work was given: what the database comes to hold is the same.
"""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import connections, models, router

TURN = 0.0005  # seconds after which a thread that computes lets the other one go on
AT_MOST = 8  # pieces of work that wait
Work = Callable[[Any], None]  # takes a cursor of the driver itself
_helper: ContextVar[_Helper | None] = ContextVar("juzhi_beside", default=None)


class _Helper:
    """The second thread, what waits for it, and what went wrong there first."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="beside")
        self._waiting: deque[Future[None]] = deque()
        self._failed: BaseException | None = None

    def give(self, work: Work) -> None:
        while len(self._waiting) >= AT_MOST:
            self._waiting.popleft().result()
        self._waiting.append(self._thread.submit(self._do, work))

    def _do(self, work: Work) -> None:
        if self._failed is None:
            try:
                _do(self.connection, work)
            except BaseException as error:
                self._failed = error
                raise

    def wait(self) -> None:
        """Until all that was given stands. What went wrong is raised here, and again whenever it is asked: whoever swallows it once does not get past the end."""
        while self._waiting:
            self._waiting.popleft().result()
        if self._failed is not None:
            raise self._failed

    def before(self, execute: Callable[..., Any], sql: str, parameters: Any, many: bool, context: dict[str, Any]) -> Any:
        """The wrapper of every other statement on the connection."""
        self.wait()
        return execute(sql, parameters, many, context)

    def end(self) -> None:
        """Nothing of it runs any more, also when the caller gave up."""
        self._thread.shutdown(wait=True, cancel_futures=True)


@contextmanager
def beside(model: type[models.Model]) -> Iterator[None]:
    """What `run` is given meanwhile is done by a second thread. Any other statement of the caller waits until it is done, and so does the end of the block.

    Raises RuntimeError outside a transaction. An error of the database is raised at the next statement or at the end of the block, so that the transaction is rolled back.
    """
    connection = connections[router.db_for_write(model)]
    if not connection.in_atomic_block:
        raise RuntimeError("rows are written beside the caller only inside a transaction")
    helper, turn = _Helper(connection), sys.getswitchinterval()
    token = _helper.set(helper)
    sys.setswitchinterval(TURN)
    try:
        with connection.execute_wrapper(helper.before):
            yield
            helper.wait()
    finally:
        helper.end()
        sys.setswitchinterval(turn)
        _helper.reset(token)


def run(connection: Any, work: Work) -> None:
    """Do `work` with a cursor of the driver: at once, or by the second thread where there is one. Inside the caller's transaction."""
    connection.ensure_connection()
    connection.validate_no_broken_transaction()
    helper = _helper.get()
    if helper is not None and helper.connection is connection:
        helper.give(work)
    else:
        _do(connection, work)


def _do(connection: Any, work: Work) -> None:
    with connection.wrap_database_errors, closing(connection.connection.cursor()) as cursor:
        work(cursor)
