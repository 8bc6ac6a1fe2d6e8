"""Writing a batch in real processes: killed at random moments, and twice at once. Run as a program; prints what it saw as JSON.

`python -m tests.imports.killing 200` kills two hundred times; one kill takes a second or two. It has a database of its own kind: the one that `JUZHI_DATABASE_URL` names, else a file in `JUZHI_DATA`.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

import django

ROWS = 150


def main(kills: int) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "juzhi.config.settings")
    django.setup()
    from django.core.management import call_command
    from django.db import connection

    if "django_migrations" not in connection.introspection.table_names():
        call_command("migrate", verbosity=0)
    print(json.dumps(_experiments(kills)))


def _experiments(kills: int) -> dict[str, Any]:
    from tests.cast import build

    cast = build()
    place = cast.tower
    whole = _state(place)
    key = _planned(place)
    begun = time.monotonic()
    _wait(_child(lambda: _commit(key)))
    usual = time.monotonic() - begun
    done = _state(place)
    _undo(key)
    told: dict[str, Any] = {"nothing": whole, "everything": done, "undone": _state(place)}
    told |= _killed(place, kills, usual, whole, done)
    told["control"] = _control(place, max(1, kills // 20))
    told["two"] = _twice(place)
    return told


def _killed(place: Any, kills: int, usual: float, nothing: list[int], everything: list[int]) -> dict[str, Any]:
    """Commits killed at random moments until enough died at work; what was there each time, and after going on."""
    seen: Counter[str] = Counter()
    died, key, ends = 0, _planned(place), time.monotonic() + 60 + kills * (3 + 3 * usual)
    while died < kills and time.monotonic() < ends:
        process = _child(lambda key=key: _commit(key))  # type: ignore[misc]
        time.sleep(random.uniform(0, usual))
        os.kill(process, signal.SIGKILL)
        died += os.WIFSIGNALED(_wait(process))
        now = _state(place)
        seen["nothing" if now == nothing else "everything" if now == everything else f"half: {now}"] += 1
        if now == everything:
            _undo(key)
            key = _planned(place)
    _wait(_child(lambda: _commit(key)))
    after = _state(place)
    _undo(key)
    return {"died": died, "seen": dict(seen), "completed": after}


def _control(place: Any, tries: int) -> dict[str, int]:
    """How often rows written one by one, each whole, leave a half-done list when killed: what the search must be able to see."""
    from tests.cast import SYSTEM

    def one_by_one(part: int) -> None:
        from juzhi.members import actions as members
        from juzhi.people import actions as people

        for number in range(ROWS):
            person = people.enter(by=SYSTEM, name=f"甲{number}乙", mobiles=[f"199000{30_000 + part * ROWS + number}"])
            members.admit(by=SYSTEM, person=person, organisation=place)

    half = 0
    for part in range(1, tries + 1):
        before = _state(place)[0]
        process = _child(lambda part=part: one_by_one(part))  # type: ignore[misc]
        ends = time.monotonic() + 30
        while time.monotonic() < ends and _state(place)[0] < before + random.randint(1, ROWS // 2):
            time.sleep(0.02)
        os.kill(process, signal.SIGKILL)
        _wait(process)
        half += before < _state(place)[0] < before + ROWS
    return {"tries": tries, "half": half}


def _twice(place: Any) -> dict[str, Any]:
    """Two processes that write one batch at the same moment: their ends, and how many rows came in."""
    key, before = _planned(place), _state(place)[0]
    at = time.monotonic() + 0.5

    def at_once() -> None:
        time.sleep(max(0.0, at - time.monotonic()))
        _commit(key)

    ends = [os.waitstatus_to_exitcode(_wait(one)) for one in [_child(at_once), _child(at_once)]]
    return {"ends": sorted(ends), "rows": _state(place)[0] - before}


def _child(work: Callable[[], None]) -> int:
    """A process that does this and ends: 0, or 3 where it is refused."""
    from django.db import connections

    from juzhi.base.errors import Refused

    connections.close_all()
    process = os.fork()
    if process:
        return process
    try:
        work()
    except Refused:
        os._exit(3)
    except BaseException:
        import traceback

        traceback.print_exc()
        os._exit(4)
    os._exit(0)


def _wait(process: int) -> int:
    return os.waitpid(process, 0)[1]


def _planned(place: Any) -> str:
    from tests.cast import SYSTEM
    from tests.imports.office import planned, roster

    rows = ({"姓名": f"何{number}清", "手机": f"1990002{number:04}", "单位": "云塔科技", "入会时间": "2024-03"} for number in range(ROWS))
    return str(planned(SYSTEM, roster(*rows), place).key)


def _commit(key: str) -> None:
    from juzhi.imports import actions
    from juzhi.imports.models import Batch
    from tests.cast import SYSTEM

    actions.commit(by=SYSTEM, batch=Batch.objects.system("test").get(key=key))


def _undo(key: str) -> None:
    from juzhi.imports import actions
    from juzhi.imports.models import Batch
    from tests.cast import SYSTEM

    actions.undo(by=SYSTEM, batch=Batch.objects.system("test").get(key=key), reason="once more")


def _state(place: Any) -> list[int]:
    """How many memberships, persons, ties, contacts and employments there are, and how many batches stand as written: all of one moment, for the server
    may still be about to commit what its client, killed, had asked for."""
    from django.db import connection, transaction

    from juzhi.imports.models import Batch
    from juzhi.members.models import Membership
    from juzhi.people.models import Contact, Employment, Person, Tie

    is_server = connection.vendor == "postgresql"
    with transaction.atomic() if is_server else nullcontext():  # on SQLite a transaction would keep the writers out
        if is_server:
            connection.cursor().execute("set transaction isolation level repeatable read")
        counts = [model.objects.system("test").count() for model in (Membership, Person, Tie, Contact, Employment)]
        return [*counts, Batch.objects.system("test").filter(committed_at__isnull=False, undone_at=None).count()]


if __name__ == "__main__":
    main(int(sys.argv[1]))
