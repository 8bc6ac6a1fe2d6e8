"""Tasks and loops that tests run in processes of their own."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.db import transaction
from django_tasks import task

from juzhi.base.actors import System
from juzhi.base.errors import Refused
from juzhi.jobs.progress import running

BEGIN = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)


@task()
def slow(*, told: str, until: str) -> str:
    """Say that it has begun; end when a file appears."""
    with Path(told).open("a") as file:
        file.write("begun\n")
    while not Path(until).exists():
        time.sleep(0.05)
    return "done"


@task()
def fails() -> None:
    raise OSError("the provider is down")


@task()
def refuses() -> None:
    raise Refused("这个文件不能导入")


@task()
def counts(*, progress: str, until: str) -> None:
    """Tell half-way inside a transaction, and wait there."""
    with running(progress) as tell, transaction.atomic():
        from juzhi.jobs.models import Beat

        Beat.objects.create(worker=f"row {progress}", at=BEGIN)  # the transaction holds the writer's place
        tell(1, 4, "写第 1 行")
        time.sleep(0.6)
        tell(2, 4, "写第 2 行")
        while not Path(until).exists():
            time.sleep(0.05)
        tell.result = {"url": "/imports/abc/"}


def ticks(minutes: int, way: str) -> None:
    """Run the schedule at the same moments as every other process that does this: one job each minute."""
    from juzhi.jobs import actions
    from juzhi.jobs.schedule import SCHEDULE, declare_schedule

    SCHEDULE.clear()
    declare_schedule("each minute", "* * * * *", fails)
    for minute in range(minutes + 1):
        while time.time() % 0.4 > 0.02:  # all at once
            time.sleep(0.002)
        at = BEGIN + timedelta(minutes=minute)
        actions.tick(by=System("测试", at)) if way == "claimed" else careless(at)


def careless(at: datetime) -> None:
    """The control: looks, then writes, and asks nobody whether it was first."""
    from juzhi.jobs.models import ScheduledJob

    row = ScheduledJob.objects.system("control").filter(name="each minute").first()
    if row is None:
        ScheduledJob.objects.bulk_create([ScheduledJob(name="each minute", cron="* * * * *", next_run_at=at + timedelta(minutes=1))], ignore_conflicts=True)
    elif row.next_run_at <= at:
        time.sleep(0.02)
        ScheduledJob.objects.system("control").filter(pk=row.pk).update(next_run_at=at + timedelta(minutes=1))
        fails.enqueue()

