"""What is due by the clock is put in line once, whoever looks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django_tasks_db.models import DBTaskResult

from juzhi.base.actors import System
from juzhi.jobs import actions
from juzhi.jobs.models import ScheduledJob
from juzhi.jobs.schedule import CHORES, SCHEDULE, declare_schedule
from tests.jobs import deeds
from tests.jobs.conftest import AT
from tests.product import SETUP, Product

COUNT = "from django_tasks_db.models import DBTaskResult\nprint(DBTaskResult.objects.count())"


@pytest.fixture
def own_schedule() -> Iterator[None]:
    kept = dict(SCHEDULE)
    SCHEDULE.clear()
    yield
    SCHEDULE.clear()
    SCHEDULE.update(kept)


def tick(minutes: float) -> list[str]:
    put: list[str] = actions.tick(by=System("测试", AT + timedelta(minutes=minutes)))
    return put


def test_the_product_declares_its_own() -> None:
    assert sorted(SCHEDULE) == ["access.tend_orphans", "figures.restate", "figures.verify", "figures.widen", "files.expire", "imports.expire", "jobs.prune", "journal.verify", "receipts.prune", "sessions.clear"]
    assert sorted(CHORES) == ["erasures.keep_up", "figures.keep_up", "journal.seal", "search.keep_up"]


def test_a_cron_that_cannot_be_read_is_refused(own_schedule: None) -> None:
    with pytest.raises(ValueError, match="is not a cron"):
        declare_schedule("bad", "every day", deeds.fails)
    assert SCHEDULE == {}


def test_it_runs_when_due_by_the_clock_of_shanghai(db: None, own_schedule: None) -> None:
    declare_schedule("nightly", "30 3 * * *", deeds.fails)
    assert tick(0) == []  # the first look only writes down when
    assert ScheduledJob.objects.system("test").get().next_run_at.isoformat() == "2026-11-24T19:30:00+00:00"
    assert (tick(15 * 60 + 29), tick(15 * 60 + 30), tick(15 * 60 + 30)) == ([], ["nightly"], [])


def test_after_a_pause_it_runs_once(db: None, own_schedule: None) -> None:
    declare_schedule("hourly", "0 * * * *", deeds.fails)
    assert (tick(0), tick(10 * 60 + 5), tick(10 * 60 + 6)) == ([], ["hourly"], [])
    assert DBTaskResult.objects.count() == 1


def test_another_cron_counts_from_now(db: None, own_schedule: None) -> None:
    declare_schedule("job", "0 * * * *", deeds.fails)
    tick(0)
    declare_schedule("job", "*/5 * * * *", deeds.fails)
    assert (tick(90), tick(95)) == ([], ["job"])


@pytest.mark.parametrize(("way", "exactly"), [("claimed", True), ("careless", False)])
def test_three_processes_put_each_due_time_once(made: Product, way: str, exactly: bool) -> None:
    """The control, which only looks and writes, puts some twice: so the test would notice."""
    minutes = 12
    several = [made.start("-c", f"{SETUP}from tests.jobs.deeds import ticks\nticks({minutes}, {way!r})") for _ in range(3)]
    told = [one.communicate(timeout=120)[0] for one in several]
    assert [one.returncode for one in several] == [0, 0, 0], told
    count = int(made.python(COUNT))
    assert (count == minutes) if exactly else (count > minutes)
