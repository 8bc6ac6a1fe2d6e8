"""`journal.actions.record`: one entry, values apart, only inside an action."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from django.db import transaction

from juzhi.base.actors import System
from juzhi.files.models import Upload
from juzhi.jobs.models import ScheduledJob
from juzhi.journal import actions, queries
from juzhi.journal.models import REASON, Entry, EntryLine, EntryValue, canonical
from tests.guard import tampering
from tests.journal.conftest import AT, inside_an_action

pytestmark = pytest.mark.django_db


def record(**arguments: Any) -> Entry:
    return inside_an_action(lambda: actions.record(**arguments))  # type: ignore[no-any-return]


def kept_values() -> list[tuple[Any, ...]]:
    return list(
        EntryValue.objects.system("test").order_by("id").values_list("entry_id", "line__place", "field", "field_class", "before", "after")
    )


def test_entry_holds_who_what_and_digests_and_values_stand_apart(system: System) -> None:
    thing = Upload(key="uploadupload")
    entry = record(by=system, verb="files.rename", thing=thing, organisation_id=3, changes={"name": ("张三.xlsx", "张山.xlsx"), "size": (1, 1)})
    found = Entry.objects.system("test").get()
    told = {f: getattr(found, f) for f in ("verb", "kind", "thing_key", "organisation_id", "actor_key", "at", "number", "seal", "line_count")}
    assert told == {
        "verb": "files.rename",
        "kind": "files.upload",
        "thing_key": "uploadupload",
        "organisation_id": 3,
        "actor_key": "system:测试",
        "at": AT,
        "number": None,
        "seal": None,
        "line_count": 0,
    }
    assert kept_values() == [(entry.pk, None, "name", "personal", '"张三.xlsx"', '"张山.xlsx"')]
    salt = EntryValue.objects.system("test").get().salt
    sides = [("before", '"张三.xlsx"'), ("after", '"张山.xlsx"')]
    assert found.digests == {"name": [hashlib.sha256(canonical([salt, "name", "personal", *side]).encode()).hexdigest() for side in sides]}


def test_reason_about_a_person_is_erasable_and_other_reasons_are_not(system: System) -> None:
    record(by=system, verb="files.rename", thing=Upload(), reason="张三自己要求")
    record(by=system, verb="jobs.rename", thing=ScheduledJob(), reason="改错字")
    assert list(Entry.objects.system("test").order_by("id").values_list("reason", flat=True)) == ["", "改错字"]
    assert [row[2:] for row in kept_values()] == [(REASON, "personal", '""', '"张三自己要求"')]


def test_bulk_verb_writes_one_entry_and_one_line_per_row(system: System) -> None:
    batch, first, second = ScheduledJob(key="batchbatch22"), Upload(key="firstfirst22"), Upload(key="second222222")
    lines = [actions.Line(first, {"name": (None, "甲")}), actions.Line(second, {"name": (None, "乙")})]
    entry = record(by=system, verb="imports.commit", thing=batch, organisation_id=3, batch_key=batch.key, lines=lines)
    assert list(EntryLine.objects.system("test").order_by("place").values_list("entry_id", "place", "kind", "thing_key")) == [
        (entry.pk, 1, "files.upload", "firstfirst22"),
        (entry.pk, 2, "files.upload", "second222222"),
    ]
    assert [row[1:] for row in kept_values()] == [(1, "name", "personal", "null", '"甲"'), (2, "name", "personal", "null", '"乙"')]
    assert (entry.line_count, len(entry.lines_digest)) == (2, 64)


def of_pieces(system: System, *pieces: list[Any]) -> list[Entry]:
    def verb() -> list[Entry]:
        ledger = actions.Ledger(by=system, verb="imports.commit", thing=ScheduledJob(key="batchbatch22"), batch_key="b")
        for piece in pieces:
            ledger.add(piece)
        return ledger.close()

    return inside_an_action(verb)


def test_a_ledger_divides_lines_among_organisations(system: System) -> None:
    of_pieces(system, [actions.Line(Upload(), organisation_id=place) for place in (3, 4, 3)])
    assert list(Entry.objects.system("test").order_by("id").values_list("organisation_id", "line_count", "batch_key")) == [(3, 2, "b"), (4, 1, "b")]


def test_a_ledger_in_pieces_is_sealed_and_verified_like_one_entry(system: System) -> None:
    """What is written piece by piece, without objects, is what the journal reads and checks; a changed value is found."""
    lines = [actions.Line(Upload(key=f"upload22222{n}"), {"name": (None, f"第“{n}”\n个"), "size": (1, n)}, 3) for n in range(4)]
    (entry,) = of_pieces(system, lines[:3], lines[3:])
    assert (entry.line_count, entry.verb, entry.thing_key) == (4, "imports.commit", "batchbatch22")
    assert list(EntryLine.objects.system("test").order_by("place").values_list("place", "thing_key")) == [(n + 1, f"upload22222{n}") for n in range(4)]
    actions.seal(by=system)
    assert queries.verify({}).fault is None
    with tampering():
        EntryValue.objects.system("test").filter(line__place=4, field="name").delete()
        EntryValue.objects.create(entry=entry, line=EntryLine.objects.system("test").get(place=4), field="name", field_class="personal", before="null", after='"别的"', salt="0" * 32)
    assert queries.verify({}).fault is not None


def test_an_empty_ledger_leaves_no_entry(system: System) -> None:
    assert of_pieces(system) == []
    assert not Entry.objects.system("test").exists()


def test_outside_an_action_it_raises_and_writes_nothing(system: System) -> None:
    with pytest.raises(RuntimeError, match="outside an action"):
        actions.record(by=system, verb="files.rename", thing=Upload())
    assert not Entry.objects.system("test").exists()


def test_a_rolled_back_verb_leaves_no_entry(system: System) -> None:
    with pytest.raises(ZeroDivisionError):
        inside_an_action(lambda: (actions.record(by=system, verb="files.rename", thing=Upload()), 1 // 0))
    assert not Entry.objects.system("test").exists()


def test_statements_do_not_grow_with_rows(system: System, django_assert_num_queries: Any) -> None:
    lines = [actions.Line(Upload(), {"name": (None, str(n))}) for n in range(90)]  # SQLite takes 999 values in a statement
    with transaction.atomic(), django_assert_num_queries(5):  # savepoint and release, entry, lines, values
        record(by=system, verb="imports.commit", thing=ScheduledJob(), lines=lines)
