"""A long roster from xlsx to committed members, beside a bare executemany of the same rows into the same tables. Run: python -m bench.imports [ROWS]

Prints seconds, rows a second, the ratio and the peak of memory. The database is a new file in a temporary folder, unless JUZHI_DATABASE_URL names an empty one.
"""

from __future__ import annotations

import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import django

TABLES = ("people_person", "people_contact", "people_employment", "members_membership", "people_tie", "journal_entryline", "journal_entryvalue")
MEGABYTE = 1024
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
GIVEN = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂文辉玲建国华红志玉梅海燕鹏飞宇浩然子轩梓涵欣怡雨桐思远嘉乐晓东小雪春生立新佳琪俊峰振永康少波天佑一凡"


def main(rows: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["JUZHI_DATA"] = folder
        _ready()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        place, path = _prepared(rows, Path(folder))
        before = {table: _most(table) for table in TABLES}
        told = json.loads(subprocess.run([sys.executable, "-m", "bench.imports", "--job", str(path), place], stdout=subprocess.PIPE, check=True).stdout)  # noqa: S603
        bare, busy, number = _bare(before)
    print(f"{rows} rows from xlsx: dry run {told['read']:.1f} s (reading the file {told['child']:.1f} s of it), written {told['write']:.1f} s = {rows / told['write']:.0f} rows/s")
    print(f"from file to members {rows / (told['read'] + told['write']):.0f} rows/s; again, all known: dry run {told['again']:.1f} s {told['counts']}")
    print(f"bare executemany of the same {number} rows {bare:.1f} s = {rows / bare:.0f} rows/s; written / bare = {told['write'] / bare:.2f}")
    print(f"CPU of the worker: written {told['busy']:.1f} s, bare {busy:.1f} s, written / bare = {told['busy'] / busy:.2f} (a server's own not counted)")
    print(f"peak of memory: worker {told['worker']:.0f} MB, reading child {told['reader']:.0f} MB")


def _ready() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "juzhi.config.settings")
    django.setup()


def _prepared(rows: int, folder: Path) -> tuple[str, Path]:
    """A roster of invented names as real ones are spread: a hundred surnames, given names of one or two characters."""
    from tests.cast import build
    from tests.imports.office import roster

    place, chance = build().tower.key, random.Random(1)  # noqa: S311 no secret
    path = folder / "roster.xlsx"
    names = (chance.choice(SURNAMES) + "".join(chance.choices(GIVEN, k=chance.choice((1, 2, 2, 2, 2)))) for _ in range(rows))
    path.write_bytes(
        roster(*({"姓名": name, "手机": f"19{n:09}", "单位": f"云塔科技{n % 300}", "职务": "工程师", "邮箱": f"m{n}@example.org", "入会时间": "2024-03"} for n, name in enumerate(names)))
    )
    return place, path


def job(path: str, place: str) -> dict[str, Any]:
    """What the worker does, in a process of its own so that its memory is its own."""
    _ready()
    from django.core.files import File
    from django.utils import timezone

    from juzhi.base.actors import System
    from juzhi.imports import actions, tasks
    from juzhi.imports.models import Batch
    from juzhi.network.models import Organisation

    by = System("bench", timezone.now())
    into = Organisation.objects.system("bench").get(key=place).pk

    def uploaded() -> Any:
        with open(path, "rb") as file:
            return actions.upload(by=by, file=File(file, name="roster.xlsx"), kind="roster", organisation_id=into)

    batch = uploaded()
    read = _timed(lambda: tasks.read_now(by, batch))
    child = resource.getrusage(resource.RUSAGE_CHILDREN)
    busy = time.process_time()
    told = {"read": read, "child": child.ru_utime + child.ru_stime, "write": _timed(lambda: actions.commit(by=by, batch=batch)), "busy": time.process_time() - busy}
    told |= {"worker": _peak(), "reader": child.ru_maxrss / MEGABYTE}
    later = uploaded()
    told["again"] = _timed(lambda: tasks.read_now(by, later))
    return {**told, "counts": Batch.objects.system("bench").get(pk=later.pk).counts}


def _peak() -> float:
    """Megabytes of memory at most, of this process alone: what getrusage tells begins with what the parent had."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / MEGABYTE


def _most(table: str) -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f'select coalesce(max(id), 0) from "{table}"')
        return int(cursor.fetchone()[0])


def _bare(before: dict[str, int]) -> tuple[float, float, int]:
    """Take the rows out and put them back with nothing around: seconds, those of them that this process computed, and how many rows there were."""
    from django.db import connection, transaction

    from juzhi.base import constraints

    found: dict[str, tuple[list[str], list[tuple[Any, ...]]]] = {}
    constraints.remove()
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("pragma foreign_keys = off")
        for table in reversed(TABLES):
            cursor.execute(f'select * from "{table}" where id > %s order by id', [before[table]])
            found[table] = ([column[0] for column in cursor.description], [tuple(map(_plain, row)) for row in cursor.fetchall()])
        with transaction.atomic():
            for table in reversed(TABLES):
                cursor.execute(f'delete from "{table}" where id > %s', [before[table]])
        constraints.install()
        begun, busy = time.perf_counter(), time.process_time()
        with transaction.atomic():
            for table in TABLES:
                names, rows = found[table]
                columns, places = ", ".join(f'"{name}"' for name in names), ", ".join(["%s"] * len(names))
                cursor.executemany(f'insert into "{table}" ({columns}) values ({places})', rows)
        return time.perf_counter() - begun, time.process_time() - busy, sum(len(rows) for _names, rows in found.values())


def _plain(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, dict | list) else value if isinstance(value, int | float | str | bytes) or value is None else str(value)


def _timed(work: Any) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


if __name__ == "__main__":
    if sys.argv[1:2] == ["--job"]:
        print(json.dumps(job(*sys.argv[2:4])))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
