"""A private data folder, a product of its own for real processes, and verbs for tests."""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings

from juzhi.base.action import ACTIONS, action
from juzhi.base.actors import System
from juzhi.jobs import outbox
from juzhi.jobs.models import Outbox
from tests.product import Product, product

AT = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
BY = System("测试", AT)


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


def messages() -> list[Outbox]:
    return list(Outbox.objects.system("test").order_by("pk"))


def put(kind: str = "mail", **payload: str) -> Outbox:
    message: Outbox = inside_an_action(lambda: outbox.put(kind, None, to=["a@example.org"], payload=payload))
    Outbox.objects.system("test").filter(pk=message.pk).update(due_at=AT, put_at=AT)
    message.refresh_from_db()
    return message


ROWS = "import json\nfrom django_tasks_db.models import DBTaskResult\nprint(json.dumps([[r.status, len(r.worker_ids)] for r in DBTaskResult.objects.all()]))"


def rows(made: Product) -> list[list[object]]:
    found: list[list[object]] = json.loads(made.python(ROWS))
    return found


def worker(made: Product, *words: str) -> subprocess.Popen[str]:
    return made.start("-m", "juzhi.config.cli", "worker", "--lease", "2", "--interval", "0.1", *words)


def end(process: subprocess.Popen[str]) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    process.communicate(timeout=30)
