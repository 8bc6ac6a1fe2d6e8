"""Saying of suspects whether they are the same, somebody else, or left for later."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from juzhi.base.errors import Forbidden, Refused
from juzhi.imports import actions, tasks
from juzhi.imports.models import Batch
from juzhi.members import actions as members
from juzhi.members.models import Membership
from juzhi.people import actions as people
from juzhi.people.models import Person
from tests.cast import SYSTEM, Cast
from tests.imports.office import fresh, mixed, planned, roster, rows_of, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch(cast: Cast) -> Batch:
    return planned(cast.by("east_clerk"), mixed(), cast.tower)


def decisions(batch: Batch) -> list[str]:
    return [row.decision for row in rows_of(batch) if row.action == "suspect"]


def test_row_by_row(cast: Cast, batch: Batch) -> None:
    by, keys = cast.by("east_clerk"), [row.key for row in rows_of(batch) if row.action == "suspect"]
    assert actions.settle(by=by, batch=batch, decisions={keys[0]: "same", keys[1]: "later"}) == 2
    assert actions.settle(by=by, batch=batch, decisions={keys[0]: "same"}) == 0  # twice
    assert decisions(batch) == ["same", "later"]
    assert actions.settle(by=by, batch=batch, decisions={keys[0]: "new"}) == 1
    assert decisions(batch) == ["new", "later"]


def test_all_at_once(cast: Cast, batch: Batch) -> None:
    assert actions.settle(by=cast.by("east_clerk"), batch=batch, everything="new") == 2
    assert decisions(batch) == ["new", "new"]
    assert {row.decision for row in rows_of(batch) if row.action != "suspect"} == {""}


def test_rows_that_are_no_suspects_cannot_be_settled(cast: Cast, batch: Batch) -> None:
    other = next(row for row in rows_of(batch) if row.action == "refuse")
    assert actions.settle(by=cast.by("east_clerk"), batch=batch, decisions={other.key: "new", "unknown": "new"}) == 0
    assert {row.decision for row in rows_of(batch)} == {""}


@pytest.mark.parametrize(("decision", "persons", "spells"), [("same", 1, 4), ("new", 3, 4), ("later", 1, 2)])
def test_what_becomes_of_them(cast: Cast, batch: Batch, decision: str, persons: int, spells: int) -> None:
    """Besides the one new person: two suspects joined to those known, made anew, or left."""
    before = Person.objects.system("test").count(), Membership.objects.system("test").filter(organisation=cast.tower).count()
    actions.settle(by=cast.by("east_clerk"), batch=batch, everything=decision)
    actions.commit(by=cast.by("east_clerk"), batch=batch)
    after = Person.objects.system("test").count(), Membership.objects.system("test").filter(organisation=cast.tower).count()
    assert (after[0] - before[0], after[1] - before[1]) == (persons, spells - 1)


def test_refusals(cast: Cast, batch: Batch) -> None:
    by = cast.by("east_clerk")
    with pytest.raises(Refused, match="裁定只能是"):
        actions.settle(by=by, batch=batch, everything="perhaps")
    with pytest.raises(Forbidden):
        actions.settle(by=cast.by("west_clerk"), batch=batch, everything="same")
    actions.start_commit(by=by, batch=batch, version=fresh(batch).version, task=tasks.write)
    with pytest.raises(Refused, match="正在写入"):
        actions.settle(by=by, batch=batch, everything="same")
    actions.commit(by=by, batch=batch)
    with pytest.raises(Refused, match="已经结束"):
        actions.settle(by=by, batch=batch, everything="same")


def test_a_page_of_them_at_once(cast: Cast, batch: Batch) -> None:
    """Every row of the page in one form; rows without a choice stay open, and what is nobody's is not touched."""
    client = signed_in(cast, "east_clerk")
    first, second = (row for row in rows_of(batch) if row.action == "suspect")
    page = client.get(f"/imports/{batch.key}/?tab=suspect").content.decode()
    assert page.count('type="radio"') == 6 and f'name="row_{first.key}" value="same"' in page
    answer = client.post(f"/imports/{batch.key}/settle/", {f"row_{first.key}": "new", "row_unknown": "same", "page": "1"})
    assert (answer.status_code, answer["Location"]) == (303, f"/imports/{batch.key}/?tab=suspect&page=1")
    assert decisions(batch) == ["new", ""]
    assert re.search(rf'name="row_{first.key}" value="new" checked', client.get(f"/imports/{batch.key}/?tab=suspect").content.decode())
    client.post(f"/imports/{batch.key}/settle/", {"page": "1"})  # nothing chosen changes nothing
    assert decisions(batch) == ["new", ""]
    answer = client.post(f"/imports/{batch.key}/settle/", {f"row_{second.key}": "perhaps"})
    assert answer.status_code == 422 and "裁定只能是" in answer.content.decode()
    client.post(f"/imports/{batch.key}/settle/", {"decision": "later"})
    assert decisions(batch) == ["later", "later"]


@pytest.mark.parametrize("decision", ["same", "later"])
def test_once_written_the_page_says_what_came_of_them(cast: Cast, batch: Batch, decision: str) -> None:
    by = cast.by("east_clerk")
    actions.settle(by=by, batch=batch, everything=decision)
    actions.commit(by=by, batch=batch)
    text = signed_in(cast, "east_clerk").get(f"/imports/{batch.key}/?tab=suspect").content.decode().split('id="import-rows"')[1]
    written = [row for row in rows_of(batch) if row.action == "suspect" and row.thing_key]
    assert [f"/members/{cast.tower.key}/{row.thing_key}/" in text for row in written] == ([True, True] if decision == "same" else [])
    assert ("把这些行下载成文件" in text) == (decision == "later")


def test_two_hundred_of_them(cast: Cast) -> None:
    """Twenty a page; saving one leads to the next; a page asks the database as often as a page of one."""
    by, client = cast.by("east_clerk"), signed_in(cast, "east_clerk")
    names = [f"何{chr(0x4E00 + n)}清" for n in range(200)]
    for n, name in enumerate(names):
        person = people.enter(by=SYSTEM, name=name, mobiles=(f"199000{10000 + n}",), source="test", organisation_id=cast.harbour.pk)
        members.admit(by=SYSTEM, person=person, organisation=cast.harbour)
    batch = planned(by, roster(*({"姓名": name, "手机": f"199000{10000 + n}"} for n, name in enumerate(names))), cast.tower)
    one = planned(by, roster({"姓名": names[0], "手机": "19900010000"}), cast.tower)
    counts = []
    for each, page in ((one, 1), (batch, 10)):
        with CaptureQueriesContext(connection) as seen:
            text = client.get(f"/imports/{each.key}/?tab=suspect&page={page}").content.decode()
        counts.append(len(seen))
    assert counts[0] == counts[1]
    assert text.count("<fieldset") == 20
    text = client.get(f"/imports/{batch.key}/?tab=suspect").content.decode()
    assert '<input type="hidden" name="page" value="2">' in text and "保存这一页，看下一页" in text
    actions.settle(by=by, batch=batch, everything="same")
    actions.commit(by=by, batch=batch)
    assert Person.objects.system("test").filter(name__in=names).count() == 200  # nobody twice
    assert Membership.objects.system("test").filter(organisation=cast.tower, person__name__in=names).count() == 200


def test_namesakes_stay_two_whatever_the_file(cast: Cast) -> None:
    """张伟 twice in one file, once more in another, and in another organisation: by name alone nobody is anybody."""
    by = cast.by("east_clerk")
    first = planned(by, roster({"姓名": "钱一"}, {"姓名": "钱一"}), cast.tower)
    assert [row.action for row in rows_of(first)] == ["create", "create"]
    actions.commit(by=by, batch=first)
    again = planned(by, roster({"姓名": "钱一", "单位": "别处"}), cast.tower)
    assert [(row.action, row.warn) for row in rows_of(again)] == [("create", ["namesake_here"])]
    elsewhere = planned(by, roster({"姓名": "钱一", "出生年月": "1980-03"}), cast.harbour)
    assert [(row.action, row.warn) for row in rows_of(elsewhere)] == [("create", [])]


def test_the_same_person_in_one_file_in_two_files_and_in_two_organisations(cast: Cast) -> None:
    by = cast.by("east_clerk")
    row = {"姓名": "钱一", "手机": "19900000600", "单位": "云塔科技"}
    first = planned(by, roster(row, {**row, "职务": "经理"}), cast.tower)
    assert [(one.action, one.same_as) for one in rows_of(first)] == [("create", None), ("same", 3)]
    assert rows_of(first)[0].values["duty"] == "经理"  # what the repeat knows more is kept
    actions.commit(by=by, batch=first)
    assert [one.action for one in rows_of(planned(by, roster(row), cast.tower))] == ["same"]
    assert [(one.action, one.like_by) for one in rows_of(planned(by, roster(row), cast.harbour))] == [("suspect", "mobile")]
    assert [(one.action, one.like_by) for one in rows_of(planned(by, roster({"姓名": "钱一", "单位": "云塔科技"}), cast.harbour))] == [("suspect", "name_unit")]
