"""What happens to kept and to published numbers by the clock."""

from __future__ import annotations

import logging

from django.utils import timezone
from django_tasks import task

from juzhi.base.actors import System
from juzhi.figures import actions

log = logging.getLogger(__name__)


@task()
def widen() -> int:
    """Build by night what kept figures lack: new series, and nodes that grew. How many pieces."""
    return actions.build(by=System("汇总各级的数", timezone.now()))


@task()
def verify() -> int:
    """Compare kept figures with the records by night. Fails, after mending, where something was wrong: that is an incident."""
    wrong = actions.verify(by=System("核对汇总的数", timezone.now()))
    for one in wrong[:20]:
        log.error("kept figure was wrong: %s", one)
    if wrong:
        raise ValueError(f"{len(wrong)} kept values were wrong and have been mended; the first: {wrong[0]}")
    return 0


@task()
def restate() -> int:
    """Ask every published question again by night; how many answer otherwise."""
    return len(actions.restate(by=System("核对已发布的数", timezone.now())))
