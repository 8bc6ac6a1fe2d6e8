"""The child process: whatever a hostile file does to it, the worker goes on and the person gets a sentence."""

from __future__ import annotations

import importlib
import json
import os
import resource
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_noop, override

from juzhi.base.errors import Refused
from juzhi.base.importers import IMPORTERS, Importer, Row, for_reading, words
from juzhi.imports.reading.book import Reading, read_book
from juzhi.imports.reading.rows import SheetRead
from juzhi.imports.reading.words import refusal

CPU = 20  # seconds
MEMORY = 500 * 1024 * 1024  # bytes of address space above what the child has at its start
PATIENCE = 60  # seconds on the clock
ROOT = Path(__file__).resolve().parents[3]


def read_in_child(path: Path, filename: str, kind: str, mapping: Mapping[str, str] | None = None, tell: Any = None) -> Reading:
    """Read a file in a process of its own, limited to 20 s of CPU and 500 MB. Raises Refused with one plain sentence, whatever the file does."""
    if kind not in IMPORTERS:
        raise Refused(refusal("unknown_kind", kind=kind))
    said = json.dumps({"mapping": dict(mapping or {}), "words": _in_every_language(IMPORTERS[kind])})
    command = [sys.executable, "-m", "juzhi.imports.reading", IMPORTERS[kind].declared_in, kind, str(path), filename, said]
    with subprocess.Popen(  # noqa: S603 the program is our own; what comes from outside is an argument, never a command
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=ROOT, env=_environment(), start_new_session=True
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
    found = Reading()
    for line in process.stdout or ():
        try:
            said = json.loads(line)
        except ValueError:
            return None
        if "row" in said:
            found.rows.append(Row(**said["row"]))
        elif "progress" in said:
            if tell is not None:
                tell(*said["progress"], gettext_noop("正在读取文件"))
        elif "end" in said:
            rest = said["end"]
            rest["sheets"] = [SheetRead(**sheet) for sheet in rest["sheets"]]
            return Reading(rows=found.rows, **rest)
    return None


def speak(module: str, kind: str, path: str, filename: str, said: str) -> None:
    """The child's whole life: limits first, then the file. Its sentences are Chinese: nobody reads them here."""
    if not settings.configured:
        settings.configure(USE_I18N=False)
    importlib.import_module(module)
    size = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize() if Path("/proc/self/statm").exists() else 0
    resource.setrlimit(resource.RLIMIT_AS, (size + MEMORY, size + MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU, CPU))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    out = sys.stdout
    asked = json.loads(said)
    importer = for_reading(IMPORTERS[kind], asked["words"])
    try:
        reading = read_book(path, filename, importer, asked["mapping"], lambda done, total: print(json.dumps({"progress": [done, total]}), file=out, flush=True))
    except Refused as refused:
        reading = Reading(refused=refused.message)
    except (MemoryError, RecursionError, OverflowError):
        reading = Reading(refused=refusal("too_much"))
    for row in reading.rows:
        print(json.dumps({"row": asdict(row)}, ensure_ascii=False), file=out)
    rest = {"encoding": reading.encoding, "delimiter": reading.delimiter, "sheets": [asdict(sheet) for sheet in reading.sheets], "refused": reading.refused}
    print(json.dumps({"end": {**rest, "not_imported": reading.not_imported, "not_stored": reading.not_stored}}, ensure_ascii=False), file=out, flush=True)
