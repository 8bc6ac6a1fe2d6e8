"""What every test stands on: a private data folder (tests/private.py), writes through actions only, no other machine, and the cast."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection

from tests import guard
from tests.cast import Cast


def pytest_configure(config: pytest.Config) -> None:
    guard.refuse_the_network()


ASKS = {"db", "transactional_db", "django_db_setup"}  # pytest-django gives the blocker to every test
# Of the matrix, of what it sees when a leak is planted, and of pools; that both databases find the same is asked in tests/search and tests/figures.
SAME_ANSWERS = {"test_interference.py", "test_searching.py", "test_teeth.py", "test_differencing.py"}
OWN_COMMANDS = {"config", "jobs"}  # rooms whose tests start the product in processes of its own


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL only what asks for a database, or runs the product's own commands: all else was tried on SQLite, and is the same."""
    if connection.vendor != "postgresql":
        return
    asking = [item for item in items if item.get_closest_marker("django_db") or ASKS & set(getattr(item, "fixturenames", ())) or OWN_COMMANDS & set(item.path.parts)]
    kept = [item for item in asking if item.path.name not in SAME_ANSWERS]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
    items[:] = kept


@pytest.fixture(scope="session", autouse=True)
def watched() -> None:
    """Every connection of the session is watched; the guard is on while a test itself runs, not while the database is made or emptied."""
    guard.install()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    guard.Guard.on = item.get_closest_marker("tampers") is None
    try:
        return (yield)
    finally:
        guard.Guard.on = False


@pytest.fixture
def cast(db: None) -> Cast:
    """The fixed federation of tests/cast.py, fresh for this test."""
    from tests import kept

    return kept.federation()
