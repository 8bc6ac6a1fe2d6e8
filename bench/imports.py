"""Writing twenty thousand rows of a roster: ours beside a bare executemany of the same rows into the same tables. Run: python -m bench.imports [ROWS]

Prints seconds and the ratio. The database is a new file in a temporary folder, unless JUZHI_DATABASE_URL names an empty one.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from typing import Any

import django


def main(rows: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["JUZHI_DATA"] = folder
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "juzhi.config.settings")
        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        _measure(rows)


def _measure(rows: int) -> None:
    from juzhi.imports import actions, tasks
    from tests.cast import SYSTEM, build
    from tests.imports.office import fresh, roster, uploaded

    cast = build()
    data = roster(*({"姓名": f"何{n}清", "手机": f"19{n:09}", "单位": f"云塔科技{n % 300}", "职务": "工程师", "邮箱": f"m{n}@example.org", "入会时间": "2024-03"} for n in range(rows)))
    before = _rows()
    batch = actions.upload(by=SYSTEM, file=uploaded(data), kind="roster", organisation_id=cast.tower.pk)
    read = _timed(lambda: tasks.read_now(SYSTEM, batch))
    written = _timed(lambda: actions.commit(by=SYSTEM, batch=batch))
    made = {table: found[len(before[table][1]) :] for table, (_columns, found) in _rows().items()}
    columns = {table: names for table, (names, _found) in _rows().items()}
    again = actions.upload(by=SYSTEM, file=uploaded(data), kind="roster", organisation_id=cast.tower.pk)
    read_again = _timed(lambda: tasks.read_now(SYSTEM, again))
    counts = fresh(again).counts
    undone = _timed(lambda: actions.undo(by=SYSTEM, batch=batch, reason="measured"))
    bare = _timed(lambda: _bare(columns, made))
    print(f"{rows} rows: read and planned {read:.2f} s, written {written:.2f} s, planned again {read_again:.2f} s ({counts}), undone {undone:.2f} s")
    print(f"bare executemany of the same {sum(map(len, made.values()))} rows {bare:.2f} s; written / bare = {written / bare:.1f}")


TABLES = ("people_person", "people_contact", "people_employment", "members_membership", "people_tie", "journal_entryline", "journal_entryvalue")


def _rows() -> dict[str, tuple[list[str], list[tuple[Any, ...]]]]:
    from django.db import connection

    found = {}
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f'select * from "{table}" order by id')
            found[table] = ([column[0] for column in cursor.description], [tuple(row) for row in cursor.fetchall()])
    return found


def _bare(columns: dict[str, list[str]], made: dict[str, list[tuple[Any, ...]]]) -> None:
    """The same rows into the same tables, from which they were undone; the journal, which keeps its lines, into tables of the same columns."""
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        for table, rows in made.items():
            target = table
            if table.startswith("journal_"):
                target = f"bare_{table}"
                cursor.execute(f'create temporary table "{target}" as select * from "{table}" where 1 = 0')
            names = ", ".join(f'"{name}"' for name in columns[table])
            places = ", ".join(["%s"] * len(columns[table]))
            cursor.executemany(f'insert into "{target}" ({names}) values ({places})', [tuple(map(_plain, row)) for row in rows])


def _plain(value: Any) -> Any:
    return value if isinstance(value, int | float | str | bytes) or value is None else str(value)


def _timed(work: Any) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
