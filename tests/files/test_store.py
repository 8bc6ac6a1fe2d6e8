"""Keeping a file: privately, under a random name, for a day; the size counted, the name made harmless."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile

from juzhi.base.actors import System, Visitor
from juzhi.base.errors import Forbidden, Refused
from juzhi.files import actions, queries
from juzhi.files.actions import LARGEST, harmless
from juzhi.files.models import Upload

AT = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
BY = System("测试", AT)


class Stream:
    """A file that says nothing of its size."""

    def __init__(self, size: int, name: str | None = "花名册.xlsx") -> None:
        self.size_in_truth, self.name, self.size = size, name, 1

    def chunks(self) -> Iterable[bytes]:
        for start in range(0, self.size_in_truth, 1024 * 1024):
            yield b"x" * min(1024 * 1024, self.size_in_truth - start)


def store(content: bytes = b"a,b\n", name: str = "花名册.csv") -> Upload:
    kept: Upload = actions.store(by=BY, file=ContentFile(content, name=name), kind="import", organisation_id=7)
    return kept


def lying(media: Path) -> list[Path]:
    return sorted(path for path in media.rglob("*") if path.is_file())


def test_what_is_kept(db: None, media: Path) -> None:
    kept = store()
    path = queries.path_of(kept)
    assert (kept.name, kept.size, kept.sha256) == ("花名册.csv", 4, hashlib.sha256(b"a,b\n").hexdigest())
    assert (kept.owner_key, kept.organisation_id, kept.uploaded_at, kept.delete_at) == (BY.key, 7, AT, AT + timedelta(hours=24))
    assert (path.read_bytes(), path.parent, path.stat().st_mode & 0o777) == (b"a,b\n", media / "private", 0o600)
    assert path.parent.stat().st_mode & 0o777 == 0o700 and "花名册" not in path.name and len(path.name) == 48


def test_the_same_file_twice_lies_twice(db: None) -> None:
    assert store().stored_name != store().stored_name


def test_a_visitor_may_not(db: None, media: Path) -> None:
    with pytest.raises(Forbidden):
        actions.store(by=Visitor(AT), file=ContentFile(b"a", name="a"), kind="import", organisation_id=None)
    assert (lying(media), Upload.objects.system("test").count()) == ([], 0)


def test_an_empty_file_is_refused_and_leaves_nothing(db: None, media: Path) -> None:
    with pytest.raises(Refused, match="空文件") as refused:
        store(b"")
    assert (refused.value.field, lying(media), Upload.objects.system("test").count()) == ("file", [], 0)


def test_the_size_is_counted_not_believed(db: None, media: Path) -> None:
    assert actions.store(by=BY, file=Stream(LARGEST), kind="import", organisation_id=None).size == LARGEST
    with pytest.raises(Refused, match="20 MB") as refused:
        actions.store(by=BY, file=Stream(LARGEST + 1), kind="import", organisation_id=None)
    assert (refused.value.code, len(lying(media)), Upload.objects.system("test").count()) == ("limit", 1, 1)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("花名册.xlsx", "花名册.xlsx"),
        ("../../etc/passwd", "passwd"),
        ("C:\\名单\\花名册.xls", "花名册.xls"),
        ("a\x00b\r\n.csv", "ab.csv"),
        ("roster\u202excod.exe", "rosterxcod.exe"),
        ("\ud800.csv", "csv"),
        ("  . ", "file"),
        ("..", "file"),
        ("", "file"),
        ("名" * 300 + ".xlsx", "名" * 195 + ".xlsx"),
        ("名" * 300, "名" * 200),
    ],
)
def test_names_are_made_harmless(given: str, kept: str) -> None:
    assert harmless(given) == kept


def test_a_file_without_a_name(db: None) -> None:
    assert actions.store(by=BY, file=Stream(3, None), kind="import", organisation_id=None).name == "file"
