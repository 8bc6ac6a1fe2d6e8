"""A streaming reader of xlsx: cells with their number formats, hidden rows, merged cells. Formulas are never computed; their last shown value is read.

calamine tells neither formats nor hidden rows, and 1985.1 is October only where the format shows two digits.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from juzhi.base.errors import Refused
from juzhi.imports.reading import cells
from juzhi.imports.reading.grid import DATE, MOST_MERGES, NUMBER, Book, Budget, Line, Merge, Sheet
from juzhi.imports.reading.markup import elements
from juzhi.imports.reading.package import Package, faults_told, opened
from juzhi.imports.reading.strings import Strings, read_strings
from juzhi.imports.reading.words import refusal

DATE_FORMATS = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
MOST_SHEETS = 255
DECIMALS = {1: 0, 2: 2, 3: 0, 4: 2, 9: 0, 10: 2}
QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
MERGE = re.compile(rb"<(?:\w+:)?mergeCell\s[^<>]*?ref\s*=\s*[\"']([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})[\"']")
SECTIONS = frozenset({"numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs", "tableStyles", "colors", "extLst"})


class Link(NamedTuple):
    """What a member leads to: `kind` = worksheet, styles, sharedStrings …"""

    identity: str
    kind: str
    member: str


@dataclass
class Listed:
    """What the workbook says of itself."""

    sheets: list[tuple[str, str, str]] = field(default_factory=list)  # name, link, state
    since_1904: bool = False


def read(path: str) -> Book:
    """The book at `path`. Refuses, when its sheets are asked for, one that is broken, a bomb, or too large."""
    return Book(_sheets(path))


def _sheets(path: str) -> Iterator[Sheet]:
    with opened(path) as package:
        main = next((link.member for link in _links(package, "") if link.kind == "officeDocument"), "xl/workbook.xml")
        links = {link.identity: link for link in _links(package, main)}
        parts = {link.kind: link.member for link in links.values()}
        listed = _listed(package, main)
        if len(listed.sheets) > MOST_SHEETS:
            raise Refused(refusal("too_much"))
        strings = _strings(package, parts.get("sharedStrings", ""))
        styles = _styles(package, parts.get("styles", ""))
        budget = Budget()
        for name, identity, state in listed.sheets:
            link = links[identity]
            if link.kind != "worksheet":
                continue
            sheet = Sheet(name, is_hidden=state != "visible")
            if not sheet.is_hidden:
                sheet.merges = _merges(package, link.member)
                sheet.lines = _lines(package, link.member, cells.Shared(strings, styles, listed.since_1904), sheet, budget)
            yield sheet


def _lines(package: Package, member: str, shared: cells.Shared, sheet: Sheet, budget: Budget) -> Iterator[Line]:
    with faults_told(), package.open(member) as file:
        yield from cells.lines(file, shared, sheet, budget)


def _links(package: Package, base: str) -> Iterator[Link]:
    """Where a member leads to, within the archive alone."""
    folder, _slash, name = base.rpartition("/")
    member = f"{folder}/_rels/{name}.rels" if folder else f"_rels/{name}.rels"
    if member not in package:
        return
    with package.open(member) as file:
        for tag, attributes in elements(file):
            if tag == "Relationship" and attributes.get("TargetMode") != "External":
                yield Link(attributes.get("Id", ""), attributes.get("Type", "").rpartition("/")[2], _resolve(base, attributes.get("Target", "")))


def _resolve(base: str, target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(posixpath.dirname(base), target))


def _listed(package: Package, main: str) -> Listed:
    found = Listed()
    with package.open(main) as file:
        for tag, attributes in elements(file):
            if tag == "workbookPr":
                found.since_1904 = attributes.get("date1904") in ("1", "true")
            elif tag == "sheet":
                link = next((value for name, value in attributes.items() if name.endswith(":id")), "")
                found.sheets.append((attributes.get("name", ""), link, attributes.get("state", "visible")))
    return found


def _strings(package: Package, member: str) -> Strings:
    if not member:
        return Strings()
    with package.open(member) as file:
        return read_strings(file)


def _styles(package: Package, member: str) -> list[cells.Style]:
    """What each cell format makes of a number: a date, or so many decimals."""
    if member not in package:
        return []
    codes: dict[int, str] = {}
    formats: list[int] = []
    section = ""
    with package.open(member) as file:
        for tag, attributes in elements(file):
            if tag in SECTIONS:
                section = tag
            elif tag == "numFmt" and section == "numFmts":
                codes[cells.integer(attributes.get("numFmtId"))] = attributes.get("formatCode", "")
            elif tag == "xf" and section == "cellXfs":
                formats.append(cells.integer(attributes.get("numFmtId")))
    known = {number: _style(number, codes) for number in set(formats)}
    return [known[number] for number in formats]


def _style(number: int, codes: dict[int, str]) -> cells.Style:
    if number not in codes:
        return (DATE, None) if number in DATE_FORMATS else (NUMBER, DECIMALS.get(number))
    code = QUOTED.sub("", codes[number][:1000].split(";")[0])
    if re.search("[ymdhs年月日]", code, re.IGNORECASE) and "general" not in code.lower() and "E+" not in code:
        return DATE, None
    match = re.search(r"\.(0+)", code)
    return NUMBER, len(match.group(1)) if match else (0 if re.fullmatch(r"[#,]*0", code) else None)


def _merges(package: Package, member: str) -> list[Merge]:
    """Merged cells stand behind the cells: they are looked for first, without parsing what is before them."""
    found: list[Merge] = []
    rest = b""
    with package.open(member) as file:
        while piece := file.read(1024 * 1024):
            block = rest + piece.replace(b"\0", b"")  # UTF-16: these names are ASCII
            if b"mergeCell" in block and len(found) < MOST_MERGES:
                for one in MERGE.finditer(block):
                    first, top, last, bottom = one.groups()
                    found.append(Merge(int(top), cells.column(first.decode()), int(bottom), cells.column(last.decode())))
                rest = block[block.rfind(b"<") :][-1000:]
            else:
                rest = block[-200:]
    return sorted(set(found[:MOST_MERGES]))
