"""Verbs of pages: let old receipts go."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from juzhi.base.action import action
from juzhi.base.errors import Forbidden
from juzhi.web.models import Receipt

KEPT = timedelta(days=7)  # no browser keeps an unsent form for longer


@action
def prune_receipts(*, by: Any) -> int:
    """Delete receipts of forms sent more than seven days ago. Returns how many. Only the product itself does this."""
    if not by.is_system:
        raise Forbidden
    return int(Receipt.objects.system("pruning").filter(at__lt=by.at - KEPT).delete()[0])
