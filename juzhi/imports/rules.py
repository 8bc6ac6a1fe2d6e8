"""Who may bring a file in."""

from __future__ import annotations

from juzhi.base.action import inside
from juzhi.base.actors import Actor
from juzhi.imports.models import Batch


def may_upload(by: Actor, duty: str, organisation_id: int | None) -> bool:
    """The duty at that organisation; into none (the whole federation): the product itself, on an operator's command."""
    return by.is_system or (organisation_id is not None and by.holds(duty, organisation_id))


def may_work_on(by: Actor, batch: Batch) -> bool:
    """Settle, commit, undo and give up: who may upload it again."""
    return may_upload(by, batch.duty, batch.organisation_id)


def may_wipe(by: Actor) -> bool:
    """The product itself, or as a part of a higher verb that has asked its own rule (erasing a person)."""
    return by.is_system or inside() not in ("", "imports.wipe")
