"""Flows over a federation: the number, its growth, its parts and the whole sheet, at the top, a district and a street.

    python bench/flows.py [number of organisations] [number of memberships]

The federation of bench/tree.py, with spells that began in the last six years, three in ten of them over. Prints milliseconds, the middle of nine. SQLite in a temporary
folder, unless JUZHI_DATABASE_URL names an empty database.
"""

from __future__ import annotations

import random
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from tree import build, settle  # type: ignore[import-not-found]  # bench/tree.py, which makes Django ready

from django.core.management import call_command  # isort: skip
from juzhi.base import bulk  # isort: skip
from juzhi.base.actors import System  # isort: skip
from juzhi.base.indicators import INDICATORS  # isort: skip
from juzhi.base.periods import Period, calendar_period  # isort: skip
from juzhi.figures import queries  # isort: skip
from juzhi.figures.queries import Figure, Narrowing, Node  # isort: skip
from juzhi.members.models import Membership  # isort: skip
from juzhi.people.models import Person  # isort: skip

BY = System("measured", datetime(2026, 11, 24, 4, 0, tzinfo=UTC))
TIMES = 9
PERIODS = {"a month": calendar_period(date(2026, 3, 1), "month"), "a year": calendar_period(date(2025, 6, 1), "year"), "odd days": Period(date(2023, 2, 3), date(2026, 5, 17))}


def spells(bodies: list[Any], total: int) -> None:
    """A person each, in one body; every fifth day is known to the month only."""
    dice = random.Random(1)
    persons = bulk.insert(Person(name=f"某人{n}", name_key=f"某人{n}", pinyin_key=f"mou ren {n}") for n in range(total))
    rows = []
    for n, person in enumerate(persons):
        began = date(2020, 11, 1) + timedelta(days=dice.randrange(2200))
        ended = began + timedelta(days=dice.randrange(1, 900)) if n % 10 < 3 else None
        over = ended is not None and ended < date(2026, 11, 24)
        month = {"joined_on": began.replace(day=1), "joined_precision": "month"} if n % 5 == 0 else {"joined_on": began}
        end = {"ended_on": ended, "ended_precision": "day", "end_reason": "left"} if over else {}
        rows.append(Membership(person=person, organisation=dice.choice(bodies), **month, **end))
    bulk.insert(rows)


def milliseconds(run: Callable[[], Any]) -> float:
    taken = []
    for _ in range(TIMES + 1):
        start = time.perf_counter()
        run()
        taken.append((time.perf_counter() - start) * 1000)
    return statistics.median(taken[1:])


def main(total: int, members: int) -> None:
    call_command("migrate", verbosity=0)
    made = build(total)
    spells(made, members)
    settle()
    print(f"{total} organisations, {members} memberships")
    for place, body in {"the top": made[0], "a district": made[1], "a street": made[11]}.items():
        node = Node("organisation", body)
        for words, period in PERIODS.items():

            def asked(name: str, node: Node = node, period: Period = period) -> Figure:
                return queries.evaluate(BY, INDICATORS[name], node, period.until, Narrowing(), period.since)

            joined, growth = asked("members_joined"), asked("members_growth")
            parts: dict[str, Callable[[], Any]] = {
                "joined": lambda asked=asked: asked("members_joined"),
                "persons": lambda asked=asked: asked("persons_joined"),
                "growth": lambda asked=asked: asked("members_growth"),
                "by month": lambda joined=joined: queries.by_month(BY, joined),
                "by child": lambda joined=joined: queries.by_child(BY, joined),
                "way": lambda growth=growth: queries.way(BY, growth),
                "sheet of joined": lambda joined=joined: queries.sheet(BY, joined),
                "sheet of growth": lambda growth=growth: queries.sheet(BY, growth),
            }
            print(f"{place:11} {words:9} joined {joined.value:7,}", *(f"· {name} {milliseconds(run):.0f}" for name, run in parts.items()), flush=True)

        def counted(node: Node = node) -> Figure:
            return queries.evaluate(BY, INDICATORS["members"], node, date(2026, 3, 31))

        stock = counted()
        print(f"{place:11} stock     {stock.value:14,}", f"· number {milliseconds(counted):.0f}", f"· sheet {milliseconds(lambda stock=stock: queries.sheet(BY, stock)):.0f}", flush=True)


if __name__ == "__main__":
    main(*(int(word) for word in (*sys.argv[1:], *("5000", "200000")[len(sys.argv) - 1 :])))
