"""Killed before any statement of a fold, a settling or a move, or read while these go on: every figure is right at once, and what is left is done by whoever comes next."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from juzhi.base import constraints
from tests.imports.test_killed import surroundings

ROOT = Path(__file__).parents[2]


@pytest.fixture
def committed(transactional_db: None) -> Iterator[None]:
    """A database in which transactions really commit. The triggers come off before it is emptied; emptying brings them back."""
    constraints.install()
    yield
    constraints.remove()


def told(folder: Path, module: str, argument: str) -> dict[str, Any]:
    """What a program of its own says that works on this test's database."""
    done = subprocess.run([sys.executable, "-m", f"tests.figures.{module}", argument], cwd=ROOT, env=surroundings(folder), capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_killed_at_every_statement(committed: None, tmp_path: Path) -> None:
    found = told(tmp_path, "killing", "1")
    for doing, least in (("fold", 12), ("settle", 5), ("move", 10)):
        assert found[doing]["killed"] >= least, found
        assert (found[doing]["wrong"], found[doing]["wrong later"]) == (0, 0), found
    assert found["apart"]["wrong"] > 0  # the fold taken apart is found half-done
    assert found["left"] == 0


def test_read_while_others_write_move_and_fold(committed: None, tmp_path: Path) -> None:
    """Every reading is that of its snapshot; and all are killed in the middle."""
    found = told(tmp_path, "crossing", "3")
    assert found["compared"] > 20, found
    assert (found["wrong"], found["left"], found["went on"]) == (0, 0, [True, True, True]), found
