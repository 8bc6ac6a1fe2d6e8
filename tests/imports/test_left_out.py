"""One row that cannot be written never costs the others: the dry run tells it, or it is left out when the batch is written and comes back."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

import pytest

from juzhi.imports import actions, queries
from juzhi.imports.models import Batch
from juzhi.members import actions as members
from juzhi.members.models import Membership
from juzhi.people import actions as people
from juzhi.people.models import Person
from tests.cast import SYSTEM, Cast
from tests.imports.office import fresh, planned, roster, rows_of, ways
from tests.imports.test_endings import member, three
from tests.imports.test_undo import everything, kept

__all__ = ["three"]
pytestmark = pytest.mark.django_db
GOOD = {"姓名": "何新", "手机": "19900000890"}


def unknown(cast: Cast, name: str, mobile: str) -> Membership:
    """A member whose joining day nobody knows."""
    person = people.enter(by=SYSTEM, name=name, mobiles=(mobile,), source="test", organisation_id=cast.tower.pk)
    return members.admit(by=SYSTEM, person=person, organisation=cast.tower)


def sentences(cast: Cast, batch: Batch, tab: str = "refuse") -> list[tuple[int, str]]:
    return [(shown.row.row, shown.reason or shown.warning_words) for shown in queries.screen(cast.by("east_clerk"), fresh(batch), tab).rows]


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ({"姓名": "何清", "手机": "19900000800", "出生年月": "2025-06", "备注": "2025-05去世"}, "离会或去世的时间早于出生日期，请核对"),
        ({"姓名": "何清", "手机": "19900000800", "出生年月": "2099-06"}, "入会时间、离会时间或出生日期在将来，请核对"),
        ({"姓名": "何清", "手机": "19900000800", "入会批次": "7", "入会时间": "2099-06"}, "入会时间、离会时间或出生日期在将来，请核对"),
        ({"姓名": "蒋明", "手机": "19900000801", "备注": "2023-12退会"}, "离会时间早于入会时间，请核对（备注里写的也算）"),
        ({"姓名": "周新", "手机": "19900000891", "出生年月": "1990", "备注": "1980年去世"}, "离会或去世的时间早于出生日期，请核对"),
    ],
)
def test_days_that_cannot_be_are_told_by_the_dry_run(cast: Cast, three: list[Membership], row: dict[str, str], why: str) -> None:
    by, head = cast.by("east_clerk"), ("姓名", "手机", "出生年月", "入会批次", "入会时间", "备注")
    batch = planned(by, roster(row, GOOD, head=head), cast.tower)
    assert sentences(cast, batch) == [(3, why)]
    assert actions.commit(by=by, batch=batch).counts["written"] == 1
    assert Person.objects.system("test").filter(name="何新").exists()


def test_an_end_before_an_unknown_joining_is_no_fault(cast: Cast) -> None:
    spell = unknown(cast, "何清", "19900000800")
    by, before = cast.by("east_clerk"), everything()
    batch = planned(by, roster({"姓名": "何清", "手机": "19900000800", "备注": "2019-05退会"}, GOOD), cast.tower)
    assert [way[1] for way in ways(batch)] == ["update", "create"]
    batch = actions.commit(by=by, batch=batch)
    over = Membership.objects.system("test").get(pk=spell.pk)
    assert (str(over.joined_on), over.joined_precision, str(over.ended_on), over.ended_precision) == ("2019-04-30", "unknown", "2019-05-01", "month")
    actions.undo(by=by, batch=batch, reason="看错了")
    assert (everything(), kept(batch)) == (before, [])


def test_an_end_within_an_earlier_spell_is_told(cast: Cast) -> None:
    first = member(cast, "何清", "19900000800", date(2018, 5, 4))
    members.end(by=SYSTEM, membership=first, reason_code="left", ended_on=date(2020, 1, 1))
    members.admit(by=SYSTEM, person=first.person, organisation=cast.tower)
    batch = planned(cast.by("east_clerk"), roster({"姓名": "何清", "手机": "19900000800", "备注": "2019-05退会"}, GOOD), cast.tower)
    assert sentences(cast, batch) == [(3, "离会时间落在这个人以前的一段会籍里，请核对离会时间")]


def test_a_suspect_that_cannot_be_the_same_says_so_beside_the_choice_and_is_left_out(cast: Cast) -> None:
    """Of another name by the number of a member who joined later; and somebody known elsewhere, said to have died before their birth."""
    member(cast, "何清", "19900000800")
    born = people.enter(by=SYSTEM, name="蒋明", mobiles=("19900000810",), born_on=date(1990, 5, 1), source="test", organisation_id=cast.harbour.pk)
    members.admit(by=SYSTEM, person=born, organisation=cast.harbour, joined_on=date(2024, 6, 1))
    rows = ({"姓名": "何青", "手机": "19900000800", "备注": "2020-05退会"}, {"姓名": "蒋明", "手机": "19900000810", "备注": "1985年去世"}, GOOD)
    by = cast.by("east_clerk")
    batch = planned(by, roster(*rows), cast.tower)
    told = {3: "离会时间早于入会时间，请核对（备注里写的也算）", 4: "离会或去世的时间早于出生日期，请核对"}
    assert sentences(cast, batch, "suspect") == [(number, f"选「同一个」的话，这一行写不进去：{why}") for number, why in told.items()]
    actions.settle(by=by, batch=batch, everything="same")
    batch = actions.commit(by=by, batch=batch)
    assert (batch.counts["written"], batch.counts["left_out"]) == (1, 2)
    assert sentences(cast, batch) == [*told.items()]
    assert [line[-1] for line in queries.problem_table(by, batch)[1]] == [*told.values()]
    assert [row.values.get("name") for row in rows_of(batch)] == ["何青", "蒋明", None]


def test_who_died_elsewhere_is_not_made_a_member(cast: Cast) -> None:
    person = people.enter(by=SYSTEM, name="蒋明", mobiles=("19900000810",), source="test", organisation_id=cast.harbour.pk)
    members.admit(by=SYSTEM, person=person, organisation=cast.harbour, joined_on=date(2024, 6, 1))
    people.mark_deceased(by=SYSTEM, person=person, on=None)
    by = cast.by("east_clerk")
    batch = planned(by, roster({"姓名": "蒋明", "手机": "19900000810"}, GOOD), cast.tower)
    actions.settle(by=by, batch=batch, everything="same")
    assert actions.commit(by=by, batch=batch).counts["left_out"] == 1
    assert not Membership.objects.system("test").filter(person=person, organisation=cast.tower).exists()


DAYS = ("", "", "1985", "1990-05", "2018-05-04", "2019", "2020-01-01", "2024-01", "2025-06-07", "2026", "2099-01")
ENDS = ("", "", "退会", "去世", "除名", "转会")
ODD = ("", "云塔科技", "云塔\n科技", "云塔\t科技\u200b", "云塔\x07科技", "长" * 300)
COLUMNS = ("姓名", "手机", "出生年月", "单位", "职务", "职称", "会员号", "入会批次", "入会时间", "会内职务", "备注", "性别", "邮箱")


def dirt(seed: int) -> list[dict[str, str]]:
    """Rows about the people of `known`, about strangers, and about each of them by the other's number."""
    chance = random.Random(seed)  # noqa: S311 the same rows every time
    rows = []
    for number in range(120):
        who = chance.randrange(16)
        row: dict[str, Any] = {"姓名": f"何{'甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳'[who if chance.random() < 0.8 else (who + 1) % 16]}", "手机": f"199000008{who:02}" if chance.random() < 0.8 else ""}
        row |= {name: chance.choice(DAYS) for name in ("出生年月", "入会时间")} | {name: chance.choice(ODD) for name in ("单位", "职务", "职称", "会内职务")}
        row |= {"会员号": chance.choice(("", f"A{number}", "长" * 60)), "入会批次": chance.choice(("", "", "3", "首批", "1000")), "性别": chance.choice(("", "男", "女"))}
        row |= {"备注": f"{chance.choice(DAYS)}{chance.choice(ENDS)}", "邮箱": chance.choice(("", f"A{number}@example.org"))}
        rows.append(row)
    return rows


def known(cast: Cast) -> None:
    """Members with and without their days, with a spell that ended, with two, one who died, some known elsewhere only."""
    for who in range(12):
        place = cast.harbour if who > 8 else cast.tower
        born = {} if who % 3 else {"born_on": date(1990, 5, 1), "born_precision": "month"}
        person = people.enter(by=SYSTEM, name=f"何{'甲乙丙丁戊己庚辛壬癸子丑'[who]}", mobiles=(f"199000008{who:02}",), source="test", organisation_id=place.pk, **born)
        spell = members.admit(by=SYSTEM, person=person, organisation=place, joined_on=None if who % 2 else date(2024, 6, 1) if who > 8 else date(2018, 5, 4))
        if who in (2, 3, 4):
            members.end(by=SYSTEM, membership=spell, reason_code="left", ended_on=None if who == 4 else date(2020, 1, 1))
        if who in (2, 3):
            members.admit(by=SYSTEM, person=person, organisation=place, joined_on=None if who == 2 else date(2024, 1, 5))
        if who in (5, 11):
            people.mark_deceased(by=SYSTEM, person=person, on=None)


@pytest.mark.parametrize("seed", range(3))
def test_whatever_a_roster_says_nothing_is_refused_at_the_end_that_was_not_told(cast: Cast, seed: int) -> None:
    known(cast)
    by = cast.by("east_clerk")
    batch = planned(by, roster(*dirt(seed), head=COLUMNS), cast.tower)
    actions.settle(by=by, batch=batch, everything=("same", "new", "again")[seed])
    actions.settle(by=by, batch=batch, decisions={row.key: "same" for row in rows_of(batch) if row.action == "suspect" and not row.decision})
    told = {row.row for row in rows_of(batch) if any("not_the_same" in one for one in row.warn if isinstance(one, dict))}
    batch = actions.commit(by=by, batch=batch)
    left_out = {row.row for row in rows_of(batch) if row.action == "refuse" and row.decision}
    assert left_out <= told
    assert len(left_out) == batch.counts.get("left_out", 0)
    assert all(sentence and not sentence.isascii() for _row, sentence in sentences(cast, batch))
