"""Who may do what with the journal."""

from __future__ import annotations

from typing import Any

from juzhi.base.action import inside


def may_seal(by: Any) -> bool:
    """The product itself."""
    return bool(by.is_system)


def may_forget(by: Any) -> bool:
    """The product itself, or as a part of a higher verb that has asked its own rule (erasing a person)."""
    return bool(by.is_system) or inside() not in ("", "journal.forget")
