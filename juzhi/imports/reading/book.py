"""A whole file: what it really is, which sheets have a heading, and its rows."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from juzhi.base.errors import Refused
from juzhi.base.importers import Importer, Row
from juzhi.imports.reading import legacy, plain, rows, xlsx
from juzhi.imports.reading.grid import Book
from juzhi.imports.reading.rows import SheetRead

KINDS = {"xlsx": (".xlsx", ".xlsm", ".xltx"), "ods": (".ods",), "xls": (".xls", ".et"), "text": (".csv", ".txt", ".tsv")}
NAMES = {"xlsx": "Excel 工作簿（xlsx）", "ods": "OpenDocument 表格", "xls": "旧版 Excel（xls）", "text": "文本"}
OTHERS = ((b"%PDF", "PDF"), (b"\x89PNG", "图片"), (b"\xff\xd8\xff", "图片"), (b"GIF8", "图片"), (b"Rar!", "RAR 压缩包"), (b"7z\xbc\xaf", "7z 压缩包"), (b"MZ", "程序"), (b"\x7fELF", "程序"), (b"SQLite format", "数据库"))
ACCEPTED = "可以导入的有 .xlsx、.xls、.ods、.csv"


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
        heads = "、".join(one.label for one in importer.fields if one.required)
        empty = not any(sheet.rows for sheet in book.sheets)
        raise Refused("文件里没有任何内容" if empty else f"找不到表头：前 {rows.headings.WITHIN} 行里没有认识的列名。表头里至少要有「{heads}」和另外一列")
    rows.find_repeats(importer, found.rows)
    if importer.kind == "roster":
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
        raise Refused(f"不能导入「{ending or '没有后缀'}」这种文件，{ACCEPTED}")
    kind = _by_content(path, head, tail)
    if ending not in KINDS[kind]:
        if {kind, next(one for one, endings in KINDS.items() if ending in endings)} == {"xlsx", "xls"}:
            return kind
        raise Refused(f"文件名以 {ending} 结尾，内容却是{NAMES[kind]}，没有读取。请用 Excel 或 WPS 打开后另存为 .xlsx 再导入")
    return kind


def _by_content(path: str, head: bytes, tail: bytes) -> str:
    for mark, name in OTHERS:
        if head.startswith(mark):
            raise Refused(f"这不是表格，内容是{name}。{ACCEPTED}")
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        if "EncryptedPackage".encode("utf-16-le") in tail:
            raise Refused("文件有密码保护，请去掉密码后再导入")
        return "xls"
    if head.startswith(b"PK"):
        return _of_archive(path)
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith((b"<html", b"<!doctype", b"<table", b"<?xml")):
        raise Refused("这是网页或 XML 另存成的表格，没有读取。请用 Excel 或 WPS 打开后另存为 .xlsx 再导入")
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
                raise Refused(f"这是 Word 文档，不是表格。{ACCEPTED}")
    except (zipfile.BadZipFile, EOFError, NotImplementedError) as error:
        raise Refused(xlsx.BROKEN) from error
    raise Refused(f"这是压缩包，不是表格。{ACCEPTED}")
