"""Backup and restore, as commands on a product of their own: what comes back is what was there, and what is not whole touches nothing."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from juzhi.base.errors import Refused
from juzhi.config.keeping import archive, stores
from juzhi.config.serve import hold
from tests.product import Product, product

COUNTS = """
from juzhi.network.models import Organisation
from juzhi.people.models import Person
from juzhi.journal.models import Entry, EntryValue
print([m.objects.system('t').count() for m in (Organisation, Person, Entry, EntryValue)])
"""
SESSION = "from django.contrib.sessions.backends.db import SessionStore\ns = SessionStore(); s['a'] = 'canary-session'; s.save()\n"
FORGET = """
from juzhi.journal import actions
from juzhi.journal.models import EntryValue
value = EntryValue.objects.system('t').filter(line=None, field_class__in=('personal', 'sensitive')).select_related('entry').order_by('pk')[0]
actions.forget(by=by, things=[(value.entry.kind, value.entry.thing_key)], reason='依法删除')
from juzhi.config.keeping import erasures
erasures.keep_up()
print(value.entry.thing_key)
"""
FORGOTTEN = """
from juzhi.journal.queries import values_of
from juzhi.config.keeping import erasures
print([values_of([(kind, key)]).count() for _, kind, key in erasures.known()])
"""


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Product, Path]]:
    """A product with the demonstration, a published file, a private upload and a session; and its backup."""
    with product(tmp_path_factory.mktemp("kept") / "data") as made:
        assert made.run("prepare").returncode == 0
        (made.data / "files" / "photos").mkdir(parents=True, exist_ok=True)
        (made.data / "files" / "photos" / "门头.txt").write_text("照片")
        (made.data / "files" / "private").mkdir(parents=True, exist_ok=True)
        (made.data / "files" / "private" / "upload").write_text("canary-upload")
        made.python(SESSION + "from juzhi.journal import actions\nactions.seal(by=by)\n")
        backup = made.data.parent / "one.backup"
        told = made.run("backup", str(backup), "--verify")
        assert (told.returncode, told.stderr) == (0, "")
        assert "恢复到临时库核对" in told.stdout and "逐行一致，1 个文件一致，变更记录完整" in told.stdout
        yield made, backup


def unpacked(made: Product, backup: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> archive.Manifest:
    monkeypatch.setenv("JUZHI_BACKUP_KEY_FILE", str(made.data / "backup-key"))
    folder.mkdir(exist_ok=True)
    return archive.unpack(backup, folder)


def test_what_is_in_it_and_what_is_not(kept: tuple[Product, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made, backup = kept
    manifest = unpacked(made, backup, tmp_path / "out", monkeypatch)
    assert list(manifest.files) == ["photos/门头.txt"] and manifest.head is not None
    assert manifest.tables.get("django_session", [0])[0] == 0
    assert backup.stat().st_mode & 0o777 == 0o600
    whole = b"".join(path.read_bytes() for path in (tmp_path / "out").rglob("*") if path.is_file())
    assert not any(canary in whole or canary in backup.read_bytes() for canary in (b"canary-upload", b"canary-session"))
    assert json.loads((made.data / "proved-restore.json").read_text())["backup"] == "one.backup"
    assert list(made.data.glob("keeping-*")) == []


def test_a_hundred_changed_bytes_and_every_cut_are_refused(kept: tuple[Product, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made, backup = kept
    text, bad, passed = backup.read_bytes(), tmp_path / "bad", []
    for number in range(100):
        place = number * (len(text) - 1) // 99
        bad.write_bytes(text[:place] + bytes([text[place] ^ 0x40]) + text[place + 1 :])
        try:
            unpacked(made, bad, tmp_path / "out", monkeypatch)
            passed.append(f"byte {place}")
        except Refused:
            pass
    for cut in (0, 1, 40, len(text) // 2, len(text) - 1):
        bad.write_bytes(text[:cut])
        try:
            unpacked(made, bad, tmp_path / "out", monkeypatch)
            passed.append(f"cut {cut}")
        except Refused:
            pass
    assert passed == []


def test_a_row_that_differs_from_the_manifest_is_named(kept: tuple[Product, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made, backup = kept
    manifest = unpacked(made, backup, tmp_path / "out", monkeypatch)
    tables = {**manifest.tables, "network_area": [manifest.tables["network_area"][0] + 1, "0" * 64]}
    with pytest.raises(Refused, match="network_area"):
        archive._compare(manifest.tables, archive.Manifest(**{**vars(manifest), "tables": tables}))


def test_what_is_not_whole_touches_nothing(kept: tuple[Product, Path], tmp_path: Path) -> None:
    made, backup = kept
    before = made.python(COUNTS)
    bad = tmp_path / "bad.backup"
    bad.write_bytes(backup.read_bytes()[:-9])
    cut = made.run("restore", str(bad), "--yes")
    assert (cut.returncode, cut.stdout, cut.stderr.count("\n")) == (1, "", 1)
    other = Product(made.data, {**made.environment, "JUZHI_BACKUP_KEY_FILE": str(tmp_path / "other-key")})
    (tmp_path / "other-key").write_text("ab" * 32)
    wrong = other.run("restore", str(backup), "--yes")
    assert (wrong.returncode, "密钥不对" in wrong.stderr) == (1, True)
    unasked = made.run("restore", str(backup))
    assert (unasked.returncode, "--yes" in unasked.stderr) == (1, True)
    with hold(made.data / "run.lock"):
        served = made.run("restore", str(backup), "--yes")
    assert (served.returncode, "正在运行" in served.stderr) == (1, True)
    assert made.python(COUNTS) == before and (made.data / "files" / "photos" / "门头.txt").read_text() == "照片"


def test_an_existing_file_is_not_written_over(kept: tuple[Product, Path]) -> None:
    made, backup = kept
    told = made.run("backup", str(backup))
    assert (told.returncode, told.stderr.startswith("已经有")) == (1, True)
    assert made.run("backup", str(backup), "--verify").stdout.startswith("已恢复到临时库核对")


def test_restored_is_what_was_there_and_the_forgotten_stays_forgotten(kept: tuple[Product, Path]) -> None:
    made, backup = kept
    before = json.loads(made.python(COUNTS))
    made.python(FORGET)
    assert made.run("demo", "--remove").returncode == 0
    (made.data / "files" / "photos" / "门头.txt").write_text("改过")
    assert json.loads(made.python(COUNTS)) != before
    told = made.run("restore", str(backup), "--yes")
    assert (told.returncode, "重做遗忘" in told.stdout) == (0, True), told.stderr
    organisations, persons, entries, values = json.loads(made.python(COUNTS))
    assert [organisations, persons, entries] == [before[0], before[1], before[2] + 1]  # one entry more: the forgetting
    assert values < before[3] and set(json.loads(made.python(FORGOTTEN))) == {0}
    assert (made.data / "files" / "photos" / "门头.txt").read_text() == "照片"
    assert (made.data / "files" / "private" / "upload").read_text() == "canary-upload"
    assert made.run("journal", "verify").returncode == 0
    again = made.run("restore", str(backup), "--yes")
    assert again.returncode == 0 and json.loads(made.python(COUNTS))[:3] == [organisations, persons, entries]


def test_another_machine_needs_the_backup_and_its_key_alone(kept: tuple[Product, Path], tmp_path: Path) -> None:
    made, backup = kept
    with product(tmp_path / "elsewhere") as other:
        without = other.run("restore", str(backup))
        assert (without.returncode, "找不到备份密钥" in without.stderr) == (1, True)
        shutil.copy(made.data / "backup-key", other.data / "backup-key")
        assert other.run("restore", str(backup)).returncode == 0
        verdict = other.run("journal", "verify")
        assert (verdict.returncode, verdict.stdout.endswith("日志完整\n")) == (0, True)
        assert other.run("report", "R1", "--as-of", "2024-05-31", "--json").returncode == 0


def test_a_damaged_sqlite_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "database").write_bytes(b"SQLite format 3\0" + b"\7" * 5000)
    with pytest.raises(Refused, match="已损坏"):
        stores.tables_of_sqlite(tmp_path / "database")
