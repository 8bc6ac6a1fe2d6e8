"""Every figure of random federations equals what is counted by hand: each node, each cut, many days."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from datetime import date, timedelta
from typing import Any

import pytest

from juzhi.figures import queries
from juzhi.figures.queries import Narrowing, Node
from juzhi.members.figures import MEMBER_PERSONS, MEMBERS
from juzhi.members.models import Membership
from juzhi.network.figures import ORGANISATIONS
from juzhi.network.models import Family, Succession
from tests.cast import SYSTEM, TODAY
from tests.figures.world import World, day_of, grown, seeds

INDICATORS = (ORGANISATIONS, MEMBERS, MEMBER_PERSONS)


def things(world: World, indicator: Any, day: date, counts: Any) -> list[tuple[str, str]]:
    """(body, what is counted) for each row that counts."""
    if indicator is ORGANISATIONS:
        return [(key, key) for key, body in world.bodies.items() if body.stands(day) and counts(key, day)]
    spells = [(spell.body, key, spell.person) for key, spell in world.spells.items() if spell.holds(day) and counts(spell.body, day)]
    return [(body, key if indicator is MEMBERS else person) for body, key, person in spells]


def grouped(rows: list[tuple[str, str]], by: Any) -> dict[str, int]:
    found: dict[str, set[str]] = defaultdict(set)
    for body, thing in rows:
        found[by(body)].add(thing)
    return {key: len(group) for key, group in found.items()}


def days_of(dice: random.Random, world: World) -> list[date]:
    """Days on which something changed, their eves, and some others."""
    edges = [day for body in world.bodies.values() for day in (body.founded_on, body.dissolved_on, *body.parent.changes, *body.seat.changes) if day]
    edges += [day for spell in world.spells.values() for day in (spell.joined_on, spell.ended_on) if day]
    picked = dice.sample(sorted({day for day in edges if day > date(2000, 1, 1)}), 6)
    return [*picked, *(day - timedelta(days=1) for day in picked), day_of(dice), TODAY]


@pytest.mark.parametrize("seed", seeds(0, 1, 2, 3))
@pytest.mark.django_db
def test_every_figure_equals_the_count_by_hand(seed: int) -> None:
    world, dice = grown(seed), random.Random(seed)
    assert world.done > 25 and len(world.bodies) > 5 and len(world.spells) > 8
    kinds = Counter(Succession.objects.system("test").values_list("kind", flat=True))
    assert kinds["merged"] > 0 and kinds["split"] > 0 and Membership.objects.system("test").filter(end_reason="transferred").exists()
    wrong = []
    for day in days_of(dice, world):
        for kind, thing, counts in world.some_nodes(dice, 6):
            for indicator in INDICATORS:
                rows = things(world, indicator, day, counts)
                figure = queries.evaluate(SYSTEM, indicator, Node(kind, thing), day)
                expected = {
                    "value": len({thing for _body, thing in rows}),
                    "level": grouped(rows, lambda key: world.bodies[key].level),
                    "family": grouped(rows, lambda key: world.bodies[key].family),
                    "host_type": grouped(rows, lambda key, day=day: world.host_type(key, day)),
                }
                found = {"value": figure.value, **{name: {row.key: row.value for row in queries.cut(SYSTEM, figure, name)} for name in ("level", "family", "host_type")}}
                if found != expected:
                    wrong.append((seed, day, kind, thing.name, indicator.id, found, expected))
    assert wrong == []


@pytest.mark.parametrize("seed", seeds(0, 1))
@pytest.mark.django_db
def test_children_areas_and_chosen_cuts_equal_the_count_by_hand(seed: int) -> None:
    world, dice = grown(100 + seed), random.Random(seed)
    families = {family.name: family for family in Family.objects.system("test")}
    wrong = []
    for day in days_of(dice, world)[::2]:
        for top, body in dice.sample(list(world.bodies.items()), 3):
            for indicator in INDICATORS:
                figure = queries.evaluate(SYSTEM, indicator, Node("organisation", body.row), day)
                children = [key for key, one in world.bodies.items() if one.parent.on(day) == top]
                expected = {top: len({t for b, t in things(world, indicator, day, lambda key, _day, top=top: key == top)})}
                expected |= {child: len({t for b, t in things(world, indicator, day, lambda key, d, child=child: child in world.above(key, d))}) for child in children}
                found = {row.key: row.value for row in queries.by_child(SYSTEM, figure)}
                if found != expected:
                    wrong.append((day, top, indicator.id, found, expected))
        for indicator in INDICATORS:
            figure = queries.evaluate(SYSTEM, indicator, Node("area", world.areas["97"]), day)
            areas = [area for code, area in world.areas.items() if len(code) in (6, 9)]
            found = {row.label: row.value for row in queries.by_district(SYSTEM, figure, areas)}
            counted = {area.name: things(world, indicator, day, lambda key, d, code=area.code: world.bodies[key].seat.on(d)[0].startswith(code)) for area in areas}
            if found != {name: len({thing for _body, thing in rows}) for name, rows in counted.items()}:
                wrong.append((day, indicator.id, found))
            for level, family, host_type in (("building", "", ""), ("", "新联会", ""), ("", "", "public_hospital"), ("", "", "none"), ("park", "知联会", "building")):
                narrowing = Narrowing(families.get(family), level, host_type)
                value = queries.evaluate(SYSTEM, indicator, Node("area", world.areas["97"]), day, narrowing).value

                def counts(key: str, d: date, level: str = level, family: str = family, host_type: str = host_type) -> bool:
                    one = world.bodies[key]
                    return (not level or one.level == level) and (not family or one.family == family) and (not host_type or world.host_type(key, d) == host_type)

                if value != len({thing for _body, thing in things(world, indicator, day, counts)}):
                    wrong.append((day, indicator.id, level, family, host_type, value))
    assert wrong == []


@pytest.mark.django_db
def test_the_list_holds_as_many_rows_as_the_number_says() -> None:
    world = grown(7)
    for kind, thing, _counts in world.nodes():
        for indicator in (ORGANISATIONS, MEMBERS):
            figure = queries.evaluate(SYSTEM, indicator, Node(kind, thing), TODAY)
            rows = list(queries.opened(SYSTEM, figure))
            assert len(rows) == len({row.pk for row in rows}) == figure.value
