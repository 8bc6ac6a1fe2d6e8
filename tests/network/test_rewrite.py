"""Rewrite: after any walk of founds, moves and dissolutions, the closure equals a plain climb on every sampled day."""

from __future__ import annotations

import random
from datetime import date, timedelta
from importlib import import_module
from itertools import pairwise

import pytest
from django.apps import apps

from juzhi.base.errors import Refused
from juzhi.network import actions, queries
from juzhi.network.models import BEGINNING, FOREVER, Lineage, Organisation, Placement, Root
from tests.cast import SYSTEM, VISITOR, Cast
from tests.guard import tampering
from tests.journal.conftest import inside_an_action

FIRST, LAST = date(2012, 1, 1), date(2029, 12, 31)


class Oracle:
    """Who stood above whom, as a list of (day, parent) for each body: the last entry on or before a day holds."""

    def __init__(self) -> None:
        self.moves: dict[int, list[tuple[date, int | None]]] = {}
        self.lives: dict[int, tuple[date, date | None]] = {}

    def parent(self, body: int, day: date) -> int | None:
        return next((parent for since, parent in sorted(self.moves[body], key=lambda one: one[0], reverse=True) if since <= day), None)

    def above(self, body: int, day: date) -> list[int]:
        way = [body]
        while (parent := self.parent(way[-1], day)) is not None:
            assert parent not in way, "a cycle"
            way.append(parent)
        return way

    def move(self, body: int, parent: int | None, day: date) -> None:
        self.moves[body] = [one for one in self.moves[body] if one[0] != day] + [(day, parent)]

    def count(self, body: int, day: date) -> int:
        return sum(1 for one, (since, until) in self.lives.items() if since <= day and (until is None or day < until) and body in self.above(one, day))


def any_day(chance: random.Random) -> date:
    return FIRST + timedelta(days=chance.randrange((LAST - FIRST).days))


def walk(cast: Cast, chance: random.Random, steps: int) -> tuple[Oracle, dict[str, int]]:
    oracle, done = Oracle(), {"found": 0, "move": 0, "dissolve": 0, "refused": 0}
    for step in range(steps):
        bodies = list(oracle.moves)
        verb = "found" if len(bodies) < 12 else chance.choices(["found", "move", "dissolve"], [3, 9, 1])[0]
        one = chance.choice([None, *bodies])
        parent = Organisation.objects.system("test").get(pk=one) if one else None
        try:
            if verb == "found":
                day = date(chance.randrange(2012, 2026), chance.randrange(1, 13), 1)
                made = actions.found(by=SYSTEM, name=f"第{step}分会", family=cast.families["知联会"], level="park", parent=parent, founded_on=day)
                oracle.moves[made.pk], oracle.lives[made.pk] = [(date(1900, 1, 1), one)], (day, None)
            elif verb == "move":
                body, day = Organisation.objects.system("test").get(pk=chance.choice(bodies)), any_day(chance)
                actions.move(by=SYSTEM, organisation=body, parent=parent, valid_from=day, reason="随机")
                oracle.move(body.pk, one, day)
            else:
                body, day = Organisation.objects.system("test").get(pk=chance.choice(bodies)), date(chance.randrange(2020, 2028), 1, 1)
                actions.dissolve(by=SYSTEM, organisation=body, dissolved_on=day, reason="随机")
                oracle.lives[body.pk] = (oracle.lives[body.pk][0], day)
            done[verb] += 1
        except Refused:
            done["refused"] += 1
    return oracle, done


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_closure_equals_a_plain_climb(cast: Cast, seed: int) -> None:
    chance = random.Random(seed)
    oracle, done = walk(cast, chance, 160)
    assert done["move"] > 30 and done["dissolve"] > 0 and done["refused"] > 5, done
    turns = {day for moves in oracle.moves.values() for day, _ in moves}
    for day in chance.sample(sorted(turns), 12) + [any_day(chance) for _ in range(12)]:
        rows = Lineage.objects.system("test").on(day).filter(descendant_id__in=list(oracle.moves)).values_list("descendant_id", "depth", "ancestor_id")
        assert sorted(rows) == sorted((body, depth, top) for body in oracle.moves for depth, top in enumerate(oracle.above(body, day)))
        tops = Root.objects.system("test").filter(valid_from__lte=day, valid_to__gt=day, organisation_id__in=list(oracle.moves)).values_list("organisation_id", flat=True)
        assert sorted(tops) == sorted(body for body in oracle.moves if len(oracle.above(body, day)) == 1)
        counts = {node.organisation.pk: node.count for node in queries.roots(VISITOR, day) if node.organisation.pk in oracle.moves}
        assert counts == {body: oracle.count(body, day) for body in counts}


def test_rows_of_one_pair_never_overlap_and_never_touch(cast: Cast) -> None:
    walk(cast, random.Random(9), 120)
    spans: dict[tuple[int, int, int], date] = {}
    rows = Lineage.objects.system("test").order_by("descendant_id", "ancestor_id", "depth", "valid_from")
    for descendant, ancestor, depth, since, until in rows.values_list("descendant_id", "ancestor_id", "depth", "valid_from", "valid_to"):
        assert since < until and since != spans.get((descendant, ancestor, depth)), "two rows could be one"
        assert since > spans.get((descendant, ancestor, depth), date(1, 1, 1))
        spans[descendant, ancestor, depth] = until


def roots() -> list[tuple]:
    return sorted(Root.objects.system("test").values_list("organisation_id", "valid_from", "valid_to"))


def test_tops_never_overlap_and_a_migration_finds_the_same(cast: Cast) -> None:
    """What stood before there were roots is filled in from the placements."""
    walk(cast, random.Random(9), 120)
    right = roots()
    assert all(since < until for _one, since, until in right)
    assert all(mine[0] != next_[0] or mine[2] < next_[1] for mine, next_ in pairwise(right))
    with tampering():
        import_module("juzhi.network.migrations.0005_fill_roots").fill(apps, None)
    assert roots() == right


def test_twice_changes_nothing_and_repairs_what_is_wrong(cast: Cast) -> None:
    def rows() -> list[tuple]:
        return sorted(Lineage.objects.system("test").values_list("descendant_id", "ancestor_id", "depth", "valid_from", "valid_to"))

    right, ids = rows(), set(Lineage.objects.system("test").values_list("pk", flat=True))
    inside_an_action(lambda: actions.rewrite([cast.city.pk]))
    assert (rows(), set(Lineage.objects.system("test").values_list("pk", flat=True))) == (right, ids)
    with tampering():
        Lineage.objects.system("test").filter(descendant=cast.tower, depth=2).update(valid_to=date(2020, 1, 1))
        Root.objects.system("test").filter(organisation=cast.city).delete()
    inside_an_action(lambda: actions.rewrite([cast.tower.pk, cast.city.pk]))
    assert rows() == right
    assert (cast.city.pk, BEGINNING, FOREVER) in roots()
    assert Placement.objects.system("test").count() == 10
