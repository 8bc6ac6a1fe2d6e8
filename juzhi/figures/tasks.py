"""What happens to kept and to published numbers by the clock."""

from __future__ import annotations

import logging

from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from juzhi.base.actors import System
from juzhi.base.errors import Refused
from juzhi.figures import actions, queries

NAMED = 200  # lines in the log; `juzhi figures verify` names all

log = logging.getLogger(__name__)


@task()
def widen() -> int:
    """Build by night what kept figures lack: new series, and nodes that grew. How many pieces."""
    return actions.build(by=System("汇总各级的数", timezone.now()))


@task()
def verify() -> int:
    """Compare kept figures with the records by night. Fails, after mending, where something was wrong: that is an incident, and doctor tells of it for a day.

    A refusal, because what fails otherwise is tried again, finds nothing the second time, and nobody would hear of it.
    """
    by = System("核对汇总的数", timezone.now())
    wrong = queries.wrongs_named(by, actions.verify(by=by))
    told = ["{series}，{place}，{what} {day}，差 {off}".format(**one) for one in wrong]
    for one in told[:NAMED]:
        log.error("汇总与记录不符，已改正：%s", one)
    if told:
        raise Refused(_("汇总的数有 %(number)s 处与记录不符，已改正；第一处：%(first)s") % {"number": len(told), "first": told[0]})
    return 0


@task()
def restate() -> int:
    """Ask every published question again by night; how many answer otherwise."""
    return len(actions.restate(by=System("核对已发布的数", timezone.now())))
