"""A worker says that it is alive: one row each, the newest moment."""

from __future__ import annotations

from datetime import timedelta

from juzhi.base.actors import System
from juzhi.jobs import actions
from juzhi.jobs.models import Beat
from tests.jobs.conftest import AT


def test_one_row_for_each_worker(db: None) -> None:
    for minutes, worker in ((0, "a"), (0, "b"), (5, "a")):
        actions.beat(by=System("心跳", AT + timedelta(minutes=minutes)), worker=worker)
    assert list(Beat.objects.system("test").order_by("worker").values_list("worker", "at")) == [("a", AT + timedelta(minutes=5)), ("b", AT)]
