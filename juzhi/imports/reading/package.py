"""The archive that xlsx and ods are: refused before it is unpacked where it would cost too much; its faults told in one sentence."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO
from xml.parsers.expat import ExpatError

from juzhi.base.errors import Refused
from juzhi.imports.reading.words import refusal

LARGEST = 300 * 1024 * 1024  # bytes of all members unpacked
RATIO = 200  # unpacked to packed, of a member above 10 MB: more is a bomb
MOST_MEMBERS = 5000
ENTRY = b"PK\x01\x02"  # each entry of the directory begins so


@contextmanager
def faults_told() -> Iterator[None]:
    """What goes wrong while a file is read becomes a plain refusal."""
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, ExpatError, LookupError, ValueError, EOFError, NotImplementedError, OSError) as error:
        raise Refused(refusal("broken")) from error
    except RuntimeError as error:
        raise Refused(refusal("protected")) from error


class Package:
    """The members of an archive by name. Some writers part folders with \\, or do not keep to one case."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.names = {_plain(name): name for name in archive.NameToInfo}  # of two of one name the last counts

    def __contains__(self, member: str) -> bool:
        return _plain(member) in self.names

    def open(self, member: str) -> IO[bytes]:
        """Raises KeyError for a member that is not there."""
        return self.archive.open(self.names[_plain(member)])

    def beginning(self, member: str) -> bytes:
        """The first bytes of a member, none of one that is not there."""
        if member not in self:
            return b""
        with self.open(member) as file:
            return file.read(65_536)


def _plain(name: str) -> str:
    return name.replace("\\", "/").lower()


@contextmanager
def opened(path: str) -> Iterator[Package]:
    """The archive at `path`. Raises Refused for one that is broken, a bomb or protected."""
    with faults_told():
        if _entries(path) > MOST_MEMBERS:
            raise Refused(refusal("too_large_inside"))
        with zipfile.ZipFile(path) as archive:
            _check(archive)
            yield Package(archive)


def _entries(path: str) -> int:
    """How many entries the directory has, counted without reading it into objects."""
    found, rest = 0, b""
    with open(path, "rb") as file:
        while piece := file.read(1024 * 1024):
            found += (rest + piece).count(ENTRY)
            rest = piece[-3:]
    return found


def _check(archive: zipfile.ZipFile) -> None:
    infos = archive.infolist()
    if sum(info.file_size for info in infos) > LARGEST:
        raise Refused(refusal("too_large_inside"))
    for info in infos:
        if info.file_size > 10 * 1024 * 1024 and info.file_size > RATIO * max(info.compress_size, 1):
            raise Refused(refusal("bomb"))
        if info.flag_bits & 1:
            raise Refused(refusal("protected"))
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Refused(refusal("broken"))
