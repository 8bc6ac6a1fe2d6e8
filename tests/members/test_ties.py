"""Ties equal the memberships they stand for, whatever was done in whatever order."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

import pytest

from juzhi.base.actors import System
from juzhi.base.errors import Refused
from juzhi.members import actions
from juzhi.members.models import Membership
from juzhi.people.models import Tie
from tests.cast import NOW, Cast

FIRST, LAST = date(2025, 1, 1), date(2026, 11, 24)


def expected(ended_by: dict[str, date]) -> set[tuple[Any, ...]]:
    """A member's tie from the joining day until the ending was entered; a former member's for the time of retention."""
    found = set()
    for one in Membership.objects.system("test"):
        source, over = f"members.membership:{one.key}", ended_by.get(one.key)
        found.add((one.person_id, one.organisation_id, "membership", source, min(one.joined_on, over or one.joined_on), over))
        if over:
            found.add((one.person_id, one.organisation_id, "former_membership", source, over, over + actions.RETENTION))
    return found


def there() -> set[tuple[Any, ...]]:
    rows = list(Tie.objects.system("test").values_list("person_id", "organisation_id", "kind", "source", "valid_from", "valid_to"))
    assert len(rows) == len(set(rows))
    return set(rows)


def one_deed(dice: random.Random, cast: Cast, by: System, ended_by: dict[str, date]) -> None:
    """Admit, end or correct somebody at random; refusals are part of life."""
    spells = list(Membership.objects.system("test").order_by("pk"))
    day, verb = by.today - timedelta(days=dice.randrange(700)), dice.choice(("admit", "admit", "end", "correct"))
    person = cast.persons[dice.choice(sorted(cast.persons))]
    try:
        if verb == "admit":
            actions.admit(by=by, person=person, organisation=cast.organisations[dice.choice(("tower", "harbour", "orchard"))], joined_on=dice.choice((day, None)))
        elif verb == "end":
            spell = dice.choice(spells)
            actions.end(by=by, membership=spell, reason_code=dice.choice(("left", "transferred")), ended_on=dice.choice((day, None)))
            ended_by[spell.key] = by.today
        else:
            actions.correct(by=by, membership=dice.choice(spells), joined_on=day, joined_precision="day")
    except Refused:
        pass


@pytest.mark.parametrize("seed", range(5))
def test_after_a_random_life_ties_equal_what_they_stand_for(cast: Cast, seed: int) -> None:
    dice, ended_by = random.Random(seed), dict[str, date]()
    for step in range(60):
        one_deed(dice, cast, System("tests", NOW + timedelta(days=3 * step)), ended_by)
        assert there() == expected(ended_by)
    assert len(ended_by) > 5 and Membership.objects.system("test").count() > 15
