"""Who may do what with a private file."""

from __future__ import annotations

from typing import Any

from juzhi.files.models import Upload


def may_store(by: Any) -> bool:
    """Anybody with an account, and the product itself."""
    return bool(by.key)


def may_discard(by: Any, upload: Upload) -> bool:
    """Its owner, and the product itself."""
    return bool(by.is_system or (by.key and by.key == upload.owner_key))
