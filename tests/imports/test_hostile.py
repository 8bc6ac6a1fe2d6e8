"""Whatever a file does, it ends in rows or in one plain sentence, within its time and memory; the process that asked goes on."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

import pytest

from juzhi.base.errors import Refused
from juzhi.imports.reading import Reading, child, read_in_child
from juzhi.imports.reading.child import CPU, ROOT
from tests.imports.hostile import HEAD, READ, REFUSED, TEXT, TOO_MUCH
from tests.imports.workbooks import workbook


def read(folder: Path, name: str, data: bytes) -> Reading:
    path = folder / "kept"
    path.write_bytes(data)
    return read_in_child(path, name, "roster")


@pytest.mark.parametrize("case", list(REFUSED))
def test_refused_in_one_plain_sentence(tmp_path: Path, case: str) -> None:
    name, make, sentence = REFUSED[case]
    with pytest.raises(Refused) as refused:
        read(tmp_path, name, make())
    assert refused.value.message == sentence


@pytest.mark.parametrize("case", list(READ))
def test_read_as_far_as_it_can_be(tmp_path: Path, case: str) -> None:
    name, make, rows = READ[case]
    found = read(tmp_path, name, make())
    assert [(row.row, row.action, row.reason or row.values["name"]) for row in found.rows] == rows


def spent(folder: Path, name: str, data: bytes) -> tuple[float, float]:
    """Seconds and megabytes that reading this file costs the child."""
    path = folder / "kept"
    path.write_bytes(data)
    command = [sys.executable, "-m", "juzhi.imports.reading", "juzhi.members.imports", "roster", str(path), name, "{}"]
    begun = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)})
    _pid, _status, usage = os.wait4(process.pid, 0)
    process.returncode = 0
    return time.monotonic() - begun, usage.ru_maxrss / 1024


@pytest.mark.parametrize("case", ["zip bomb of one string", "zip bomb under the limit", "billion laughs", "row beyond the last"])
def test_refusing_costs_little(tmp_path: Path, case: str) -> None:
    _seconds, usual = spent(tmp_path, "a.xlsx", workbook(HEAD))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    _seconds, most = spent(tmp_path, REFUSED[case][0], REFUSED[case][1]())
    assert most - usual <= 100
    with pytest.raises(Refused):
        read_in_child(tmp_path / "kept", "a.xlsx", "roster")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 - before <= 100


@pytest.mark.parametrize("case", ["far cell", "a million empty rows"])
def test_reading_costs_little(tmp_path: Path, case: str) -> None:
    _seconds, usual = spent(tmp_path, "a.xlsx", workbook(HEAD))
    _seconds, most = spent(tmp_path, READ[case][0], READ[case][1]())
    assert most - usual <= 100


def test_a_child_that_does_not_end_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "PATIENCE", 2)
    os.mkfifo(tmp_path / "kept")  # nobody ever writes into it
    begun = time.monotonic()
    with pytest.raises(Refused) as refused:
        read_in_child(tmp_path / "kept", "a.csv", "roster")
    assert refused.value.message == TOO_MUCH
    assert time.monotonic() - begun < 10


def test_a_child_that_wants_too_much_memory_is_refused_it(tmp_path: Path) -> None:
    """The same file under a limit of four megabytes: the sentence says so, and the parent goes on."""
    script = "from juzhi.imports.reading import child; child.MEMORY = 4_000_000; import sys; child.speak(*sys.argv[1:6])"
    path = tmp_path / "kept"
    path.write_bytes(("姓名,手机\n" + "何清,19900000101\n" * 400_000).encode())
    command = [sys.executable, "-c", script, "juzhi.members.imports", "roster", str(path), "a.csv", "{}"]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout
    assert json.loads(said.splitlines()[-1])["end"]["refused"] == TOO_MUCH


def test_the_child_is_given_nothing_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUZHI_SECRET_KEY", "not for the child")
    monkeypatch.setenv("JUZHI_DATABASE_URL", "sqlite:///x")
    assert not any("JUZHI" in name for name in child._environment())


def test_the_child_has_its_limits(tmp_path: Path) -> None:
    """They are set before the file is opened."""
    path = tmp_path / "kept"
    path.write_bytes(TEXT.encode())
    script = (
        "import resource, json; from juzhi.imports.reading import child\n"
        "child.stream_book = lambda *a: (_ for _ in ()).throw(child.Refused(json.dumps([resource.getrlimit(resource.RLIMIT_CPU)[0], resource.getrlimit(resource.RLIMIT_FSIZE)[0], resource.getrlimit(resource.RLIMIT_AS)[0] > 0])))\n"
        f"child.speak('juzhi.members.imports', 'roster', {str(path)!r}, 'a.csv', '{{}}')"
    )
    said = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert json.loads(json.loads(said)["end"]["refused"]) == [CPU, 0, True]
