"""Real workers: a killed one's job is done by another, what fails is tried again, a refusal is not, and progress is seen from outside."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from juzhi.base.actors import System
from juzhi.jobs import actions
from juzhi.jobs.management.commands.worker import Hands
from tests.jobs import deeds
from tests.jobs.conftest import AT
from tests.product import Product, wait_until

ROWS = "import json\nfrom django_tasks_db.models import DBTaskResult\nprint(json.dumps([[r.status, len(r.worker_ids)] for r in DBTaskResult.objects.all()]))"


def rows(made: Product) -> list[list[object]]:
    found: list[list[object]] = json.loads(made.python(ROWS))
    return found


def worker(made: Product, *words: str) -> subprocess.Popen[str]:
    return made.start("-m", "juzhi.config.cli", "worker", "--lease", "2", "--interval", "0.1", *words)


def end(process: subprocess.Popen[str]) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    process.communicate(timeout=30)


@pytest.mark.parametrize("is_reaped", [True, False])
def test_a_killed_workers_job_is_done_by_another(made: Product, tmp_path: Path, is_reaped: bool) -> None:
    """Control: without the reaper the job stays running for ever."""
    told, until = tmp_path / "told", tmp_path / "until"
    made.python(f"from tests.jobs import deeds\ndeeds.slow.enqueue(told={str(told)!r}, until={str(until)!r})")
    first = worker(made)
    try:
        wait_until(lambda: told.exists())
        os.kill(first.pid, signal.SIGKILL)
        first.communicate(timeout=30)
        until.touch()
        second = worker(made, *([] if is_reaped else ["--no-reaper"]))
        try:
            if is_reaped:
                wait_until(lambda: rows(made) == [["SUCCESSFUL", 2]])
                assert told.read_text() == "begun\nbegun\n"
            else:
                with pytest.raises(AssertionError, match="not within"):
                    wait_until(lambda: rows(made) != [["RUNNING", 1]], 8)
        finally:
            end(second)
    finally:
        end(first)


def test_a_living_workers_long_job_is_left_alone(made: Product, tmp_path: Path) -> None:
    told, until = tmp_path / "told", tmp_path / "until"
    made.python(f"from tests.jobs import deeds\ndeeds.slow.enqueue(told={str(told)!r}, until={str(until)!r})")
    first, second = worker(made), worker(made)
    try:
        wait_until(lambda: told.exists())
        with pytest.raises(AssertionError, match="not within"):
            wait_until(lambda: rows(made) != [["RUNNING", 1]], 6)  # three leases
        until.touch()
        wait_until(lambda: rows(made) == [["SUCCESSFUL", 1]])
    finally:
        until.touch()
        end(first)
        end(second)


def test_asked_to_end_it_ends_its_job_first(made: Product, tmp_path: Path) -> None:
    told, until = tmp_path / "told", tmp_path / "until"
    made.python(f"from tests.jobs import deeds\ndeeds.slow.enqueue(told={str(told)!r}, until={str(until)!r})")
    process = worker(made)
    wait_until(lambda: told.exists())
    process.send_signal(signal.SIGTERM)
    until.touch()
    process.communicate(timeout=30)
    assert (process.returncode, rows(made)) == (0, [["SUCCESSFUL", 1]])


def test_progress_inside_a_transaction_is_seen_outside(made: Product, tmp_path: Path) -> None:
    until = tmp_path / "until"
    key = made.python(f"from tests.jobs import deeds\nfrom juzhi.jobs import actions\nprint(actions.enqueue(by=by, task=deeds.counts, arguments={{'until': {str(until)!r}}}, total=4).key)")
    look = f"from juzhi.jobs import queries\np = queries.progress(by, {key!r})\nprint(p.state, p.done, p.total, p.message, p.result)"
    process = worker(made)
    try:
        wait_until(lambda: made.python(look) == "running 2 4 写第 2 行 {}")
        until.touch()
        wait_until(lambda: made.python(look).startswith("done"))
        assert made.python(look).endswith("{'url': '/imports/abc/'}")
    finally:
        until.touch()
        end(process)


def test_after_three_deaths_a_job_is_failed(db: None) -> None:
    deeds.fails.enqueue()
    DBTaskResult.objects.update(status="RUNNING", started_at=AT, worker_ids=["a", "b", "c"])
    assert len(actions.reap(by=System("测试", AT))) == 1
    found = DBTaskResult.objects.get()
    assert (found.status, found.traceback) == ("FAILED", "its worker died 3 times")
    assert actions.reap(by=System("测试", AT)) == []


def work() -> None:
    DBTaskResult.objects.filter(run_after__gt=timezone.now()).exclude(run_after__year=9999).update(run_after=timezone.now() - timedelta(seconds=1))
    Hands("hands", batch=True).run()


def test_what_fails_is_tried_three_times(transactional_db: None) -> None:
    deeds.fails.enqueue()
    seen = []
    for _ in range(4):
        work()
        found = DBTaskResult.objects.get()
        seen.append((found.status, len(found.worker_ids)))
    assert seen == [("READY", 1), ("READY", 2), ("FAILED", 3), ("FAILED", 3)]
    assert found.exception_class_path == "builtins.OSError"


def test_a_refusal_is_not_tried_again(transactional_db: None) -> None:
    deeds.refuses.enqueue()
    work()
    found = DBTaskResult.objects.get()
    assert (found.status, len(found.worker_ids)) == ("FAILED", 1)


def test_progress_belongs_to_whoever_asked(db: None) -> None:
    from juzhi.base.actors import Visitor
    from juzhi.jobs import queries

    key = actions.enqueue(by=System("测试", AT), task=deeds.fails).key
    assert queries.progress(Visitor(AT), key) is None
    assert queries.progress(System("测试", AT), "unknown") is None
