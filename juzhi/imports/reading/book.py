"""A whole file: what it really is, which sheets have a heading, and its rows."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from juzhi.base.errors import Refused
from juzhi.base.importers import Importer, Row
from juzhi.imports.reading import legacy, plain, rows, xlsx
from juzhi.imports.reading.grid import Book
from juzhi.imports.reading.rows import SheetRead
from juzhi.imports.reading.words import refusal

KINDS = {"xlsx": (".xlsx", ".xlsm", ".xltx"), "ods": (".ods",), "xls": (".xls", ".et"), "text": (".csv", ".txt", ".tsv")}
NAMES = {"xlsx": _("Excel 工作簿（xlsx）"), "ods": _("OpenDocument 表格"), "xls": _("旧版 Excel（xls）"), "text": _("文本")}
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
    rows: list[Row] = field(default_factory=list)
    refused: str = ""

    def headings(self) -> dict[str, Any]:
        """What a batch keeps of it besides the rows."""
        told: dict[str, Any] = {"encoding": self.encoding, "delimiter": self.delimiter} if self.encoding else {}
        return {**told, "sheets": [asdict(sheet) for sheet in self.sheets], "not_imported": self.not_imported, "not_stored": self.not_stored}


def read_book(path: str, filename: str, importer: Importer, mapping: Mapping[str, str] | None = None, tell: Callable[[int, int], None] | None = None) -> Reading:
    """Read a file of a kind. Raises Refused, in one plain sentence, for one that cannot be read."""
    kind = kind_of(path, filename)
    book: Book = {"xlsx": xlsx.read, "ods": legacy.read, "xls": legacy.read, "text": plain.read}[kind](path)
    found = Reading(book.encoding, book.delimiter)
    for number, sheet in enumerate(book.sheets):
        if sheet.is_hidden:
            continue
        if tell is not None:
            tell(number, len(book.sheets))
        read = rows.read(importer, sheet, mapping or {})
        if read is not None:
            found.sheets.append(read[0])
            found.rows += read[1]
    if not found.sheets:
        heads = "、".join(str(one.label) for one in importer.fields if one.required)
        empty = not any(sheet.rows for sheet in book.sheets)
        raise Refused(refusal("empty") if empty else refusal("no_heading", within=rows.headings.WITHIN, heads=heads))
    rows.find_repeats(importer, found.rows)
    if importer.tells_namesakes:
        rows.tell_namesakes(found.rows)
    found.not_imported = list(dict.fromkeys(heading for sheet in found.sheets for heading in sheet.left_out))
    found.not_stored = rows.fields_not_stored(importer.fields, found.sheets)
    return found


def kind_of(path: str, filename: str) -> str:
    """What the file is by its content. Raises Refused where that is no table, or not what its name says."""
    ending = Path(filename).suffix.lower()
    with open(path, "rb") as file:
        head = file.read(4096)
        tail = head + file.read(1024 * 1024) if head.startswith(b"\xd0\xcf\x11\xe0") else b""
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
        return _of_archive(path)
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith((b"<html", b"<!doctype", b"<table", b"<?xml")):
        raise Refused(refusal("web_page"))
    return "text"


def _of_archive(path: str) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            xlsx.check(archive)
            names = archive.namelist()
            if any(name.startswith("xl/") for name in names):
                return "xlsx"
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 200 and b"opendocument.spreadsheet" in archive.read("mimetype"):
                return "ods"
            if any(name.startswith("word/") for name in names):
                raise Refused(refusal("word_document"))
    except (zipfile.BadZipFile, EOFError, NotImplementedError) as error:
        raise Refused(refusal("broken")) from error
    raise Refused(refusal("archive"))
