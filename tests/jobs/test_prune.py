"""What was finished thirty days ago goes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from juzhi.base.actors import System
from juzhi.jobs import actions
from juzhi.jobs.models import WAITING
from tests.jobs.conftest import AT, BY, messages, put

pytestmark = pytest.mark.tampers  # messages are made due at a chosen moment


def test_after_thirty_days_what_was_sent_is_pruned(db: None) -> None:
    put()
    message = actions.claim_message(by=BY)
    assert message is not None
    actions.settle_message(by=BY, message=message)
    put()
    assert actions.prune(by=System("测试", AT + timedelta(days=29))) == 0
    assert actions.prune(by=System("测试", AT + timedelta(days=31))) == 1
    assert [one.state for one in messages()] == [WAITING]
