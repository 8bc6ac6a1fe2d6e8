"""Figures over ten million dated records of fifty thousand organisations in five levels and three years, with a thousand moves in the past.

    bin/bench figures [number of records] [--seconds=of the time under load] [--organisations=number] [--no-duck]

Prints milliseconds, the middle and the 95th of each hundred, for kept figures beside plain SQL with covering indexes and DuckDB in memory (where it is installed)
in the same run: idle, while one writer aims at 500 transactions a second and fold and settle go on as the product's worker does it, after a province has moved, and
with a hundred thousand marks that nobody has folded. Every number is compared with the direct count in the same snapshot. One table at the end holds what has a
limit; a limit that is missed or a wrong number ends with 1. The database is a new file in a temporary folder, unless JUZHI_DATABASE_URL names an empty one
(python bin/cluster.py python bench/figures.py). Records stand in a table that only tests have.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import shutil
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))
FOLDER = Path(tempfile.mkdtemp(prefix="juzhi-bench-", dir="/var/tmp"))
os.environ.setdefault("JUZHI_DATA", str(FOLDER))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "juzhi.config.settings")

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, connections, transaction  # noqa: E402

from juzhi.base.actors import System  # noqa: E402
from juzhi.figures import actions  # noqa: E402
from juzhi.figures.queries import engine  # noqa: E402
from juzhi.figures.queries.series import LINEAGE, Series, joined  # noqa: E402
from juzhi.network import actions as network  # noqa: E402
from juzhi.network.models import Lineage, Organisation  # noqa: E402
from tests.figures import evidence, large  # noqa: E402
from tests.figures.large import DAYS, FIRST, PEOPLE  # noqa: E402

ODD = (date(2023, 1, 9), date(2025, 12, 20))  # about three years, with edges on both sides
MONTH = (date(2024, 5, 1), date(2024, 6, 1))
ROUNDS = 100
WRITES = 500  # a second
BACKLOG = 100_000
LIMITS = {"count, idle": 20, "distinct, idle": 100, "count, while others write": 20, "distinct, while others write": 250}  # ms at the root, 95 of 100
RESULTS: dict[str, list[float]] = {}  # what was said, by its label
COMPARED = [0, 0]  # numbers compared with the direct count, and how many were wrong
BY = System("measured", datetime(2026, 11, 24, 4, 0, tzinfo=UTC))
POSTGRESQL = connection.vendor == "postgresql"


class Question:
    """One node and period, asked of what is kept, of plain SQL, and of DuckDB."""

    def __init__(self, node: int, period: tuple[date, date]) -> None:
        self.node, self.period = node, period

    def kept(self, is_distinct: bool) -> int | None:
        series = evidence.series(evidence.PERSONS if is_distinct else evidence.OFTEN)
        return (engine.persons if is_distinct else engine.total)(series, self.node, *self.period)

    def direct(self, is_distinct: bool) -> int:
        series = evidence.series(evidence.OFTEN)
        with connection.cursor() as cursor:
            cursor.execute(self._sql(series, is_distinct), {"node": self.node, "since": self.period[0].isoformat(), "until": self.period[1].isoformat()})
            return int(cursor.fetchone()[0])

    def _sql(self, series: Series, is_distinct: bool) -> str:
        what = "count(distinct e.p)" if is_distinct else "count(*)"
        rows = f"(select organisation_id o, day d, person_id p from {evidence.TABLE} where withdrawn_on is null) e"
        met = "on e.o = l.descendant_id and l.valid_from <= e.d and e.d < l.valid_to"
        return f"select {what} from {LINEAGE} l {joined()} {rows} {met} where l.ancestor_id = %(node)s and e.d >= %(since)s and e.d < %(until)s"

    def asked(self, is_distinct: bool) -> int:
        """As a page asks: what is kept, else directly."""
        found = self.kept(is_distinct)
        return self.direct(is_distinct) if found is None else found


def milliseconds(work: Callable[[], object], rounds: int) -> list[float]:
    taken = []
    for _ in range(rounds):
        begun = time.perf_counter()
        work()
        taken.append((time.perf_counter() - begun) * 1000)
    return taken


def told(taken: list[float]) -> str:
    return f"p50 {statistics.median(taken):8.1f}  p95 {late(taken):8.1f}"


def late(taken: list[float]) -> float:
    return sorted(taken)[min(len(taken) - 1, int(len(taken) * 0.95))]


@contextlib.contextmanager
def one_snapshot() -> Iterator[None]:
    if POSTGRESQL:
        with transaction.atomic():
            connection.cursor().execute("set transaction isolation level repeatable read, read only")
            yield
        return
    connection.cursor().execute("begin deferred")
    try:
        yield
    finally:
        connection.cursor().execute("rollback")


def differences(questions: dict[str, Question]) -> tuple[int, int]:
    """How many numbers were compared in one snapshot each, and how many differ."""
    before = tuple(COMPARED)
    for _name, question, is_distinct, _word in both(questions):
        with one_snapshot():
            found = question.kept(is_distinct)
            right = question.direct(is_distinct) if found is not None else None
        COMPARED[0] += found is not None
        COMPARED[1] += found != right
    return COMPARED[0] - before[0], COMPARED[1] - before[1]


def said(label: str, taken: list[float]) -> None:
    RESULTS.setdefault(label, taken)
    print(f"  {label:44} {told(taken)}   load {os.getloadavg()[0]:.1f}", flush=True)


def measure(questions: dict[str, Question], rounds: int = ROUNDS) -> None:
    for name, question, is_distinct, word in both(questions):
        said(f"{name}, {word}, kept", milliseconds(lambda q=question, d=is_distinct: q.asked(d), rounds))


def both(questions: dict[str, Question]) -> list[tuple[str, Question, bool, str]]:
    return [(name, question, *one) for name, question in questions.items() for one in ((False, "count"), (True, "distinct"))]


def duck(path: Path, questions: dict[str, Question]) -> None:
    try:
        import duckdb
    except ImportError:
        print("  duckdb is not installed")
        return
    store = duckdb.connect()
    store.execute("set threads = 2")
    store.execute(f"create table e as select * from read_csv('{path}', header = false, columns = {{'o': 'BIGINT', 'p': 'BIGINT', 'd': 'DATE', 'm': 'INTEGER'}})")
    with (places := FOLDER / "lineage.csv").open("w") as file:
        for row in Lineage.objects.system("bench").values_list("ancestor_id", "descendant_id", "valid_from", "valid_to").iterator():
            file.write(",".join(map(str, row)) + "\n")
    store.execute(f"create table l as select * from read_csv('{places}', header = false, columns = {{'a': 'BIGINT', 'o': 'BIGINT', 'f': 'DATE', 't': 'DATE'}})")
    for name, question in questions.items():
        for word, what in (("count", "count(*)"), ("distinct", "count(distinct e.p)")):
            sql = f"select {what} from l join e on e.o = l.o and l.f <= e.d and e.d < l.t where l.a = {question.node} and e.d >= '{question.period[0]}' and e.d < '{question.period[1]}'"
            said(f"{name}, {word}, DuckDB in memory", milliseconds(lambda sql=sql: store.execute(sql).fetchone(), 7))
    store.close()


def child(work: Callable[[Path], None], answer: Path) -> int:
    """A process that works until it is told to end."""
    connections.close_all()
    process = os.fork()
    if process:
        return process
    try:
        work(answer)
    except BaseException:  # noqa: BLE001 the process ends here
        import traceback

        traceback.print_exc()
        os._exit(1)
    os._exit(0)


class Ended(Exception):
    """Told to end."""


def until_told() -> None:
    def end(*_: Any) -> None:
        raise Ended

    signal.signal(signal.SIGTERM, end)


def writer(bodies: list[int]) -> Callable[[Path], None]:
    """Single rows: mostly inserts of recent days, some deletes, withdrawals, and edits of day and organisation."""

    def write(answer: Path) -> None:
        until_told()
        chance, taken, begun = random.Random(11), [], time.perf_counter()
        last = next(iter(_rows(f"select max(id) from {evidence.TABLE}")))[0]
        try:
            with connection.cursor() as cursor:
                while True:
                    wait = begun + len(taken) / WRITES - time.perf_counter()
                    if wait > 0:
                        time.sleep(wait)
                    start = time.perf_counter()
                    _one(cursor, chance, bodies, last)
                    taken.append((time.perf_counter() - start) * 1000)
        except Ended:
            ordered = sorted(taken)
            told = {"a second": round(len(taken) / (time.perf_counter() - begun)), **{f"p{p}": round(ordered[int(len(ordered) * p / 100)], 2) for p in (50, 95, 99)}, "longest": round(ordered[-1], 1)}
            answer.write_text(json.dumps(told))

    return write


def _one(cursor: Any, chance: random.Random, bodies: list[int], last: int) -> None:
    what, body = chance.random(), chance.choice(bodies)
    recent = chance.random() < 0.8
    day = (FIRST + timedelta(days=chance.randrange(DAYS - 30, DAYS) if recent else chance.randrange(DAYS))).isoformat()
    if what < 0.88:
        cursor.execute(f"insert into {evidence.TABLE} (organisation_id, person_id, day, minutes) values (%s, %s, %s, %s)", [body, chance.randrange(1, PEOPLE), day, 30])
    elif what < 0.92:
        cursor.execute(f"delete from {evidence.TABLE} where id = %s", [chance.randrange(1, last)])
    elif what < 0.96:
        cursor.execute(f"update {evidence.TABLE} set withdrawn_on = %s where id = %s", [day, chance.randrange(1, last)])
    else:
        cursor.execute(f"update {evidence.TABLE} set day = %s, organisation_id = %s where id = %s", [day, body, chance.randrange(1, last)])


def worker(answer: Path) -> None:
    """As the product's worker: every second all that waits."""
    until_told()
    done, longest = 0, 0.0
    try:
        while True:
            begun = time.perf_counter()
            done += actions.keep_up(by=BY)
            longest = max(longest, time.perf_counter() - begun)
            time.sleep(max(0.0, 1 - (time.perf_counter() - begun)))
    except Ended:
        answer.write_text(json.dumps({"marks": done, "longest round s": round(longest, 2)}))


def _rows(sql: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def waiting() -> tuple[int, int]:
    return tuple(_rows("select (select count(*) from figures_mark), (select count(*) from figures_seen)")[0])


def under_load(bodies: list[int], questions: dict[str, Question], seconds: float) -> None:
    answers = {"writer": FOLDER / "writer", "worker": FOLDER / "worker"}
    processes = {name: child(work, answers[name]) for name, work in (("writer", writer(bodies)), ("worker", worker))}
    time.sleep(5)
    taken: dict[str, list[float]] = {}
    queues, ends = [], time.perf_counter() + seconds
    while time.perf_counter() < ends:
        for name, question, is_distinct, word in both(questions):
            taken.setdefault(f"{name}, {word}, kept", []).extend(milliseconds(lambda q=question, d=is_distinct: q.asked(d), 1))
        queues.append(waiting())
        time.sleep(0.05)
    for label, found in taken.items():
        said(f"{label}, {len(found)} times", found)
        RESULTS[f"{label}, while others write"] = found
    print(f"  marks waiting, middle and most: {statistics.median(q[0] for q in queues):.0f}, {max(q[0] for q in queues)}; seen: {statistics.median(q[1] for q in queues):.0f}, {max(q[1] for q in queues)}")
    compared = wrong = 0
    ends = time.perf_counter() + seconds / 2
    while time.perf_counter() < ends or compared < 4:
        one = differences(questions)
        compared, wrong = compared + one[0], wrong + one[1]
    for process in processes.values():
        os.kill(process, signal.SIGTERM)
        os.waitpid(process, 0)
    for name, answer in answers.items():
        print(f"  {name}: {answer.read_text() if answer.exists() else 'failed'}")
    print(f"  compared in one snapshot each while others wrote: {compared}, wrong: {wrong}", flush=True)


def drained() -> float:
    begun = time.perf_counter()
    while actions.keep_up(by=BY):
        pass
    return time.perf_counter() - begun


def province(levels: list[list[int]], questions: dict[str, Question]) -> None:
    moved, beneath = (Organisation.objects.system("bench").get(pk=pk) for pk in levels[1][2:4])
    everyone = {**questions, "the province it came to": Question(beneath.pk, ODD)}
    (taken,) = milliseconds(lambda: network.move(by=BY, organisation=moved, parent=beneath, valid_from=date(2024, 7, 1), reason="改隶"), 1)
    print(f"  the verb took {taken / 1000:.1f} s; {_rows('select count(*) from figures_shift')[0][0]} shifts wait")
    measure(everyone, 5)
    (taken,) = milliseconds(lambda: actions.fold(by=BY), 1)
    print(f"  the shift took {taken / 1000:.1f} s")
    measure(everyone, 10)
    print("  compared, wrong:", differences(everyone), flush=True)


def backlog(bodies: list[int], questions: dict[str, Question]) -> None:
    chance = random.Random(3)
    rows = [(chance.choice(bodies), chance.randrange(1, PEOPLE), (FIRST + timedelta(days=chance.randrange(DAYS))).isoformat(), 30) for _ in range(BACKLOG)]
    begun = time.perf_counter()
    with connection.cursor() as cursor:
        for start in range(0, BACKLOG, 1000):
            with transaction.atomic():
                cursor.executemany(f"insert into {evidence.TABLE} (organisation_id, person_id, day, minutes) values (%s, %s, %s, %s)", rows[start : start + 1000])
    print(f"  {BACKLOG} records written at {BACKLOG / (time.perf_counter() - begun):.0f} a second; waiting {waiting()}")
    measure(questions, 3)
    print("  compared, wrong:", differences(questions))
    seconds = drained()
    print(f"  folded and settled in {seconds:.0f} s, {BACKLOG / seconds:.0f} marks a second")
    measure(questions, 10)
    print("  compared, wrong:", differences(questions), flush=True)


def build(path: Path, total: int, organisations: int) -> list[list[int]]:
    begun = time.perf_counter()
    with transaction.atomic():
        levels = large.federation(organisations)
    large.written(path, total, levels[3] + levels[4])
    large.loaded(path)
    print(f"{total} records of {organisations} organisations, {Lineage.objects.system('bench').count()} rows of the closure, made in {time.perf_counter() - begun:.0f} s", flush=True)
    begun, longest, pieces = time.perf_counter(), 0.0, 0
    while True:
        piece = time.perf_counter()
        if not actions.widen(by=BY):
            break
        pieces, longest = pieces + 1, max(longest, time.perf_counter() - piece)
    print(f"built in {time.perf_counter() - begun:.0f} s: {pieces} pieces, the longest {longest:.0f} s")
    for table in ("tally", "rollup", "crowd"):
        print(f"  {table}: {_rows(f'select count(*) from figures_{table}')[0][0]} rows")
    print(f"  marks waiting {waiting()}, folded in {drained():.1f} s", flush=True)
    return levels


def main(total: int, organisations: int, seconds: float) -> bool:
    call_command("migrate", verbosity=0)
    if POSTGRESQL:
        for statement in ("alter system set autovacuum = on", "select pg_reload_conf()"):
            connection.cursor().execute(statement)
    print(f"{connection.vendor}, load {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores")
    path = FOLDER / "records.csv"
    with evidence.declared():
        levels = build(path, total, organisations)
        if POSTGRESQL:
            connection.cursor().execute("vacuum analyze")
        root, middle, bodies = levels[0][0], levels[1][0], levels[3] + levels[4]
        questions = {"root, 3 years": Question(root, ODD)}
        more = {**questions, "root, one month": Question(root, MONTH), "province, 3 years": Question(middle, ODD), "city, 3 years": Question(levels[2][0], ODD)}
        print("idle")
        measure(more)
        for name, question, is_distinct, word in both(more):
            said(f"{name}, {word}, plain SQL", milliseconds(lambda q=question, d=is_distinct: q.direct(d), 5))
        print("  compared, wrong:", differences(more))
        if "--no-duck" not in sys.argv:
            duck(path, more)
        print(f"{WRITES} writes a second aimed at, fold and settle every second")
        under_load(bodies, questions, seconds)
        print(f"  what was left was folded in {drained():.1f} s")
        print("a province moved beneath another, a year and a half back")
        province(levels, questions)
        print("a backlog that nobody folds")
        backlog(bodies, questions)
        (taken,) = milliseconds(lambda: print("  mended:", len(actions.verify(by=BY))), 1)
        print(f"  verified in {taken / 1000:.0f} s, load {os.getloadavg()[0]:.1f}")
    return table(total, organisations)


def table(total: int, organisations: int) -> bool:
    """What has a limit, in one table; whether every limit holds."""
    print(f"\n{connection.vendor}: {total} records of {organisations} organisations; root, three years with odd edges, milliseconds")
    print(f"| {'question':32} |      p50 |      p95 |  limit |        | plain SQL |   DuckDB |\n|{'|'.join('-' * wide for wide in (34, 10, 10, 8, 8, 11, 10))}|")
    holds = COMPARED[1] == 0
    for question, limit in LIMITS.items():
        word, _comma, when = question.partition(", ")
        name = f"root, 3 years, {word}"
        taken = RESULTS[f"{name}, kept" if when == "idle" else f"{name}, kept, {when}"]
        p95, holds = late(taken), holds and late(taken) <= limit
        others = [f"{statistics.median(RESULTS[label]):.0f}" if label in RESULTS else "" for label in (f"{name}, plain SQL", f"{name}, DuckDB in memory")]
        print(f"| {question:32} | {statistics.median(taken):8.1f} | {p95:8.1f} | {limit:6} | {'met' if p95 <= limit else 'MISSED':6} | {others[0]:>9} | {others[1]:>8} |")
    print(f"compared with the direct count in one snapshot each: {COMPARED[0]}, wrong: {COMPARED[1]}", flush=True)
    return holds


def option(name: str, default: float) -> float:
    return next((float(one.partition("=")[2]) for one in sys.argv[1:] if one.startswith(f"--{name}=")), default)


if __name__ == "__main__":
    try:
        holds = main(int(next((one for one in sys.argv[1:] if one.isdigit()), 500_000)), int(option("organisations", 50_000)), option("seconds", 60))
    finally:
        connections.close_all()
        if os.environ["JUZHI_DATA"] == str(FOLDER):
            shutil.rmtree(FOLDER, ignore_errors=True)
    sys.exit(not holds)
