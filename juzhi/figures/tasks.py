"""What happens to kept and to published numbers by the clock."""

from __future__ import annotations

import logging

from django.utils import timezone
from django_tasks import task

from juzhi.base.actors import System
from juzhi.figures import actions, queries

NAMED = 200  # lines in the log; `juzhi figures verify` names all

log = logging.getLogger(__name__)


@task()
def widen() -> int:
    """Build by night what kept figures lack: new series, and nodes that grew. How many pieces."""
    return actions.build(by=System("汇总各级的数", timezone.now()))


@task()
def verify() -> int:
    """Compare kept figures with the records by night. Fails, after mending, where something was wrong: that is an incident."""
    by = System("核对汇总的数", timezone.now())
    wrong = queries.wrongs_named(by, actions.verify(by=by))
    told = ["{series}, {place}, {what} {day}, off {off}".format(**one) for one in wrong]
    for one in told[:NAMED]:
        log.error("kept figure was wrong: %s", one)
    if told:
        raise ValueError(f"{len(told)} kept values were wrong and have been mended; the first: {told[0]}")
    return 0


@task()
def restate() -> int:
    """Ask every published question again by night; how many answer otherwise."""
    return len(actions.restate(by=System("核对已发布的数", timezone.now())))
