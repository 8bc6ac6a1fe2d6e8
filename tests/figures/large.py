"""A large federation and dated records of it, written past the verbs: for measurements, and for whoever wants to see the engine of figures at its limits."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from django.db import connection, transaction

from juzhi.base import bulk
from juzhi.figures.actions import marks
from juzhi.network.actions.lineage import _chains
from juzhi.network.models import BEGINNING, FOREVER, Family, Lineage, Organisation, Placement, Root
from tests.figures import evidence

FIRST = date(2023, 1, 1)
DAYS = 1096
SHAPE = (1, 10, 20, 15)  # children of each body, level by level; the rest stand on the fifth
PEOPLE = 1_000_000
MOVES = 1000
POSTGRESQL = connection.vendor == "postgresql"


def federation(total: int) -> list[list[int]]:
    """Ids of the bodies, level by level. A thousand bodies of the lower levels stood elsewhere until some day."""
    family = Family.objects.create(name="知联会", glyph="知")
    levels, parents, number = [[0]], {}, 1
    for depth in range(1, 5):
        below = []
        each = SHAPE[depth] if depth < len(SHAPE) else -(-(total - number) // len(levels[-1]))
        for parent in levels[-1]:
            for _ in range(min(each, total - number)):
                parents[number] = parent
                below.append(number)
                number += 1
        levels.append(below)
    made = [one.pk for one in bulk.insert(Organisation(name=f"第{n}分会", name_key=f"第{n}分会", pinyin_key=f"di {n}", family=family, level="unit", founded_on=FIRST) for n in range(number))]
    chance = random.Random(5)
    moved = {n: chance.randrange(30, DAYS - 30) for n in chance.sample(levels[3] + levels[4] + levels[2][:40], min(MOVES, number // 10))}
    level_of = {n: depth for depth, level in enumerate(levels) for n in level}

    def placements() -> Iterator[Placement]:
        for n, parent in parents.items():
            if n not in moved:
                yield Placement(organisation_id=made[n], parent_id=made[parent], valid_from=BEGINNING)
                continue
            day = FIRST + timedelta(days=moved[n])
            yield Placement(organisation_id=made[n], parent_id=made[chance.choice(levels[level_of[n] - 1])], valid_from=BEGINNING, valid_to=day)
            yield Placement(organisation_id=made[n], parent_id=made[parent], valid_from=day)

    bulk.insert(placements())
    chains = _chains(set(made))
    bulk.insert(Lineage(descendant_id=d, ancestor_id=a, depth=depth, valid_from=f, valid_to=t) for d, rows in chains.items() for a, depth, f, t in rows)
    bulk.insert([Root(organisation_id=made[0], valid_from=BEGINNING, valid_to=FOREVER)])
    return [[made[n] for n in level] for level in levels]


def written(path: Path, total: int, bodies: list[int]) -> None:
    """Records as a file: meetings of about ten persons, by day."""
    chance = random.Random(7)
    with path.open("w", newline="") as file:
        done = 0
        while done < total:
            body, day = chance.choice(bodies), (FIRST + timedelta(days=chance.randrange(DAYS))).isoformat()
            number = min(chance.randrange(5, 16), total - done)
            minutes = chance.randrange(30, 180)
            file.write("".join(f"{body},{person},{day},{minutes}\n" for person in chance.choices(range(1, PEOPLE), k=number)))
            done += number


def loaded(path: Path) -> None:
    columns = "organisation_id, person_id, day, minutes"
    evidence.create()
    with connection.cursor() as cursor:
        cursor.execute("drop index attendance_cell")
        cursor.execute("drop index attendance_person")
        for moment in marks.MOMENTS:
            cursor.execute(f"drop trigger juzhi_marks_{evidence.TABLE}_{moment}" + (f" on {evidence.TABLE}" if POSTGRESQL else ""))
        with path.open(newline="") as file:
            if POSTGRESQL:
                with cursor.copy(f"copy {evidence.TABLE} ({columns}) from stdin (format csv)") as copy:
                    while piece := file.read(1 << 20):
                        copy.write(piece)
            else:
                with transaction.atomic():
                    connection.connection.executemany(f"insert into {evidence.TABLE} ({columns}) values (?, ?, ?, ?)", csv.reader(file))
    evidence.index()
    marks.install(indicators=evidence.EVIDENCE)
    with connection.cursor() as cursor:
        cursor.execute("vacuum analyze" if POSTGRESQL else "analyze")
