"""A parked message goes back in line."""

from __future__ import annotations

import pytest

from juzhi.jobs import actions
from juzhi.jobs.models import PARKED, WAITING
from tests.jobs.conftest import AT, BY, messages, put

pytestmark = pytest.mark.tampers  # messages are made due at a chosen moment


def test_a_parked_message_is_released_with_a_fresh_count(db: None) -> None:
    message = put()
    message.state, message.tries = PARKED, 8
    message.save()
    actions.release_message(by=BY, message=message)
    assert [(one.state, one.tries, one.due_at) for one in messages()] == [(WAITING, 0, AT)]
