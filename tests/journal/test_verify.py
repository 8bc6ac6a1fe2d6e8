"""`journal verify`: an untouched journal passes; each way of tampering, done with the triggers off, is named."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.management import call_command
from django.db import connection

from juzhi.base import constraints
from juzhi.base.actors import System
from juzhi.files.models import Upload
from juzhi.jobs.models import ScheduledJob
from juzhi.journal import actions, queries
from juzhi.journal.models import Entry
from juzhi.journal.queries import chain
from tests.journal.conftest import inside_an_action

pytestmark = pytest.mark.tampers
COUNT = 10


@pytest.fixture
def sealed(committed: None, system: System) -> None:
    """Ten sealed entries; number 5 has two lines with values."""
    for n in range(1, COUNT + 1):
        lines = [actions.Line(Upload(), {"name": (None, name)}) for name in ("甲", "乙")] if n == 5 else []
        changes = {"name": (f"旧{n}", f"新{n}"), "cron": ("* * * * *", "0 * * * *")}
        inside_an_action(partial(actions.record, by=system, verb="jobs.rename", thing=ScheduledJob(), changes=changes, reason="改名", lines=lines))
    assert actions.seal(by=system) == COUNT


def run(*statements: str) -> None:
    constraints.remove()
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
    constraints.install()


ENTRY = "(select id from journal_entry where number = {})"
GONE = (
    f"delete from journal_entryvalue where entry_id in {ENTRY}",
    f"delete from journal_entryline where entry_id in {ENTRY}",
    "delete from journal_entry where number = {}",
)
COLUMNS = "verb, kind, thing_key, organisation_id, actor_key, at, reason, batch_key, digests, line_count, lines_digest, \"transaction\", seal"
MUTATIONS: dict[str, tuple[list[str], tuple[int | None, str]]] = {
    "verb changed": (["update journal_entry set verb = 'jobs.delete' where number = 3"], (3, "changed")),
    "actor changed": (["update journal_entry set actor_key = 'someone' where number = 4"], (4, "changed")),
    "clock put back": (["update journal_entry set at = '2001-01-01 00:00:00+00:00' where number = 6"], (6, "changed")),
    "moved to another organisation": (["update journal_entry set organisation_id = 9 where number = 2"], (2, "changed")),
    "digest changed": (["update journal_entry set digests = '{}' where number = 7"], (7, "changed")),
    "reason rewritten": (["update journal_entry set reason = '' where number = 10"], (10, "changed")),
    "row deleted": ([s.format(4) for s in GONE], (4, "missing")),
    "first row deleted": ([s.format(1) for s in GONE], (1, "missing")),
    "row deleted and the rest renumbered": (
        [s.format(4) for s in GONE] + [f"update journal_entry set number = {n - 1} where number = {n}" for n in range(5, COUNT + 1)],
        (4, "changed"),
    ),
    "two rows swapped": (
        [f"update journal_entry set number = {new} where number = {old}" for old, new in ((3, 99), (4, 3), (99, 4))],
        (3, "changed"),
    ),
    "row inserted and the rest renumbered": (
        [f"update journal_entry set number = {n + 1} where number = {n}" for n in range(COUNT, 3, -1)]
        + [f"insert into journal_entry (key, number, {COLUMNS}) select 'insertedrow2', 4, {COLUMNS} from journal_entry where number = 3"],
        (4, "changed"),
    ),
    "row appended with a copied seal": (
        [f"insert into journal_entry (key, number, {COLUMNS}) select 'insertedrow2', 11, {COLUMNS} from journal_entry where number = 10"],
        (11, "changed"),
    ),
    "tail cut": ([s.format(10) for s in GONE], (10, "cut")),
    "everything cut": ([s.format(n) for n in range(1, COUNT + 1) for s in GONE], (1, "cut")),
    "value changed": ([f"update journal_entryvalue set after = '\"x\"' where field = 'name' and entry_id in {ENTRY.format(8)}"], (8, "value")),
    "class of a value changed": ([f"update journal_entryvalue set field_class = 'public' where entry_id in {ENTRY.format(8)}"], (8, "value")),
    "value deleted without forgetting": ([f"delete from journal_entryvalue where field = 'name' and entry_id in {ENTRY.format(9)}"], (9, "unforgotten")),
    "value added": (
        [
            "insert into journal_entryvalue (entry_id, field, field_class, before, after, salt) "
            f"select entry_id, 'more', field_class, before, after, salt from journal_entryvalue where field = 'name' and entry_id in {ENTRY.format(2)}"
        ],
        (2, "value"),
    ),
    "value doubled": (
        [
            "insert into journal_entryvalue (entry_id, field, field_class, before, after, salt) "
            f"select entry_id, field, field_class, before, after, salt from journal_entryvalue where line_id is null and entry_id in {ENTRY.format(2)}"
        ],
        (2, "value"),
    ),
    "line changed": (["update journal_entryline set thing_key = 'other' where place = 2"], (5, "line")),
    "line deleted": (
        ["delete from journal_entryvalue where line_id in (select id from journal_entryline where place = 1)", "delete from journal_entryline where place = 1"],
        (5, "line"),
    ),
}


def test_untouched_passes(sealed: None) -> None:
    assert queries.verify() == queries.Verdict(COUNT, 0, 0, None)


@pytest.mark.parametrize("name", MUTATIONS)
def test_tampering_is_named(sealed: None, name: str) -> None:
    statements, expected = MUTATIONS[name]
    run(*statements)
    fault = queries.verify().fault
    assert fault is not None and (fault.number, fault.code) == expected


def test_chain_rewritten_with_the_key_differs_from_the_kept_head(sealed: None, system: System, settings: LazySettings) -> None:
    head = (Path(settings.DATA_FOLDER) / "journal-head.json").read_text()
    run("update journal_entry set number = null, seal = null, actor_key = 'someone'")
    assert actions.seal(by=system) == COUNT
    assert queries.verify() == queries.Verdict(COUNT, 0, 0, None)  # the new head was kept
    fault = queries.verify(json.loads(head)).fault
    assert fault is not None and (fault.number, fault.code) == (COUNT, "head")


def test_control_without_a_kept_head_a_cut_tail_goes_unseen(sealed: None, settings: LazySettings) -> None:
    run(*(s.format(10) for s in GONE))
    (Path(settings.DATA_FOLDER) / "journal-head.json").unlink()
    assert queries.verify() == queries.Verdict(COUNT - 1, 0, 0, None)


def test_waiting_entries_are_checked_too(sealed: None, system: System) -> None:
    inside_an_action(lambda: actions.record(by=system, verb="jobs.rename", thing=ScheduledJob(), changes={"name": ("a", "b")}))
    assert queries.verify() == queries.Verdict(COUNT, 1, 0, None)
    run("update journal_entryvalue set after = '\"x\"' where after = '\"b\"'")
    fault = queries.verify().fault
    assert fault is not None and (fault.number, fault.code) == (None, "value")


def test_the_walk_crosses_pieces(sealed: None, monkeypatch: pytest.MonkeyPatch) -> None:
    pieces: Callable[..., Any] = chain._pieces
    assert [len(piece) for piece in pieces(Entry.objects.system("test").order_by("number"), size=4)] == [4, 4, 2]


def said(*arguments: str) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("journal_verify", *arguments, stdout=out)
    except SystemExit as ended:
        return int(ended.code or 0), out.getvalue()
    return 0, out.getvalue()


def test_command_prints_and_exits(sealed: None, tmp_path: Path) -> None:
    assert said() == (0, "已封 10 条，待封 0 条，依法遗忘 0 项\n日志完整\n")
    head = tmp_path / "elsewhere.json"
    head.write_text(json.dumps({"number": 12, "seal": "x"}))
    assert said("--head", str(head)) == (1, "已封 10 条，待封 0 条，依法遗忘 0 项\n不完整：第 10 条之后被截断：外存的链头是第 12 条\n")
