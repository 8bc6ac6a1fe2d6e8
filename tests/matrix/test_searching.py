"""Nobody finds a person of others by a whole number or its end, on any page that searches: the answer is byte for byte that for a number nobody has."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from tests.matrix import model
from tests.matrix.model import Role, roles
from tests.matrix.sweep import Sweep
from tests.matrix.world import World

pytestmark = pytest.mark.django_db
NOBODYS = "19900099998"
READERS = [role for role in roles() if any(duty in ("member_clerk", "protection_contact") for duty, _, _ in role.held)] + [Role("nobody"), Role("member", self="member:east:1")]


def addresses(world: World, role: Role) -> list[str]:
    """Pages that search for persons, those of an organisation at each place where the role has a duty."""
    own = [world.organisations[place].key for place in dict.fromkeys(place for _, place, _ in role.held)]
    pages = [f"{reverse('members:find_person', args=[key])}?q=" for key in own] + [f"{reverse('access:grantees', args=[key])}?into=q&q=" for key in own]
    return [f"{reverse('portal:search')}?q=", *pages]


@pytest.mark.parametrize("role", READERS, ids=lambda role: role.name)
def test_a_number_of_others_is_nobodys(role: Role, built: World) -> None:
    hidden = [text for text, mark in built.marks.items() if re.fullmatch(r"1990{3}\d{5}", text) and mark.kind == "person" and not model.may_see(role, mark)]
    with Sweep(built, role) as sweep:
        sweep._before = ""  # these are reads, as the matrix has seen
        for address in addresses(built, role):
            nothing = {words: sweep.ask("GET", address + words).same([words]) for words in (NOBODYS, NOBODYS[-4:])}
            for number in hidden:
                told = [sweep.ask("GET", address + words).same([words]) for words in (number, number[-4:])]
                if any(other[-4:] == number[-4:] for other in built.marks if other not in hidden and other.startswith("199000")):
                    told = told[:1]  # somebody whom the role may see has a number with that end
                assert told == list(nothing.values())[: len(told)], f"{address}{number}"
    assert sweep.faults == []


def test_clerks_do_find_their_own(built: World) -> None:
    """The control: the same addresses find something where it may be found."""
    role = next(one for one in READERS if one.name == "member_clerk-own-own")
    number = next(text for text, mark in built.marks.items() if text.startswith("199000") and mark.kind == "person" and mark.places == ("east",))
    with Sweep(built, role) as sweep:
        for address in addresses(built, role)[:2]:
            assert sweep.ask("GET", address + number[-4:]).same([number[-4:]]) != sweep.ask("GET", address + NOBODYS[-4:]).same([NOBODYS[-4:]])
