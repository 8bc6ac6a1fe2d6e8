"""Whether a claimed message left: longer pauses, parked at last; sent, its content is gone."""

from __future__ import annotations

import pytest

from juzhi.base.actors import System
from juzhi.jobs import actions, queries
from juzhi.jobs.models import PARKED, SENT
from tests.jobs.conftest import AT, BY, messages, put

pytestmark = pytest.mark.tampers  # messages are made due at a chosen moment


def test_it_waits_longer_each_time_and_is_parked_after_eight(db: None) -> None:
    put()
    at, pauses = AT, []
    while (message := actions.claim_message(by=System("测试", at))) is not None:
        settled = actions.settle_message(by=System("测试", at), message=message, error="OSError: down")
        pauses.append(int((settled.due_at - at).total_seconds()))
        at = settled.due_at
    assert pauses == [30, 60, 120, 240, 480, 960, 1920, 3840]
    assert [(one.state, one.tries, one.last_error) for one in messages()] == [(PARKED, 8, "OSError: down")]
    assert list(queries.parked_messages()) == messages()


def test_sent_its_address_and_content_are_gone(db: None) -> None:
    put(subject="问候", text="您好")
    message = actions.claim_message(by=BY)
    assert message is not None
    actions.settle_message(by=BY, message=message)
    assert [(one.state, one.to, one.payload, one.sent_at) for one in messages()] == [(SENT, [], {}, AT)]
