"""The database itself refuses to change the journal, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, transaction

from juzhi.base import constraints
from juzhi.base.actors import System
from juzhi.files.models import Upload
from juzhi.jobs.models import ScheduledJob
from juzhi.journal import actions
from juzhi.journal.models import Entry
from tests.journal.conftest import inside_an_action

pytestmark = [pytest.mark.django_db, pytest.mark.tampers]

REFUSED = [
    "update journal_entry set verb = 'x'",
    "update journal_entry set at = '2001-01-01 00:00:00+00:00'",
    "update journal_entry set digests = '{}'",
    "update journal_entry set number = 7, verb = 'x'",
    "delete from journal_entry",
    "update journal_entryline set thing_key = 'x'",
    "delete from journal_entryline",
    "update journal_entryvalue set after = 'x'",
    "update journal_entryvalue set salt = 'x'",
]


@pytest.fixture
def written(system: System) -> None:
    line = actions.Line(Upload(), {"name": (None, "甲")})
    inside_an_action(lambda: actions.record(by=system, verb="imports.commit", thing=ScheduledJob(), changes={"name": ("a", "b")}, lines=[line]))


def test_triggers_stand_after_migration(db: None) -> None:
    assert constraints.missing() == []


@pytest.mark.parametrize("statement", REFUSED)
def test_change_is_refused(written: None, statement: str) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("statement", REFUSED)
def test_control_without_triggers_the_same_change_goes_through(written: None, statement: str) -> None:
    constraints.remove()
    with connection.cursor() as cursor:
        if statement == "delete from journal_entryline":
            cursor.execute("delete from journal_entryvalue")
        if statement == "delete from journal_entry":
            cursor.execute("delete from journal_entryvalue")
            cursor.execute("delete from journal_entryline")
        cursor.execute(statement)
        assert cursor.rowcount > 0
    constraints.install()


def test_number_and_seal_are_set_once(written: None, system: System) -> None:
    assert actions.seal(by=system) == 1
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Entry.objects.system("test").update(number=2)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Entry.objects.system("test").update(seal=None)


@pytest.fixture
def statements() -> Callable[[], list[str]]:
    def of_database() -> list[str]:
        table = "pg_trigger where not tgisinternal" if connection.vendor == "postgresql" else "sqlite_master where type = 'trigger'"
        with connection.cursor() as cursor:
            cursor.execute(f"select {'tgname' if connection.vendor == 'postgresql' else 'name'} from {table}")
            return sorted(row[0] for row in cursor.fetchall())

    return of_database


def test_installing_twice_and_removing(db: None, statements: Callable[[], list[str]]) -> None:
    before = statements()
    constraints.install()
    assert statements() == before
    constraints.remove()
    assert not any("journal_entry" in name for name in statements())
    assert {"juzhi_append_only_journal_entry"} <= {name.removesuffix("_u").removesuffix("_d") for name in constraints.missing()}
    constraints.install()
    assert statements() == before
