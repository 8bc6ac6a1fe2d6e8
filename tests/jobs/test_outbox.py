"""Messages leave after commit, once, and are parked when they cannot leave."""

from __future__ import annotations

from datetime import timedelta

import pytest

from juzhi.base.actors import System
from juzhi.jobs import actions, outbox, queries, tasks
from juzhi.jobs.models import PARKED, SENT, WAITING, Outbox
from tests.jobs.conftest import AT, inside_an_action

pytestmark = pytest.mark.tampers  # messages are made due at a chosen moment
BY = System("测试", AT)


def messages() -> list[Outbox]:
    return list(Outbox.objects.system("test").order_by("pk"))


def put(kind: str = "mail", **payload: str) -> Outbox:
    message: Outbox = inside_an_action(lambda: outbox.put(kind, None, to=["a@example.org"], payload=payload))
    Outbox.objects.system("test").filter(pk=message.pk).update(due_at=AT, put_at=AT)
    message.refresh_from_db()
    return message


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


def test_a_claimed_message_is_nobody_elses_for_five_minutes(db: None) -> None:
    put()
    claimed = actions.claim_message(by=BY)
    assert claimed is not None and claimed.tries == 1
    assert actions.claim_message(by=BY) is None
    assert actions.claim_message(by=System("测试", AT + timedelta(minutes=4))) is None
    again = actions.claim_message(by=System("测试", AT + timedelta(minutes=5)))
    assert again is not None and (again.key, again.tries) == (claimed.key, 2)


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


def test_a_parked_message_is_released_with_a_fresh_count(db: None) -> None:
    message = put()
    message.state, message.tries = PARKED, 8
    message.save()
    actions.release_message(by=BY, message=message)
    assert [(one.state, one.tries, one.due_at) for one in messages()] == [(WAITING, 0, AT)]


def test_sent_its_address_and_content_are_gone(db: None) -> None:
    put(subject="问候", text="您好")
    message = actions.claim_message(by=BY)
    assert message is not None
    actions.settle_message(by=BY, message=message)
    assert [(one.state, one.to, one.payload, one.sent_at) for one in messages()] == [(SENT, [], {}, AT)]


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


def test_after_thirty_days_what_was_sent_is_pruned(db: None) -> None:
    put()
    message = actions.claim_message(by=BY)
    assert message is not None
    actions.settle_message(by=BY, message=message)
    put()
    assert actions.prune(by=System("测试", AT + timedelta(days=29))) == 0
    assert actions.prune(by=System("测试", AT + timedelta(days=31))) == 1
    assert [one.state for one in messages()] == [WAITING]
