"""`juzhi worker`: one process that runs jobs and does the chores (schedule, outbox, reaper, what `config/schedule` adds)."""

from __future__ import annotations

import fcntl
import logging
import threading
import time
from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError, OperationalError, close_old_connections, connection, connections
from django.utils import timezone
from django.utils.crypto import get_random_string
from django_tasks.base import TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from juzhi.base.actors import System
from juzhi.base.errors import Refused
from juzhi.base.outages import is_away, is_missing
from juzhi.jobs import actions, queries
from juzhi.jobs.schedule import CHORES, Chore
from juzhi.jobs.tasks import deliver

log = logging.getLogger("juzhi.jobs")
PAUSE = 1.0  # seconds between two looks for a database that is away


class Command(BaseCommand):
    help = "Run jobs, the schedule, the outbox and the reaper in one process."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--interval", type=float, default=0.5, help="seconds between two looks when nothing waits")
        parser.add_argument("--lease", type=float, default=queries.LEASE.total_seconds(), help="seconds of silence after which a worker is dead")
        parser.add_argument("--batch", action="store_true", help="end when nothing waits")
        parser.add_argument("--no-reaper", action="store_true", help="leave jobs of dead workers alone")

    def handle(self, *, interval: float, lease: float, batch: bool, no_reaper: bool, **options: Any) -> None:
        name = get_random_string(32)
        hands = Hands(name, interval=interval, batch=batch)
        hands.configure_signals()
        stop = threading.Event()
        with Presence(name):
            threads = [threading.Thread(target=do_chores, args=(chores, stop), daemon=True) for chores in _chores(name, lease, not no_reaper)]
            for thread in threads:
                thread.start()
            try:
                hands.run()
            finally:
                stop.set()
                for thread in threads:
                    thread.join(timeout=5)


class Hands(Worker):
    """The worker of django-tasks-db, which looks before it takes the writer's place, and retries what failed."""

    def __init__(self, name: str, *, interval: float = 0.5, batch: bool = False) -> None:
        super().__init__(
            queue_names=["*"],
            interval=interval,
            batch=batch,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=name,
            excluded_queue_names=[],
        )
        self.is_lost = False  # the database went away: a job may have been in hand

    def run(self) -> None:
        """On SQLite the library's loop takes the only writer's place at every look; so look first, and let it in when something waits."""
        always, self.batch = self.batch, True
        while self.running:
            try:
                if not self.look():
                    if always:
                        return
                    time.sleep(self.interval)
            except DatabaseError as error:
                if not is_away(error):
                    raise
                log.warning("the database is away, looking again in %s s: %s", PAUSE, str(error).strip().partition("\n")[0])
                self.is_lost = True
                connections.close_all()
                time.sleep(PAUSE)

    def look(self) -> bool:
        """Do what waits; whether anything did. After an outage what this worker had in hand goes back in line first: nobody else may take it while
        this worker lives.
        """
        close_old_connections()
        if is_missing():
            raise OperationalError("the file of the database is not there")
        if self.is_lost:
            actions.reap(by=System("数据库恢复", timezone.now()), own=self.worker_id)
            self.is_lost = False
        if DBTaskResult.objects.ready().filter(backend_name=self.backend_name).exists():
            super().run()  # until nothing waits
            return True
        return False

    def run_task(self, db_task_result: DBTaskResult) -> None:
        super().run_task(db_task_result)
        if db_task_result.status == TaskResultStatus.FAILED and not _refused(db_task_result):
            actions.retry(by=System("重试", timezone.now()), job=db_task_result)


def _refused(job: DBTaskResult) -> bool:
    """A refusal will not change by itself: it is not tried again."""
    kinds: tuple[type[Refused], ...] = (Refused, *Refused.__subclasses__())
    names = {f"{kind.__module__}.{kind.__qualname__}" for kind in kinds}
    return job.exception_class_path in names


class Presence:
    """While it is open, this worker counts as alive: a held lock file on SQLite (see `queries.alive`); on PostgreSQL the chores beat."""

    def __init__(self, name: str) -> None:
        self.path = queries.lock_file(name)

    def __enter__(self) -> None:
        if connection.vendor == "postgresql":
            actions.beat(by=System("心跳", timezone.now()), worker=self.path.name)
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.file = self.path.open("w")
        fcntl.flock(self.file, fcntl.LOCK_EX)

    def __exit__(self, *_: Any) -> None:
        if connection.vendor != "postgresql":
            self.path.unlink(missing_ok=True)
            self.file.close()


def _chores(name: str, lease: float, reaper: bool) -> list[list[Chore]]:
    """One list for each thread: beats stand alone, because a slow mail server must not make a living worker look dead."""
    chores = [Chore("schedule", 1.0, actions.tick), Chore("outbox", 1.0, deliver), *CHORES.values()]
    if reaper:
        chores.append(Chore("reaper", min(5.0, lease / 3), lambda by: actions.reap(by=by, lease=timedelta(seconds=lease))))
    if connection.vendor != "postgresql":
        return [chores]
    return [chores, [Chore("beat", min(5.0, lease / 5), lambda by: actions.beat(by=by, worker=name))]]


def do_chores(chores: list[Chore], stop: threading.Event) -> None:
    """Every chore when it is due, beside the jobs, so that a long job delays none. A chore that fails is logged and comes again."""
    due = {chore.name: 0.0 for chore in chores}
    while not stop.is_set():
        for chore in chores:
            if time.monotonic() >= due[chore.name]:
                due[chore.name] = time.monotonic() + chore.every
                try:
                    if not is_missing():
                        chore.run(by=System(chore.name, timezone.now()))
                except Exception as error:  # noqa: BLE001 a chore that fails comes again
                    if is_away(error):
                        log.warning("chore %s waits for the database", chore.name)
                        break
                    log.exception("chore %s failed", chore.name)
        close_old_connections()
        stop.wait(0.2)
    connections.close_all()
