"""What `bin/test` runs, leg by leg, and the sum of all legs in the last line."""

# ruff: noqa: S603, S607 a tool for developers: it starts programs of this machine

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from cluster import cluster, programs

ROOT = Path(__file__).resolve().parents[1]
JOURNEYS = "tests/journeys"
WORTH_TELLING = 120  # seconds
SHOWN = 8  # of the slowest tests of a leg
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@dataclass
class Leg:
    """What one leg found. `missing` = why it did not run; `skipped` = tests that did not run in it."""

    name: str
    passed: set[str] = field(default_factory=set)
    failed: set[str] = field(default_factory=set)
    skipped: set[str] = field(default_factory=set)
    missing: str = ""
    seconds: float = 0.0
    slowest: list[tuple[float, str]] = field(default_factory=list)


def installed(command: list[str]) -> bool:
    return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0


def has_chinese_font() -> bool:
    if not shutil.which("fc-list"):
        return False
    return bool(subprocess.run(["fc-list", ":lang=zh-cn", "family"], capture_output=True, text=True).stdout.strip())


def fetch_missing(is_browser_wanted: bool) -> None:
    """PostgreSQL, Chromium and a Chinese font from Debian's packages, where that is allowed and they are missing."""
    wanted = [] if programs() else ["postgresql"]
    if is_browser_wanted:
        wanted += [] if browser() else ["chromium"]
        wanted += [] if has_chinese_font() else ["fonts-noto-cjk", "fontconfig"]
    if not wanted or not shutil.which("apt-get"):
        return
    prefix = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if prefix and not (shutil.which("sudo") and installed(["sudo", "-n", "true"])):
        return
    print(f"installing {' '.join(wanted)} …", flush=True)
    apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-y"]
    for words in (["update"], ["install", "--no-install-recommends", *wanted]):
        subprocess.run([*apt, *words], stdout=subprocess.DEVNULL)


def browser() -> str:
    named = os.environ.get("JUZHI_CHROMIUM", "")
    return named or next((found for found in map(shutil.which, BROWSERS) if found), "")


def lint(leg: Leg) -> None:
    """bin/lint says `ok …` or `FAILED …` for each check."""
    if not (ROOT / "bin" / "lint").exists():
        leg.missing = "bin/lint is not there"
        return
    done = subprocess.run([ROOT / "bin" / "lint"], stdout=subprocess.PIPE, text=True, env={**os.environ, "JUZHI_PYTHON": sys.executable})
    print(done.stdout, end="", flush=True)
    lines = done.stdout.splitlines()
    leg.passed = {line for line in lines if line.startswith("ok ")}
    leg.failed = {line for line in lines if line.startswith("FAILED ")}
    if done.returncode and not leg.failed:
        leg.failed = {"bin/lint"}


def pytest(leg: Leg, words: list[str], databases: list[str], surroundings: dict[str, str] | None = None) -> None:
    """Run pytest, one worker for each of `databases`, each with a data folder of its own; count from its report. No report: the leg failed as a whole."""
    with tempfile.TemporaryDirectory(prefix="juzhi-test-") as folder:
        report = Path(folder) / "report.xml"
        spread = ["-n", str(len(databases)), "--dist=worksteal"] if len(databases) > 1 else []
        command = [sys.executable, "-m", "pytest", "-q", "-p", "spread", f"--junitxml={report}", "-o", "junit_family=xunit1", *spread, *words]
        environment = {**os.environ, **(surroundings or {}), "JUZHI_TEST_DATABASES": json.dumps(databases), "JUZHI_TEST_FOLDER": folder}
        environment["PYTHONPATH"] = os.pathsep.join([str(ROOT / "bin"), *filter(None, [os.environ.get("PYTHONPATH")])])
        environment.pop("JUZHI_PYTHON", None)
        code = subprocess.run(command, env=environment, cwd=ROOT).returncode
        if report.exists():
            count(leg, report)
        if code not in (0, 5) and not leg.failed:
            leg.failed.add(f"pytest ended with {code}")


def count(leg: Leg, report: Path) -> None:
    for case in ElementTree.parse(report).iter("testcase"):  # noqa: S314 pytest's own report
        name = f"{case.get('classname')}::{case.get('name')}"
        tags = {part.tag for part in case}
        kind = leg.failed if tags & {"failure", "error"} else leg.skipped if "skipped" in tags else leg.passed
        kind.add(name)
        leg.slowest = sorted([*leg.slowest, (float(case.get("time") or 0), name)], reverse=True)[:SHOWN]
    leg.passed -= leg.failed  # a test that passed and then failed in its tear-down


def suite_on_sqlite(leg: Leg, words: list[str]) -> None:
    pytest(leg, words, [""] * workers(words))


def suite_on_postgresql(leg: Leg, words: list[str]) -> None:
    if programs() is None:
        leg.missing = "no PostgreSQL 15 or later: apt-get install postgresql"
        return
    with contextlib.ExitStack() as stack:  # a cluster for each worker: the journal's sealer waits for every transaction of its cluster
        pytest(leg, words, [stack.enter_context(cluster()) for _ in range(workers(words))])


def journeys(leg: Leg, words: list[str]) -> None:
    found = browser()
    if not found:
        leg.missing = "no Chromium: apt-get install chromium"
    elif not (ROOT / JOURNEYS).exists():
        leg.missing = f"no {JOURNEYS}"
    elif not has_chinese_font():
        leg.missing = "no Chinese font: apt-get install fonts-noto-cjk fontconfig"
    else:
        pytest(leg, words, [""] * workers(words), {"JUZHI_CHROMIUM": found})


def workers(words: list[str]) -> int:
    """One for each core and one more, when everything is run: some wait for processes that they started. A few tests are over before a second worker has begun."""
    return min(len(os.sched_getaffinity(0)) + 1, 4) if "tests" in words or JOURNEYS in words else 1


def legs(words: list[str]) -> list[tuple[str, Callable[[Leg], None]]]:
    """Without words everything; with words pytest alone, where the words belong."""
    about_journeys = any(word.startswith(JOURNEYS) for word in words)
    paths = any(word.startswith("tests") for word in words)
    wide = words if paths else ["tests", *words]
    found: list[tuple[str, Callable[[Leg], None]]] = []
    if not words:
        found.append(("lint", lint))
    if not about_journeys:
        kept = [f"--ignore={JOURNEYS}", *wide]
        found += [("sqlite", lambda leg: suite_on_sqlite(leg, kept)), ("postgresql", lambda leg: suite_on_postgresql(leg, kept))]
    if about_journeys or not paths:
        found.append(("journeys", lambda leg: journeys(leg, words if about_journeys else [JOURNEYS, *words])))
    return found


def never_ran(done: list[Leg]) -> set[str]:
    """Tests skipped in one leg and run in no other: what concerns one database alone is skipped on the other."""
    ran = set().union(*(leg.passed | leg.failed for leg in done))
    return set().union(*(leg.skipped for leg in done)) - ran


def main(arguments: list[str]) -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    is_ci = "--ci" in arguments
    words = [word for word in arguments if word != "--ci"]
    wanted = legs(words)
    fetch_missing(any(name == "journeys" for name, _ in wanted))
    done = []
    for name, run in wanted:
        print(f"── {name}", flush=True)
        leg, begun = Leg(name), time.monotonic()
        run(leg)
        leg.seconds = time.monotonic() - begun
        done.append(leg)
    print("──")
    for leg in done:
        told = f"{len(leg.passed)} passed, {len(leg.failed)} failed, {len(leg.skipped)} skipped, {leg.seconds:.0f} s"
        print(f"{leg.name:<12}{'did not run: ' + leg.missing if leg.missing else told}")
    for leg in done:
        if leg.seconds > WORTH_TELLING:
            print(f"{leg.name}: slowest " + ", ".join(f"{name.rpartition('.')[2]} {seconds:.0f} s" for seconds, name in leg.slowest))
    failed = sum(len(leg.failed) for leg in done)
    unrun = sorted(never_ran(done))
    for name in unrun:
        print(f"did not run in any leg: {name}")
    if is_ci:
        failed += sum(1 for leg in done if leg.missing or not (leg.passed or leg.failed)) + len(unrun)
    print(f"{sum(len(leg.passed) for leg in done)} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
