"""Entrances of jobs without a person: delivering messages, sending mail, pruning."""

from __future__ import annotations

import logging
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import timezone
from django_tasks import task

from juzhi.base.actors import System
from juzhi.jobs import actions
from juzhi.jobs.models import Outbox
from juzhi.jobs.outbox import HANDLERS, handler

log = logging.getLogger("juzhi.jobs")


def deliver(*, by: Any, limit: int = 50) -> int:
    """Deliver messages that are due; how many left. The handler works outside any transaction: it may be slow."""
    sent = 0
    for _ in range(limit):
        message = actions.claim_message(by=by)
        if message is None:
            break
        error = ""
        try:
            HANDLERS[message.kind](message)
        except Exception as caught:  # noqa: BLE001 whatever a provider does, the next message must leave
            error = f"{type(caught).__name__}: {caught}" if not isinstance(caught, KeyError) else f"no handler for {message.kind}"
            log.warning("message %s of kind %s did not leave (try %s): %s", message.key, message.kind, message.tries, type(caught).__name__)
        actions.settle_message(by=System("投递", timezone.now()), message=message, error=error)
        sent += not error
    return sent


@handler("mail")
def send_mail(message: Outbox) -> None:
    """Send a mail: `to` = addresses, payload = subject, text. The message's key is its Message-ID and idempotency key."""
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
    EmailMessage(
        subject=message.payload["subject"],
        body=message.payload["text"],
        to=message.to,
        headers={"Message-ID": f"<{message.key}@{domain}>", "Idempotency-Key": message.key},
    ).send()


@task()
def prune() -> int:
    """Delete what has been finished for thirty days."""
    return int(actions.prune(by=System("清理", timezone.now())))
