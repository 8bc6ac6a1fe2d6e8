"""The matrix: every address × role × method × own, foreign and unknown key, judged by oracles that know nothing of the pages."""

from __future__ import annotations

import pytest

from tests.matrix.model import Role, roles
from tests.matrix.sweep import Address, Sweep, unmade
from tests.matrix.world import World

pytestmark = pytest.mark.django_db
SHOWN = 12


def test_every_part_of_an_address_has_a_factory(table: list[Address]) -> None:
    assert {address.name: unmade(address) for address in table if unmade(address)} == {}


@pytest.mark.parametrize("role", roles(), ids=lambda role: role.name)
def test_role(role: Role, built: World, table: list[Address], exporting: set[str]) -> None:
    with Sweep(built, role) as sweep:
        sweep.run(table, exporting)
        print(role.name, sweep.count)
    assert not sweep.faults, f"{len(sweep.faults)} faults:\n" + "\n".join(str(fault) for fault in sweep.faults[:SHOWN])
