"""Fold, settle and move killed before each of their statements, in real processes; and, as a control, the fold without its one transaction. Prints what it saw as JSON.

`python -m tests.figures.killing 3` does all of it three times over. It needs a database that commits: the one that `JUZHI_DATABASE_URL` names, else a file in `JUZHI_DATA`.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "juzhi.config.settings")
    django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, connections, transaction  # noqa: E402

from juzhi.figures import actions  # noqa: E402
from juzhi.figures.actions import folding  # noqa: E402
from juzhi.figures.queries import engine  # noqa: E402
from juzhi.network.models import BEGINNING, FOREVER, Family, Placement  # noqa: E402
from tests.cast import SYSTEM  # noqa: E402
from tests.figures import evidence  # noqa: E402
from tests.figures.hammering import FIRST, SPAN, Hammer  # noqa: E402


def main(times: int) -> None:
    call_command("migrate", verbosity=0)
    with evidence.declared():
        evidence.create()
        hammer = Hammer(random.Random(1))
        hammer.family = Family.objects.create(name="知联会", glyph="知")
        for _ in range(9):
            hammer.found()
        for _ in range(60):
            hammer.attend()
        hammer.widen()
        told = {name: _killed(hammer, times, *doing) for name, doing in DOINGS.items()}
        told["left"] = len(_ended(hammer))
        evidence.drop()
    print(json.dumps(told))


def _killed(hammer: Hammer, times: int, before: Callable[[Hammer], None], work: Callable[[Hammer], Any]) -> dict[str, int]:
    """How often it was killed, how often a reading was wrong at once, and how often after a fresh process had done the rest."""
    killed = wrong = wrong_later = 0
    for _ in range(times):
        statement = 0
        while True:
            statement += 1
            before(hammer)
            if not _dies(hammer, work, statement):
                break
            killed += 1
            wrong += not _is_right(hammer)
            actions.keep_up(by=SYSTEM)
            if not _is_right(hammer):
                wrong_later += 1
                _ended(hammer)
    return {"killed": killed, "wrong": wrong, "wrong later": wrong_later}


def _dies(hammer: Hammer, work: Callable[[Hammer], Any], statement: int) -> bool:
    """Whether a process that does this is dead before its so manieth statement; False = it came to its end."""
    connections.close_all()
    process = os.fork()
    if process == 0:
        left = [statement]

        def count(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return execute(sql, *rest)

        try:
            with connection.execute_wrapper(count):
                work(hammer)
        except BaseException:
            import traceback

            traceback.print_exc()
            os._exit(4)
        os._exit(0)
    status = os.waitpid(process, 0)[1]
    if not os.WIFSIGNALED(status) and os.waitstatus_to_exitcode(status):
        raise RuntimeError("the work failed by itself")
    return os.WIFSIGNALED(status)


def _is_right(hammer: Hammer) -> bool:
    """Every node's three figures over the whole time and over a piece of it, beside the oracle. A move that did not come through is taken from the database."""
    hammer.parents = _parents(hammer)
    for node in hammer.bodies:
        for since, until in ((FIRST, FIRST + timedelta(days=SPAN)), (date(2022, 3, 7), date(2023, 5, 9))):
            counted = hammer.counted(node, since, until)
            right = [len(counted), sum(one.minutes for one in counted), len({one.person for one in counted})]
            ask = ((engine.total, evidence.OFTEN), (engine.total, evidence.MINUTES), (engine.persons, evidence.PERSONS))
            found = [reading(evidence.series(indicator), node, since, until) for reading, indicator in ask]
            if any(one not in (None, number) for one, number in zip(found, right, strict=True)):
                return False
    return True


def _parents(hammer: Hammer) -> dict[int, Any]:
    found: dict[int, Any] = {body: [(BEGINNING, None)] for body in hammer.bodies}
    for body, parent, since, until in Placement.objects.system("test").order_by("valid_from").values_list("organisation_id", "parent_id", "valid_from", "valid_to"):
        found[body] += [(since, parent), (until or FOREVER, None)]
    return found


def _ended(hammer: Hammer) -> list[Any]:
    """With everything folded: what is kept and is not right. It is mended."""
    while actions.keep_up(by=SYSTEM):
        pass
    return actions.verify(by=SYSTEM, sampled=1000)


def _changes(hammer: Hammer) -> None:
    for _ in range(3):
        hammer.attend()
        hammer.change()


def _changes_and_move(hammer: Hammer) -> None:
    _changes(hammer)
    _move(hammer)


def _folded_changes(hammer: Hammer) -> None:
    _changes(hammer)
    actions.fold(by=SYSTEM)


def _move(hammer: Hammer) -> None:
    """The placements and what follows, in one transaction as a verb has it."""
    with transaction.atomic():
        was = [dict(hammer.parents)]
        while hammer.parents == was[0]:
            hammer.move()


def _apart(hammer: Hammer) -> None:
    """The fold, its one transaction taken away: each statement stands as soon as it is done."""
    folding.fold_marks(2000)


DOINGS: dict[str, tuple[Callable[[Hammer], None], Callable[[Hammer], Any]]] = {
    "fold": (_changes_and_move, lambda hammer: actions.fold(by=SYSTEM)),
    "settle": (_folded_changes, lambda hammer: actions.settle(by=SYSTEM)),
    "move": (_changes, _move),
    "apart": (_changes_and_move, _apart),
}

if __name__ == "__main__":
    main(int(sys.argv[1]))
