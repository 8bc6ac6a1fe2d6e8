"""Wipe what rows of imports still hold of things that are erased."""

from __future__ import annotations

from collections.abc import Iterable

from juzhi.base.action import action
from juzhi.base.actors import Actor
from juzhi.base.errors import Forbidden
from juzhi.imports import rules
from juzhi.imports.models import BatchRow, RowAction


@action
def wipe(*, by: Actor, things: Iterable[tuple[str, str]] = (), likes: Iterable[str] = ()) -> int:
    """Take the values out of rows that became `things` (kind and key), and out of waiting rows that resemble the records `likes`: these are
    skipped then. Undoing the batch leaves them alone. Returns how many rows. Refuses whoever does not erase: it is a part of a higher verb.
    """
    if not rules.may_wipe(by):
        raise Forbidden()
    empty = {"values": {}, "before": {}, "warn": [], "reason": ""}
    rows = BatchRow.objects.system("erasing")
    count = rows.filter(thing_key__in=[key for _kind, key in things]).exclude(thing_key="").update(**empty)
    waiting = rows.filter(like_key__in=list(likes), batch__committed_at=None).exclude(like_key="")
    return int(count) + int(waiting.update(**empty, action=RowAction.SKIP, like_key="", like_by="", decision=""))
