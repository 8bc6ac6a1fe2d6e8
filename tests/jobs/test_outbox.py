"""Messages leave after commit, once, and are parked when they cannot leave."""

from __future__ import annotations

import pytest

from juzhi.jobs import outbox, tasks
from juzhi.jobs.models import SENT, WAITING
from tests.jobs.conftest import BY, inside_an_action, messages, put

pytestmark = pytest.mark.tampers  # messages are made due at a chosen moment






def test_outside_an_action_it_raises(db: None) -> None:
    with pytest.raises(RuntimeError, match="outside an action"):
        outbox.put("mail", None, to=["a@example.org"])
    assert messages() == []


def test_a_verb_that_is_rolled_back_sends_nothing(db: None) -> None:
    def fails() -> None:
        outbox.put("mail", None, to=["a@example.org"])
        raise ValueError("afterwards")

    with pytest.raises(ValueError, match="afterwards"):
        inside_an_action(fails)
    assert messages() == []










def test_a_kind_without_handler_and_one_bad_message_stop_no_other(db: None) -> None:
    left: list[str] = []
    outbox.HANDLERS["good"] = lambda message: left.append(message.key)
    try:
        put("unknown")
        good = put("good")
        assert tasks.deliver(by=BY) == 1
    finally:
        del outbox.HANDLERS["good"]
    assert left == [good.key]
    assert [(one.state, one.last_error) for one in messages()] == [(WAITING, "no handler for unknown"), (SENT, "")]


def test_one_kind_has_one_handler() -> None:
    with pytest.raises(ValueError, match="two handlers"):
        outbox.handler("mail")(lambda message: None)
