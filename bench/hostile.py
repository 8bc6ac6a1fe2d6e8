"""What hostile files cost: the generated ones of tests/imports/hostile.py, and every file of the folders named. Run: python -m bench.hostile [FOLDER ...]

Prints for each: how it ended, seconds of CPU, peak megabytes of the child and how many of them above a child that reads a small workbook.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

settings.configure(USE_I18N=False)

from tests.imports.hostile import HEAD, READ, REFUSED  # noqa: E402 sentences need settings
from tests.imports.workbooks import workbook  # noqa: E402

ROOT = Path(__file__).resolve().parents[1]


def spent(path: Path, name: str) -> tuple[str, float, float]:
    """How it ended, seconds of CPU, peak megabytes. An end without a last word is what the asker tells as too much or broken."""
    command = [sys.executable, "-m", "juzhi.imports.reading", "juzhi.members.imports", "roster", str(path), name, "{}"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}) as process:  # noqa: S603 our own program
        rows, last = 0, b"{}"
        for line in process.stdout or ():
            rows += line.startswith(b"[")
            last = line
        _pid, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    end = json.loads(last).get("end") if last.startswith(b"{") else None
    told = f"ended by {process.returncode}" if end is None else end["refused"] or f"{rows} rows"
    return told, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def files(folders: list[str], kept: Path) -> Iterator[tuple[str, str, Path]]:
    """(label, name, path) of every file; the generated ones are written to `kept`, one after the other."""
    for label, (name, make, *_rest) in {**REFUSED, **READ}.items():
        if (maker := os.fork()) == 0:  # elsewhere: a process starts with its parent's peak
            kept.write_bytes(make())
            os._exit(0)
        os.waitpid(maker, 0)
        yield label, name, kept
    for folder in folders:
        for path in sorted(Path(folder).iterdir()):
            if path.is_file() and path.suffix != ".md":
                yield path.name, path.name, path


def main(folders: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        kept = Path(folder) / "kept"
        kept.write_bytes(workbook(HEAD))
        _told, least, usual = spent(kept, "a.xlsx")
        print(f"a child that reads a small workbook: {least:.2f} s, {usual:.0f} MB")
        print(f"{'':52}{'CPU s':>7}{'MB':>6}{'above':>7}  how it ended")
        worst = 0.0
        for label, name, path in files(folders, kept):
            told, seconds, peak = spent(path, name)
            worst = max(worst, peak - usual)
            print(f"{label[:50]:52}{seconds:7.2f}{peak:6.0f}{peak - usual:7.0f}  {told}", flush=True)
        print(f"worst: {worst:.0f} MB above the usual")


if __name__ == "__main__":
    main(sys.argv[1:])
