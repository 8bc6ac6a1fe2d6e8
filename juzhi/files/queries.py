"""What can be asked about private files: one's own, where one lies, which are due for deletion."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from juzhi.base.models import ScopedQuerySet
from juzhi.files.models import Upload


def folder() -> Path:
    """Where private files lie. Backups leave it out."""
    return Path(settings.MEDIA_ROOT) / "private"


def path_of(upload: Upload) -> Path:
    return folder() / upload.stored_name


def upload(by: Any, key: str) -> Upload | None:
    """The file `key`, if it is `by`'s own and still there."""
    found: Upload | None = Upload.objects.seen_by(by).filter(key=key, deleted_at=None).first()
    return found if found is not None and path_of(found).exists() else None


def due(at: datetime) -> ScopedQuerySet:
    """Files whose latest day has come."""
    return Upload.objects.system("expiry").filter(deleted_at=None, delete_at__lte=at).order_by("delete_at")


def strays(before: datetime) -> Iterable[Path]:
    """Files that no living row knows (a transaction that failed, a process killed between commit and unlinking), older than `before`."""
    if not folder().exists():
        return
    for path in folder().iterdir():
        known = Upload.objects.system("expiry").filter(stored_name=path.name, deleted_at=None).exists()
        try:
            if not known and path.stat().st_mtime < before.timestamp():
                yield path
        except FileNotFoundError:
            continue
