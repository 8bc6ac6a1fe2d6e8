"""Non-interference: whatever happens to persons in one branch, every answer that another branch can get stays the same, byte for byte."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from juzhi.members import actions as members
from juzhi.members.models import EndReason, Membership
from juzhi.people import actions as people
from juzhi.portal import actions as portal
from tests.matrix import world as worlds
from tests.matrix.addresses import Address
from tests.matrix.model import BOX, DUTIES, Role
from tests.matrix.sweep import Sweep
from tests.matrix.world import World

pytestmark = pytest.mark.django_db
EVERY = {"parent": ("city", "own"), "branch": ("east", "subtree"), "child": ("harbour", "own"), "other-family": ("lone", "own")}
BRANCH = ("west", "orchard")  # where things happen
OUTSIDE = [
    Role("anonymous", self="", state="anonymous"),
    Role("nobody"),
    Role("member", self="member:east:1"),
    *(Role(f"every-duty-{name}", tuple((duty, place, reach) for duty in DUTIES)) for name, (place, reach) in EVERY.items()),
]


def stir(world: World, role: Role) -> None:
    """Somebody comes, somebody goes, somebody is corrected; a file is brought; somebody new looks like others, and others are told apart; the one whom two families know gets another role in one of them."""
    for place in BRANCH:
        by, organisation = world.actor(f"clerk:{place}"), world.organisations[place]
        person = worlds.enter(world, "person", place)
        worlds.admit(world, person, place, by=by)
        old = Membership.objects.system("matrix").get(pk=world.members[place][0].pk)
        members.end(by=by, membership=old, reason_code=EndReason.LEFT, ended_on=worlds.TODAY, reason="退会")
        people.correct(by=by, person=world.members[place][1].person, title=world.mark("person", place), reason="核对")
        people.disclose(by=by, persons=[person], organisation=organisation, fields=["手机"], way="shown", purpose="核对")
        worlds.plan(world, place)
    spell = Membership.objects.system("matrix").get(key=world.keys["membership", "orchard"][-1])
    members.correct(by=world.actor("clerk:orchard"), membership=spell, org_role=world.mark("membership", "orchard"), reason="改任")
    number = world.alike[0].contacts.system("matrix").get().value  # of somebody in east, and two in west
    worlds.alike(world, number, "west")
    people.tell_apart(by=world.actor("clerk:west"), persons=world.alike[1:3])
    people.tell_apart(by=world.actor("clerk:orchard"), persons=world.alike[3:5])
    if not any(duty in BOX for duty, _, _ in role.held):
        portal.complain(by=world.actor("clerk:west"), text="有话说", signed=True)


def interfering(built: World, role: Role, table: list[Address], exporting: set[str] | None, **named: Any) -> list[str]:
    """Addresses whose answer to `role` told that something happened elsewhere."""
    with Sweep(built, role, reads_only=True, **named) as sweep:
        sweep.run([address for address in table if address.ours], exporting)  # the pages of the sign-in library draw lots
        stir(built, role)
        return [url for url, before in sweep.answers.items() if sweep.again(url) != before]


def asked() -> list[Role]:
    """On PostgreSQL, where only the dialect can differ, whoever holds every duty beside the branch."""
    return OUTSIDE if connection.vendor != "postgresql" else [role for role in OUTSIDE if role.name == "every-duty-branch"]


@pytest.mark.parametrize("role", asked(), ids=lambda role: role.name)
def test_what_happens_elsewhere_is_not_told(role: Role, built: World, table: list[Address], exporting: set[str]) -> None:
    assert interfering(built, role, table, exporting) == []
