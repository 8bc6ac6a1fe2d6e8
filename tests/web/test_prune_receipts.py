"""Receipts of forms sent more than seven days ago go."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from juzhi.base.actors import System, Visitor
from juzhi.base.errors import Forbidden
from juzhi.web import actions
from juzhi.web.models import Receipt

AT = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)


def test_what_is_older_than_seven_days_goes_once(db: None) -> None:
    for name, days in (("old", 8), ("young", 6)):
        Receipt.objects.create(actor_key="a", form_key=name, body_digest="", answer="/", at=AT - timedelta(days=days))
    assert (actions.prune_receipts(by=System("测试", AT)), actions.prune_receipts(by=System("测试", AT))) == (1, 0)
    assert list(Receipt.objects.system("test").values_list("form_key", flat=True)) == ["young"]


def test_a_visitor_may_not(db: None) -> None:
    with pytest.raises(Forbidden):
        actions.prune_receipts(by=Visitor(AT))
