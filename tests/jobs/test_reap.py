"""A killed worker leaves its job to another; a job that kills is failed at last."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from juzhi.base.actors import System
from juzhi.jobs import actions
from juzhi.jobs.management.commands.worker import Presence
from tests.jobs import deeds
from tests.jobs.conftest import AT, end, rows, worker
from tests.product import Product, wait_until


@pytest.mark.parametrize("is_reaped", [True, False])
def test_a_killed_workers_job_is_done_by_another(made: Product, tmp_path: Path, is_reaped: bool) -> None:
    """Control: without the reaper the job stays running for ever."""
    told, until = tmp_path / "told", tmp_path / "until"
    made.python(f"from tests.jobs import deeds\ndeeds.slow.enqueue(told={str(told)!r}, until={str(until)!r})")
    first = worker(made)
    try:
        wait_until(lambda: told.exists() and bool(told.read_text()))
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
        wait_until(lambda: told.exists() and bool(told.read_text()))
        with pytest.raises(AssertionError, match="not within"):
            wait_until(lambda: rows(made) != [["RUNNING", 1]], 6)  # three leases
        until.touch()
        wait_until(lambda: rows(made) == [["SUCCESSFUL", 1]])
    finally:
        until.touch()
        end(first)
        end(second)


def test_after_three_deaths_a_job_is_failed(db: None) -> None:
    deeds.fails.enqueue()
    DBTaskResult.objects.update(status="RUNNING", started_at=AT, worker_ids=["a", "b", "c"])
    assert len(actions.reap(by=System("测试", AT))) == 1
    found = DBTaskResult.objects.get()
    assert (found.status, found.traceback) == ("FAILED", "its worker died 3 times")
    assert actions.reap(by=System("测试", AT)) == []


@pytest.mark.tampers
def test_after_an_outage_a_living_worker_gives_back_what_it_had_in_hand(db: None) -> None:
    """Its own heart beats, so nobody else may take the job; only what was its own goes back."""
    with Presence("mine"), Presence("other"):
        by = System("测试", timezone.now())
        for name in ("mine", "other"):
            deeds.fails.enqueue()
            DBTaskResult.objects.filter(status="READY").get().claim(name)
        assert actions.reap(by=by) == []
        taken = actions.reap(by=by, own="mine")
    assert [DBTaskResult.objects.get(pk=key).worker_ids for key in taken] == [["mine"]]
    assert sorted(DBTaskResult.objects.values_list("status", flat=True)) == ["READY", "RUNNING"]
