"""`members.correct`: what was entered wrong about a spell; its tie follows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from juzhi.base.errors import Forbidden, Refused, Stale
from juzhi.journal.models import REASON, Entry
from juzhi.members import actions
from juzhi.members.models import Membership
from juzhi.people.models import Tie
from tests.cast import SYSTEM, Cast


def corrected(cast: Cast, by: Any = SYSTEM, **values: Any) -> Membership:
    return actions.correct(by=by, membership=cast.memberships["bo"], **values)


def test_values_tie_and_entry(cast: Cast) -> None:
    batch = actions.open_batch(by=SYSTEM, organisation=cast.tower, number=1)
    made = corrected(cast, cast.by("east_clerk"), version=1, number="T-9", joined_on=date(2020, 5, 1), joined_precision="month", org_role="理事", batch=batch, reason="对照批文")
    assert (made.number, made.joined_on, made.joined_precision, made.org_role, made.batch, made.version) == ("T-9", date(2020, 5, 1), "month", "理事", batch, 2)
    assert Tie.objects.system("test").get(person=cast.persons["bo"]).valid_from == date(2020, 5, 1)
    entry = Entry.objects.system("test").get(verb="members.correct")
    assert (entry.organisation_id, sorted(entry.digests)) == (cast.tower.pk, sorted(["batch", "joined_on", "joined_precision", "number", "org_role", REASON]))


REFUSALS: list[tuple[dict[str, Any], str | None, str]] = [
    ({"number": "N-bo"}, None, "没有任何改动"),
    ({}, None, "没有任何改动"),
    ({"person": 1}, None, "有不能在这里更正的栏目"),
    ({"ended_on": date(2025, 1, 1)}, None, "有不能在这里更正的栏目"),
    ({"joined_on": date(2026, 11, 25)}, "joined_on", "入会时间在将来，请核对"),
    ({"joined_on": date(2018, 4, 9)}, "joined_on", "「云塔大厦知联会」2018-04-10 才成立，入会时间请核对"),
    ({"org_role": "理\n事"}, "org_role", "「会内职务」只能写一行，请去掉换行和制表符"),
    ({"number": "长" * 41}, "number", "「会员号」太长：有 41 个字，最多 40 个字，请缩短后再提交"),
]


@pytest.mark.parametrize(("values", "field", "message"), REFUSALS)
def test_refusals(cast: Cast, values: dict[str, Any], field: str | None, message: str) -> None:
    with pytest.raises(Refused) as refused:
        corrected(cast, **values)
    assert (refused.value.field, refused.value.message) == (field, message)
    assert Membership.objects.system("test").get(pk=cast.memberships["bo"].pk).version == 1


def test_no_overlap_no_batch_of_others_no_joining_after_the_end(cast: Cast) -> None:
    actions.end(by=SYSTEM, membership=cast.memberships["bo"], reason_code="left", ended_on=date(2022, 1, 1))
    later = actions.admit(by=SYSTEM, person=cast.persons["bo"], organisation=cast.tower, joined_on=date(2023, 1, 1))
    with pytest.raises(Refused, match="两段不能重叠"):
        actions.correct(by=SYSTEM, membership=later, joined_on=date(2021, 12, 31))
    with pytest.raises(Refused, match="入会时间晚于离会时间"):
        corrected(cast, joined_on=date(2022, 1, 2))
    with pytest.raises(Refused, match="没有这个入会批次"):
        corrected(cast, batch=actions.open_batch(by=SYSTEM, organisation=cast.orchard, number=1))
    assert actions.correct(by=SYSTEM, membership=later, joined_on=date(2022, 1, 1)).joined_on == date(2022, 1, 1)


def test_two_editors_are_told_field_by_field(cast: Cast) -> None:
    corrected(cast, version=1, org_role="会长")
    with pytest.raises(Stale) as stale:
        corrected(cast, version=1, org_role="理事", number="N-bo", joined_on=date(2020, 1, 1), joined_precision="year", batch=None)
    assert stale.value.details == [("会员号", "N-bo", "N-bo"), ("入会时间", "2020", "2020-11-01"), ("会内职务", "理事", "会长"), ("入会批次", "", "")]


@pytest.mark.parametrize("name", ["west_clerk", "double", "auditor", "statistician", "protection", "expired", "plain", "bo"])
def test_who_may_not(cast: Cast, name: str) -> None:
    with pytest.raises(Forbidden):
        corrected(cast, cast.by(name), org_role="理事")


def test_the_page_corrects_and_tells_the_second_editor(cast: Cast, browser: Callable[[str], Client]) -> None:
    client, address = browser("east_clerk"), f"/members/{cast.tower.key}/{cast.memberships['bo'].key}/correct/"
    assert 'value="2020-11-01"' in client.get(address).content.decode()
    sent = {"joined_on": "2020-11-01", "number": "T-1", "org_role": "", "batch": "", "reason": "", "version": "1"}
    assert client.post(address, sent | {"form_key": "a"}).status_code == 303
    answer = client.post(address, sent | {"number": "T-2", "form_key": "b"})
    shown = answer.content.decode()
    assert (answer.status_code, "T-1" in shown, 'value="T-2"' in shown, 'name="version" value="2"' in shown) == (422, True, True, True)
    assert client.post(address, sent | {"number": "T-2", "version": "2", "form_key": "c"}).status_code == 303
    assert client.post(address, {"number": "T-3"}).status_code == 422  # no version: refused
    assert Membership.objects.system("test").get(pk=cast.memberships["bo"].pk).number == "T-2"


def test_an_unknown_joining_day_stays_unknown_on_the_page(cast: Cast, browser: Callable[[str], Client]) -> None:
    address = f"/members/{cast.tower.key}/{cast.memberships['bo'].key}/correct/"
    assert browser("east_clerk").post(address, {"joined_on": "不详", "number": "N-bo", "version": "1"}).status_code == 303
    made = Membership.objects.system("test").get(pk=cast.memberships["bo"].pk)
    assert (made.joined_on, made.joined_precision) == (date(2020, 11, 1), "unknown")
    assert 'value="未详"' in browser("east_clerk").get(address).content.decode()
