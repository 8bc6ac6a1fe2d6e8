"""Killed in the middle of writing: nothing half-done, and going on completes. Two at once: one wins."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection

from juzhi.base import constraints
from tests.imports.killing import ROWS

ROOT = Path(__file__).parents[2]
KILLS = 20


@pytest.fixture
def committed(transactional_db: None) -> Iterator[None]:
    """A database in which transactions really commit. The triggers come off before it is emptied; emptying brings them back."""
    constraints.install()
    yield
    constraints.remove()


def test_killed_and_twice_at_once(committed: None, tmp_path: Path) -> None:
    told = _experiments(tmp_path)
    nothing, everything = told["nothing"], told["everything"]
    assert everything == [nothing[0] + ROWS, nothing[1] + ROWS, nothing[2] + ROWS, nothing[3] + ROWS, nothing[4] + ROWS, 1]
    assert told["undone"] == nothing
    assert told["died"] >= KILLS
    assert {key for key in told["seen"]} <= {"nothing", "everything"}
    assert told["seen"]["nothing"] >= KILLS // 2  # most died before the end, that is in the middle
    assert told["completed"] == everything
    assert told["control"] == {"tries": 1, "half": 1}  # rows written one by one are found half-done
    assert told["two"] == {"ends": [0, 3], "rows": ROWS}


def surroundings(folder: Path) -> dict[str, str]:
    """The environment of a program that works on this test's database."""
    environment = {**os.environ, "JUZHI_DATA": str(folder), "PYTHONPATH": str(ROOT)}
    environment.pop("JUZHI_DATABASE_URL", None)
    if connection.vendor == "postgresql":
        own = connection.settings_dict
        user = quote(own["USER"], safe="") + (f":{quote(own['PASSWORD'], safe='')}" if own["PASSWORD"] else "")
        environment["JUZHI_DATABASE_URL"] = f"postgresql://{user}@{quote(own['HOST'], safe='')}:{own['PORT']}/{quote(own['NAME'], safe='')}"
    return environment


def _experiments(folder: Path) -> dict[str, Any]:
    environment = surroundings(folder)
    done = subprocess.run([sys.executable, "-m", "tests.imports.killing", str(KILLS)], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found
