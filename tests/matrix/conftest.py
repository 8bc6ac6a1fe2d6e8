"""The world is built once for the matrix, in one transaction that is taken back before another room's tests begin."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import transaction
from django.template import Template

from tests.matrix import addresses, sweep, world


@pytest.fixture(scope="package")
def built(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[world.World]:
    from django.test import override_settings

    folder = tmp_path_factory.mktemp("matrix")
    (folder / "static").mkdir()
    monkeypatch = pytest.MonkeyPatch()
    monkeypatch.setattr(Template, "_render", lambda template, context: template.nodelist.render(context))  # nobody here asks which templates were rendered: a tenth of the time
    with override_settings(MEDIA_ROOT=folder / "files", DATA_FOLDER=folder, STATIC_ROOT=folder / "static"), django_db_blocker.unblock(), transaction.atomic():
        made = world.build()
        gc.freeze()  # the world stays: no need to look through it again and again
        yield made
        monkeypatch.undo()
        transaction.set_rollback(True)


@pytest.fixture(scope="session")
def table() -> list[addresses.Address]:
    return addresses.addresses()


@pytest.fixture(scope="package")
def exporting(built: world.World, table: list[addresses.Address]) -> set[str]:
    return sweep.exporting(built, table)


@pytest.fixture
def told(record_property: Callable[[str, object], None]) -> Callable[[str, int], None]:
    """Counts requests; their sum stands in the report."""
    return lambda _name, count: record_property("requests", count)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    counts = [value for reports in terminalreporter.stats.values() for report in reports for name, value in getattr(report, "user_properties", []) if name == "requests" and getattr(report, "when", "") == "call"]
    if counts:
        terminalreporter.write_line(f"matrix: {sum(counts)} requests by {len(counts)} roles")
