"""Reading while others write, move and fold, in real processes: every reading beside the direct count of the same snapshot. Prints what it saw as JSON.

`python -m tests.figures.crossing 60` does it for a minute. It needs a database that commits: the one that `JUZHI_DATABASE_URL` names, else a file in `JUZHI_DATA`.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "juzhi.config.settings")
    django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, connections, transaction  # noqa: E402

from juzhi.figures import actions, queries  # noqa: E402
from juzhi.figures.queries import Node, engine, evaluation  # noqa: E402
from juzhi.figures.queries.series import LINEAGE, rows  # noqa: E402
from juzhi.members.figures import MEMBERS  # noqa: E402
from juzhi.network.models import Family, Organisation  # noqa: E402
from tests.cast import SYSTEM  # noqa: E402
from tests.figures import evidence  # noqa: E402
from tests.figures.hammering import FIRST, SPAN, Hammer  # noqa: E402


def main(seconds: float) -> None:
    call_command("migrate", verbosity=0)
    with evidence.declared():
        evidence.create()
        hammer = Hammer(random.Random(1))
        hammer.family = Family.objects.create(name="知联会", glyph="知")
        for _ in range(12):
            hammer.found()
        for _ in range(60):
            hammer.attend()
            hammer.join()
        hammer.widen()
        bodies = {body: Organisation.objects.system("test").get(pk=body) for body in hammer.bodies}
        others = [_beside(lambda work=work: work(hammer)) for work in (_write, _move, _fold)]
        compared = wrong = 0
        dice, ends = random.Random(2), time.monotonic() + seconds
        while time.monotonic() < ends:
            found = _compared(dice, bodies)
            compared, wrong = compared + len(found), wrong + found.count(False)
        for process in others:
            os.kill(process, signal.SIGKILL)
        ended = [os.waitpid(process, 0)[1] for process in others]
        while actions.keep_up(by=SYSTEM):
            pass
        left = actions.verify(by=SYSTEM, sampled=10_000)
        evidence.drop()
    print(json.dumps({"compared": compared, "wrong": wrong, "left": len(left), "went on": [os.WIFSIGNALED(status) for status in ended]}))


def _beside(work: Callable[[], None]) -> int:
    """A process that does this over and over until it is killed."""
    connections.close_all()
    if process := os.fork():
        return process
    try:
        while True:
            work()
            time.sleep(0.002)  # on SQLite others want to write too
    except BaseException:
        import traceback

        traceback.print_exc()
        os._exit(4)


def _write(hammer: Hammer) -> None:
    hammer.dice.choice((hammer.attend, hammer.change, hammer.join, hammer.leave))()


def _move(hammer: Hammer) -> None:
    with transaction.atomic():
        hammer.move()
    time.sleep(0.02)


def _fold(hammer: Hammer) -> None:
    hammer.dice.choice((hammer.fold, hammer.fold, hammer.settle))()


def _compared(dice: random.Random, bodies: dict[int, Organisation]) -> list[bool]:
    """Of one node, what is kept beside what is counted in the same snapshot: whether they agree. Without what is not kept."""
    node = dice.choice(list(bodies))
    since, until = sorted(FIRST + timedelta(days=dice.randrange(SPAN)) for _ in range(2))
    with _one_snapshot():
        kept = [
            engine.total(evidence.series(evidence.OFTEN), node, since, until),
            engine.total(evidence.series(evidence.MINUTES), node, since, until),
            engine.persons(evidence.series(evidence.PERSONS), node, since, until),
            engine.standing(MEMBERS, node, until),
        ]
        right = [*_counted(node, since, until), evaluation.measure(MEMBERS, queries.evidence(SYSTEM, MEMBERS, Node("organisation", bodies[node]), until))]
    return [one == number for one, number in zip(kept, right, strict=True) if one is not None]


def _counted(node: int, since: date, until: date) -> list[int]:
    sql = (
        f"select count(*), coalesce(sum(e.minutes), 0), count(distinct e.person_id) from {LINEAGE} l join {evidence.TABLE} e on e.organisation_id = l.descendant_id "
        "and l.valid_from <= e.day and e.day < l.valid_to where l.ancestor_id = %(node)s and e.day >= %(since)s and e.day < %(until)s and e.withdrawn_on is null"
    )
    return [int(one) for one in next(rows(sql, {"node": node, "since": since.isoformat(), "until": until.isoformat()}))]


@contextlib.contextmanager
def _one_snapshot() -> Iterator[None]:
    if connection.vendor == "postgresql":
        with transaction.atomic():
            connection.cursor().execute("set transaction isolation level repeatable read, read only")
            yield
        return
    connection.cursor().execute("begin deferred")
    try:
        yield
    finally:
        connection.cursor().execute("rollback")


if __name__ == "__main__":
    main(float(sys.argv[1]))
