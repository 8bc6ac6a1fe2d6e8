"""Putting the writing of a batch in line: once, for the plan that was shown."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django_tasks_db.models import DBTaskResult

from juzhi.base.errors import Forbidden, Refused, Stale
from juzhi.imports import actions, tasks
from juzhi.imports.models import Batch
from juzhi.jobs.models import Progress
from tests.cast import NOW, SYSTEM, Cast
from tests.imports.office import fresh, mixed, planned, work

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch(cast: Cast) -> Batch:
    return planned(cast.by("east_clerk"), mixed(), cast.tower)


def test_it_is_put_in_line_once(cast: Cast, batch: Batch) -> None:
    by, version = cast.by("east_clerk"), fresh(batch).version
    actions.start_commit(by=by, batch=batch, version=version, task=tasks.write)
    for shown in (version, fresh(batch).version):
        with pytest.raises(Refused, match="已经在写入了"):
            actions.start_commit(by=by, batch=batch, version=shown, task=tasks.write)
    assert DBTaskResult.objects.count() == 1
    assert work() == 1
    assert fresh(batch).committed_at is not None
    assert Progress.objects.system("test").get(key=fresh(batch).progress_key).state == "done"


def test_a_plan_that_has_changed_is_told(cast: Cast, batch: Batch) -> None:
    with pytest.raises(Stale):
        actions.start_commit(by=cast.by("east_clerk"), batch=batch, version=fresh(batch).version - 1, task=tasks.write)


def test_a_job_that_never_came_to_its_end_holds_for_an_hour(cast: Cast, batch: Batch) -> None:
    by = cast.by("east_clerk")
    actions.start_commit(by=by, batch=batch, version=None, task=tasks.write)
    later = type(SYSTEM)("tests", NOW + timedelta(minutes=61))
    actions.start_commit(by=later, batch=batch, version=None, task=tasks.write)
    assert DBTaskResult.objects.count() == 2


def test_refusals(cast: Cast, batch: Batch) -> None:
    with pytest.raises(Forbidden):
        actions.start_commit(by=cast.by("west_clerk"), batch=batch, version=None, task=tasks.write)
    actions.discard(by=cast.by("east_clerk"), batch=batch)
    with pytest.raises(Refused, match="已经结束"):
        actions.start_commit(by=cast.by("east_clerk"), batch=batch, version=None, task=tasks.write)


def test_rights_lost_on_the_way_write_nothing(cast: Cast, batch: Batch) -> None:
    """The job has the rights that whoever confirmed has when it runs."""
    from juzhi.access import actions as access

    actions.start_commit(by=cast.by("east_clerk"), batch=batch, version=None, task=tasks.write)
    access.disable_account(by=SYSTEM, account=cast.accounts["east_clerk"], reason="离任")
    with pytest.raises(Forbidden):
        work()
    assert fresh(batch).committed_at is None
