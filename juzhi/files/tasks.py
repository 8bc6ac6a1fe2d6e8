"""Entrance without a person: files whose time is over."""

from __future__ import annotations

from django.utils import timezone
from django_tasks import task

from juzhi.base.actors import System
from juzhi.files import actions


@task()
def expire() -> int:
    """Delete private files after 24 hours."""
    return int(actions.expire(by=System("到期删除", timezone.now())))
