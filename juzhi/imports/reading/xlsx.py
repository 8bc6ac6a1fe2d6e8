"""A streaming reader of xlsx: cells with their number formats, hidden rows, merged cells. Formulas are never computed; their last shown value is read.

calamine tells neither formats nor hidden rows, and 1985.1 is October only where the format shows two digits.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from xml.etree.ElementTree import Element

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, iterparse

from juzhi.base.errors import Refused
from juzhi.imports.reading.grid import CELL, DATE, MOST_COLUMNS, NUMBER, OTHER, TEXT, Book, Budget, Cell, Sheet
from juzhi.imports.reading.words import refusal

LARGEST = 300 * 1024 * 1024  # bytes of all members unpacked
RATIO = 200  # unpacked to packed, of a member above 10 MB: more is a bomb
DATE_FORMATS = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
DECIMALS = {1: 0, 2: 2, 3: 0, 4: 2, 9: 0, 10: 2}
REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
STYLE = tuple[str, int | None]  # kind, decimals


def read(path: str) -> Book:
    """The book at `path`. Raises Refused for one that is broken, a bomb, or too large."""
    try:
        with zipfile.ZipFile(path) as archive:
            check(archive)
            return _book(archive)
    except DefusedXmlException as error:
        raise Refused(refusal("entities")) from error
    except (zipfile.BadZipFile, zlib.error, ParseError, LookupError, ValueError, EOFError, NotImplementedError, OSError) as error:
        raise Refused(refusal("broken")) from error
    except RuntimeError as error:
        raise Refused(refusal("protected")) from error


def check(archive: zipfile.ZipFile) -> None:
    """Refuse what unpacks into more than we allow, before unpacking it."""
    infos = archive.infolist()
    if len(infos) > 5000 or sum(info.file_size for info in infos) > LARGEST:
        raise Refused(refusal("too_large_inside"))
    for info in infos:
        if info.file_size > 10 * 1024 * 1024 and info.file_size > RATIO * max(info.compress_size, 1):
            raise Refused(refusal("bomb"))
        if info.flag_bits & 1:
            raise Refused(refusal("protected"))


def _book(archive: zipfile.ZipFile) -> Book:
    main = _target(archive, "", "officeDocument") or "xl/workbook.xml"
    links = {link.get("Id", ""): link.get("Target", "") for link in _elements(archive, _links_of(main), "Relationship")}
    since_1904, listed = False, []
    for element in _elements(archive, main):
        tag = _plain(element.tag)
        if tag == "workbookPr":
            since_1904 = element.get("date1904") in ("1", "true")
        elif tag == "sheet":
            link = next((value for name, value in element.attrib.items() if name.endswith("}id")), "")
            listed.append((element.get("name", ""), links.get(link, ""), element.get("state", "visible")))
    strings = _strings(archive, main)
    styles = _styles(archive, main)
    budget = Budget()
    sheets = []
    for name, target, state in listed:
        member = _resolve(main, target)
        if member in archive.namelist() and "chartsheet" not in member:
            sheets.append(_sheet(archive, member, Sheet(name, is_hidden=state != "visible"), strings, styles, since_1904, budget))
    return Book(sheets)


def _elements(archive: zipfile.ZipFile, member: str, wanted: str = "") -> Iterator[Element]:
    """Elements at their end. The caller clears what it does not need."""
    if member not in archive.namelist():
        return
    with archive.open(member) as file:
        for _event, element in iterparse(file, events=("end",), forbid_dtd=True):
            if not wanted or _plain(element.tag) == wanted:
                yield element


def _plain(tag: str) -> str:
    return tag.rpartition("}")[2]


def _links_of(member: str) -> str:
    folder, _, name = member.rpartition("/")
    return f"{folder}/_rels/{name}.rels" if folder else f"_rels/{name}.rels"


def _resolve(base: str, target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(posixpath.dirname(base), target))


def _target(archive: zipfile.ZipFile, base: str, ending: str) -> str:
    for link in _elements(archive, _links_of(base) if base else "_rels/.rels", "Relationship"):
        if link.get("Type", "").endswith(f"/{ending}"):
            return _resolve(base, link.get("Target", ""))
    return ""


def _strings(archive: zipfile.ZipFile, main: str) -> list[str]:
    """Shared strings, without phonetic readings."""
    member = _target(archive, main, "sharedStrings")
    if not member or member not in archive.namelist():
        return []
    found: list[str] = []
    with archive.open(member) as file:
        for _event, element in iterparse(file, events=("end",), forbid_dtd=True):
            if _plain(element.tag) == "si":
                found.append(_rich(element))
                element.clear()
    return found


def _rich(element: Element) -> str:
    parts = []
    for child in element:
        tag = _plain(child.tag)
        if tag == "t":
            parts.append(child.text or "")
        elif tag == "r":
            parts += [one.text or "" for one in child if _plain(one.tag) == "t"]
    return _unescaped("".join(parts))


def _unescaped(text: str) -> str:
    """_x000D_ is how a sheet writes a control character. Longer than a cell may be is cut."""
    text = text[: CELL + 1]
    return re.sub(r"_x([0-9A-Fa-f]{4})_", lambda match: chr(int(match.group(1), 16)), text) if "_x" in text else text


def _styles(archive: zipfile.ZipFile, main: str) -> list[STYLE]:
    """What each cell format makes of a number: a date, or so many decimals."""
    member = _target(archive, main, "styles")
    codes: dict[int, str] = {}
    found: list[STYLE] = []
    if not member:
        return found
    for element in _elements(archive, member):
        tag = _plain(element.tag)
        if tag == "numFmt":
            codes[_integer(element.get("numFmtId"))] = element.get("formatCode", "")
        elif tag == "cellXfs":
            found = [_style(_integer(one.get("numFmtId")), codes) for one in element]
    return found


def _style(number: int, codes: dict[int, str]) -> STYLE:
    if number not in codes:
        return (DATE, None) if number in DATE_FORMATS else (NUMBER, DECIMALS.get(number))
    code = QUOTED.sub("", codes[number].split(";")[0])
    if re.search("[ymdhs年月日]", code, re.IGNORECASE) and "general" not in code.lower() and "E+" not in code:
        return DATE, None
    match = re.search(r"\.(0+)", code)
    return NUMBER, len(match.group(1)) if match else (0 if re.fullmatch(r"[#,]*0", code) else None)


def _sheet(
    archive: zipfile.ZipFile, member: str, sheet: Sheet, strings: list[str], styles: list[STYLE], since_1904: bool, budget: Budget
) -> Sheet:
    number = 0
    with archive.open(member) as file:
        data: Element | None = None
        for event, element in iterparse(file, events=("start", "end"), forbid_dtd=True):
            tag = _plain(element.tag)
            if event == "start":
                data = element if tag == "sheetData" else data
            elif tag == "row":
                number = _integer(element.get("r")) or number + 1
                cells = _row(element, number, strings, styles, since_1904, budget)
                if cells:
                    sheet.rows[number] = cells
                    if element.get("hidden") in ("1", "true"):
                        sheet.hidden_rows.add(number)
                budget.see_row(number)
                (element if data is None else data).clear()
            elif tag == "mergeCell" and len(sheet.merges) < 100_000:
                _merge(sheet, element.get("ref", ""))
            elif tag == "col" and element.get("hidden") in ("1", "true"):
                first, last = _integer(element.get("min")), min(_integer(element.get("max")), MOST_COLUMNS)
                sheet.hidden_columns.update(range(first - 1, last))
    return sheet


def _row(element: Element, number: int, strings: list[str], styles: list[STYLE], since_1904: bool, budget: Budget) -> dict[int, Cell]:
    cells: dict[int, Cell] = {}
    column = -1
    for one in element:
        if _plain(one.tag) != "c":
            continue
        match = REFERENCE.fullmatch(one.get("r", ""))
        column = _column(match.group(1)) if match else column + 1
        budget.spend(number, column)
        if column >= MOST_COLUMNS:
            continue
        cell = _cell(one, strings, styles, since_1904)
        if cell is not None:
            cells[column] = cell
    return cells


def _cell(element: Element, strings: list[str], styles: list[STYLE], since_1904: bool) -> Cell | None:
    kind, value, inline = element.get("t", "n"), None, ""
    for child in element:
        tag = _plain(child.tag)
        if tag == "v":
            value = child.text
        elif tag == "is":
            inline = _rich(child)
    if kind == "inlineStr":
        return Cell(inline) if inline.strip() else None
    if value is None or not value.strip():
        return None
    if kind == "s":
        place = _integer(value)
        text = strings[place] if place < len(strings) else ""
        return Cell(text) if text.strip() else None
    if kind == "str":
        return Cell(_unescaped(value)) if _unescaped(value).strip() else None
    if kind == "b":
        return Cell("是" if value.strip() == "1" else "否", OTHER)
    if kind == "e":
        return Cell(value[:20], OTHER)
    if kind == "d":
        return Cell(value[:10], DATE)
    return _number(value.strip(), styles[_integer(element.get("s"))] if _integer(element.get("s")) < len(styles) else (NUMBER, None), since_1904)


def _number(value: str, style: STYLE, since_1904: bool) -> Cell:
    kind, decimals = style
    try:
        amount = float(value)
    except ValueError:
        return Cell(value[: CELL + 1], TEXT)
    if kind == DATE and 1 <= amount < 73_416:
        start = date(1904, 1, 1) if since_1904 else date(1899, 12, 30)
        return Cell((start + timedelta(days=int(amount))).isoformat(), DATE)
    whole = amount.is_integer() and abs(amount) < 1e15
    return Cell(str(int(amount)) if whole else value, NUMBER, decimals)


def _column(letters: str) -> int:
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - 64
    return place - 1


def _merge(sheet: Sheet, reference: str) -> None:
    ends = [REFERENCE.fullmatch(end) for end in reference.split(":")]
    if len(ends) == 2 and ends[0] and ends[1]:
        sheet.merges.append((int(ends[0].group(2)), _column(ends[0].group(1)), int(ends[1].group(2)), _column(ends[1].group(1))))


def _integer(text: Any) -> int:
    """A whole number of an attribute, 0 for what is none."""
    return int(text) if isinstance(text, str) and text.strip().isascii() and text.strip().isdigit() and len(text) < 10 else 0
