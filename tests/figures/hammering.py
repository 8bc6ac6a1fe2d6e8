"""Random doings against the engine beside an oracle in plain Python that walks the placements: every reading must be the same, and what is kept the same as made afresh.

`Hammer` writes past the verbs, and tests all that the engine can; `Watch` looks on while a federation grows through the real verbs, merged and split as well.
`python -m tests.figures.hammering 20 3000` plays twenty seeds of three thousand doings each, and as many seeds of a tenth as many verbs, in the database that `JUZHI_DATABASE_URL` names, else in a file in `JUZHI_DATA`.
"""

from __future__ import annotations

import os
import random
import sys
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "juzhi.config.settings")
    django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import transaction  # noqa: E402

from juzhi.figures import actions, queries  # noqa: E402
from juzhi.figures.queries import Node, engine  # noqa: E402
from juzhi.members.figures import MEMBERS  # noqa: E402
from juzhi.members.models import Membership  # noqa: E402
from juzhi.network.actions import rewrite  # noqa: E402
from juzhi.network.models import BEGINNING, Family, Organisation, Placement  # noqa: E402
from juzhi.people.models import Person  # noqa: E402
from tests.cast import SYSTEM, TODAY  # noqa: E402
from tests.figures import evidence  # noqa: E402
from tests.figures.world import World, day_of, grown  # noqa: E402

FIRST = date(2022, 1, 10)
SPAN = 800  # days in which things happen
PEOPLE = 60


@dataclass
class Record:
    organisation: int
    person: int
    day: date
    minutes: int
    is_withdrawn: bool = False


@dataclass
class Spell:
    organisation: int
    joined_on: date
    ended_on: date | None = None
    is_over: bool = False  # since nobody knows when: it holds on no day

    def holds(self, day: date) -> bool:
        return self.joined_on <= day and (not self.is_over if self.ended_on is None else day < self.ended_on)


@dataclass
class Hammer:
    """A tree, records and spells, in the database and in plain Python."""

    dice: random.Random
    bodies: list[int] = field(default_factory=list)
    parents: dict[int, list[tuple[date, int | None]]] = field(default_factory=dict)  # from, parent; sorted
    records: dict[int, Record] = field(default_factory=dict)
    spells: dict[int, Spell] = field(default_factory=dict)
    people: list[Any] = field(default_factory=list)
    family: Any = None
    compared: int = 0
    wrong: list[str] = field(default_factory=list)
    late: bool = True  # whether folds and settles come at random; else never

    # --- the oracle
    def above(self, body: int, day: date) -> list[int]:
        chain = [body]
        while (parent := self.parent(chain[-1], day)) is not None:
            chain.append(parent)
        return chain

    def parent(self, body: int, day: date) -> int | None:
        return next((parent for since, parent in reversed(self.parents[body]) if since <= day), None)

    def counted(self, node: int, since: date, until: date) -> list[Record]:
        return [one for one in self.records.values() if since <= one.day < until and not one.is_withdrawn and node in self.above(one.organisation, one.day)]

    def standing(self, node: int, day: date) -> int:
        below = {body for body in self.bodies if node in self.above(body, day)}
        return sum(one.organisation in below and one.holds(day) for one in self.spells.values())

    # --- doings
    def day(self) -> date:
        recent = self.dice.random() < 0.4
        return FIRST + timedelta(days=self.dice.randrange(SPAN - 20, SPAN) if recent else self.dice.randrange(SPAN))

    def found(self) -> None:
        body = Organisation.objects.create(name=f"第{len(self.bodies)}分会", name_key="x", pinyin_key="x", family=self.family, level="unit", founded_on=FIRST).pk
        parent = self.dice.choice(self.bodies) if self.bodies and self.dice.random() < 0.95 else None
        self.bodies.append(body)
        self.parents[body] = [(BEGINNING, parent)]
        if parent is not None:
            Placement.objects.create(organisation_id=body, parent_id=parent, valid_from=BEGINNING)
        self._rewrite(body)

    def move(self) -> None:
        """From a day on, until the next recorded move; at times to the top. Two bodies may swap places over the years."""
        body, parent, day = self.dice.choice(self.bodies), self.dice.choice([None, *self.bodies]), self.dice.choice([self.day(), BEGINNING])
        spans = self.parents[body]
        changed = sorted([span for span in spans if span[0] != day] + [(day, parent)], key=lambda span: span[0])
        self.parents[body] = changed
        days = {since for one in self.bodies for since, _parent in self.parents[one]}
        if any(self._loops(body, one) for one in days):
            self.parents[body] = spans
            return
        Placement.objects.system("test").filter(organisation_id=body).delete()
        for place, (since, one) in enumerate(changed):
            until = changed[place + 1][0] if place + 1 < len(changed) else None
            if one is not None:
                Placement.objects.create(organisation_id=body, parent_id=one, valid_from=since, valid_to=until)
        self._rewrite(body)

    def _loops(self, body: int, day: date) -> bool:
        at = self.parent(body, day)
        while at is not None and at != body:
            at = self.parent(at, day)
        return at == body

    def _rewrite(self, body: int) -> None:
        with transaction.atomic():
            rewrite([body])

    def attend(self) -> None:
        """One or a few at once, as an import does."""
        fresh = [Record(self.dice.choice(self.bodies), self.dice.randrange(1, PEOPLE), self.day(), self.dice.randrange(1, 90)) for _ in range(self.dice.choice((1, 1, 1, 7)))]
        made = evidence.Attendance.objects.bulk_create([evidence.Attendance(organisation_id=r.organisation, person_id=r.person, day=r.day, minutes=r.minutes) for r in fresh])
        self.records.update({row.pk: record for row, record in zip(made, fresh, strict=True)})

    def change(self) -> None:
        if not self.records:
            return
        pk = self.dice.choice(list(self.records))
        record, row = self.records[pk], evidence.Attendance.objects.system("test").filter(pk=pk)
        what = self.dice.randrange(5)
        if what == 0:
            row.delete()
            del self.records[pk]
        elif what == 1:
            record.is_withdrawn = not record.is_withdrawn
            row.update(withdrawn_on=FIRST if record.is_withdrawn else None)
        elif what == 2:
            record.day, record.organisation = self.day(), self.dice.choice(self.bodies)
            row.update(day=record.day, organisation_id=record.organisation)
        elif what == 3:
            record.minutes = self.dice.randrange(90)
            row.update(minutes=record.minutes)
        else:
            before, after = record.person, self.dice.randrange(1, PEOPLE)  # two persons are one
            evidence.Attendance.objects.system("test").filter(person_id=before).update(person_id=after)
            for one in self.records.values():
                one.person = after if one.person == before else one.person

    def join(self) -> None:
        person = Person.objects.create(name="甲乙", name_key="x", pinyin_key="x")
        spell = Spell(self.dice.choice(self.bodies), self.day())
        pk = Membership.objects.create(person=person, organisation_id=spell.organisation, joined_on=spell.joined_on).pk
        self.spells[pk] = spell

    def leave(self) -> None:
        """At times on the very day or before it, at times nobody knows when, at times it is taken back or the row is deleted."""
        if not self.spells:
            return
        pk = self.dice.choice(list(self.spells))
        spell, row, what = self.spells[pk], Membership.objects.system("test").filter(pk=pk), self.dice.randrange(6)
        if what == 0:
            row.delete()
            del self.spells[pk]
            return
        if what == 1:
            spell.organisation = self.dice.choice(self.bodies)
        if what < 4:
            spell.ended_on, spell.is_over = spell.joined_on + timedelta(days=self.dice.choice((0, 1, 40, 300))), True
        else:
            spell.ended_on, spell.is_over = None, what == 4
        row.update(organisation_id=spell.organisation, ended_on=spell.ended_on, end_reason="left" if spell.is_over else "")

    def fold(self) -> None:
        actions.fold(by=SYSTEM, most=self.dice.choice((1, 5, 40, 2000)))

    def settle(self) -> None:
        actions.settle(by=SYSTEM, most=self.dice.choice((1, 5, 40, 2000)))

    def widen(self) -> None:
        while actions.widen(by=SYSTEM, least=2, days=6, most=3):
            pass

    # --- comparing
    def compare(self) -> None:
        node = self.dice.choice(self.bodies[:6] + [self.dice.choice(self.bodies)])
        since, until = sorted((self.day(), self.day() + timedelta(days=1)))
        day = self.day()
        counted = self.counted(node, since, until)
        right = {
            "often": len(counted),
            "minutes": sum(one.minutes for one in counted),
            "persons": len({one.person for one in counted}),
            "members": self.standing(node, day),
        }
        found = {
            "often": engine.total(evidence.series(evidence.OFTEN), node, since, until),
            "minutes": engine.total(evidence.series(evidence.MINUTES), node, since, until),
            "persons": engine.persons(evidence.series(evidence.PERSONS), node, since, until),
            "members": engine.standing(MEMBERS, node, day),
        }
        for name, number in found.items():
            self.compared += number is not None
            if number not in (None, right[name]):
                self.wrong.append(f"{name} of {node} in {since}..{until} as of {day}: {number}, and it is {right[name]}")

    def compare_kept(self) -> None:
        """With nothing waiting, what is kept is what is made afresh."""
        while actions.keep_up(by=SYSTEM):
            pass
        self.wrong += [str(one) for one in actions.verify(by=SYSTEM, sampled=10_000)]

    def play(self, doings: int) -> None:
        self.family = Family.objects.create(name="知联会", glyph="知")
        for _ in range(14):
            self.found()
        for _ in range(60):
            self.attend()
            self.join()
        self.widen()
        weights = {self.attend: 40, self.change: 22, self.join: 8, self.leave: 12, self.move: 4, self.found: 1, self.fold: 7 * self.late, self.settle: 4 * self.late, self.widen: 0.5, self.compare: 14}
        for doing in self.dice.choices(list(weights), list(weights.values()), k=doings):
            doing()
        self.compare_kept()
        for _ in range(20):
            self.compare()


@dataclass
class Watch:
    """Called after each verb: folds now and then, and compares members as kept, as counted directly, and as counted by hand."""

    dice: random.Random
    compared: int = 0
    wrong: list[str] = field(default_factory=list)

    def __call__(self, world: World) -> None:
        if self.dice.random() < 0.1:
            while actions.widen(by=SYSTEM, least=2, most=3):
                pass
        if self.dice.random() < 0.3:
            actions.fold(by=SYSTEM, most=self.dice.choice((1, 5, 2000)))
        for key in self.dice.sample(list(world.bodies), min(2, len(world.bodies))):
            edges = [day for spell in world.spells.values() for day in (spell.joined_on, spell.ended_on) if day] + [day for body in world.bodies.values() for day in body.parent.changes]
            for day in (day_of(self.dice), self.dice.choice(edges), TODAY):
                self.compare(world, key, day)

    def compare(self, world: World, key: str, day: date) -> None:
        node = Node("organisation", world.bodies[key].row)
        right = sum(spell.holds(day) and key in world.above(spell.body, day) for spell in world.spells.values())
        kept, shown, counted = (
            engine.standing(MEMBERS, node.thing.pk, day),
            *(queries.evaluate(SYSTEM, MEMBERS, node, day, is_recounted=is_recounted).value for is_recounted in (False, True)),
        )
        self.compared += kept is not None
        if {kept, shown, counted} - {right, None if kept is None else right}:
            self.wrong.append(f"members of {node.name} as of {day}: kept {kept}, shown {shown}, counted {counted}, and it is {right}")

    def end(self) -> None:
        while actions.keep_up(by=SYSTEM):
            pass
        self.wrong += [str(one) for one in actions.verify(by=SYSTEM)]


def main(seeds: int, doings: int) -> None:
    call_command("migrate", verbosity=0)
    wrong = 0
    for seed in range(seeds):
        with transaction.atomic(), evidence.declared():
            evidence.create()
            hammer = Hammer(random.Random(seed))
            hammer.play(doings)
            print(f"seed {seed}: {hammer.compared} compared, {len(hammer.wrong)} wrong", *hammer.wrong[:3], sep="\n  ", flush=True)
            wrong += len(hammer.wrong)
            transaction.set_rollback(True)
        with transaction.atomic():
            watch = Watch(random.Random(seed))
            world = grown(1000 + seed, doings // 10, watch)
            watch.end()
            print(f"  {world.done} verbs: {watch.compared} compared, {len(watch.wrong)} wrong", *watch.wrong[:3], sep="\n  ", flush=True)
            wrong += len(watch.wrong)
            transaction.set_rollback(True)
    sys.exit(wrong > 0)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
