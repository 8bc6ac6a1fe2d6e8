"""The demonstration, built once for each module and taken back by the database itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import transaction
from django.utils import timezone

from juzhi.base.actors import System
from juzhi.demo import actions


def system() -> System:
    return System("演示数据", timezone.now())


@pytest.fixture(autouse=True)
def static_folder(settings: LazySettings) -> None:
    """Where collected files would lie: the server looks for it when it starts."""
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock(), transaction.atomic():
        actions.build(by=system())
        yield
        transaction.set_rollback(True)


@pytest.fixture
def demonstration(built: None, db: None) -> None:
    """The demonstration; what a test changes in it is taken back after the test."""
