"""The world is built once for all tests of a process, in one transaction that is taken back at the end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from tests.matrix import sweep, world


@pytest.fixture(scope="session")
def built(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[world.World]:
    from django.test import override_settings

    folder = tmp_path_factory.mktemp("matrix")
    (folder / "static").mkdir()
    with override_settings(MEDIA_ROOT=folder / "files", DATA_FOLDER=folder, STATIC_ROOT=folder / "static"), django_db_blocker.unblock(), transaction.atomic():
        yield world.build()
        transaction.set_rollback(True)


@pytest.fixture(scope="session")
def table() -> list[sweep.Address]:
    return sweep.addresses()


@pytest.fixture(scope="session")
def exporting(built: world.World, table: list[sweep.Address]) -> set[str]:
    return sweep.exporting(built, table)
