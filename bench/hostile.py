"""What hostile files cost: the generated ones of tests/imports/hostile.py, and every file of the folders named. Run: python -m bench.hostile [FOLDER ...]

Prints for each: how it ended, seconds of CPU, peak megabytes of the child and how many of them above a child that reads a small workbook.
"""

from __future__ import annotations

import importlib
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

settings.configure(USE_I18N=False, LANGUAGE_CODE="zh-hans", LANGUAGES=[("zh-hans", "中文")])

from tests.imports.hostile import HEAD, READ, REFUSED, Spent, spent  # noqa: E402 sentences need settings
from tests.imports.workbooks import workbook  # noqa: E402


def told(found: Spent) -> str:
    """How it ended. An end without a last word is what the asker tells as too much or broken."""
    return "fell silent" if found.said is None else found.said or f"{found.rows} rows"


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
    importlib.import_module("juzhi.members.imports")  # the roster is declared there
    with tempfile.TemporaryDirectory() as folder:
        kept = Path(folder) / "kept"
        kept.write_bytes(workbook(HEAD))
        least = spent(kept, "a.xlsx")
        print(f"a child that reads a small workbook: {least.seconds:.2f} s, {least.peak:.0f} MB, {told(least)}")
        print(f"{'':52}{'CPU s':>7}{'MB':>6}{'above':>7}  how it ended")
        worst = 0.0
        for label, name, path in files(folders, kept):
            found = spent(path, name)
            above = found.peak - least.peak
            worst = max(worst, above)
            print(f"{label[:50]:52}{found.seconds:7.2f}{found.peak:6.0f}{above:7.0f}  {told(found)}", flush=True)
        print(f"worst: {worst:.0f} MB above the usual")


if __name__ == "__main__":
    main(sys.argv[1:])
