"""What every test stands on: a private data folder (tests/private.py), writes through actions only, no other machine, and the cast."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests import guard
from tests.cast import Cast


def pytest_configure(config: pytest.Config) -> None:
    guard.refuse_the_network()


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
