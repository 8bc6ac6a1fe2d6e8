"""A private data folder, a product of its own for real processes, and verbs for tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings

from juzhi.base.action import ACTIONS, action
from juzhi.base.actors import System
from tests.product import Product, product

AT = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def data_folder(settings: LazySettings, tmp_path: Path) -> None:
    settings.DATA_FOLDER = tmp_path


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with product(tmp_path_factory.mktemp("jobs") / "data") as made:
        done = made.run("prepare", "--no-demo")
        assert done.returncode == 0, done.stderr
        yield made


@pytest.fixture
def made(prepared: Product) -> Product:
    """A product with no job in it."""
    prepared.python("from juzhi.jobs.models import *\nfrom django_tasks_db.models import DBTaskResult as R\nR.objects.all().delete(); ScheduledJob.objects.system('t').delete(); Beat.objects.system('t').delete()")
    return prepared


def inside_an_action(work: Callable[[], Any]) -> Any:
    """Run `work` as a verb would."""

    def deed(*, by: Any) -> Any:
        return work()

    done = action(deed)
    ACTIONS.pop(f"{deed.__module__.split(chr(46))[1]}.deed")
    return done(by=System("测试", AT))
