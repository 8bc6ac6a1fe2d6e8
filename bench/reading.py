"""Reading a roster of 100,000 rows and ten columns in the child process, beside calamine and openpyxl. Run: python -m bench.reading [ROWS]

Prints for each kind of file: seconds of CPU and peak memory of the child, what its rows take in the process that asked, and the same for the
libraries, which give cells only (no headings, dates, telephone numbers, repeats).
"""

from __future__ import annotations

import csv
import importlib
import io
import os
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from django.conf import settings

settings.configure(USE_I18N=False, LANGUAGE_CODE="zh-hans", LANGUAGES=[("zh-hans", "中文")])

from juzhi.imports.reading import child  # noqa: E402 sentences need settings
from tests.imports.hostile import BETWEEN  # noqa: E402

ROOT = Path(__file__).resolve().parents[1]
HEAD = ("序号", "姓名", "性别", "出生年月", "单位", "职务", "手机", "邮箱", "入会时间", "会内职务")
SURNAMES, GIVEN = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平"
LIBRARIES = {
    "calamine": "import sys; from python_calamine import CalamineWorkbook as B; print(sum(1 for _ in B.from_path(sys.argv[1]).get_sheet_by_index(0).iter_rows()))",
    "openpyxl": "import sys, openpyxl; print(sum(1 for _ in openpyxl.load_workbook(sys.argv[1], read_only=True).active.iter_rows(values_only=True)))",
}


def people(rows: int) -> Iterator[tuple[str, ...]]:
    """Invented members, most cells of which stand nowhere else."""
    for n in range(rows):
        name = SURNAMES[n % 20] + GIVEN[n // 20 % 20] + GIVEN[n // 400 % 20] + ("" if n < 8000 else chr(0x4E00 + n // 8000))
        yield str(n + 1), name, "男女"[n % 2], f"{1950 + n % 50}.{n % 12 + 1:02}", f"云塔科技{n % 3000}公司", "工程师", f"199{n:08}", f"m{n}@example.org", f"20{n % 20:02}-{n % 12 + 1:02}-15", "会员"


def as_xlsx(rows: int, path: Path, *, inline: bool = False) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(path, {"constant_memory": inline}) as book:
        page = book.add_worksheet("名单")
        for number, row in enumerate((("达标大厦会员名册",), HEAD, *people(rows))):
            page.write_row(number, 0, row)


def as_csv(rows: int, path: Path) -> None:
    with path.open("w", encoding="gb18030", newline="") as file:
        csv.writer(file).writerows((HEAD, *people(rows)))


def as_ods(rows: int, path: Path) -> None:
    spaces = " ".join(f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"' for short in ("office", "table", "text"))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        manifest = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
        archive.writestr("META-INF/manifest.xml", f'<manifest:manifest xmlns:manifest="{manifest}"><manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>')
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        with archive.open("content.xml", "w") as member, io.TextIOWrapper(member, encoding="utf-8") as file:
            file.write(f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces}><office:body><office:spreadsheet><table:table table:name="名单">')
            for row in (HEAD, *people(rows)):
                cells = "".join(f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>' for text in row)
                file.write(f"<table:table-row>{cells}</table:table-row>")
            file.write("</table:table></office:spreadsheet></office:body></office:document-content>")


FILES: dict[str, tuple[str, Callable[[int, Path], None]]] = {
    "xlsx": ("a.xlsx", as_xlsx),
    "xlsx, strings in cells": ("b.xlsx", lambda rows, path: as_xlsx(rows, path, inline=True)),
    "csv, gb18030": ("a.csv", as_csv),
    "ods": ("a.ods", as_ods),
}
PARENT = """
import sys, json, resource, importlib, time
from django.conf import settings
settings.configure(USE_I18N=False, LANGUAGE_CODE="zh-hans", LANGUAGES=[("zh-hans", "中文")])
importlib.import_module("juzhi.members.imports")
from pathlib import Path
from juzhi.imports.reading import read_in_child
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
before, busy = peak(), time.process_time()
found = read_in_child(Path(sys.argv[1]), sys.argv[2], "roster")
print(sum(1 for _ in found.rows), peak() - before, time.process_time() - busy)
"""


def spent(command: list[str]) -> tuple[float, float, str]:
    """Seconds of CPU and peak megabytes of a process, with its own children, and the end of what it prints."""
    whole = [sys.executable, "-c", BETWEEN, *command]
    done = subprocess.run(whole, capture_output=True, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=True)  # noqa: S603 our own program
    seconds, peak = done.stderr.splitlines()[-1].split()
    return float(seconds), int(peak) / 1024, done.stdout[-80:].decode("utf-8", "replace").strip()


def main(rows: int) -> None:
    importlib.import_module("juzhi.members.imports")  # the roster is declared there
    print(f"{rows:,} rows, {len(HEAD)} columns")
    print(f"{'':34}{'CPU s':>8}{'peak MB':>9}{'asker CPU s':>13}{'asker MB':>10}{'clock s':>9}")
    with tempfile.TemporaryDirectory() as folder:
        for label, (name, _make) in FILES.items():
            path = Path(folder) / name
            spent([sys.executable, "-c", f"from bench.reading import *; FILES[{label!r}][1]({rows}, Path({str(path)!r}))"])
            seconds, peak, end = spent(child.command(path, name, "roster"))
            assert end, "the child fell silent"  # else its cost would be that of ending at once
            begun = time.monotonic()
            _both, _peak, told = spent([sys.executable, "-c", PARENT, str(path), name])
            clock = time.monotonic() - begun
            count, memory, busy = told.split()
            print(f"{f'{label} ({path.stat().st_size / 1e6:.1f} MB)':34}{seconds:8.2f}{peak:9.0f}{float(busy):13.2f}{float(memory):10.0f}{clock:9.2f}  {count} rows")
            for library, script in LIBRARIES.items():
                if name.endswith("xlsx") or (library == "calamine" and name.endswith("ods")):
                    seconds, peak, count = spent([sys.executable, "-c", script, str(path)])
                    print(f"{f'    {library}':34}{seconds:8.2f}{peak:9.0f}{'':32}  {count} rows")
    _seconds, peak, _ = spent([sys.executable, "-c", "import juzhi.imports.reading, juzhi.members.imports"])
    print(f"{'child before it opens a file':34}{_seconds:8.2f}{peak:9.0f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
