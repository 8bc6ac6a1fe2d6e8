"""`journal.actions.forget`: values and salts go, entries stay, the chain holds and says how much was erased."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import call_command
from django.db import connection

from juzhi.base.actors import System
from juzhi.base.errors import Forbidden
from juzhi.files.models import Upload
from juzhi.jobs.models import ScheduledJob
from juzhi.journal import actions, queries
from juzhi.journal.models import FORGET, Entry, EntryLine, EntryValue
from tests.journal.conftest import Reader, inside_an_action

PERSON, OTHER = "files.upload", "other2222222"


@pytest.fixture
def written(committed: None, system: System) -> None:
    """A person's own entry with a reason, and a bulk entry with lines about the person and about another."""
    person, other = Upload(key="person222222"), Upload(key=OTHER)
    lines = [actions.Line(one, {"name": (None, name)}) for one, name in ((person, "CANARY-导入"), (other, "别人"))]

    def both() -> None:
        actions.record(by=system, verb="people.rename", thing=person, changes={"name": ("CANARY-旧", "CANARY-新"), "size": (1, 2)}, reason="CANARY-原因")
        actions.record(by=system, verb="imports.commit", thing=ScheduledJob(), lines=lines)

    inside_an_action(both)
    actions.seal(by=system)


def left() -> list[tuple[str, str]]:
    return list(EntryValue.objects.system("test").values_list("field", "after"))


def test_forgetting_deletes_values_and_the_chain_still_holds(written: None, system: System) -> None:
    entry = actions.forget(by=system, things=[(PERSON, "person222222")], reason="本人要求")
    assert left() == [("name", '"别人"')]
    assert Entry.objects.system("test").count() == 3
    assert entry is not None and (entry.verb, entry.kind, entry.thing_key, entry.reason) == (FORGET, PERSON, "person222222", "本人要求")
    assert list(EntryLine.objects.system("test").filter(entry=entry).values_list("kind", "thing_key")) == [(PERSON, "person222222")]
    assert queries.verify() == queries.Verdict(2, 1, 4, None)
    actions.seal(by=system)
    assert queries.verify() == queries.Verdict(3, 0, 4, None)


def test_twice_erases_nothing_more_and_still_holds(written: None, system: System) -> None:
    for _ in range(2):
        actions.forget(by=system, things=[(PERSON, "person222222"), (PERSON, "person222222")])
        actions.seal(by=system)
    assert queries.verify() == queries.Verdict(4, 0, 4, None)


@pytest.mark.tampers
def test_what_is_written_after_the_forgetting_is_not_covered_by_it(written: None, system: System) -> None:
    actions.forget(by=system, things=[(PERSON, "person222222")])
    inside_an_action(lambda: actions.record(by=system, verb="people.rename", thing=Upload(key="person222222"), changes={"name": ("a", "b")}))
    actions.seal(by=system)
    with connection.cursor() as cursor:
        cursor.execute("delete from journal_entryvalue where after = '\"b\"'")
    fault = queries.verify().fault
    assert fault is not None and (fault.number, fault.code) == (4, "unforgotten")


def test_nothing_given_records_nothing(written: None, system: System) -> None:
    assert actions.forget(by=system, things=[]) is None
    assert Entry.objects.system("test").count() == 2


def test_a_person_may_forget_only_as_part_of_a_higher_verb(written: None) -> None:
    by = Reader({"protection_contact": {1}})
    with pytest.raises(Forbidden):
        actions.forget(by=by, things=[(PERSON, "person222222")])
    assert len(left()) == 5
    inside_an_action(lambda: actions.forget(by=by, things=[(PERSON, "person222222")]))
    assert left() == [("name", '"别人"')]


def test_many_things_at_once(written: None, system: System) -> None:
    actions.forget(by=system, things=[(PERSON, f"k{n:011}") for n in range(700)] + [(PERSON, OTHER)])
    assert '"别人"' not in [after for _, after in left()]


def test_nothing_of_the_person_is_left_in_the_database_files(tmp_path: Path, written: None, system: System, settings: LazySettings) -> None:
    """On SQLite the bytes are gone from the file too (secure_delete). PostgreSQL needs VACUUM, which runs by itself."""
    if connection.vendor != "sqlite" or connection.is_in_memory_db():
        with connection.cursor() as cursor:
            cursor.execute("select before, after, '' from journal_entryvalue union all select reason, cast(digests as text), verb from journal_entry")
            before = cursor.fetchall()
            assert any("CANARY" in "".join(row) for row in before)
            actions.forget(by=system, things=[(PERSON, "person222222")])
            cursor.execute("select before, after, '' from journal_entryvalue union all select reason, cast(digests as text), verb from journal_entry")
            assert not any("CANARY" in "".join(row) for row in cursor.fetchall())
    else:
        actions.forget(by=system, things=[(PERSON, "person222222")])
        with connection.cursor() as cursor:
            cursor.execute("pragma wal_checkpoint(truncate)")
        base = Path(connection.settings_dict["NAME"])
        assert not any(b"CANARY" in path.read_bytes() for path in base.parent.glob(base.name + "*"))


def test_command_prints_how_much_was_erased(written: None, system: System, capsys: pytest.CaptureFixture[str]) -> None:
    actions.forget(by=system, things=[(PERSON, "person222222")])
    call_command("journal_verify")
    assert capsys.readouterr().out == "已封 2 条，待封 1 条，依法遗忘 4 项\n日志完整\n"
