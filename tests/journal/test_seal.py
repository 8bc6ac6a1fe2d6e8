"""`journal.actions.seal`: numbers without gaps, in an order no running transaction can upset, and never twice."""

from __future__ import annotations

import json
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection, connections, transaction

from juzhi.base.actors import System
from juzhi.base.errors import Forbidden
from juzhi.jobs.models import ScheduledJob
from juzhi.journal import actions, queries
from juzhi.journal.models import FIRST, Entry
from tests.journal.conftest import Reader, inside_an_action


def write(system: System, count: int = 1) -> None:
    for _ in range(count):
        inside_an_action(lambda: actions.record(by=system, verb="jobs.rename", thing=ScheduledJob(), changes={"name": ("a", "b")}))


def chain() -> list[tuple[int, str]]:
    return list(Entry.objects.system("test").exclude(number=None).order_by("number").values_list("number", "seal"))


def test_each_seal_stands_on_the_one_before(committed: None, system: System, settings: LazySettings) -> None:
    write(system, 3)
    assert actions.seal(by=system) == 3
    write(system, 2)
    assert (actions.seal(by=system), actions.seal(by=system)) == (2, 0)
    previous = FIRST
    for entry in Entry.objects.system("test").order_by("number"):
        assert entry.holds_after(previous) and not entry.holds_after("x")
        previous = entry.seal
    assert [number for number, _ in chain()] == [1, 2, 3, 4, 5]
    assert json.loads((Path(settings.DATA_FOLDER) / "journal-head.json").read_text()) == {"number": 5, "seal": previous}


def test_a_person_may_not_seal(db: None) -> None:
    with pytest.raises(Forbidden):
        actions.seal(by=Reader({"auditor": {1}}))


def test_a_changed_secret_key_keeps_the_old_chain_valid(committed: None, system: System, settings: LazySettings) -> None:
    write(system, 2)
    actions.seal(by=system)
    old, settings.SECRET_KEY = settings.SECRET_KEY, "another" * 10
    assert queries.verify().fault is not None
    settings.SECRET_KEY_FALLBACKS = [old]
    write(system)
    actions.seal(by=system)
    assert queries.verify() == queries.Verdict(3, 0, 0, None)


@pytest.mark.tampers
def test_entries_of_a_restored_backup_are_sealed_though_their_transaction_numbers_lie_ahead(committed: None, system: System) -> None:
    write(system)
    from juzhi.base import constraints

    constraints.remove()
    Entry.objects.system("test").update(transaction=10**15)
    constraints.install()
    assert actions.seal(by=system) == 1


@pytest.fixture
def postgresql(committed: None) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time")


def in_thread(work: Any) -> threading.Thread:
    def run() -> None:
        try:
            work()
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_an_older_transaction_still_running_holds_later_entries_back(postgresql: None, system: System) -> None:
    written, finish = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            write(system)
            written.set()
            finish.wait(10)

    thread = in_thread(slow)
    assert written.wait(10)
    write(system)  # begun later, committed earlier
    assert actions.seal(by=system) == 0
    finish.set()
    thread.join()
    assert actions.seal(by=system) == 2
    order = list(Entry.objects.system("test").order_by("number").values_list("transaction", flat=True))
    assert order == sorted(order)


def test_concurrent_writers_and_sealers_leave_no_gap(postgresql: None, system: System) -> None:
    writers = [in_thread(lambda: write(system, 40)) for _ in range(2)]

    def keep_sealing() -> None:
        while any(writer.is_alive() for writer in writers):
            actions.seal(by=system)
            time.sleep(0.005)

    sealers = [in_thread(keep_sealing) for _ in range(2)]
    for thread in (*writers, *sealers):
        thread.join()
    actions.seal(by=system)
    assert [number for number, _ in chain()] == list(range(1, 81))
    assert queries.verify() == queries.Verdict(80, 0, 0, None)
