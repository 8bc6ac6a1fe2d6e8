"""Killed before any statement of a fold, a settling or a move: every figure is right at once, and what is left is done by whoever comes next."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

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


def test_killed_at_every_statement(committed: None, tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-m", "tests.figures.killing", "1"], cwd=ROOT, env=surroundings(tmp_path), capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    told = json.loads(done.stdout.splitlines()[-1])
    for doing, least in (("fold", 12), ("settle", 5), ("move", 10)):
        assert told[doing]["killed"] >= least, told
        assert (told[doing]["wrong"], told[doing]["wrong later"]) == (0, 0), told
    assert told["apart"]["wrong"] > 0  # the fold taken apart is found half-done
    assert told["left"] == 0
