"""A whole file: what it really is, which sheets have a heading, and its rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from juzhi.base.errors import Refused
from juzhi.base.importers import Importer, Row
from juzhi.imports.reading import ods, plain, rows, xls, xlsx
from juzhi.imports.reading.grid import MOST_RECORDS, Book
from juzhi.imports.reading.package import Package, opened
from juzhi.imports.reading.repeats import Later, Repeats
from juzhi.imports.reading.rows import SheetRead
from juzhi.imports.reading.words import refusal

KINDS = {"xlsx": (".xlsx", ".xlsm", ".xltx"), "ods": (".ods",), "xls": (".xls", ".et"), "text": (".csv", ".txt", ".tsv")}
NAMES = {"xlsx": _("Excel 工作簿（xlsx）"), "ods": _("OpenDocument 表格"), "xls": _("旧版 Excel（xls）"), "text": _("文本")}
READERS: dict[str, Callable[[str], Book]] = {"xlsx": xlsx.read, "ods": ods.read, "xls": xls.read, "text": plain.read}
OTHERS = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", _("图片")),
    (b"\xff\xd8\xff", _("图片")),
    (b"GIF8", _("图片")),
    (b"Rar!", _("RAR 压缩包")),
    (b"7z\xbc\xaf", _("7z 压缩包")),
    (b"MZ", _("程序")),
    (b"\x7fELF", _("程序")),
    (b"SQLite format", _("数据库")),
)


@dataclass
class Reading:
    """Everything a file says, without anything it must not."""

    encoding: str = ""
    delimiter: str = ""
    sheets: list[SheetRead] = field(default_factory=list)
    not_imported: list[str] = field(default_factory=list)
    not_stored: list[str] = field(default_factory=list)
    hidden_sheets: list[str] = field(default_factory=list)
    rows: Sequence[Row] = field(default_factory=list)
    refused: str = ""

    def headings(self) -> dict[str, Any]:
        """What a batch keeps of it besides the rows."""
        told: dict[str, Any] = {"encoding": self.encoding, "delimiter": self.delimiter} if self.encoding else {}
        hidden = {"hidden_sheets": self.hidden_sheets} if self.hidden_sheets else {}
        return {**told, "sheets": [asdict(sheet) for sheet in self.sheets], "not_imported": self.not_imported, "not_stored": self.not_stored, **hidden}


def read_book(path: str, filename: str, importer: Importer, mapping: Mapping[str, str] | None = None) -> Reading:
    """Read a file of a kind. Raises Refused, in one plain sentence, for one that cannot be read."""
    found: list[Row] = []
    reading, later = stream_book(path, filename, importer, found.append, mapping)
    for place, told in later.items():
        told.tell(found[place])
    reading.rows = found
    return reading


def stream_book(path: str, filename: str, importer: Importer, take: Callable[[Row], Any], mapping: Mapping[str, str] | None = None) -> tuple[Reading, dict[int, Later]]:
    """Read a file and hand each row to `take` as soon as it is understood. Returns what was read besides the rows, and {place: what that row must still be told}."""
    book = READERS[kind_of(path, filename)](path)
    found = Reading(book.encoding, book.delimiter)
    counted = _Counted(importer, take)
    is_empty = True
    for sheet in book.sheets:
        if sheet.is_hidden:
            found.hidden_sheets.append(rows.headings.shown(sheet.name or ""))
            continue
        read, has_lines = rows.read(importer, sheet, mapping or {}, counted)
        is_empty = is_empty and not has_lines
        if read is not None:
            found.sheets.append(read)
    if not found.sheets:
        heads = "、".join(str(one.label) for one in importer.fields if one.required)
        raise Refused(refusal("empty") if is_empty else refusal("no_heading", within=rows.headings.WITHIN, heads=heads))
    found.not_imported = list(dict.fromkeys(heading for sheet in found.sheets for heading in sheet.left_out))
    found.not_stored = rows.fields_not_stored(importer.fields, found.sheets)
    return found, counted.repeats.later


class _Counted:
    """Hands rows on, as many as an import may have, once it is known whether they repeat one before."""

    def __init__(self, importer: Importer, take: Callable[[Row], Any]) -> None:
        self.take, self.repeats, self.rows = take, Repeats(importer), 0

    def __call__(self, row: Row) -> None:
        self.rows += 1
        if self.rows > MOST_RECORDS:
            raise Refused(refusal("more_rows", most=MOST_RECORDS))
        self.repeats.see(row)
        self.take(row)


def kind_of(path: str, filename: str) -> str:
    """What the file is by its content. Raises Refused where that is no table, or not what its name says."""
    ending = Path(filename).suffix.lower()
    with open(path, "rb") as file:
        head = file.read(4096)
        tail = head + file.read(1024 * 1024) if head.startswith(b"\xd0\xcf\x11\xe0") else b""
    if ending == ".xlsb":
        raise Refused(refusal("binary_workbook"))
    if not any(ending in endings for endings in KINDS.values()):
        raise Refused(refusal("ending", ending=ending or _("没有后缀")))
    kind = _by_content(path, head, tail)
    if ending not in KINDS[kind]:
        if {kind, next(one for one, endings in KINDS.items() if ending in endings)} == {"xlsx", "xls"}:
            return kind
        raise Refused(refusal("other_content", ending=ending, what=NAMES[kind]))
    return kind


def _by_content(path: str, head: bytes, tail: bytes) -> str:
    for mark, name in OTHERS:
        if head.startswith(mark):
            raise Refused(refusal("not_a_table", what=name))
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        if "EncryptedPackage".encode("utf-16-le") in tail:
            raise Refused(refusal("protected"))
        return "xls"
    if head.startswith(b"PK"):
        with opened(path) as package:
            return _of_package(package)
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith((b"<html", b"<!doctype", b"<table", b"<?xml")):
        raise Refused(refusal("web_page"))
    return "text"


def _of_package(package: Package) -> str:
    if "xl/workbook.bin" in package:
        raise Refused(refusal("binary_workbook"))
    if b"opendocument.spreadsheet" in package.beginning("mimetype"):
        return "ods"
    if b"spreadsheetml" in package.beginning("[Content_Types].xml") or "xl/workbook.xml" in package:
        return "xlsx"
    if any(name.startswith("word/") for name in package.names):
        raise Refused(refusal("word_document"))
    raise Refused(refusal("archive"))
