"""Verbs of private files: store, discard, expire."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol

from django.db import transaction
from django.utils.translation import gettext as _

from juzhi.base.action import action
from juzhi.base.errors import Forbidden, Refused
from juzhi.files import queries, rules
from juzhi.files.models import Upload

LARGEST = 20 * 1024 * 1024  # bytes
KEPT = timedelta(hours=24)
# control characters, marks that turn the direction of writing, lone surrogates
UNFIT = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


class Source(Protocol):
    """What a form gives for a file, or `django.core.files.File` round one from disk."""

    name: str | None

    def chunks(self) -> Iterable[bytes]: ...


@action
def store(*, by: Any, file: Source, kind: str, organisation_id: int | None) -> Upload:
    """Keep a file privately under a random name, readable by this process's user alone, for 24 hours at most.

    Refuses an empty file and one above 20 MB; the size is counted, not believed.
    """
    if not rules.may_store(by):
        raise Forbidden
    stored_name = secrets.token_hex(24)
    size, digest = _write(queries.folder() / stored_name, file)
    return Upload.objects.create(
        name=harmless(file.name or ""),
        size=size,
        sha256=digest,
        kind=kind,
        owner_key=by.key[:120],
        organisation_id=organisation_id,
        stored_name=stored_name,
        uploaded_at=by.at,
        delete_at=by.at + KEPT,
    )


def harmless(name: str) -> str:
    """The name without folders, control characters and signs that turn the text, at most 200 characters with its ending kept."""
    plain = UNFIT.sub("", name.replace("\\", "/").rpartition("/")[2]).strip(" .")
    if len(plain) > 200:
        stem, dot, ending = plain.rpartition(".")
        plain = stem[: 199 - len(ending)] + dot + ending if dot and len(ending) <= 10 else plain[:200]
    return plain or "file"


def _write(path: Path, file: Source) -> tuple[int, str]:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    size, digest = 0, hashlib.sha256()
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as kept:
            for chunk in file.chunks():
                size += len(chunk)
                if size > LARGEST:
                    raise Refused(_("文件超过 20 MB，请拆成几个再传"), field="file", code="limit")
                digest.update(chunk)
                kept.write(chunk)
        if not size:
            raise Refused(_("这是一个空文件，请检查后再传"), field="file")
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return size, digest.hexdigest()


@action
def discard(*, by: Any, upload: Upload) -> Upload:
    """Delete the file; its row keeps the day, and not the name. The file goes once this has committed. Twice does nothing more."""
    if not rules.may_discard(by, upload):
        raise Forbidden
    if upload.deleted_at is None:
        upload.deleted_at, upload.name = by.at, ""
        upload.save(update_fields=["deleted_at", "name"])
    path = queries.path_of(upload)
    transaction.on_commit(lambda: path.unlink(missing_ok=True))
    return upload


@action
def expire(*, by: Any) -> int:
    """Discard every file whose 24 hours are over, and sweep up files that no row knows. Returns how many went."""
    if not by.is_system:
        raise Forbidden
    gone = [discard(by=by, upload=upload) for upload in queries.due(by.at)]
    strays = list(queries.strays(by.at - KEPT))
    for path in strays:
        path.unlink(missing_ok=True)
    return len(gone) + len(strays)
