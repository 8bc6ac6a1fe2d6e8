"""Files that mean harm, or that harm came to: each ends in rows or in one sentence. Made when asked for, and what reading one costs; bench/hostile.py prints it of all."""

from __future__ import annotations

import io
import json
import os
import random
import re
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from juzhi.imports.reading import child
from juzhi.imports.reading.words import refusal
from tests.imports.workbooks import workbook

SHEET = "xl/worksheets/sheet1.xml"
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
HEAD = [["姓名", "手机"], ["何清", "19900000101"]]
BROKEN, TOO_MUCH = refusal("broken"), refusal("too_much")
# A process starts with the peak of the one it came from: a small one stands between whoever asks and the child that is measured.
BETWEEN = "import os, sys; pid = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ); used = os.wait4(pid, 0)[2]; print(used.ru_utime + used.ru_stime, used.ru_maxrss, file=sys.stderr)"
BOMB = "文件的压缩方式异常（像压缩炸弹），没有读取"


@dataclass(frozen=True)
class Spent:
    """What reading a file cost the child, and how it ended: its refusal, "" with rows, None if it fell silent."""

    said: str | None
    rows: int
    seconds: float  # of CPU
    peak: float  # megabytes


def spent(path: Path, name: str) -> Spent:
    """Read the file that lies at `path` and is called `name`, as a roster."""
    done = subprocess.run([sys.executable, "-c", BETWEEN, *child.command(path, name, "roster")], capture_output=True, cwd=child.ROOT, env={**os.environ, "PYTHONPATH": str(child.ROOT)}, check=True)
    lines, (seconds, peak) = done.stdout.splitlines(), done.stderr.splitlines()[-1].split()
    is_told = bool(lines) and lines[-1].startswith(b'{"end"')
    return Spent(json.loads(lines[-1])["end"]["refused"] if is_told else None, sum(line.startswith(b"[") for line in lines), float(seconds), int(peak) / 1024)


def put(member: str, content: str | bytes | Callable[[zipfile.ZipFile], None]) -> bytes:
    """A good workbook in which one member is replaced."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook(HEAD))) as good, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for info in good.infolist():
            if info.filename != member:
                made.writestr(info, good.read(info.filename))
        if callable(content):
            content(made)
        else:
            made.writestr(member, content)
    return file.getvalue()


def sheet(rows: str, after: str = "") -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?><worksheet {MAIN}><sheetData>{rows}</sheetData>{after}</worksheet>'


def inline(text: str, place: str = "A1") -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


def archive_of(members: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return file.getvalue()


OUTSIDE = f'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><worksheet {MAIN}><sheetData><row>{inline("&e;")}</row></sheetData></worksheet>'
GOOD = f'<row r="1">{inline("姓名")}{inline("手机", "B1")}</row><row r="2">{inline("何清", "A2")}{inline("19900000101", "B2")}</row>'


def long_string(archive: zipfile.ZipFile, size: int) -> None:
    """One shared string of `size` bytes."""
    with archive.open("xl/sharedStrings.xml", "w") as member:
        member.write(f'<?xml version="1.0" encoding="UTF-8"?><sst {MAIN} count="1" uniqueCount="1"><si><t>'.encode())
        for _ in range(size // 1_000_000):
            member.write(b"a" * 1_000_000)
        member.write(b"</t></si></sst>")


def empty_rows(archive: zipfile.ZipFile) -> None:
    with archive.open(SHEET, "w") as member:
        member.write(f'<?xml version="1.0" encoding="UTF-8"?><worksheet {MAIN}><sheetData>{GOOD}'.encode())
        for start in range(3, 1_048_577, 10_000):
            member.write("".join(f'<row r="{n}" spans="1:2"/>' for n in range(start, min(start + 10_000, 1_048_577))).encode())
        member.write(b"</sheetData></worksheet>")


def encrypted() -> bytes:
    """The container of an encrypted workbook: a compound file whose directory names EncryptedPackage."""
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 504
    return head + "EncryptedPackage".encode("utf-16-le").ljust(128, b"\x00") + b"\x00" * 4096


def locked_archive() -> bytes:
    """Members flagged as encrypted."""
    data = bytearray(workbook(HEAD))
    for match in re.finditer(b"PK\x01\x02", bytes(data)):
        at = match.start() + 8
        data[at : at + 2] = struct.pack("<H", struct.unpack("<H", data[at : at + 2])[0] | 1)
    return bytes(data)


def laughs() -> str:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return f'<?xml version="1.0"?><!DOCTYPE worksheet [<!ENTITY l0 "lol">{entities}]><worksheet {MAIN}><sheetData><row r="1">{inline("&l9;")}</row></sheetData></worksheet>'


def filled(size: int, seed: int = 1) -> bytes:
    """Text that packs well, yet not so well that it looks like a bomb."""
    noise = random.Random(seed)
    return b"".join(bytes(noise.choices(b"bcdefghijklmnopqrstuvwxyz", k=400)) + b"a" * 30_000 for _ in range(size // 30_400 + 1))[:size]


def many_strings(archive: zipfile.ZipFile) -> None:
    with archive.open("xl/sharedStrings.xml", "w") as member:
        member.write(f"<sst {MAIN}>".encode())
        for start in range(0, 90_000_000, 30_400):
            member.write(b"<si><t>" + filled(30_400, start) + b"</t></si>")
        member.write(b"</sst>")


def endless_tag(archive: zipfile.ZipFile) -> None:
    with archive.open(SHEET, "w") as member:
        member.write(f'<worksheet {MAIN}><sheetData><row r="1" x="'.encode() + filled(60_000_000) + b'"/></sheetData></worksheet>')


def many_entries() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        for number in range(20_000):
            made.writestr(f"xl/{number}", b"")
    return file.getvalue()


def twice(first: str, second: str) -> bytes:
    """Two members of one name."""

    def make(archive: zipfile.ZipFile) -> None:
        archive.writestr(SHEET, first)
        archive.filelist.pop()
        del archive.NameToInfo[SHEET]
        archive.writestr(SHEET, second)

    return put(SHEET, make)


def patched(data: bytes, signature: bytes, offset: int, value: bytes, name: bytes = b"sheet1.xml") -> bytes:
    """The archive with bytes changed in the header of one member."""
    found = bytearray(data)
    for match in re.finditer(re.escape(signature), data):
        if name in data[match.start() : match.start() + 90]:
            found[match.start() + offset : match.start() + offset + len(value)] = value
    return bytes(found)


def overlapping() -> bytes:
    """Two entries of the directory that lead to the same bytes."""
    data = put("xl/worksheets/sheet2.xml", sheet(GOOD))
    where = next(match.start() for match in re.finditer(b"PK\x01\x02", data) if b"sheet1.xml" in data[match.start() : match.start() + 90])
    return patched(data, b"PK\x01\x02", 42, data[where + 42 : where + 46], b"sheet2.xml")


ODS = "application/vnd.oasis.opendocument.spreadsheet"
SPACES = " ".join(f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"' for short in ("office", "table", "text", "style", "draw"))


def ods(rows: str, before: str = "", manifest: str = "", styles: str = "") -> bytes:
    """An ods file of these rows."""
    table = f'<office:body><office:spreadsheet><table:table table:name="名单">{rows}</table:table></office:spreadsheet></office:body>'
    content = f'<?xml version="1.0" encoding="UTF-8"?>{before}<office:document-content {SPACES}>{styles}{table}</office:document-content>'
    return archive_of({"mimetype": ODS.encode(), "content.xml": content.encode(), "META-INF/manifest.xml": (manifest or "<m/>").encode()})


def ods_row(*texts: str, more: str = "") -> str:
    return f"<table:table-row{more}>" + "".join(f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>' for text in texts) + "</table:table-row>"


ODS_GOOD = ods_row("姓名", "手机") + ods_row("何清", "19900000101")
REPEATED = ' table:number-rows-repeated="1000000000"'
DEMONSTRATION = Path(__file__).parents[2] / "juzhi" / "demo" / "files"
OLD = DEMONSTRATION / "达实大厦新联会首批会员.xls"


def old(change: Callable[[bytearray], object]) -> bytes:
    """An old workbook with something done to it. Its allocation table begins at the sector that bytes 76 to 79 tell."""
    data = bytearray(OLD.read_bytes())
    change(data)
    return bytes(data)


def loop(data: bytearray) -> None:
    """Every sector is followed by itself."""
    at = 512 + 512 * struct.unpack("<I", data[76:80])[0]
    for number in range(128):
        data[at + 4 * number : at + 4 * number + 4] = struct.pack("<I", number)


def far(data: bytearray) -> None:
    """Every sector is followed by one that is not there."""
    at = 512 + 512 * struct.unpack("<I", data[76:80])[0]
    data[at : at + 512] = struct.pack("<I", 0x00FF_FFFF) * 128


def huge_sectors(data: bytearray) -> None:
    data[30:32] = struct.pack("<H", 31)


def long_directory(data: bytearray) -> None:
    data[44:48] = struct.pack("<I", 0xFFFF_FFF0)


TEXT = "姓名,手机\n何清,19900000101\n"
REFUSED: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "zip bomb of one string": ("a.xlsx", lambda: put("xl/sharedStrings.xml", lambda archive: long_string(archive, 1_000_000_000)), "文件解开后太大，没有读取。请拆成几个文件再导入"),
    "zip bomb under the limit": ("a.xlsx", lambda: put("xl/sharedStrings.xml", lambda archive: long_string(archive, 290_000_000)), BOMB),
    "billion laughs": ("a.xlsx", lambda: put(SHEET, laughs()), "文件里有不该有的定义（实体展开），为安全起见没有读取"),
    "external entity": ("a.xlsx", lambda: put(SHEET, OUTSIDE), "文件里有不该有的定义（实体展开），为安全起见没有读取"),
    "encrypted": ("a.xlsx", encrypted, "文件有密码保护，请去掉密码后再导入"),
    "encrypted members": ("a.xlsx", locked_archive, "文件有密码保护，请去掉密码后再导入"),
    "truncated": ("a.xlsx", lambda: workbook(HEAD)[:-300], BROKEN),
    "broken in the middle": ("a.xlsx", lambda: (lambda data: data[:400] + b"\xff" * 200 + data[600:])(workbook(HEAD * 200)), BROKEN),
    "broken xml": ("a.xlsx", lambda: put(SHEET, f"<worksheet {MAIN}><sheetData><row>"), BROKEN),
    "not xml": ("a.xlsx", lambda: put(SHEET, b"\x00\x01\x02" * 100), BROKEN),
    "row beyond the last": ("a.xlsx", lambda: put(SHEET, sheet('<row r="9999999"><c r="A9999999"><v>1</v></c></row>')), "表格损坏：有的单元格在表外，请用 Excel 或 WPS 打开后另存一份再导入"),
    "pdf named xlsx": ("a.xlsx", lambda: b"%PDF-1.7\n1 0 obj", "这不是表格，内容是PDF。可以导入的有 .xlsx、.xls、.ods、.csv"),
    "picture named xls": ("a.xls", lambda: b"\x89PNG\r\n\x1a\n", "这不是表格，内容是图片。可以导入的有 .xlsx、.xls、.ods、.csv"),
    "program named csv": ("a.csv", lambda: b"MZ\x90\x00", "这不是表格，内容是程序。可以导入的有 .xlsx、.xls、.ods、.csv"),
    "xlsx named csv": ("a.csv", lambda: workbook(HEAD), "文件名以 .csv 结尾，内容却是Excel 工作簿（xlsx），没有读取。请用 Excel 或 WPS 打开后另存为 .xlsx 再导入"),
    "csv named xlsx": ("a.xlsx", lambda: TEXT.encode(), "文件名以 .xlsx 结尾，内容却是文本，没有读取。请用 Excel 或 WPS 打开后另存为 .xlsx 再导入"),
    "web page named xls": ("a.xls", lambda: b"<html><table><tr><td>x", "这是网页或 XML 另存成的表格，没有读取。请用 Excel 或 WPS 打开后另存为 .xlsx 再导入"),
    "plain archive": ("a.xlsx", lambda: archive_of({"a.txt": b"x"}), "这是压缩包，不是表格。可以导入的有 .xlsx、.xls、.ods、.csv"),
    "word document": ("a.xlsx", lambda: archive_of({"word/document.xml": b"x"}), "这是 Word 文档，不是表格。可以导入的有 .xlsx、.xls、.ods、.csv"),
    "no suffix": ("roster", lambda: TEXT.encode(), "不能导入「没有后缀」这种文件，可以导入的有 .xlsx、.xls、.ods、.csv"),
    "docx": ("a.docx", lambda: b"PK", "不能导入「.docx」这种文件，可以导入的有 .xlsx、.xls、.ods、.csv"),
    "empty": ("a.csv", lambda: b"", "文件里没有任何内容"),
    "blank sheet": ("a.xlsx", lambda: workbook([]), "文件里没有任何内容"),
    "no heading": ("a.xlsx", lambda: workbook([["甲", "乙"], ["1", "2"]]), "找不到表头：前 25 行里没有认识的列名。表头里至少要有「姓名」和另外一列"),
    "old workbook cut off": ("a.xls", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 100, BROKEN),
    "old workbook of noise": ("a.xls", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(range(256)) * 40, BROKEN),
    "zero bytes in text": ("a.csv", lambda: "姓名,手机\n何\0清,1\n".encode(), "文件里有空字符，不是文本表格。请用 Excel 或 WPS 打开后另存为 .xlsx 再导入"),
    "no encoding": ("a.csv", lambda: b"\xff\xff\xff\x81\xff,\xff", "认不出文件的编码（既不是 UTF-8 也不是 GB18030），请用 Excel 或 WPS 打开后另存为 .xlsx 再导入"),
    "cell of ten megabytes in text": ("a.csv", lambda: TEXT.encode() + b'"' + b"a" * 10_000_000 + b'",1\n', "第 3 行读不下去（引号没有成对，或一格太长），请用 Excel 或 WPS 打开后另存为 .xlsx 再导入"),
    "directory of twenty thousand entries": ("a.xlsx", many_entries, "文件解开后太大，没有读取。请拆成几个文件再导入"),
    "size that is not true": ("a.xlsx", lambda: patched(workbook(HEAD * 500), b"PK\x01\x02", 24, struct.pack("<I", 100)), BROKEN),
    "packed in a way no workbook is": ("a.xlsx", lambda: patched(workbook(HEAD), b"PK\x01\x02", 10, struct.pack("<H", 14)), BROKEN),
    "strings of ninety megabytes": ("a.xlsx", lambda: put("xl/sharedStrings.xml", many_strings), "文件解开后太大，没有读取。请拆成几个文件再导入"),
    "endless tag": ("a.xlsx", lambda: put(SHEET, endless_tag), BROKEN),
    "a million elements deep": ("a.xlsx", lambda: put(SHEET, f"<worksheet {MAIN}><sheetData>" + "<a>" * 1_000_000), BROKEN),
    "rows in rows": ("a.xlsx", lambda: put(SHEET, f"<worksheet {MAIN}><sheetData>" + '<row r="1"><c>' * 100_000), BROKEN),
    "three hundred sheets of one member": (
        "a.xlsx",
        lambda: put(
            "xl/workbook.xml",
            f'<workbook {MAIN} xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>' + "".join(f'<sheet name="{n}" sheetId="{n}" r:id="rId1"/>' for n in range(1, 301)) + "</sheets></workbook>",
        ),
        TOO_MUCH,
    ),
    "entities in the list of sheets": ("a.xlsx", lambda: put("xl/workbook.xml", laughs()), "文件里有不该有的定义（实体展开），为安全起见没有读取"),
    "entities in the formats": ("a.xlsx", lambda: put("xl/styles.xml", laughs()), "文件里有不该有的定义（实体展开），为安全起见没有读取"),
    "sheet that is not there": ("a.xlsx", lambda: put("xl/_rels/workbook.xml.rels", "<Relationships/>"), BROKEN),
    "binary workbook": ("a.xlsb", lambda: archive_of({"xl/workbook.bin": b""}), "这是二进制工作簿（.xlsb），请用 Excel 或 WPS 打开后另存为 .xlsx 再导入"),
    "binary workbook named xlsx": ("a.xlsx", lambda: archive_of({"xl/workbook.bin": b""}), "这是二进制工作簿（.xlsb），请用 Excel 或 WPS 打开后另存为 .xlsx 再导入"),
    "ods: a row a thousand million times": ("a.ods", lambda: ods(ODS_GOOD + ods_row("何明", "1", more=REPEATED)), "表格的行数太多，没有读取。请删去空行和无关的工作表再导入"),
    "ods: entities": ("a.ods", lambda: ods(ODS_GOOD, before='<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'), "文件里有不该有的定义（实体展开），为安全起见没有读取"),
    "ods: encrypted": ("a.ods", lambda: ods(ODS_GOOD, manifest='<manifest xmlns:m="urn:m"><m:encryption-data/></manifest>'), "文件有密码保护，请去掉密码后再导入"),
    "ods: without content": ("a.ods", lambda: archive_of({"mimetype": ODS.encode()}), BROKEN),
    "ods: half a million elements deep": ("a.ods", lambda: ods("<table:table>" * 500_000), BROKEN),
    "a line of a hundred megabytes": ("a.csv", lambda: TEXT.encode() + b"a," * 50_000_000, "第 3 行读不下去（引号没有成对，或一格太长），请用 Excel 或 WPS 打开后另存为 .xlsx 再导入"),
    "a quoted record of endless lines": ("a.csv", lambda: TEXT.encode() + b'"a\n",' * 100_000, "第 3 行读不下去（引号没有成对，或一格太长），请用 Excel 或 WPS 打开后另存为 .xlsx 再导入"),
    "a quote that is never closed": ("a.csv", lambda: TEXT.encode() + b'"' + "何明\n".encode() * 100_000, "第 3 行读不下去（引号没有成对，或一格太长），请用 Excel 或 WPS 打开后另存为 .xlsx 再导入"),
    "two hundred thousand rows and one": ("a.csv", lambda: "姓名,手机\n".encode() + "何清,1\n".encode() * 200_001, "文件超过 200000 行，请拆成几个文件再导入"),
    "old workbook: sectors in a loop": ("a.xls", lambda: old(loop), BROKEN),
    "old workbook: sectors far away": ("a.xls", lambda: old(far), BROKEN),
    "old workbook: sectors too large": ("a.xls", lambda: old(huge_sectors), BROKEN),
    "old workbook: half": ("a.xls", lambda: OLD.read_bytes()[: len(OLD.read_bytes()) // 2], BROKEN),
}
READ: dict[str, tuple[str, Callable[[], bytes], list[tuple[int, str, str | None]]]] = {
    "far cell": ("a.xlsx", lambda: put(SHEET, sheet(GOOD + f'<row r="1048576">{inline("x", "XFD1048576")}</row>')), [(2, "create", "何清")]),
    "a million empty rows": ("a.xlsx", lambda: put(SHEET, empty_rows), [(2, "create", "何清")]),
    "cell of ten megabytes": ("a.xlsx", lambda: put(SHEET, sheet(GOOD + f'<row r="3">{inline("".join(f"字{n * n}" for n in range(800_000)), "A3")}{inline("1", "B3")}</row>')), [(2, "create", "何清"), (3, "refuse", "broken_name")]),
    "cell of a million spaces": ("a.xlsx", lambda: put(SHEET, sheet(GOOD + f'<row r="3">{inline("何明" + " " * 32_000 + "a", "A3")}</row>')), [(2, "create", "何清"), (3, "refuse", "broken_name")]),
    "zero byte, control, lone surrogate": (
        "a.xlsx",
        lambda: put(SHEET, sheet(GOOD + "".join(f'<row r="{n}">{inline(text, f"A{n}")}</row>' for n, text in ((3, "何_x0000_明"), (4, "何_x0007_明"), (5, "何_xD800_明"), (6, "何\u202e明"))))),
        [(2, "create", "何清"), (3, "refuse", "broken_name"), (4, "refuse", "broken_name"), (5, "refuse", "broken_name"), (6, "create", "何明")],
    ),
    "surrogate in a heading": ("a.xlsx", lambda: put(SHEET, sheet(GOOD.replace("</row>", f"{inline('甲_xD800__x0000_', 'C1')}</row>", 1))), [(2, "create", "何清")]),
    "gb18030": ("a.csv", lambda: TEXT.encode("gb18030"), [(2, "create", "何清")]),
    "utf-8 with mark": ("a.csv", lambda: TEXT.encode("utf-8-sig"), [(2, "create", "何清")]),
    "utf-16": ("a.csv", lambda: TEXT.replace(",", "\t").encode("utf-16"), [(2, "create", "何清")]),
    "semicolons": ("a.csv", lambda: TEXT.replace(",", ";").encode(), [(2, "create", "何清")]),
    "tabs": ("a.tsv", lambda: TEXT.replace(",", "\t").encode(), [(2, "create", "何清")]),
    "old line ends": ("a.csv", lambda: TEXT.replace("\n", "\r").encode(), [(2, "create", "何清")]),
    "xlsx named xls": ("a.xls", lambda: workbook(HEAD), [(2, "create", "何清")]),
    "numbers that are none": (
        "a.xlsx",
        lambda: put(SHEET, sheet(GOOD + '<row r="3"><c r="A3"><v>nan</v></c></row><row r="4"><c r="A4"><v>1e400</v></c><c r="B4" t="s"><v>99999</v></c></row>')),
        [(2, "create", "何清"), (3, "create", "nan"), (4, "create", "1e400")],
    ),
    "two members of one name": ("a.xlsx", lambda: twice(sheet(""), sheet(GOOD)), [(2, "create", "何清")]),
    "entries that overlap": ("a.xlsx", overlapping, [(2, "create", "何清")]),
    "names that climb out": ("a.xlsx", lambda: put("../../../../etc/passwd", "x"), [(2, "create", "何清")]),
    "hundred thousand merges": (
        "a.xlsx",
        lambda: put(
            SHEET,
            sheet(
                GOOD + "".join(f'<row r="{n}">{inline("何明", f"A{n}")}</row>' for n in range(3, 2003)),
                "<mergeCells>" + "".join(f'<mergeCell ref="A{n}:A{n + 9000}"/><mergeCell ref="C{n}:Z{n + 9000}"/>' for n in range(3000, 53_000)) + "</mergeCells>",
            ),
        ),
        [(2, "create", "何清"), *((n, "create", "何明") for n in range(3, 2003))],
    ),
    "indices below zero": (
        "a.xlsx",
        lambda: put(SHEET, sheet(GOOD + '<row r="-3"><c r="A-3" t="s" s="-1"><v>-1</v></c><c r="B3" s="-7"><v>19900000102</v></c></row>')),
        [(2, "create", "何清"), (3, "refuse", "missing_name")],
    ),
    "gigantic numbers": (
        "a.xlsx",
        lambda: put(
            SHEET,
            sheet(GOOD + f'<row r="3">{inline("何明", "A3")}<c r="B3"><v>{"9" * 4000}</v></c></row><row r="4">{inline("何亮", "A4")}<c r="B4"><v>-inf</v></c></row><row r="5">{inline("何飞", "A5")}<c r="B5" s="1"><v>1e308</v></c></row>'),
        ),
        [(2, "create", "何清"), (3, "create", "何明"), (4, "create", "何亮"), (5, "create", "何飞")],
    ),
    "row number that is none": ("a.xlsx", lambda: put(SHEET, sheet(GOOD + f'<row r="99999999999999999999">{inline("何明")}</row>')), [(2, "create", "何清"), (3, "create", "何明")]),
    "ods: empty rows a thousand million times": ("a.ods", lambda: ods(ODS_GOOD + f"<table:table-row{REPEATED}><table:table-cell/></table:table-row>"), [(2, "create", "何清")]),
    "ods: columns a thousand million times": (
        "a.ods",
        lambda: ods(ODS_GOOD + '<table:table-row><table:table-cell table:number-columns-repeated="1000000000"><text:p>x</text:p></table:table-cell></table:table-row>'),
        [(2, "create", "何清"), (3, "create", "x")],
    ),
    "zip comment and leading bytes": ("a.xlsx", lambda: workbook(HEAD) + b"\0" * 100, [(2, "create", "何清")]),
}
