"""A federation that grows at random through the real verbs, and beside it a plain record of what was done, from which every figure can be counted by hand."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction

from juzhi.base.errors import Refused
from juzhi.members import actions as members
from juzhi.members.models import Membership
from juzhi.network import actions as network
from juzhi.network.models import Area, Host, Organisation, Sector
from juzhi.people import actions as people
from juzhi.people.models import Person
from tests.cast import AREAS, SYSTEM, TODAY

EVER = date(1900, 1, 1)
LEVELS = ("district", "subdistrict", "building", "park", "unit")
HOSTS = (("云塔大厦", "building"), ("东湖医院", "public_hospital"), ("西山医院", "public_hospital"), ("云海大学", "university"))
SECTORS = ("卫健系统", "教育系统")
PRECISIONS = ("day", "day", "day", "month", "year", "unknown")


def seeds(*numbers: int) -> tuple[int, ...]:
    """All of them on SQLite; on PostgreSQL the first half: the rule is the same there, and each of these federations asks every question."""
    return numbers if connection.vendor != "postgresql" else numbers[: (len(numbers) + 1) // 2]


def day_of(dice: random.Random) -> date:
    return date(2020, 1, 1) + timedelta(days=dice.randrange((TODAY - date(2020, 1, 1)).days))


def known(dice: random.Random, day: date, choices: tuple[str, ...] = PRECISIONS) -> tuple[date, str]:
    """The day as far as somebody remembers it: kept as the first day of what it may be."""
    precision = dice.choice(choices)
    return {"month": day.replace(day=1), "year": day.replace(month=1, day=1)}.get(precision, day), precision


@dataclass
class Steps:
    """A value that changes on days."""

    changes: dict[date, Any]

    def on(self, day: date) -> Any:
        return self.changes[max(since for since in self.changes if since <= day)]

    def spans(self) -> list[tuple[date, date]]:
        """From and until of each value, in order."""
        days = sorted(self.changes)
        return list(zip(days, [*days[1:], date.max], strict=True))


@dataclass
class Body:
    row: Organisation
    founded_on: date
    level: str
    family: str
    parent: Steps
    seat: Steps  # (area code, host name, name of the sector)
    dissolved_on: date | None = None
    founded_precision: str = "day"
    dissolved_precision: str = "day"

    def stands(self, day: date) -> bool:
        return self.founded_on <= day and (self.dissolved_on is None or day < self.dissolved_on)


@dataclass
class Spell:
    row: Membership
    person: str
    body: str
    joined_on: date
    ended_on: date | None = None
    is_over: bool = False
    joined_precision: str = "day"
    ended_precision: str = "day"
    reason: str = ""
    batch: int | None = None

    def holds(self, day: date) -> bool:
        if self.is_over and self.ended_on is None:
            return False
        return self.joined_on <= day and (self.ended_on is None or day < self.ended_on)


@dataclass
class World:
    """What was done, by key."""

    bodies: dict[str, Body] = field(default_factory=dict)
    spells: dict[str, Spell] = field(default_factory=dict)
    persons: list[Person] = field(default_factory=list)
    areas: dict[str, Area] = field(default_factory=dict)
    hosts: dict[str, Host] = field(default_factory=dict)
    sectors: dict[str, Sector] = field(default_factory=dict)
    lots: random.Random = field(default_factory=lambda: random.Random(0))  # which sector: apart from the dice, of which the tests know what they bring about
    done: int = 0

    def nodes(self) -> Iterator[tuple[str, Any, Callable[[str, date], bool]]]:
        """(kind, thing, whether a body counts there on a day)."""
        for key, body in self.bodies.items():
            yield "organisation", body.row, lambda one, day, top=key: top in self.above(one, day)
        for code, area in self.areas.items():
            yield "area", area, lambda one, day, code=code: self.bodies[one].seat.on(day)[0].startswith(code)
        for name, host in self.hosts.items():
            yield "host", host, lambda one, day, name=name: self.bodies[one].seat.on(day)[1] == name
        for name, sector in self.sectors.items():
            yield "sector", sector, lambda one, day, name=name: self.bodies[one].seat.on(day)[2] == name

    def some_nodes(self, dice: random.Random, number: int) -> list[tuple[str, Any, Callable[[str, date], bool]]]:
        """That many at random, and a sector, of which there are few."""
        found = list(self.nodes())
        sectors = [one for one in found if one[0] == "sector"]
        return [*dice.sample(found[: -len(sectors)], number), self.lots.choice(sectors)]

    def above(self, key: str | None, day: date) -> set[str]:
        """The body and all above it that day."""
        found: set[str] = set()
        while key is not None:
            found.add(key)
            key = self.bodies[key].parent.on(day)
        return found

    def host_type(self, key: str, day: date) -> str:
        return dict(HOSTS).get(self.bodies[key].seat.on(day)[1], "none")


def grown(seed: int, steps: int = 80, between: Callable[[World], None] = lambda world: None) -> World:
    """A federation of a city after `steps` verbs at random days, `between` which something else may be done; verbs that the product refuses leave no trace in either."""
    dice, world = random.Random(seed), World(lots=random.Random(seed))
    network.load_areas(by=SYSTEM, rows=AREAS)
    world.areas = {area.code: area for area in Area.objects.system("test")}
    world.hosts = {name: network.register_host(by=SYSTEM, name=name, host_type=kind) for name, kind in HOSTS}
    world.sectors = {name: network.register_sector(by=SYSTEM, name=name) for name in SECTORS}
    families = {name: network.register_family(by=SYSTEM, name=name) for name in ("知联会", "新联会")}
    world.persons = [people.enter(by=SYSTEM, name=f"某人{n}", mobiles=[], email="") for n in range(8)]
    _found(world, dice, families, date(2020, 1, 1), None)
    verbs = [_found, _found, _move, _move, _dissolve, _merge, _split, _relocate, _correct, _admit, _admit, _admit, _admit, _admit, _end, _correct_spell]
    for verb in [*(dice.choice(verbs) for _ in range(steps)), *[_split, _admit, _merge, _admit] * 6]:
        try:
            with transaction.atomic():
                verb(world, dice, families, day_of(dice), dice.choice(list(world.bodies)))
            world.done += 1
        except Refused:
            continue
        between(world)
    return world


def _found(world: World, dice: random.Random, families: Any, day: date, parent: str | None) -> None:
    level, family = dice.choice(LEVELS), dice.choice(list(families))
    area, host, sector = dice.choice([code for code in world.areas if len(code) > 4]), dice.choice([*world.hosts, ""]), world.lots.choice([*world.sectors, ""])
    row = network.found(
        by=SYSTEM,
        name=f"第{len(world.bodies)}会",
        family=families[family],
        level=level,
        parent=world.bodies[parent].row if parent else None,
        founded_on=day,
        area=world.areas[area],
        host=world.hosts.get(host),
        sector=world.sectors.get(sector),
    )
    world.bodies[row.key] = Body(row, day, level, family, Steps({EVER: parent}), Steps({EVER: (area, host, sector)}))


def _move(world: World, dice: random.Random, _families: Any, day: date, key: str) -> None:
    parent = dice.choice([*world.bodies, None])
    network.move(by=SYSTEM, organisation=world.bodies[key].row, parent=world.bodies[parent].row if parent else None, valid_from=day, reason="随机")
    world.bodies[key].parent.changes[day] = parent


def _dissolve(world: World, dice: random.Random, _families: Any, day: date, key: str) -> None:
    if key == next(iter(world.bodies)):
        raise Refused("the top stands, or nothing more could happen beneath it")
    day, precision = known(dice, day, PRECISIONS[:-1])
    network.dissolve(by=SYSTEM, organisation=world.bodies[key].row, dissolved_on=day, precision=precision, reason="随机")
    world.bodies[key].dissolved_on, world.bodies[key].dissolved_precision = day, precision
    world.bodies[key].row.refresh_from_db(from_queryset=Organisation.objects.system("test"))


def _merge(world: World, dice: random.Random, _families: Any, day: date, key: str) -> None:
    """One or two go into `key`, or, with another, into a new one: children that stand go over, and spells that go on."""
    top, there = next(iter(world.bodies)), [one for one, body in world.bodies.items() if body.stands(day) and body.dissolved_on is None]
    others, key = dice.sample(there, min(2, len(there))), dice.choice([key, *there])
    is_new = dice.random() < 0.4
    ended = [one for one in dict.fromkeys([key, *others] if is_new else others) if one != top and (is_new or one != key)]
    rows = [world.bodies[one].row for one in ended]
    name = f"第{len(world.bodies)}会" if is_new else ""
    made = network.merge(by=SYSTEM, organisations=rows, successor=None if is_new else world.bodies[key].row, name=name, on=day, reason="随机")
    if is_new:
        first = world.bodies[ended[0]]
        above = first.parent.on(day)
        while above in ended:
            above = world.bodies[above].parent.on(day)
        world.bodies[made.key] = Body(made, day, first.level, first.family, Steps({EVER: above}), Steps({EVER: first.seat.on(day)}))
    for child, body in world.bodies.items():
        if child in (*ended, made.key):
            continue
        later = [max(since, day) for since, until in body.parent.spans() if until > day and body.parent.changes[since] in ended]
        for start in later:
            if body.dissolved_on is None or body.dissolved_on > start:
                body.parent.changes[start] = made.key
    _carry(world, ended, made.key, day)
    for one in ended:
        world.bodies[one].dissolved_on = day
    for body in (world.bodies[one] for one in ended):
        body.row.refresh_from_db(from_queryset=Organisation.objects.system("test"))


def _carry(world: World, ended: list[str], successor: str, day: date) -> None:
    """Spells that go on end on the day; at the successor one begins for each person who is no member there."""
    going = [spell for spell in world.spells.values() if spell.body in ended and not spell.is_over]
    for person in sorted({spell.person for spell in going}):
        there = [spell for spell in world.spells.values() if spell.person == person and spell.body == successor]
        first = min((spell for spell in going if spell.person == person), key=lambda spell: spell.joined_on)
        begins = max([day, first.joined_on, *(spell.ended_on for spell in there if spell.ended_on)])
        precision = first.joined_precision if begins == first.joined_on != day else "day"
        row = Membership.objects.system("test").filter(person__key=person, organisation__key=successor, end_reason="").get()
        if all(spell.is_over for spell in there):
            world.spells[row.key] = Spell(row, person, successor, begins, joined_precision=precision)
    for spell in going:
        spell.ended_precision = spell.joined_precision if spell.joined_on > day else "day"
        spell.ended_on, spell.reason, spell.is_over = max(day, spell.joined_on), "transferred", True


def _split(world: World, dice: random.Random, _families: Any, day: date, key: str) -> None:
    key = dice.choice([key, *(one for one, body in world.bodies.items() if body.stands(day) and body.dissolved_on is None)])
    children = [child for child, body in world.bodies.items() if body.parent.on(day) == key and body.stands(day) and dice.random() < 0.6]
    rows = [world.bodies[child].row for child in children]
    made = network.split(by=SYSTEM, organisation=world.bodies[key].row, name=f"第{len(world.bodies)}会", children=rows, on=day, reason="随机")
    old = world.bodies[key]
    world.bodies[made.key] = Body(made, day, old.level, old.family, Steps({EVER: old.parent.on(day)}), Steps({EVER: old.seat.on(day)}))
    for child in children:
        world.bodies[child].parent.changes[day] = made.key


def _relocate(world: World, dice: random.Random, _families: Any, day: date, key: str) -> None:
    area, host, sector = dice.choice([code for code in world.areas if len(code) > 4]), dice.choice([*world.hosts, ""]), world.lots.choice([*world.sectors, ""])
    network.relocate(by=SYSTEM, organisation=world.bodies[key].row, area=world.areas[area], host=world.hosts.get(host), sector=world.sectors.get(sector), valid_from=day, reason="随机")
    world.bodies[key].seat.changes[day] = (area, host, sector)


def _correct(world: World, dice: random.Random, families: Any, day: date, key: str) -> None:
    family, level = dice.choice(list(families)), dice.choice(LEVELS)
    day, precision = known(dice, day)
    network.correct(by=SYSTEM, organisation=world.bodies[key].row, reason="随机", founded_on=day, founded_precision=precision, family=families[family], level=level)
    body = world.bodies[key]
    body.founded_on, body.founded_precision, body.family, body.level = day, precision, family, level


def _admit(world: World, dice: random.Random, _families: Any, day: date, key: str) -> None:
    person = dice.choice(world.persons)
    (day, precision), number = known(dice, day), dice.choice((None, None, 1, 2))
    batch = members.open_batch(by=SYSTEM, organisation=world.bodies[key].row, number=number) if number else None
    row = members.admit(by=SYSTEM, person=person, organisation=world.bodies[key].row, joined_on=day, joined_precision=precision, batch=batch)
    world.spells[row.key] = Spell(row, person.key, key, day, joined_precision=precision, batch=number)


def _end(world: World, dice: random.Random, _families: Any, day: date, _key: str) -> None:
    if not world.spells:
        return
    spell, on = dice.choice(list(world.spells.values())), dice.choice([day, day, day, None])
    on, precision = known(dice, on, PRECISIONS[:-1]) if on else (None, "day")
    reason = dice.choice(("left", "transferred"))
    members.end(by=SYSTEM, membership=spell.row, reason_code=reason, ended_on=on, ended_precision=precision)
    spell.ended_on, spell.ended_precision, spell.reason, spell.is_over = on, precision, reason, True


def _correct_spell(world: World, dice: random.Random, _families: Any, day: date, _key: str) -> None:
    if not world.spells:
        return
    spell = dice.choice(list(world.spells.values()))
    day, precision = known(dice, day)
    members.correct(by=SYSTEM, membership=spell.row, joined_on=day, joined_precision=precision, reason="随机")
    spell.joined_on, spell.joined_precision = day, precision
