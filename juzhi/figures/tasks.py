"""What happens to published numbers by the clock."""

from __future__ import annotations

from django.utils import timezone
from django_tasks import task

from juzhi.base.actors import System
from juzhi.figures import actions


@task()
def restate() -> int:
    """Ask every published question again by night; how many answer otherwise."""
    return len(actions.restate(by=System("核对已发布的数", timezone.now())))
