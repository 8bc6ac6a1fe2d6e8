"""Choosing between the two dates that a cell may mean: row by row, all alike, and what follows from it."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from juzhi.base.errors import Forbidden, Refused
from juzhi.imports import actions, queries, tasks
from juzhi.imports.models import Batch, BatchRow
from juzhi.journal.models import Entry
from juzhi.members import actions as members
from juzhi.members.models import Membership
from juzhi.network.models import Organisation
from juzhi.people import actions as people
from juzhi.people.models import Person
from tests.cast import SYSTEM, Cast
from tests.imports.office import fresh, planned, roster, rows_of, signed_in, uploaded
from tests.imports.workbooks import workbook

pytestmark = pytest.mark.django_db

HEAD = ("姓名", "出生年月", "单位", "手机", "入会时间")
JANUARY, OCTOBER = "1985-01", "1985-10"


@pytest.fixture
def batch(cast: Cast) -> Batch:
    """Three births as numbers that may be two months, one of them with a day of joining that may be two days; one row without doubt."""
    rows = (
        {"姓名": "甲一", "出生年月": 1985.1, "单位": "云塔科技", "手机": "19900000601"},
        {"姓名": "甲二", "出生年月": 1986.1, "手机": "19900000602", "入会时间": "01/02/2024"},
        {"姓名": "甲三", "出生年月": 1987.1, "手机": "19900000603"},
        {"姓名": "甲四", "出生年月": "1988-05", "手机": "19900000604"},
    )
    return planned(cast.by("east_clerk"), roster(*rows, head=HEAD), cast.tower)


def births(batch: Batch) -> list[Any]:
    return [row.values["birth"] for row in rows_of(batch)]


def key(batch: Batch, name: str) -> str:
    return next(row.key for row in rows_of(batch) if row.values.get("name") == name)


def kept(batch: Batch) -> Any:
    return fresh(batch).headings.get("ambiguous")


def test_row_by_row(cast: Cast, batch: Batch) -> None:
    by, first = cast.by("east_clerk"), key(batch, "甲一")
    assert births(batch) == [None, None, None, "1988-05"]
    assert actions.choose(by=by, batch=batch, dates={first: {"birth": OCTOBER}}) == 1
    assert births(batch) == [OCTOBER, None, None, "1988-05"]
    assert rows_of(batch)[0].warn == [{"ambiguous_date": [JANUARY, OCTOBER], "field": "birth", "chosen": OCTOBER, "was": None}]
    assert kept(batch) == [{"field": "birth", "sort": "tenth", "rows": 3, "chosen": 1}, {"field": "joined", "sort": "order", "rows": 1, "chosen": 0}]


def test_twice_changes_nothing_and_leaves_no_second_entry(cast: Cast, batch: Batch) -> None:
    by, first = cast.by("east_clerk"), key(batch, "甲一")
    actions.choose(by=by, batch=batch, dates={first: {"birth": OCTOBER}})
    before = fresh(batch).version, Entry.objects.system("test").filter(verb="imports.choose").count()
    assert actions.choose(by=by, batch=batch, dates={first: {"birth": OCTOBER}}) == 0
    assert (fresh(batch).version, Entry.objects.system("test").filter(verb="imports.choose").count()) == before == (batch.version + 1, 1)


def test_another_choice_and_none_after_all(cast: Cast, batch: Batch) -> None:
    by, first = cast.by("east_clerk"), key(batch, "甲一")
    plan = [(row.action, row.values, row.warn) for row in rows_of(batch)]
    for chosen in (OCTOBER, JANUARY):
        actions.choose(by=by, batch=batch, dates={first: {"birth": chosen}})
        assert births(batch)[0] == chosen
    assert actions.choose(by=by, batch=batch, dates={first: {"birth": ""}}) == 1
    assert [(row.action, row.values, row.warn) for row in rows_of(batch)] == plan


def test_all_of_one_sort_alike(cast: Cast, batch: Batch) -> None:
    by = cast.by("east_clerk")
    assert actions.choose(by=by, batch=batch, everything=("birth", "tenth", 1)) == 3
    assert births(batch) == ["1985-10", "1986-10", "1987-10", "1988-05"]
    assert [row.values["joined"] for row in rows_of(batch)] == [None, None, None, None]  # another field, another sort
    assert actions.choose(by=by, batch=batch, everything=("joined", "order", 0)) == 1
    assert rows_of(batch)[1].values["joined"] == "2024-01-02"
    actions.choose(by=by, batch=batch, everything=("joined", "order", 1))
    assert rows_of(batch)[1].values["joined"] == "2024-02-01"
    assert actions.choose(by=by, batch=batch, everything=("birth", "tenth", None)) == 3
    assert births(batch) == [None, None, None, "1988-05"]


def test_what_is_written(cast: Cast, batch: Batch) -> None:
    """The chosen date; nothing where nobody chose, and that is told; no row keeps a date."""
    by = cast.by("east_clerk")
    actions.choose(by=by, batch=batch, dates={key(batch, "甲一"): {"birth": OCTOBER}, key(batch, "甲二"): {"joined": "2024-02-01"}})
    actions.commit(by=by, batch=batch)
    born = {one.name: (one.born_on, one.born_precision) for one in Person.objects.system("test").filter(name__in=("甲一", "甲二", "甲三"))}
    assert born["甲一"] == (date(1985, 10, 1), "month")
    assert (born["甲二"][0], born["甲三"][0]) == (None, None)
    assert Membership.objects.system("test").get(person__name="甲二").joined_on == date(2024, 2, 1)
    assert "「出生年月」有 2 行可能是两个日期中的一个，没有选定，没有写入日期" in queries.noticed(fresh(batch))
    assert [(row.values, row.warn) for row in rows_of(batch)] == [({}, [])] * 4


def known(cast: Cast, name: str, born: str, mobile: str) -> Person:
    """Somebody of a neighbouring organisation whom the clerk may see."""
    person = people.enter(by=SYSTEM, name=name, mobiles=(mobile,), born_on=date.fromisoformat(born), born_precision="month", source="test", organisation_id=cast.harbour.pk)
    members.admit(by=SYSTEM, person=person, organisation=cast.harbour)
    return person


def test_a_birth_is_compared_with_the_register_again(cast: Cast, batch: Batch) -> None:
    by, person = cast.by("east_clerk"), known(cast, "甲一", "1985-10-01", "19900000699")
    first = key(batch, "甲一")
    assert rows_of(batch)[0].action == "create"
    actions.choose(by=by, batch=batch, dates={first: {"birth": OCTOBER}})
    row = rows_of(batch)[0]
    assert (row.action, row.like_key, row.like_by) == ("suspect", person.key, "name_birth")
    assert fresh(batch).counts == {"create": 3, "suspect": 1}
    actions.settle(by=by, batch=batch, decisions={first: "same"})
    assert rows_of(batch)[0].decision == "same"
    actions.choose(by=by, batch=batch, dates={first: {"birth": JANUARY}})  # resembles nobody now: the decision is void
    row = rows_of(batch)[0]
    assert (row.action, row.like_key, row.decision) == ("create", "", "")
    assert fresh(batch).counts == {"create": 4}


def test_a_decision_stays_where_the_likeness_does(cast: Cast, batch: Batch) -> None:
    by, person = cast.by("east_clerk"), known(cast, "甲一", "1985-10-01", "19900000601")
    tasks.read_now(by, batch)
    first = key(batch, "甲一")
    actions.settle(by=by, batch=batch, decisions={first: "same"})
    actions.choose(by=by, batch=batch, dates={first: {"birth": JANUARY}})
    row = rows_of(batch)[0]
    assert (row.action, row.like_key, row.like_by, row.decision) == ("suspect", person.key, "mobile", "same")


def test_both_on_one_page_and_a_likeness_that_moved_stays_open(cast: Cast, batch: Batch) -> None:
    """A decision about somebody whom the row no longer resembles is not taken; one about the same person is."""
    by = cast.by("east_clerk")
    in_october, in_january = known(cast, "甲一", "1985-10-01", "19900000698"), known(cast, "甲一", "1985-01-01", "19900000699")
    first = key(batch, "甲一")
    actions.choose(by=by, batch=batch, dates={first: {"birth": OCTOBER}})
    assert rows_of(batch)[0].like_key == in_october.key
    assert actions.settle(by=by, batch=batch, decisions={first: "same"}, dates={first: {"birth": JANUARY}}) == 0
    assert [(row.like_key, row.decision) for row in rows_of(batch)][0] == (in_january.key, "")
    assert actions.settle(by=by, batch=batch, decisions={first: "same"}, dates={first: {"birth": JANUARY}}) == 1
    assert rows_of(batch)[0].decision == "same"


def test_a_member_here_is_updated_and_two_rows_of_one_are_told(cast: Cast) -> None:
    by = cast.by("east_clerk")
    person = people.enter(by=SYSTEM, name="甲一", mobiles=("19900000601",), source="test", organisation_id=cast.tower.pk)
    members.admit(by=SYSTEM, person=person, organisation=cast.tower)
    batch = planned(by, roster({"姓名": "甲一", "出生年月": 1985.1, "手机": "19900000601"}, head=HEAD), cast.tower)
    assert [row.action for row in rows_of(batch)] == ["same"]
    actions.choose(by=by, batch=batch, everything=("birth", "tenth", 0))
    assert [row.action for row in rows_of(batch)] == ["update"]
    actions.commit(by=by, batch=batch)
    assert Person.objects.system("test").get(pk=person.pk).born_on == date(1985, 1, 1)


def test_an_impossible_choice_can_be_changed(cast: Cast) -> None:
    """Joined before the birth: the row is refused and says so; the other date takes it back."""
    by = cast.by("east_clerk")
    batch = planned(by, roster({"姓名": "甲一", "出生年月": 1985.1, "入会时间": "1985-05"}, {"姓名": "", "出生年月": 1985.1}, head=HEAD), cast.tower)
    actions.choose(by=by, batch=batch, everything=("birth", "tenth", 1))
    assert [(row.action, row.reason) for row in rows_of(batch)] == [("refuse", "born_later"), ("refuse", "missing_name")]
    text = signed_in(cast, "east_clerk").get(f"/imports/{batch.key}/?tab=refuse").content.decode()
    assert text.count(f'value="{JANUARY}"') == 2
    actions.choose(by=by, batch=batch, everything=("birth", "tenth", 0))
    assert [(row.action, row.reason) for row in rows_of(batch)] == [("create", ""), ("refuse", "missing_name")]


def test_what_was_filled_in_beside_the_file_gives_way_to_a_choice(cast: Cast) -> None:
    by = cast.by("east_clerk")
    data = roster({"姓名": "甲一", "手机": "19900000601", "入会时间": "01/02/2018"}, head=HEAD)
    batch = actions.upload(by=by, file=uploaded(data), kind="batch", organisation_id=cast.tower.pk, answers={"batch": "1", "joined": "2018-06"})
    tasks.read_now(by, batch)
    seen = []
    for chosen in ("2018-02-01", ""):
        actions.choose(by=by, batch=batch, dates={key(batch, "甲一"): {"joined": chosen}})
        seen.append(rows_of(batch)[0].values["joined"])
    assert seen == ["2018-02-01", "2018-06"]


def test_organisations_are_judged_together(cast: Cast) -> None:
    """A kind whose rows need each other: the others stay what they were."""
    by = SYSTEM
    head = ["组织名称", "组织类别", "层级", "上级组织", "成立时间"]
    lines = [
        ["示例甲分会", "知联会", "街道", cast.east.name, 2016.1],
        ["示例乙小组", "知联会", "社区", "示例甲分会", 2017.1],
        ["示例丙小组", "知联会", "社区", "示例甲分会", "2017-05"],
        ["示例丁小组", "知联会", "社区", "没有的组织", 2018.1],
    ]
    batch = planned(by, workbook([head, *lines]), None, kind="orgs")
    plan = [(row.action, row.reason, {**row.values, "founded": ""}) for row in rows_of(batch)]
    assert [row.action for row in rows_of(batch)] == ["create", "create", "create", "refuse"]
    actions.choose(by=by, batch=batch, everything=("founded", "tenth", 1))
    assert [(row.action, row.reason, {**row.values, "founded": ""}) for row in rows_of(batch)] == plan
    actions.commit(by=by, batch=batch)
    assert {one.name: one.founded_on for one in Organisation.objects.system("test").filter(name__startswith="示例")} == {
        "示例甲分会": date(2016, 10, 1),
        "示例乙小组": date(2017, 10, 1),
        "示例丙小组": date(2017, 5, 1),
    }


def test_refusals(cast: Cast, batch: Batch) -> None:
    by, first = cast.by("east_clerk"), key(batch, "甲一")
    with pytest.raises(Refused, match="不是这一格可能的日期"):
        actions.choose(by=by, batch=batch, dates={first: {"birth": "1985-11"}})
    with pytest.raises(Refused, match="没有这种读法"):
        actions.choose(by=by, batch=batch, everything=("birth", "tenth", 2))
    with pytest.raises(Forbidden):
        actions.choose(by=cast.by("west_clerk"), batch=batch, everything=("birth", "tenth", 1))
    assert actions.choose(by=by, batch=batch, dates={"unknown": {"birth": OCTOBER}, key(batch, "甲四"): {"birth": OCTOBER}, first: {"joined": OCTOBER}}) == 0
    assert actions.choose(by=by, batch=batch, everything=("birth", "order", 1)) == 0
    assert births(batch) == [None, None, None, "1988-05"]
    actions.start_commit(by=by, batch=batch, version=fresh(batch).version, task=tasks.write)
    with pytest.raises(Refused, match="正在写入"):
        actions.choose(by=by, batch=batch, everything=("birth", "tenth", 1))
    actions.commit(by=by, batch=batch)
    with pytest.raises(Refused, match="已经结束"):
        actions.choose(by=by, batch=batch, everything=("birth", "tenth", 1))


def test_not_while_it_is_read_again(cast: Cast, batch: Batch) -> None:
    actions.remap(by=cast.by("east_clerk"), batch=batch, choices={"单位": ""})
    with pytest.raises(Refused, match="还没有读完"):
        actions.choose(by=cast.by("east_clerk"), batch=batch, everything=("birth", "tenth", 1))


def test_a_page_that_was_looked_at_before_does_not_write_another_plan(cast: Cast, batch: Batch) -> None:
    client = signed_in(cast, "east_clerk")
    actions.choose(by=cast.by("east_clerk"), batch=batch, everything=("birth", "tenth", 1))
    assert client.post(f"/imports/{batch.key}/commit/", {"version": batch.version}).status_code == 422


def test_the_journal_tells_how_many_and_no_date(cast: Cast, batch: Batch) -> None:
    actions.choose(by=cast.by("east_clerk"), batch=batch, everything=("birth", "tenth", 1))
    entry = Entry.objects.system("test").get(verb="imports.choose")
    assert (entry.thing_key, entry.organisation_id, entry.batch_key) == (batch.key, cast.tower.pk, batch.key)
    assert [(one.field, one.after) for one in entry.values.system("test")] == [("counts", '{"chosen":3}')]


def test_the_form(cast: Cast, batch: Batch) -> None:
    """Row by row and all at once, without script; what is wrong is said in the page."""
    client, first = signed_in(cast, "east_clerk"), key(batch, "甲一")
    address, choose = f"/imports/{batch.key}/?tab=create", f"/imports/{batch.key}/choose/"
    text = client.get(address).content.decode()
    assert text.count('type="radio"') == 4 * 3 and "checked" not in text
    assert "「出生年月」写成 1985.1 一样的数字，是 1 月还是 10 月？" in text and "「入会时间」写成 01/02/1985 一样，先写月还是先写日？" in text
    answer = client.post(choose, {f"date_{first}_birth": OCTOBER, f"date_{key(batch, '甲二')}_joined": "2024-01-02", "date_unknown_birth": JANUARY, "tab": "create", "page": "1"})
    assert (answer.status_code, answer["Location"]) == (303, address + "&page=1")
    text = client.get(address).content.decode()
    assert re.search(rf'name="date_{first}_birth" value="{OCTOBER}" checked', text) and text.count(" checked") == 2
    assert "共 3 行，2 行还没有选" in text and f"日期在 {JANUARY}、{OCTOBER} 中选定为 {OCTOBER}" in text
    client.post(choose, {"tab": "create", "page": "1"})  # nothing chosen changes nothing
    client.post(choose, {"everything": "birth.tenth.0", "tab": "create"})
    assert births(batch) == ["1985-01", "1986-01", "1987-01", "1988-05"]
    for body in ({f"date_{first}_birth": "2000-01"}, {"everything": "birth.tenth.7"}):
        answer = client.post(choose, body)
        assert answer.status_code == 422 and "请在列出的两" in answer.content.decode()
    nonsense = ("birth", "..", "birth..", "birth.tenth", "x" * 61, "birth.tenth.-1", "birth.tenth.²")
    assert [client.post(choose, {"everything": one}).status_code for one in nonsense] == [422, 303, 303, 422, 422, 422, 422]
    assert births(batch) == ["1985-01", "1986-01", "1987-01", "1988-05"]
    assert signed_in(cast, "west_clerk").post(choose, {"everything": "birth.tenth.0"}).status_code == 404


def test_suspects_are_asked_in_their_own_form(cast: Cast, batch: Batch) -> None:
    known(cast, "甲一", "1970-01-01", "19900000601")
    tasks.read_now(cast.by("east_clerk"), batch)
    client, first = signed_in(cast, "east_clerk"), key(batch, "甲一")
    text = client.get(f"/imports/{batch.key}/?tab=suspect").content.decode()
    assert text.count('type="radio"') == 6
    answer = client.post(f"/imports/{batch.key}/settle/", {f"row_{first}": "same", f"date_{first}_birth": JANUARY, "page": "1"})
    assert answer.status_code == 303
    assert [(row.decision, row.values["birth"]) for row in rows_of(batch)][0] == ("same", JANUARY)


def test_a_page_of_many_asks_the_database_as_often_as_a_page_of_one(cast: Cast) -> None:
    by, client = cast.by("east_clerk"), signed_in(cast, "east_clerk")
    counts = []
    for number in (1, 30):
        batch = planned(by, roster(*({"姓名": f"何{chr(0x4E00 + n)}清", "出生年月": 1985.1, "手机": f"199000{10000 + n}"} for n in range(number)), head=HEAD), cast.tower)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(f"/imports/{batch.key}/").content.decode().count("<fieldset") == number
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_erasing_somebody_takes_the_dates_too(cast: Cast, batch: Batch) -> None:
    person = known(cast, "甲一", "1985-10-01", "19900000699")
    actions.choose(by=cast.by("east_clerk"), batch=batch, dates={key(batch, "甲一"): {"birth": OCTOBER}})
    actions.wipe(by=SYSTEM, likes=[person.key])
    row = BatchRow.objects.system("test").get(batch=batch, position=1)
    assert (row.action, row.values, row.warn) == ("skip", {}, [])
    assert actions.choose(by=cast.by("east_clerk"), batch=batch, everything=("birth", "tenth", 1)) == 2
