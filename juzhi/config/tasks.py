"""Entrances by the clock that belong to no single room."""

from __future__ import annotations

import json
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django_tasks import task

from juzhi.base.actors import System
from juzhi.config import actions
from juzhi.journal.queries import verify
from juzhi.web import actions as web


class ChainBroken(Exception):
    """The journal's chain does not hold."""


def verdict_file() -> Path:
    """What the last nightly check of the journal found; `juzhi doctor` reads it."""
    return Path(settings.DATA_FOLDER) / "journal-verdict.json"


@task()
def clear_sessions() -> int:
    """Delete sessions that have run out."""
    return int(actions.clear_sessions(by=System("会话到期", timezone.now())))


@task()
def prune_receipts() -> int:
    """Delete receipts of forms sent long ago."""
    return int(web.prune_receipts(by=System("回执清理", timezone.now())))


@task()
def verify_journal() -> None:
    """Walk the journal's chain and write down what was found. Fails where it does not hold."""
    verdict = verify()
    fault = verdict.fault.sentence if verdict.fault else ""
    verdict_file().write_text(json.dumps({"at": timezone.now().isoformat(), "sealed": verdict.sealed, "fault": fault}, ensure_ascii=False))
    if fault:
        raise ChainBroken(fault)
