"""The import contracts in pyproject hold, and each is seen to fail on a planted violation."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.reading import ROOT, floors

LINT = "import sys; from importlinter.cli import lint_imports_command; lint_imports_command()"


def lint(folder: Path) -> tuple[int, str]:
    done = subprocess.run([sys.executable, "-c", LINT, "--no-cache"], cwd=folder, capture_output=True, text=True, env={"PATH": "", "PYTHONPATH": str(folder)}, check=False)
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The house's Python in another place, to plant violations in."""
    shutil.copytree(ROOT / "juzhi", tmp_path / "juzhi", ignore=shutil.ignore_patterns("static", "templates", "locale", "__pycache__", "*.csv"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def append(path: Path, text: str) -> None:
    path.write_text((path.read_text(encoding="utf-8") if path.exists() else "") + text, encoding="utf-8")


def test_the_house_keeps_its_contracts() -> None:
    status, said = lint(ROOT)
    assert status == 0, said


@pytest.mark.parametrize(
    ("path", "text", "broken"),
    [
        ("network/rules.py", "\nfrom juzhi.people import models as higher\n", "floors: a folder uses the floors beneath it; folders on one floor do not know"),
        ("base/text.py", "\ndef late() -> None:\n    import juzhi.web.forms\n", "floors: a folder uses the floors beneath it; folders on one floor do not know"),
        ("journal/rules.py", "\nfrom juzhi.jobs import models as beside\n", "floors: a folder uses the floors beneath it; folders on one floor do not know"),
        ("shelves/__init__.py", "", "floors: a folder uses the floors beneath it; folders on one floor do not know"),
        ("people/models.py", "\ndef late() -> None:\n    import juzhi.people.queries\n", "rooms: urls > views > entrances"),
        ("network/services.py", "", "rooms: urls > views > entrances"),
        ("files/adapters.py", "", "rooms: urls > views > entrances"),
        ("access/queries.py", "\nfrom juzhi.access import rules as above\n", "the room of access"),
        ("web/sprite.py", "\nfrom juzhi.web import replies as above\n", "the room of web"),
        ("imports/reading/grid.py", "\nfrom juzhi.imports import queries as above\n", "the room of imports"),
        ("jobs/schedule.py", "\nfrom juzhi.jobs import actions as above\n", "the room of jobs"),
        ("imports/reading/grid.py", "\nfrom juzhi.imports.reading import book as round_about\n", "cycles: no folder or file leads back to itself"),
    ],
)
def test_a_planted_violation_is_seen(copy: Path, path: str, text: str, broken: str) -> None:
    (copy / "juzhi" / path).parent.mkdir(exist_ok=True)
    append(copy / "juzhi" / path, text)
    status, said = lint(copy)
    assert status == 1
    assert any(line.startswith(broken[:60]) and "BROKEN" in said[said.index(line) :][:200] for line in said.splitlines()), said


def test_every_folder_has_its_floor() -> None:
    assert set(floors()) == {p.parent.name for p in (ROOT / "juzhi").glob("*/__init__.py")}
    assert floors()["base"] == 0 < floors()["web"] < floors()["jobs"] == floors()["journal"] < floors()["network"] < floors()["people"] < floors()["config"]
