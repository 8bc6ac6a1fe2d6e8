"""`members.end`: a spell is over; the body sees the person three years more; death is noted with it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from juzhi.base.errors import Forbidden, Refused, Stale
from juzhi.journal.models import Entry, EntryValue
from juzhi.members import actions
from juzhi.members.models import Membership
from juzhi.people.models import Person, Tie
from tests.cast import NOW, SYSTEM, TODAY, Cast


def ended(cast: Cast, by: Any = SYSTEM, **values: Any) -> Membership:
    return actions.end(by=by, membership=cast.memberships["bo"], **{"reason_code": "left", "ended_on": date(2025, 3, 1), **values})


def ties(person: Person) -> list[tuple[Any, ...]]:
    return list(Tie.objects.system("test").filter(person=person).order_by("pk").values_list("kind", "valid_from", "valid_to"))


def test_the_spell_is_over_and_the_ties_follow(cast: Cast) -> None:
    made = ended(cast, cast.by("east_clerk"), reason="本人来信")
    assert (made.ended_on, made.ended_precision, made.end_reason, made.version) == (date(2025, 3, 1), "day", "left", 2)
    assert ties(cast.persons["bo"]) == [("membership", date(2020, 11, 1), TODAY), ("former_membership", TODAY, TODAY + timedelta(days=1095))]
    entry = Entry.objects.system("test").get(verb="members.end")
    assert (entry.organisation_id, entry.reason) == (cast.tower.pk, "")
    assert '"本人来信"' in EntryValue.objects.system("test").filter(entry=entry).values_list("after", flat=True)


def test_without_a_day_it_is_over_since_nobody_knows_when(cast: Cast) -> None:
    made = ended(cast, ended_on=None)
    assert (made.ended_on, made.ended_precision, made.end_reason) == (None, "unknown", "left")


def test_the_clerk_sees_the_former_member_three_years_and_no_longer(cast: Cast) -> None:
    ended(cast)
    clerk = cast.by("east_clerk")
    later = type(clerk)(clerk.account, NOW + timedelta(days=1095))
    assert [Person.objects.seen_by(by).filter(pk=cast.persons["bo"].pk).exists() for by in (clerk, later)] == [True, False]


REFUSALS: list[tuple[dict[str, Any], str, str]] = [
    ({"ended_on": date(2020, 10, 31)}, "ended_on", "离会时间早于入会时间（2020-11-01），请核对，或写到月、写到日"),
    ({"ended_on": date(2020, 1, 1), "ended_precision": "year"}, "ended_on", "离会时间早于入会时间（2020-11-01），请核对，或写到月、写到日"),
    ({"ended_on": date(2026, 11, 25)}, "ended_on", "离会时间在将来，请核对"),
    ({"ended_on": date(2025, 3, 2), "ended_precision": "year"}, "ended_on", "日期和它的精度对不上：只知道年或月时，请写 2016 或 2016-09"),
    ({"reason_code": "bored"}, "reason_code", "请选择离会原因"),
    ({"reason_code": ""}, "reason_code", "请选择离会原因"),
    ({"reason": "x\ud800"}, "reason", "「说明」里有残缺的字符，请重新输入"),
    ({"reason": "长" * 301}, "reason", "「说明」太长：有 301 个字，最多 300 个字，请缩短后再提交"),
]


@pytest.mark.parametrize(("values", "field", "message"), REFUSALS)
def test_refusals_name_the_field_and_change_nothing(cast: Cast, values: dict[str, Any], field: str, message: str) -> None:
    with pytest.raises(Refused) as refused:
        ended(cast, **values)
    assert (refused.value.field, refused.value.message) == (field, message)
    kept = Membership.objects.system("test").get(pk=cast.memberships["bo"].pk)
    assert (kept.is_over, kept.version, ties(cast.persons["bo"])) == (False, 1, [("membership", date(2020, 11, 1), None)])


def test_twice_in_a_row_and_an_old_form(cast: Cast) -> None:
    actions.correct(by=SYSTEM, membership=cast.memberships["bo"], org_role="会长")
    with pytest.raises(Stale) as stale:
        ended(cast, version=1)
    assert stale.value.details == [("入会时间", "", "2020-11-01"), ("会内职务", "", "会长")]
    ended(cast, version=2)
    for _ in range(2):
        with pytest.raises(Refused) as refused:
            ended(cast, version=3)
        assert (refused.value.message, refused.value.code) == ("这段会籍已经结束", "state")
    assert len(ties(cast.persons["bo"])) == 2


@pytest.mark.parametrize("name", ["west_clerk", "double", "auditor", "statistician", "protection", "expired", "plain", "bo"])
def test_who_may_not(cast: Cast, name: str) -> None:
    with pytest.raises(Forbidden):
        ended(cast, cast.by(name))


def test_death_ends_the_spell_and_is_noted_of_the_person(cast: Cast) -> None:
    ended(cast, cast.by("east_clerk"), reason_code="deceased", ended_on=date(2025, 3, 1), ended_precision="month")
    person = Person.objects.system("test").get(pk=cast.persons["bo"].pk)
    assert (person.deceased_on, person.deceased_precision) == (date(2025, 3, 1), "month")
    assert Entry.objects.system("test").get(verb="people.mark_deceased").organisation_id == cast.tower.pk


def test_death_without_a_day_and_death_known_before(cast: Cast) -> None:
    ended(cast, reason_code="deceased", ended_on=None)
    assert Person.objects.system("test").get(pk=cast.persons["bo"].pk).deceased_precision == "unknown"
    again = actions.end(by=SYSTEM, membership=cast.memberships["shared"], reason_code="deceased", ended_on=None)
    other = actions.end(by=SYSTEM, membership=cast.memberships["shared_lone"], reason_code="deceased", ended_on=date(2025, 1, 1))
    assert (again.is_over, other.is_over) == (True, True)


def test_a_member_may_come_back_on_the_day_of_leaving(cast: Cast) -> None:
    ended(cast)
    back = actions.admit(by=cast.by("east_clerk"), person=cast.persons["bo"], organisation=cast.tower, joined_on=date(2025, 3, 1))
    assert (back.joined_on, Membership.objects.system("test").filter(person=cast.persons["bo"]).count()) == (date(2025, 3, 1), 2)


def test_the_page_ends_the_spell_and_refuses_in_place(cast: Cast, browser: Callable[[str], Client]) -> None:
    client, address = browser("east_clerk"), f"/members/{cast.tower.key}/{cast.memberships['bo'].key}/end/"
    answer = client.post(address, {"reason_code": "left", "ended_on": "2019", "version": "1"})
    assert (answer.status_code, "离会时间早于入会时间" in answer.content.decode()) == (422, True)
    sent = {"reason_code": "left", "ended_on": "2025-03", "version": "1", "form_key": "a"}
    assert [client.post(address, sent).status_code for _ in range(2)] == [303, 303]
    made = Membership.objects.system("test").get(pk=cast.memberships["bo"].pk)
    assert (made.ended_on, made.ended_precision, made.version) == (date(2025, 3, 1), "month", 2)
    shown = client.get(f"/members/{cast.tower.key}/{made.key}/").content.decode()
    assert ("已离会（退会）" in shown, "2025-03" in shown, "重新入会" in shown) == (True, True, True)
