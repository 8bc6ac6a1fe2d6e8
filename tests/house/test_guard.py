"""The guards that every test stands behind are themselves seen to work."""

from __future__ import annotations

import os
import socket
import threading
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.utils import timezone

from juzhi.base import constraints
from juzhi.base.actors import System
from juzhi.figures.actions import marks
from juzhi.network.actions import register_family
from juzhi.network.models import Family
from tests import kept
from tests.guard import WrittenOutside, tampering, written_table


@pytest.mark.parametrize(
    ("sql", "table"),
    [
        ('INSERT INTO "network_family" ("key") VALUES (%s)', "network_family"),
        ('INSERT OR IGNORE INTO "network_family" ("key") VALUES (%s)', "network_family"),
        ('UPDATE "people_person" SET "name" = %s', "people_person"),
        ('DELETE FROM "journal_entry"', "journal_entry"),
        ('TRUNCATE "journal_entry", "people_person"', "journal_entry"),
        ('WITH old AS (SELECT 1) DELETE FROM "people_person"', "people_person"),
        ('COPY "people_person" FROM STDIN', "people_person"),
        ('UPDATE "access_account" SET "login" = %s WHERE id = 1', "access_account"),
        ('UPDATE "access_account" SET "last_login" = %s WHERE "access_account"."id" = %s', ""),
        ('SELECT * FROM "people_person" FOR UPDATE', ""),
        ('SELECT * FROM "people_person" FOR NO KEY UPDATE OF "people_person"', ""),
        ('WITH old AS (SELECT 1) SELECT * FROM "people_person" FOR UPDATE', ""),
        ('INSERT INTO "django_session" VALUES (1)', ""),
        ('UPDATE "mfa_authenticator" SET "data" = 1', ""),
        ('INSERT INTO "web_receipt" VALUES (1)', ""),
        ('SAVEPOINT "s1"', ""),
    ],
)
def test_which_statements_write(sql: str, table: str) -> None:
    assert written_table(sql) == table


@pytest.mark.django_db
def test_a_write_outside_an_action_is_refused() -> None:
    with pytest.raises(WrittenOutside, match="network_family was written outside an action"), transaction.atomic():
        Family.objects.create(name="知联会", glyph="知")
    with pytest.raises(WrittenOutside), transaction.atomic():
        Family.objects.system("test").update(name="x")
    with pytest.raises(WrittenOutside), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute('delete from "network_family"')
    assert Family.objects.system("test").count() == 0


@pytest.mark.django_db
def test_actions_sessions_and_tampering_may_write() -> None:
    register_family(by=System("test", timezone.now()), name="知联会", full_name="", glyph="知")
    Session.objects.create(session_key="a", session_data="", expire_date=timezone.now())
    with tampering():
        Family.objects.create(name="新联会", glyph="新")
    assert Family.objects.system("test").count() == 2
    with pytest.raises(WrittenOutside):
        Family.objects.create(name="网联会", glyph="网")


@pytest.mark.django_db(transaction=True)
def test_other_threads_are_watched_too() -> None:
    caught: list[BaseException] = []

    def write() -> None:
        try:
            Family.objects.create(name="知联会", glyph="知")
        except WrittenOutside as error:
            caught.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=write)
    thread.start()
    thread.join()
    assert len(caught) == 1


def test_other_machines_are_out_of_reach() -> None:
    with pytest.raises(ConnectionRefusedError), socket.socket() as line:
        line.connect(("192.0.2.1", 80))
    with pytest.raises(ConnectionRefusedError):
        socket.getaddrinfo("example.org", 80)
    with socket.socket() as server, socket.socket() as line:
        server.bind(("127.0.0.1", 0))
        server.listen()
        line.connect(server.getsockname())


def test_the_data_folder_is_private() -> None:
    folder = Path(os.environ["JUZHI_DATA"])
    assert folder == settings.DATA_FOLDER
    assert not folder.is_relative_to(Path(settings.LOCALE_PATHS[0]).parents[1]), "tests never touch what somebody keeps beside the code"


@pytest.mark.django_db
def test_the_cast_put_back_equals_the_cast_built() -> None:
    """Every row of every table; keys are random, so the same build is compared with itself put back."""
    with tampering():  # it may have been kept already, and is put back
        first = kept.federation()
    before = {model: kept.rows_of(model) for model in kept.own_models()}
    with tampering(), transaction.atomic():
        _empty()
        second = kept.federation()
        assert {model: kept.rows_of(model) for model in kept.own_models()} == before
        assert second.east == first.east and second.east is not first.east
        assert second.by("east_clerk").holds("secretary", second.harbour.pk)
        connection.check_constraints()
        constraints.install()
        marks.install()
    register_family(by=System("test", timezone.now()), name="网联会", full_name="", glyph="网")


def _empty() -> None:
    connection.check_constraints()
    constraints.remove()
    marks.remove()
    tables = [model._meta.db_table for model in kept.own_models()]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("truncate " + ", ".join(f'"{table}"' for table in tables) + " cascade")
        else:
            cursor.execute("pragma defer_foreign_keys = on")
            for table in tables:
                cursor.execute(f'delete from "{table}"')
