"""Whoever claims a message has it alone for five minutes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from juzhi.base.actors import System
from juzhi.jobs import actions
from tests.jobs.conftest import AT, BY, put

pytestmark = pytest.mark.tampers  # messages are made due at a chosen moment


def test_a_claimed_message_is_nobody_elses_for_five_minutes(db: None) -> None:
    put()
    claimed = actions.claim_message(by=BY)
    assert claimed is not None and claimed.tries == 1
    assert actions.claim_message(by=BY) is None
    assert actions.claim_message(by=System("测试", AT + timedelta(minutes=4))) is None
    again = actions.claim_message(by=System("测试", AT + timedelta(minutes=5)))
    assert again is not None and (again.key, again.tries) == (claimed.key, 2)
