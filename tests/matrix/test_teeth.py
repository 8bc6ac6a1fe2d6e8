"""Teeth: every planted leak is seen, and by the oracle that is there for it. Without the leak the same narrow sweep is clean."""

from __future__ import annotations

import pytest
from django.db import connection

from tests.matrix.addresses import addresses
from tests.matrix.model import Role, roles
from tests.matrix.plants import PLANTS, Plant
from tests.matrix.sweep import Sweep
from tests.matrix.test_interference import interfering
from tests.matrix.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.skipif(connection.vendor != "sqlite", reason="the teeth of the sweep are tried once, on SQLite")]
ROLES: dict[str, Role] = {role.name: role for role in roles()}


def cries(plant: Plant, built: World) -> set[str]:
    """The oracles that see something at the addresses of the plant."""
    role, table = ROLES[plant.role], addresses()
    if plant.oracle == "interference":
        return {"interference"} if interfering(built, role, table, None, only=plant.addresses) else set()
    with Sweep(built, role, only=plant.addresses, reads_only=plant.oracle != "csrf") as sweep:
        sweep.run(table)
    return {fault.oracle for fault in sweep.faults}


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.name.replace(" ", "-"))
def test_a_planted_leak_is_seen(plant: Plant, built: World) -> None:
    assert cries(plant, built) == set()
    with plant.make():
        assert plant.oracle in cries(plant, built)


def test_there_are_plants_for_every_oracle() -> None:
    assert {plant.oracle for plant in PLANTS} == {"canary", "existence", "interference", "declaration", "purity", "csrf", "headers"}
