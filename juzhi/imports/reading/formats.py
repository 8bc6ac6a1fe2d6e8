"""What calamine does not tell of an old workbook (xls): which numbers show two decimals, and which rows and columns are hidden.

1983.1 is October only where the format shows 1983.10. Reads the records of [MS-XLS] in the compound file of [MS-CFB]; whatever it does not
understand it leaves: the cells themselves come from calamine.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

FREE = 0xFFFFFFF0  # and above: no sector follows
BUILT_IN = frozenset((2, 4, 10, 39, 40))  # formats of every workbook that show two decimals
BOUNDSHEET, FORMAT, XF, COLINFO, ROW, NUMBER, RK, MULRK, FORMULA, BOF, EOF = 0x85, 0x41E, 0xE0, 0x7D, 0x208, 0x203, 0x27E, 0xBD, 0x06, 0x809, 0x0A
QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')


@dataclass
class Shown:
    """Of one sheet: cells (row from 1, column from 0) whose number shows two decimals, hidden rows and hidden columns."""

    two_decimals: set[tuple[int, int]] = field(default_factory=set)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)


def shown(path: str) -> dict[str, Shown]:
    """By the name of the sheet; {} for a file that is built otherwise."""
    try:
        with open(path, "rb") as file:
            return _of_book(_stream(file.read()))
    except (struct.error, ValueError, IndexError, UnicodeDecodeError, OverflowError):
        return {}


def _stream(data: bytes) -> bytes:
    """The stream of the workbook within the compound file."""
    size, small = 1 << struct.unpack_from("<H", data, 30)[0], 1 << struct.unpack_from("<H", data, 32)[0]
    if size not in (512, 4096) or small != 64:
        raise ValueError("not a compound file")
    first, cutoff, mini_first = struct.unpack_from("<I", data, 48)[0], struct.unpack_from("<I", data, 56)[0], struct.unpack_from("<I", data, 60)[0]
    tables = [one for one in struct.unpack_from("<109I", data, 76) if one < FREE]
    more = struct.unpack_from("<I", data, 68)[0]
    while more < FREE and len(tables) * size * size // 4 <= len(data):
        *found, more = struct.unpack_from(f"<{size // 4}I", data, size * (more + 1))
        tables += [one for one in found if one < FREE]
    most = len(data) // size // (size // 4) + 1  # sectors that a table of this file can fill
    table = [one for sector in tables[:most] for one in struct.unpack_from(f"<{size // 4}I", data, size * (sector + 1))]
    folder = _chain(data, table, first, size, size)
    root = small_first = length = None
    for at in range(0, len(folder) - 127, 128):
        named = folder[at : at + 64].decode("utf-16-le")[: max(0, struct.unpack_from("<H", folder, at + 64)[0] // 2 - 1)]
        start, long = struct.unpack_from("<II", folder, at + 116)
        if folder[at + 66] == 5:
            root = start
        elif named in ("Workbook", "Book"):
            small_first, length = start, long
    if small_first is None or length is None or root is None:
        raise ValueError("no workbook in it")
    if length >= cutoff:
        return _chain(data, table, small_first, size, size)[:length]
    minis = _chain(data, table, mini_first, size, size)
    mini = list(struct.unpack(f"<{len(minis) // 4}I", minis))
    return _chain(_chain(data, table, root, size, size), mini, small_first, small, 0)[:length]


def _chain(data: bytes, table: list[int], sector: int, size: int, skipped: int) -> bytes:
    """The sectors of one stream, one after the other; a circle ends it."""
    found: list[bytes] = []
    while sector < FREE and len(found) <= len(table):
        found.append(data[skipped + size * sector : skipped + size * (sector + 1)])
        sector = table[sector]
    return b"".join(found)


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes, int]]:
    """(kind, body, where the next one begins) from `at` on."""
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        yield kind, stream[at + 4 : at + 4 + length], at + 4 + length
        at += 4 + length


def _of_book(stream: bytes) -> dict[str, Shown]:
    sheets: list[tuple[str, int]] = []
    codes: dict[int, bool] = dict.fromkeys(BUILT_IN, True)
    styles: list[bool] = []
    for kind, body, _next in _records(stream, 0):
        if kind == BOUNDSHEET:
            wide = body[7] & 1
            text = body[8 : 8 + body[6] * (1 + wide)].decode("utf-16-le" if wide else "latin-1")
            sheets.append((text, struct.unpack_from("<I", body)[0]))
        elif kind == FORMAT:
            number, length, wide = struct.unpack_from("<HHB", body)
            code = body[5 : 5 + length * (1 + (wide & 1))].decode("utf-16-le" if wide & 1 else "latin-1")
            codes[number] = bool(re.search(r"\.[0#?]{2}(?![0#?])", QUOTED.sub("", code.split(";")[0])))
        elif kind == XF:
            styles.append(codes.get(struct.unpack_from("<H", body, 2)[0], False))
        elif kind == EOF:
            break
    return {name: _of_sheet(stream, at, styles) for name, at in sheets}


def _of_sheet(stream: bytes, at: int, styles: list[bool]) -> Shown:
    found, depth = Shown(), 0
    for kind, body, _next in _records(stream, at):
        if kind == BOF:
            depth += 1
        elif kind == EOF:
            depth -= 1
            if depth <= 0:
                break
        elif depth != 1:  # a chart inside the sheet
            continue
        elif kind == ROW and len(body) >= 14 and struct.unpack_from("<H", body, 12)[0] & 0x20:
            found.hidden_rows.add(struct.unpack_from("<H", body)[0] + 1)
        elif kind == COLINFO and len(body) >= 10 and body[8] & 1:
            first, last = struct.unpack_from("<HH", body)
            found.hidden_columns.update(range(first, min(last, 255) + 1))  # a sheet of this age is 256 columns wide
        elif kind in (NUMBER, RK, FORMULA):
            row, column, style = struct.unpack_from("<HHH", body)
            if styles[style]:
                found.two_decimals.add((row + 1, column))
        elif kind == MULRK:
            row, column = struct.unpack_from("<HH", body)
            for place in range((len(body) - 6) // 6):
                if styles[struct.unpack_from("<H", body, 4 + 6 * place)[0]]:
                    found.two_decimals.add((row + 1, column + place))
    return found
