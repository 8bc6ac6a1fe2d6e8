"""Rights: nobody gives more than he has, and what is taken away is gone with the next request."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from unittest import mock

import pytest

from juzhi.access import actions as access
from juzhi.access.models import Account, Grant
from juzhi.access.queries import AccountActor
from juzhi.base.errors import Refused
from juzhi.members import actions as members
from juzhi.members.models import EndReason
from juzhi.network import actions as network
from juzhi.network.models import Organisation
from juzhi.people import actions as people
from tests.matrix.addresses import UNKNOWN, addresses, cases
from tests.matrix.model import ABOVE, DUTIES, Role
from tests.matrix.sweep import Sweep
from tests.matrix.world import NOW, PLACES, SYSTEM, TODAY, World, admit

pytestmark = pytest.mark.django_db
STEPS = 60
CARED_FOR = ("secretary", "member_clerk")


@dataclass
class Book:
    """What everybody may do, kept by hand: grants in force, the tree, who is disabled."""

    held: dict[str, set[tuple[str, str, str]]] = field(default_factory=dict)  # account -> (duty, place, reach)
    cared: dict[str, set[tuple[str, str]]] = field(default_factory=dict)  # account -> (duty, place) taken over from nobody
    above: dict[str, str] = field(default_factory=lambda: dict(ABOVE))
    disabled: set[str] = field(default_factory=set)

    def beneath(self, top: str) -> set[str]:
        found, waiting = {top}, [top]
        while waiting:
            present = waiting.pop()
            waiting += (new := [one for one, parent in self.above.items() if parent == present])
            found.update(new)
        return found

    def rights(self, name: str, *, far: bool = False) -> set[tuple[str, str]]:
        """(duty, place) for everything in force; `far` = only what reaches below."""
        if name in self.disabled:
            return set()
        own = {(duty, place) for duty, place, reach in self.held[name] if reach == "own"} | self.cared[name]
        below = {(duty, one) for duty, place, reach in self.held[name] if reach == "subtree" for one in self.beneath(place)}
        return below if far else own | below

    def may_grant(self, giver: str, taker: str, duty: str, place: str, reach: str) -> bool:
        mine = self.rights(giver, far=reach == "subtree")
        if giver == taker or taker in self.disabled or (duty, place, reach) in self.held[taker]:
            return False
        return ("secretary", place) in mine and (duty, place) in mine


class Walk:
    """A random walk through grants, revocations, moves and disablings, beside the book."""

    def __init__(self, world: World, seed: int) -> None:
        self.world, self.luck, self.book = world, random.Random(seed), Book()
        self.names: list[str] = []
        for number in range(6):
            person = people.enter(by=SYSTEM, name=f"某{number}", mobiles=[])
            self.world.accounts[f"walker{number}"] = access.open_account(by=SYSTEM, person=person, login=f"walker{seed}-{number}")
            self.names.append(f"walker{number}")
            self.book.held[f"walker{number}"], self.book.cared[f"walker{number}"] = set(), set()
        for duty in ("secretary", "member_clerk", "auditor", "statistician"):
            self.give(SYSTEM, "walker0", duty, "city", "subtree")
            self.give(SYSTEM, "walker1", duty, "west", "subtree")

    def give(self, by: Any, taker: str, duty: str, place: str, reach: str) -> None:
        access.grant(by=by, account=self.account(taker), duty=duty, organisation=self.world.organisations[place], reach=reach, purpose="换届")
        self.book.held[taker].add((duty, place, reach))
        for cared in self.book.cared.values():  # a new holder ends the superior's care
            cared.discard((duty, place))

    def account(self, name: str) -> Account:
        return Account.objects.select_related("person").get(pk=self.world.accounts[name].pk)

    def actor(self, name: str) -> AccountActor:
        return AccountActor(self.account(name), NOW)

    def rights(self, name: str) -> set[tuple[str, str]]:
        """As the product says."""
        by, places = self.actor(name), {body.pk: place for place, body in self.world.organisations.items()}
        reached = {duty: by.reach(duty) for duty in DUTIES}
        return {(duty, places[row["descendant_id"]]) for duty, rows in reached.items() if rows != () for row in rows}

    def step(self) -> str:
        return str(self.luck.choice([self.grant] * 6 + [self.revoke] * 3 + [self.move, self.disable])())

    def grant(self) -> str:
        giver, taker = self.luck.choice(self.names), self.luck.choice(self.names)
        duty, place, reach = self.luck.choice(DUTIES), self.luck.choice(list(PLACES)), self.luck.choice(("own", "subtree"))
        allowed = self.book.may_grant(giver, taker, duty, place, reach)
        had, before = self.book.rights(giver), self.rights(taker)
        try:
            self.give(self.actor(giver), taker, duty, place, reach)
        except Refused:
            assert not allowed, f"{giver} may give {taker} {duty} at {place}, {reach}"
            return "refused"
        assert allowed, f"{giver} gave {taker} {duty} at {place}, {reach}"
        assert self.rights(taker) - before <= had
        return "granted"

    def revoke(self) -> str:
        name = self.luck.choice(self.names)
        if not self.book.held[name]:
            return "nothing"
        duty, place, reach = self.luck.choice(sorted(self.book.held[name]))
        taker = self.luck.choice(self.names)
        grant = Grant.objects.system("test").filter(account=self.account(name), duty=duty, organisation=self.world.organisations[place], reach=reach).exclude(source="takeover").latest("pk")
        allowed = ("secretary", place) in self.book.rights(taker) or taker == name
        try:
            access.revoke(by=self.actor(taker), grant=grant, reason="轮换")
        except Refused:
            assert not allowed or name in self.book.disabled or taker in self.book.disabled, f"{taker} may take {duty} at {place} from {name}"
            return "refused"
        assert allowed, f"{taker} took {duty} at {place} from {name}"
        self.book.held[name].discard((duty, place, reach))
        return "revoked"

    def move(self) -> str:
        place, parent = self.luck.choice(list(ABOVE)), self.luck.choice(list(PLACES))
        body = Organisation.objects.system("test").get(pk=self.world.organisations[place].pk)
        try:
            network.move(by=SYSTEM, organisation=body, parent=self.world.organisations[parent], valid_from=TODAY, reason="改隶")
        except Refused:
            return "refused"
        assert place not in {parent} and parent not in self.book.beneath(place), "a cycle"
        self.book.above[place] = parent
        return "moved"

    def disable(self) -> str:
        name = self.luck.choice(self.names[2:])
        if name in self.book.disabled:
            return "nothing"
        access.disable_account(by=SYSTEM, account=self.account(name), reason="离任")
        self.book.disabled.add(name)
        return "disabled"

    def compare(self, step: str) -> None:
        """The product and the book agree; what one has beyond it is care for a body that lost its last holder, by somebody who holds the same above."""
        for name in self.names:
            told, kept = self.rights(name), self.book.rights(name)
            assert kept <= told, f"after {step}: {name} lost {kept - told}"
            for duty, place in told - kept:
                above = self.book.above.get(place)
                superiors = set()
                while above:
                    superiors.add(above)
                    above = self.book.above.get(above)
                assert step in ("revoked", "disabled") and duty in CARED_FOR, f"after {step}: {name} has {duty} at {place}"
                assert any(held[:2] in {(duty, one) for one in superiors} for held in self.book.held[name]) or any((duty, one) in self.book.cared[name] for one in superiors)
                self.book.cared[name].add((duty, place))


@pytest.mark.parametrize("seed", range(8))
def test_nobody_gives_more_than_he_has(seed: int, built: World) -> None:
    walk = Walk(built, seed)
    done = []
    for _ in range(STEPS):
        done.append(walk.step())
        walk.compare(done[-1])
    assert {"granted", "refused"} <= set(done)


def test_the_walk_sees_a_rule_that_gives_too_much(built: World) -> None:
    """The teeth of the walk: a giver who need not have what he gives."""
    with mock.patch("juzhi.access.rules.may_grant", lambda by, account, *_: by.key != account.key), pytest.raises(AssertionError, match="gave"):
        walk = Walk(built, 0)
        for _ in range(STEPS):
            walk.compare(walk.step())


EAST = Role("old-clerk", (("secretary", "east", "subtree"), ("member_clerk", "east", "subtree"), ("auditor", "east", "subtree")))
WATCHED = ("access:of_person", "access:organisation_grants", "imports:batch", "imports:problems", "imports:upload", "journal:organisation_entries", "journal:thing_entries", "people:person", "members:organisation_roster")


def _moved(world: World) -> None:
    body = Organisation.objects.system("test").get(pk=world.organisations["harbour"].pk)
    network.move(by=SYSTEM, organisation=body, parent=world.organisations["west"], valid_from=TODAY, reason="改隶")


def _revoked(world: World) -> None:
    for grant in Grant.objects.system("test").filter(account=world.accounts["subject"]):
        access.revoke(by=SYSTEM, grant=grant, reason="轮换")


def _disabled(world: World) -> None:
    access.disable_account(by=SYSTEM, account=Account.objects.get(pk=world.accounts["subject"].pk), reason="离任")


@pytest.mark.parametrize("happened", [_moved, _revoked, _disabled], ids=lambda one: one.__name__.strip("_"))
def test_what_is_taken_away_is_gone_with_the_next_request(happened: Callable[[World], None], built: World) -> None:
    table = [address for address in addresses() if address.name in WATCHED]
    with Sweep(built, EAST) as sweep:
        asked = [case for address in table for case in cases(built, EAST, address, ["harbour"]) if not case.crossed]
        assert {sweep.ask("GET", case.url).status for case in asked} == {200}
        happened(built)
        for case in asked:
            twin = case.url
            for key in case.keys:
                if key != "kind" and len(key) == 12:
                    twin = twin.replace(key, UNKNOWN)
            after, never = sweep.ask("GET", case.url), sweep.ask("GET", twin)
            assert (after.status, after.same([*case.keys, UNKNOWN])) == (never.status, never.same([*case.keys, UNKNOWN])), case.url
            assert after.status == (302 if happened is _disabled else 404), case.url


def test_a_grant_ends_with_its_last_day(built: World) -> None:
    with Sweep(built, Role("nobody")) as sweep:
        named = {"account": built.accounts["subject"], "organisation": built.organisations["east"], "reach": "own"}
        access.grant(by=SYSTEM, duty="member_clerk", purpose="换届", valid_from=TODAY, valid_to=TODAY + timedelta(days=1), **named)
        url = f"/access/persons/{built.keys['person', 'east'][0]}/"
        assert sweep.ask("GET", url).status == 200
        with mock.patch("juzhi.access.middleware.timezone", SimpleNamespace(now=lambda: NOW + timedelta(days=1))):
            assert sweep.ask("GET", url).status == 404


def test_a_member_who_went_over_shows_the_old_clerk_nothing_of_the_new_place(built: World) -> None:
    """The old place keeps seeing a former member for the time of retention, and of the new place not even that there is one."""
    role = Role("clerk", (("member_clerk", "harbour", "own"),))
    with Sweep(built, role) as sweep:
        spell = built.members["harbour"][0]
        members.end(by=SYSTEM, membership=spell, reason_code=EndReason.TRANSFERRED, ended_on=TODAY)
        urls = [f"/{room}/{spell.person.key}/" for room in ("people", "members/persons", "access/persons")]
        before = [sweep.ask("GET", url).same() for url in urls]
        admit(built, spell.person, "orchard", joined_on=TODAY)
        assert [sweep.ask("GET", url).same() for url in urls] == before
        assert sweep.faults == []
