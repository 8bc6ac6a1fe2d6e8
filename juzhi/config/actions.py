"""Verbs of the product as a whole."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.models import Session

from juzhi.base.action import action
from juzhi.base.errors import Forbidden


@action
def clear_sessions(*, by: Any) -> int:
    """Delete sessions that have run out. Returns how many. Only the product itself does this."""
    if not by.is_system:
        raise Forbidden
    return int(Session.objects.filter(expire_date__lt=by.at).delete()[0])
