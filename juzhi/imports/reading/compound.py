"""The container of old workbooks: its chains of sectors are followed before anything else is, for a loop in them would never end."""

from __future__ import annotations

import struct
from array import array

from juzhi.base.errors import Refused
from juzhi.imports.reading.words import refusal

HEADER = 512
REAL = 0xFFFF_FFFA  # numbers from here on are no sectors
END = 0xFFFF_FFFE


def check(path: str) -> None:
    """Raises Refused where a chain runs in a circle, leaves the file, or the header tells of more than there is (MS-CFB 2.2 to 2.6)."""
    with open(path, "rb") as file:
        data = file.read()
    if len(data) < HEADER:
        raise Refused(refusal("broken"))
    shift, tables = struct.unpack_from("<H", data, 30)[0], struct.unpack_from("<I", data, 44)[0]
    directory, small, extra = struct.unpack_from("<I", data, 48)[0], struct.unpack_from("<I", data, 60)[0], struct.unpack_from("<I", data, 68)[0]
    if shift not in (9, 12):
        raise Refused(refusal("broken"))
    size = 1 << shift
    sectors = -(-(len(data) - size) // size)
    if tables > sectors or sectors < 1:
        raise Refused(refusal("broken"))
    following = _table(data, size, sectors, extra)
    starts = [directory, small]
    for sector in _chain(directory, following, sectors):
        at = (sector + 1) * size
        for entry in range(at, min(at + size, len(data) - 127), 128):
            kind, first, length = data[entry + 66], struct.unpack_from("<I", data, entry + 116)[0], struct.unpack_from("<I", data, entry + 120)[0]
            if kind == 5 or kind == 2 and length >= 4096:  # shorter streams stand in the one of the root
                starts.append(first)
    for start in starts:
        _chain(start, following, sectors)


def _table(data: bytes, size: int, sectors: int, extra: int) -> array[int]:
    """Which sector follows each; 109 places of it are told by the header, the rest by a chain of their own."""
    places = list(struct.unpack_from("<109I", data, 76))
    seen = 0
    while extra < REAL:
        at = (extra + 1) * size
        seen += 1
        if seen > sectors or at + size > len(data):
            raise Refused(refusal("broken"))
        *more, extra = struct.unpack_from(f"<{size // 4}I", data, at)
        places += more
    found = array("I")
    for place in places:
        if place < REAL:
            part = data[(place + 1) * size : (place + 2) * size]
            found.frombytes(part[: len(part) // 4 * 4])
    return found


def _chain(start: int, following: array[int], sectors: int) -> list[int]:
    """The sectors from `start` to the end of its chain."""
    found: list[int] = []
    while start < REAL:
        if start >= len(following) or start >= sectors or len(found) >= sectors:
            raise Refused(refusal("broken"))
        found.append(start)
        start = following[start]
    return found
