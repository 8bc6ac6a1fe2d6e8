"""The matrix: every address × role × method × own, foreign and unknown key, judged by oracles that know nothing of the pages."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.db import connection

from tests.matrix.addresses import Address, unmade
from tests.matrix.model import Role, roles
from tests.matrix.sweep import Sweep
from tests.matrix.world import MARKED, World

pytestmark = pytest.mark.django_db
SHOWN = 12
ELSEWHERE = re.compile(r"-(parent|sibling|child|lone)-|-subtree$|^(two-duties|expired|disabled)$|^(secretary|member_clerk|auditor|statistician)-own-own$")  # staff-own holds these four at the same place
ASKED_OF_POSTGRESQL = ("staff-own",)  # holds what a clerk, a secretary, an auditor and a statistician hold
MUST_SEE = {  # role -> kinds of fact that its sweep must meet, else the matrix is blind there
    "member": {"person", "membership", "upload", "login", "complaint"},
    "secretary-own-own": {"purpose", "grantee", "entry", "contact"},
    "member_clerk-own-own": {"person", "membership", "batch"},
    "auditor-own-own": {"purpose", "grantee", "entry"},
    "protection_contact-own-own": {"person", "purpose", "complaint"},
    "staff-own": {"person", "membership", "batch", "value", "entry", "contact", "purpose"},
    "member_clerk-lone-own": {"person", "membership", "batch"},
}


def test_every_part_of_an_address_has_a_factory(table: list[Address]) -> None:
    assert {address.name: unmade(address) for address in table if unmade(address)} == {}


def asked() -> list[Role]:
    """Every role on SQLite. On PostgreSQL, where only the dialect can differ, those who see something of each kind, with one relation for each address."""
    if connection.vendor != "postgresql":
        return roles()
    return [role for role in roles() if role.name in ASKED_OF_POSTGRESQL]


@pytest.mark.parametrize("role", asked(), ids=lambda role: role.name)
def test_role(role: Role, built: World, table: list[Address], exporting: set[str], told: Callable[[str, int], None]) -> None:
    """What does not depend on where a duty is held and how far it reaches (undeclared methods, tokens, the pages of the sign-in library) is tried with each duty once."""
    with Sweep(built, role, every_method=not ELSEWHERE.search(role.name)) as sweep:
        sweep.run(table, exporting)
    told(role.name, sweep.count)
    assert not sweep.faults, f"{len(sweep.faults)} faults:\n" + "\n".join(str(fault) for fault in sweep.faults[:SHOWN])
    if connection.vendor == "sqlite":  # on PostgreSQL not every key is asked
        assert MUST_SEE.get(role.name, set()) <= {built.marks[text].kind for text in sweep.seen}


def test_a_link_shows_its_bearer_one_name(built: World) -> None:
    """A one-time link is a key in itself: whoever holds it sees whom it was made for, and nothing more. Opening it changes nothing."""
    with Sweep(built, next(role for role in roles() if role.name == "anonymous")) as sweep:
        for place, secret in built.open_tokens.items():
            answer = sweep.ask("GET", f"/access/invitations/{secret}/")
            shown = {text for text in MARKED.findall(answer.text) if text in built.marks}
            assert (answer.status, answer.changed, shown) == (200, False, {built.members[place][1].person.name.lower()})
        assert {fault.oracle for fault in sweep.faults} == {"canary"}
