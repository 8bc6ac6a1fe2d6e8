"""The child process: whatever a hostile file does to it, the worker goes on and the person gets a sentence."""

from __future__ import annotations

import gc
import importlib
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_noop, override

from juzhi.base.errors import Refused
from juzhi.base.importers import IMPORTERS, Importer, Row, for_reading, words
from juzhi.imports.reading.book import Reading, stream_book
from juzhi.imports.reading.repeats import Later
from juzhi.imports.reading.rows import SheetRead
from juzhi.imports.reading.words import refusal

CPU = 20  # seconds
MEMORY = 500 * 1024 * 1024  # bytes of address space above what the child has at its start
PATIENCE = 60  # seconds on the clock
TOLD_EVERY = 5000  # rows
WRITTEN = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
ROOT = Path(__file__).resolve().parents[3]


def read_in_child(path: Path, filename: str, kind: str, mapping: Mapping[str, str] | None = None, tell: Any = None) -> Reading:
    """Read a file in a process of its own, limited to 20 s of CPU and 500 MB. Raises Refused with one plain sentence, whatever the file does."""
    if kind not in IMPORTERS:
        raise Refused(refusal("unknown_kind", kind=kind))
    with subprocess.Popen(  # noqa: S603 the program is our own; what comes from outside is an argument, never a command
        command(path, filename, kind, mapping), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=ROOT, env=_environment(), start_new_session=True
    ) as process:
        timer = threading.Timer(PATIENCE, _end, [process])
        timer.start()
        try:
            found = _heard(process, tell)
            if found is None:
                process.wait()
        finally:
            timer.cancel()
            _end(process)
    if found is None:  # ended by a signal: out of time or memory; by itself: something in the file that nobody foresaw
        raise Refused(refusal("too_much" if (process.returncode or 0) <= 0 else "broken"))
    if found.refused:
        raise Refused(found.refused)
    return found


def command(path: Path, filename: str, kind: str, mapping: Mapping[str, str] | None = None) -> list[str]:
    """The child's command line, with all that it is told. Whoever measures or watches a child starts it with this one: a child that is told less ends at once."""
    said = json.dumps({"mapping": dict(mapping or {}), "words": _in_every_language(IMPORTERS[kind])})
    return [sys.executable, "-m", "juzhi.imports.reading", IMPORTERS[kind].declared_in, kind, str(path), filename, said]


def _in_every_language(importer: Importer) -> dict[str, Any]:
    """What headings and choices are called in the languages of the pages: the child has no translations."""
    found: dict[str, Any] = {one.name: {"headings": [], "choices": {}} for one in importer.fields}
    for code, _name in settings.LANGUAGES:
        if code != settings.LANGUAGE_CODE:
            with override(code):
                for name, told in words(importer).items():
                    found[name]["headings"] += told["headings"]
                    found[name]["choices"] |= told["choices"]
    return {name: told for name, told in found.items() if told["headings"] or told["choices"]}


def _environment() -> dict[str, str]:
    """Nothing secret goes to the child."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL", "TZ", "VIRTUAL_ENV") if name in os.environ}
    return {**kept, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONIOENCODING": "utf-8", "PYTHONPATH": str(ROOT)}


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return


def _heard(process: subprocess.Popen[bytes], tell: Any) -> Reading | None:
    """What the child says, line by line; None if it fell silent before its last word."""
    rows = Spool()
    for line in process.stdout or ():
        if line.startswith(b"["):
            rows.add(line)
            continue
        try:
            said = json.loads(line)
        except ValueError:
            return None
        if "names" in said:
            rows.names.append([sys.intern(name) for name in said["names"]])
        elif "later" in said:
            place, values, warn = said["later"]
            rows.later[place] = Later(values, warn)
        elif "rows" in said:
            if tell is not None:
                tell(said["rows"], 0, gettext_noop("正在读取文件"))
        elif "end" in said:
            rest = said["end"]
            rest["sheets"] = [SheetRead(**sheet) for sheet in rest["sheets"]]
            return Reading(rows=rows, **rest)
    return None


class Spool(Sequence[Row]):
    """The rows that a child has read, on disk in a file without a name, so that a long roster costs no memory. They may be gone through again and again."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(prefix="juzhi-rows-")  # noqa: SIM115 it is gone with this object
        self._count = 0
        self.names: list[list[str]] = []
        self.later: dict[int, Later] = {}

    def __del__(self) -> None:
        self._file.close()

    def add(self, line: bytes) -> None:
        """One line, as the child said it."""
        self._file.write(line)
        self._count += 1

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Row]:
        self._file.seek(0)
        for place, line in enumerate(self._file):
            row = self._row(*json.loads(line))
            if place in self.later:
                self.later[place].tell(row)
            yield row

    def __getitem__(self, place: Any) -> Any:
        return list(self)[place]

    def _row(self, sheet: str | None, number: int, block: int, action: str, reason: str, same_as: int | None, which: int, values: list[Any], warn: list[Any]) -> Row:
        return Row(sheet, number, sys.intern(action), block, dict(zip(self.names[which], values, strict=True)), warn, sys.intern(reason), same_as)


def speak(module: str, kind: str, path: str, filename: str, said: str) -> None:
    """The child's whole life: limits first, then the file. Its sentences are Chinese: nobody reads them here."""
    if not settings.configured:
        settings.configure(USE_I18N=False)
    importlib.import_module(module)
    gc.disable()  # a short life that makes no circles; looking for them among a hundred thousand rows takes a second
    size = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize() if Path("/proc/self/statm").exists() else 0
    resource.setrlimit(resource.RLIMIT_AS, (size + MEMORY, size + MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU, CPU))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    asked = json.loads(said)
    try:
        reading, later = stream_book(path, filename, for_reading(IMPORTERS[kind], asked["words"]), _Voice(), asked["mapping"])
        for place, told in later.items():
            _say({"later": [place, told.values, told.warn]})
    except Refused as refused:
        reading = Reading(refused=refused.message)
    except (MemoryError, RecursionError, OverflowError):
        reading = Reading(refused=refusal("too_much"))
    rest = asdict(reading)
    del rest["rows"]
    _say({"end": rest})
    sys.stdout.flush()


def _say(what: Any) -> None:
    """One line; halves of a pair of surrogates, which a file may hold, go as they are."""
    sys.stdout.buffer.write(WRITTEN.encode(what).encode("utf-8", "surrogatepass") + b"\n")


class _Voice:
    """Says each row as soon as it is understood, the names of its fields only when they are new."""

    def __init__(self) -> None:
        self.names: dict[tuple[str, ...], int] = {}
        self.rows = 0

    def __call__(self, row: Row) -> None:
        names = tuple(row.values)
        which = self.names.get(names)
        if which is None:
            which = self.names[names] = len(self.names)
            _say({"names": names})
        _say([row.sheet, row.row, row.block, row.action, row.reason, row.same_as, which, list(row.values.values()), row.warn])
        self.rows += 1
        if self.rows % TOLD_EVERY == 0:
            _say({"rows": self.rows})
            sys.stdout.flush()
