"""Messages that leave after commit: how an action puts one, and who delivers which kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db import models
from django.utils import timezone

from juzhi.base.action import inside
from juzhi.jobs.models import Outbox

Handler = Callable[[Outbox], None]
HANDLERS: dict[str, Handler] = {}


def handler(kind: str) -> Callable[[Handler], Handler]:
    """Declare who delivers messages of `kind`. He raises if it did not leave; he may be asked twice for one message, with the same key."""

    def register(function: Handler) -> Handler:
        if HANDLERS.setdefault(kind, function) is not function:
            raise ValueError(f"two handlers for {kind!r}")
        return function

    return register


def put(kind: str, thing: models.Model | None, *, to: Iterable[str], payload: Mapping[str, Any] | None = None) -> Outbox:
    """Put a message in the caller's transaction: it leaves if and when that commits. Raises RuntimeError outside an action."""
    if not inside():
        raise RuntimeError(f"outbox.put({kind!r}) was called outside an action")
    now = timezone.now()  # when it leaves is the machine's affair, not the actor's
    return Outbox.objects.create(
        kind=kind,
        thing_kind=thing._meta.label_lower if thing is not None else "",
        thing_key=str(thing.key) if thing is not None else "",  # type: ignore[attr-defined]
        to=list(to),
        payload=dict(payload or {}),
        put_at=now,
        due_at=now,
    )
