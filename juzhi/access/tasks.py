"""What happens to rights by the clock."""

from __future__ import annotations

from django.utils import timezone
from django_tasks import task

from juzhi.access import actions
from juzhi.base.actors import System


@task()
def tend_orphans() -> int:
    """Superiors take over what lost its last holder by a date; how many grants that made. Meant for the minutes after midnight."""
    return len(actions.tend_orphans(by=System("代管", timezone.now())))
