"""Whatever a file does, it ends in rows or in one plain sentence, within its time and memory; the process that asked goes on."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from juzhi.base.errors import Refused
from juzhi.base.importers import IMPORTERS
from juzhi.imports.reading import Reading, child, read_book, read_in_child
from juzhi.imports.reading.child import CPU, ROOT
from juzhi.imports.reading.words import REFUSALS, refusal, retold
from tests.imports.hostile import BETWEEN, HEAD, ODS_GOOD, OLD, READ, REFUSED, TEXT, TOO_MUCH, Spent, ods, spent
from tests.imports.workbooks import workbook


def read(folder: Path, name: str, data: bytes) -> Reading:
    path = folder / "kept"
    path.write_bytes(data)
    return read_in_child(path, name, "roster")


COSTLY = (
    "zip bomb of one string",
    "zip bomb under the limit",
    "billion laughs",
    "row beyond the last",
    "directory of twenty thousand entries",
    "strings of ninety megabytes",
    "endless tag",
    "a million elements deep",
    "ods: a row a thousand million times",
    "a line of a hundred megabytes",
    "a quoted record of endless lines",
    "old workbook: sectors in a loop",
)


@pytest.mark.parametrize("case", [one for one in REFUSED if one not in COSTLY])
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


NOTHING_SAID = json.dumps({"mapping": {}, "words": {}})  # no headings settled before, no other language
SENTENCES = {refusal(code) for code in ("broken", "empty", "unknown_encoding", "archive")}


def cost(folder: Path, name: str, data: bytes) -> Spent:
    path = folder / "kept"
    path.write_bytes(data)
    return spent(path, name)


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> float:
    """Peak megabytes of a child that reads next to nothing."""
    found = cost(tmp_path_factory.mktemp("usual"), "a.xlsx", workbook(HEAD))
    assert (found.said, found.rows) == ("", 1)  # it did read
    return found.peak


@pytest.mark.parametrize("case", COSTLY)
def test_refusing_costs_little(tmp_path: Path, usual: float, case: str) -> None:
    """The same for files that are made to cost much."""
    name, make, sentence = REFUSED[case]
    found = cost(tmp_path, name, make())
    assert found.said == sentence
    assert found.peak - usual <= 100


@pytest.mark.parametrize("case", ["far cell", "a million empty rows", "hundred thousand merges"])
def test_reading_costs_little(tmp_path: Path, usual: float, case: str) -> None:
    found = cost(tmp_path, READ[case][0], READ[case][1]())
    assert found.said == "" and found.rows
    assert found.peak - usual <= 100


def test_the_measure_sees_a_child_that_takes_much(tmp_path: Path) -> None:
    """Its control: what costs two hundred megabytes is seen to."""
    command = [sys.executable, "-c", BETWEEN, sys.executable, "-c", "b'x' * 200_000_000"]
    told = subprocess.run(command, stderr=subprocess.PIPE, text=True, check=True).stderr
    assert 190 < int(told.split()[1]) / 1024 < 260


def test_a_large_roster_stays_within_its_memory(tmp_path: Path) -> None:
    """Twenty thousand rows more take the child next to nothing: they leave it as they are understood."""
    head = "姓名,手机,单位\n".encode()
    few, many = (cost(tmp_path, "a.csv", head + b"".join(f"何清{n},199{n:08},云塔{n}\n".encode() for n in range(count))) for count in (100, 20_000))
    assert (few.rows, many.rows) == (100, 20_000)
    assert many.peak - few.peak <= 12


def cuts(data: bytes) -> list[int]:
    """Places at which a file may be cut off: around every header of a member or a sector, and here and there between them."""
    marks = {match.start() + offset for match in re.finditer(b"PK[\x01\x03\x05][\x02\x04\x06]", data) for offset in (0, 4, 30, 46)}
    return sorted(place for place in {*marks, *range(0, len(data), max(1, len(data) // 60)), len(data) - 1} if 0 < place < len(data))


@pytest.mark.parametrize("name", ["a.xlsx", "a.ods", "a.xls", "a.csv"])
def test_cut_off_anywhere(tmp_path: Path, name: str) -> None:
    """In rows or in a sentence: nothing else ever comes of a file that was not downloaded whole."""
    data = {"a.xlsx": lambda: workbook(HEAD * 50), "a.ods": lambda: ods(ODS_GOOD * 50), "a.xls": OLD.read_bytes, "a.csv": lambda: TEXT.encode("gb18030") * 50}[name]()
    path = tmp_path / name
    for place in cuts(data):
        path.write_bytes(data[:place])
        try:
            read_book(str(path), name, IMPORTERS["roster"])
        except Refused as refused:
            assert refused.message in SENTENCES or refused.message.startswith(("找不到表头", "文件名以"))


@cache
def whole(name: str) -> bytes:
    """Made once: a workbook holds the time it was made at."""
    return workbook(HEAD * 5) if name == "a.xlsx" else ods(ODS_GOOD)


@pytest.mark.parametrize("name", ["a.xlsx", "a.ods"])
@given(st.data())
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_bytes_changed_anywhere(tmp_path: Path, name: str, data: st.DataObject) -> None:
    found = bytearray(whole(name))
    for _change in range(data.draw(st.integers(1, 6))):
        found[data.draw(st.integers(0, len(found) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path / name
    path.write_bytes(found)
    try:
        read_book(str(path), name, IMPORTERS["roster"])
    except Refused as refused:
        assert refused.message


KNOWN = [re.sub(r"%\\\((\w+)\\\)s", ".*", re.escape(str(one))) for one in REFUSALS.values()]


def workbooks() -> list[Path]:
    """Every office file kept with the tests, and those of the folder that JUZHI_WORKBOOKS names (the test files of calamine, say)."""
    folders = [Path(__file__).parent / "files", *(Path(one) for one in os.environ.get("JUZHI_WORKBOOKS", "").split(os.pathsep) if one)]
    return [path for folder in folders for path in sorted(folder.iterdir()) if path.suffix in (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".csv")]


def test_every_workbook_there_is_ends_in_rows_or_a_sentence() -> None:
    ends = {}
    for path in workbooks():
        try:
            ends[path.name] = len(read_in_child(path, path.name, "roster").rows) > 0
        except Refused as refused:
            ends[path.name] = retold(refused.message) == refused.message and any(re.fullmatch(pattern, refused.message) for pattern in KNOWN)
    assert ends and {name for name, is_plain in ends.items() if not is_plain} == set()


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
    command = [sys.executable, "-c", script, "juzhi.members.imports", "roster", str(path), "a.csv", NOTHING_SAID]
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
        f"child.speak('juzhi.members.imports', 'roster', {str(path)!r}, 'a.csv', {NOTHING_SAID!r})"
    )
    said = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert json.loads(json.loads(said)["end"]["refused"]) == [CPU, 0, True]
