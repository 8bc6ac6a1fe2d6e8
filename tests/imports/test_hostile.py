"""Whatever a file does, it ends in rows or in one plain sentence, within its time and memory; the process that asked goes on."""

from __future__ import annotations

import io
import json
import os
import re
import resource
import struct
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from juzhi.base.errors import Refused
from juzhi.imports.reading import Reading, child, read_in_child
from juzhi.imports.reading.child import CPU, ROOT
from juzhi.imports.reading.words import refusal
from tests.imports.office import workbook

SHEET = "xl/worksheets/sheet1.xml"
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
HEAD = [["姓名", "手机"], ["何清", "19900000101"]]
BROKEN, TOO_MUCH = refusal("broken"), refusal("too_much")
BOMB = "文件的压缩方式异常（像压缩炸弹），没有读取"


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
    "plain archive": ("a.xlsx", lambda: _archive({"a.txt": b"x"}), "这是压缩包，不是表格。可以导入的有 .xlsx、.xls、.ods、.csv"),
    "word document": ("a.xlsx", lambda: _archive({"word/document.xml": b"x"}), "这是 Word 文档，不是表格。可以导入的有 .xlsx、.xls、.ods、.csv"),
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
    "surrogate in a heading": ("a.xlsx", lambda: put(SHEET, sheet(GOOD.replace("</row>", f'{inline("甲_xD800__x0000_", "C1")}</row>', 1))), [(2, "create", "何清")]),
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
}


def _archive(members: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        for name, content in members.items():
            made.writestr(name, content)
    return file.getvalue()


def read(folder: Path, name: str, data: bytes) -> Reading:
    path = folder / "kept"
    path.write_bytes(data)
    return read_in_child(path, name, "roster")


@pytest.mark.parametrize("case", list(REFUSED))
def test_refused_in_one_plain_sentence(tmp_path: Path, case: str) -> None:
    name, make, sentence = REFUSED[case]
    with pytest.raises(Refused) as refused:
        read(tmp_path, name, make())
    assert refused.value.message == sentence


@pytest.mark.parametrize("case", list(READ))
def test_read_as_far_as_it_can_be(tmp_path: Path, case: str) -> None:
    name, make, rows = READ[case]
    found = read(tmp_path, name, make())
    assert [(row.row, row.action, row.reason or row.values["name"]) for row in found.rows] == rows


def spent(folder: Path, name: str, data: bytes) -> tuple[float, float]:
    """Seconds and megabytes that reading this file costs the child."""
    path = folder / "kept"
    path.write_bytes(data)
    command = [sys.executable, "-m", "juzhi.imports.reading", "juzhi.members.imports", "roster", str(path), name, "{}"]
    begun = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)})
    _pid, _status, usage = os.wait4(process.pid, 0)
    process.returncode = 0
    return time.monotonic() - begun, usage.ru_maxrss / 1024


@pytest.mark.parametrize("case", ["zip bomb of one string", "zip bomb under the limit", "billion laughs", "row beyond the last"])
def test_refusing_costs_little(tmp_path: Path, case: str) -> None:
    _seconds, usual = spent(tmp_path, "a.xlsx", workbook(HEAD))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    _seconds, most = spent(tmp_path, REFUSED[case][0], REFUSED[case][1]())
    assert most - usual <= 100
    with pytest.raises(Refused):
        read_in_child(tmp_path / "kept", "a.xlsx", "roster")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 - before <= 100


@pytest.mark.parametrize("case", ["far cell", "a million empty rows"])
def test_reading_costs_little(tmp_path: Path, case: str) -> None:
    _seconds, usual = spent(tmp_path, "a.xlsx", workbook(HEAD))
    _seconds, most = spent(tmp_path, READ[case][0], READ[case][1]())
    assert most - usual <= 100


def test_a_child_that_does_not_end_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "PATIENCE", 2)
    os.mkfifo(tmp_path / "kept")  # nobody ever writes into it
    begun = time.monotonic()
    with pytest.raises(Refused) as refused:
        read_in_child(tmp_path / "kept", "a.csv", "roster")
    assert refused.value.message == TOO_MUCH
    assert time.monotonic() - begun < 10


def test_a_child_that_wants_too_much_memory_is_refused_it(tmp_path: Path) -> None:
    """The same file under a limit of four megabytes: the sentence says so, and the parent goes on."""
    script = "from juzhi.imports.reading import child; child.MEMORY = 4_000_000; import sys; child.speak(*sys.argv[1:6])"
    path = tmp_path / "kept"
    path.write_bytes(("姓名,手机\n" + "何清,19900000101\n" * 400_000).encode())
    command = [sys.executable, "-c", script, "juzhi.members.imports", "roster", str(path), "a.csv", "{}"]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout
    assert json.loads(said.splitlines()[-1])["end"]["refused"] == TOO_MUCH


def test_the_child_is_given_nothing_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUZHI_SECRET_KEY", "not for the child")
    monkeypatch.setenv("JUZHI_DATABASE_URL", "sqlite:///x")
    assert not any("JUZHI" in name for name in child._environment())


def test_the_child_has_its_limits(tmp_path: Path) -> None:
    """They are set before the file is opened."""
    path = tmp_path / "kept"
    path.write_bytes(TEXT.encode())
    script = (
        "import resource, json; from juzhi.imports.reading import child\n"
        "child.stream_book = lambda *a: (_ for _ in ()).throw(child.Refused(json.dumps([resource.getrlimit(resource.RLIMIT_CPU)[0], resource.getrlimit(resource.RLIMIT_FSIZE)[0], resource.getrlimit(resource.RLIMIT_AS)[0] > 0])))\n"
        f"child.speak('juzhi.members.imports', 'roster', {str(path)!r}, 'a.csv', '{{}}')"
    )
    said = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert json.loads(json.loads(said)["end"]["refused"]) == [CPU, 0, True]
