"""Sessions that have run out go; living ones stay."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.sessions.models import Session

from juzhi.base.actors import System, Visitor
from juzhi.base.errors import Forbidden
from juzhi.config import actions, tasks

AT = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)


def test_what_has_run_out_goes_once(db: None) -> None:
    for name, days in (("old", -1), ("young", 1)):
        Session.objects.create(session_key=name, session_data="", expire_date=AT + timedelta(days=days))
    assert (actions.clear_sessions(by=System("测试", AT)), actions.clear_sessions(by=System("测试", AT))) == (1, 0)
    assert list(Session.objects.values_list("session_key", flat=True)) == ["young"]


def test_a_visitor_may_not(db: None) -> None:
    with pytest.raises(Forbidden):
        actions.clear_sessions(by=Visitor(AT))


def test_the_entrance_by_the_clock(db: None) -> None:
    assert tasks.clear_sessions.call() == 0
