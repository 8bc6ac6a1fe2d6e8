"""A roster has somebody whose membership has ended: a question, never done unasked; a yes opens a new spell, and undo takes it back."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.utils import translation

from juzhi.base.errors import Refused
from juzhi.imports import actions
from juzhi.imports.models import Batch
from juzhi.members import actions as members
from juzhi.members.models import Membership
from juzhi.network import actions as network
from juzhi.people import actions as people
from juzhi.people.models import Contact, Employment, Person, Tie
from tests.cast import SYSTEM, TODAY, Cast
from tests.imports.office import fresh, planned, roster, rows_of, signed_in

pytestmark = pytest.mark.django_db
ROW = {"姓名": "何清", "手机": "19900000701", "单位": "云塔科技"}
OVER = {"membership_over": ["退会", "2025-03-01"]}


def left(cast: Cast, number: int = 1, **end: Any) -> Membership:
    """Somebody who was a member of the tower from 2024-03-01 until the day."""
    person = people.enter(by=SYSTEM, name="何清" if number == 1 else f"何{number}清", mobiles=(f"1990000070{number}",), unit="云塔科技", source="test", organisation_id=cast.tower.pk)
    spell = members.admit(by=SYSTEM, person=person, organisation=cast.tower, joined_on=date(2024, 3, 1), number=f"00{number}", org_role="理事")
    return members.end(by=SYSTEM, membership=spell, **{"reason_code": "left", "ended_on": date(2025, 3, 1)} | end)


def spells(name: str = "何清") -> list[tuple[Any, ...]]:
    return list(Membership.objects.system("test").filter(person__name=name).order_by("pk").values_list("joined_on", "joined_precision", "ended_on", "end_reason", "number", "org_role"))


FIRST = (date(2024, 3, 1), "day", date(2025, 3, 1), "left", "001", "理事")


def everything() -> list[list[dict[str, Any]]]:
    return [list(model.objects.system("test").order_by("pk").values()) for model in (Membership, Tie, Person, Contact, Employment)]


def plan_of(cast: Cast, *rows: dict[str, str]) -> Batch:
    return planned(cast.by("east_clerk"), roster(*(rows or (ROW,))), cast.tower)


def test_it_is_asked(cast: Cast) -> None:
    left(cast)
    (row,) = rows_of(plan_of(cast, {**ROW, "会内职务": "会长", "入会时间": "2024-03-01"}))
    assert (row.action, row.like_by, row.warn, row.decision) == ("suspect", "membership_over", [OVER], "")


def test_unasked_nothing_happens(cast: Cast) -> None:
    """Without an answer, with "later", and with the answer that is meant for likenesses, nobody joins and the ended spell stays as it was."""
    left(cast)
    batch = plan_of(cast)
    with pytest.raises(Refused, match="没有可以写入的行"):
        actions.commit(by=cast.by("east_clerk"), batch=batch)
    actions.settle(by=cast.by("east_clerk"), batch=batch, everything="same")
    actions.commit(by=cast.by("east_clerk"), batch=batch)
    assert spells() == [FIRST]


@pytest.mark.parametrize(
    ("said", "joined"),
    [("2025-06-01", (date(2025, 6, 1), "day")), ("2025-03", (date(2025, 3, 1), "month")), ("2024-03-01", (TODAY, "unknown")), ("2025-02", (TODAY, "unknown")), ("", (TODAY, "unknown"))],
)
def test_a_yes_opens_a_new_spell_and_undo_takes_it_back(cast: Cast, said: str, joined: tuple[date, str]) -> None:
    """The joining day of the row, unless it belongs to the spell before."""
    left(cast)
    before = everything()
    batch = plan_of(cast, {**ROW, "会内职务": "会长", "入会时间": said})
    (row,) = rows_of(batch)
    by = cast.by("east_clerk")
    assert actions.settle(by=by, batch=batch, decisions={row.key: "again"}) == 1
    actions.commit(by=by, batch=batch)
    assert spells() == [FIRST, (*joined, None, "", "", "会长")]
    assert Tie.objects.system("test").filter(person__name="何清", organisation=cast.tower, kind="membership", valid_to=None).count() == 1
    page = signed_in(cast, "east_clerk").get(f"/imports/{batch.key}/?tab=suspect").content.decode()
    assert "已在册的人，加一段会籍" in page
    actions.undo(by=by, batch=batch, reason="选错了")
    assert everything() == before
    assert (fresh(batch).counts["undone"], fresh(batch).counts["kept"]) == (1, 0)


def test_a_new_spell_that_was_touched_since_stays(cast: Cast) -> None:
    left(cast)
    batch, by = plan_of(cast), cast.by("east_clerk")
    actions.settle(by=by, batch=batch, everything="again")
    actions.commit(by=by, batch=batch)
    members.correct(by=SYSTEM, membership=Membership.objects.system("test").get(person__name="何清", end_reason=""), org_role="会长")
    actions.undo(by=by, batch=batch, reason="选错了")
    assert [row.kept for row in rows_of(batch)] == ["导入之后有人改过"] and len(spells()) == 2


def test_all_at_once_is_for_those_alone(cast: Cast) -> None:
    """To begin again leaves likenesses open; a likeness named by its row cannot begin again."""
    left(cast), left(cast, 2, ended_on=None)
    other = people.enter(by=SYSTEM, name="蒋明", mobiles=("19900000703",), source="test", organisation_id=cast.harbour.pk)
    members.admit(by=SYSTEM, person=other, organisation=cast.harbour)
    batch, by = plan_of(cast, ROW, {"姓名": "何2清", "手机": "19900000702"}, {"姓名": "蒋明", "手机": "19900000703"}), cast.by("east_clerk")
    first, second, third = rows_of(batch)
    assert second.warn == [{"membership_over": ["退会", "时间未详"]}]
    assert actions.settle(by=by, batch=batch, everything="again") == 2
    assert actions.settle(by=by, batch=batch, decisions={third.key: "again"}) == 0
    assert [row.decision for row in rows_of(batch)] == ["again", "again", ""]
    actions.commit(by=by, batch=batch)
    assert [len(spells(name)) for name in ("何清", "何2清")] == [2, 2]


def test_who_died_cannot_join_again(cast: Cast) -> None:
    spell = left(cast, reason_code="deceased")
    assert spell.person_id
    (row,) = rows_of(plan_of(cast))
    assert (row.action, row.reason) == ("refuse", "is_deceased")


def test_who_died_since_it_was_asked(cast: Cast) -> None:
    spell = left(cast)
    batch, by = plan_of(cast), cast.by("east_clerk")
    actions.settle(by=by, batch=batch, everything="again")
    people.mark_deceased(by=SYSTEM, person=spell.person, on=None)
    with pytest.raises(Refused, match="1 行现在都写不进去"):
        actions.commit(by=by, batch=batch)
    assert spells() == [FIRST]


def test_who_joined_since_it_was_asked_is_a_member_once(cast: Cast) -> None:
    """Two imports of one file, both with a yes: the second finds a member and opens nothing."""
    left(cast)
    by, batches = cast.by("east_clerk"), [plan_of(cast), plan_of(cast)]
    for batch in batches:
        actions.settle(by=by, batch=batch, everything="again")
        actions.commit(by=by, batch=batch)
    assert len(spells()) == 2


def test_where_the_organisation_is_over_it_is_told_and_not_asked(cast: Cast) -> None:
    left(cast)
    network.dissolve(by=SYSTEM, organisation=cast.tower, dissolved_on=date(2026, 1, 1), reason="合并")
    (row,) = rows_of(planned(SYSTEM, roster(ROW), cast.tower))
    assert (row.action, row.warn) == ("same", [{"was_member": ["退会", "2025-03-01"]}])


def test_a_list_that_says_they_left_asks_nothing(cast: Cast) -> None:
    left(cast)
    (row,) = rows_of(plan_of(cast, {**ROW, "备注": "2025年3月退会"}))
    assert (row.action, row.warn) == ("same", [])


def test_the_page_asks_in_plain_words(cast: Cast) -> None:
    left(cast)
    batch, client = plan_of(cast), signed_in(cast, "east_clerk")
    text = client.get(f"/imports/{batch.key}/?tab=suspect").content.decode()
    for words in ("会籍已结束", "在本组织的会籍已结束（退会、2025-03-01），名单里又有。是重新入会吗？", "重新入会", "仍是已离会", "不同的人，新增", "已结束的 1 行都重新入会"):
        assert words in text
    assert client.post(f"/imports/{batch.key}/settle/", {"decision": "again"}).status_code == 303
    assert [row.decision for row in rows_of(batch)] == ["again"]
    with translation.override("en"):
        assert client.get(f"/imports/{batch.key}/?tab=suspect").status_code == 200
