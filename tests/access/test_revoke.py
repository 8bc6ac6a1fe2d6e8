"""`access.revoke`: a duty taken back today; who was the last is followed by the superior."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import pytest
from django.db import connection

from juzhi.access import actions
from juzhi.access.models import Grant
from juzhi.base.errors import Forbidden, Refused, Stale
from juzhi.journal.models import Entry
from tests.access.conftest import meeting, rush, unlocked
from tests.cast import SYSTEM, TODAY, VISITOR, Cast


def clerks(place: Any, duty: str = "member_clerk") -> list[tuple[Any, ...]]:
    found = Grant.objects.system("test").filter(organisation=place, duty=duty).order_by("pk")
    return list(found.values_list("account__login", "reach", "valid_from", "valid_to", "source"))


def test_the_duty_is_gone_with_the_next_request(cast: Cast) -> None:
    holder = cast.by("double")
    assert holder.holds("member_clerk", cast.harbour.pk)
    ended = actions.revoke(by=cast.by("east_clerk"), grant=cast.grants["double:member_clerk"], reason="换届")
    assert (ended.valid_to, ended.version) == (TODAY, 2)
    assert [cast.by("double").holds("member_clerk", cast.harbour.pk), cast.by("double").holds("statistician", cast.orchard.pk)] == [False, True]


def test_the_journal_tells_why_and_that_the_superior_took_over(cast: Cast) -> None:
    actions.revoke(by=cast.by("east_clerk"), grant=cast.grants["double:member_clerk"], reason="换届")
    assert list(Entry.objects.system("test").filter(organisation_id=cast.harbour.pk, verb__startswith="access.").order_by("pk").values_list("verb", flat=True)) == [
        "access.grant",
        "access.revoke",
        "access.take_over",
    ]


def test_when_the_last_clerk_goes_the_nearest_superior_takes_over(cast: Cast) -> None:
    actions.revoke(by=cast.by("east_clerk"), grant=cast.grants["double:member_clerk"], reason="换届")
    assert clerks(cast.harbour) == [
        ("double", "own", date(2025, 1, 1), TODAY, ""),
        ("east_clerk", "own", TODAY, None, "takeover"),
    ]
    made = Grant.objects.system("test").get(organisation=cast.harbour, source="takeover")
    assert made.purpose == "代管：港前街道分会的会员管理暂缺，由上级东湖区知联会接管"


def test_while_somebody_else_holds_it_nobody_takes_over(cast: Cast) -> None:
    actions.grant(by=SYSTEM, account=cast.accounts["anna"], duty="member_clerk", organisation=cast.harbour)
    actions.revoke(by=cast.by("east_clerk"), grant=cast.grants["double:member_clerk"], reason="换届")
    assert [row[0] for row in clerks(cast.harbour)] == ["double", "anna"]


def test_other_duties_are_not_taken_over(cast: Cast) -> None:
    actions.revoke(by=cast.by("west_clerk"), grant=cast.grants["double:statistician"], reason="换届")
    assert [row[0] for row in clerks(cast.orchard, "statistician")] == ["double"]


def test_a_body_alone_has_nobody_to_take_over(cast: Cast) -> None:
    made = actions.grant(by=SYSTEM, account=cast.accounts["shared"], duty="secretary", organisation=cast.lone)
    actions.revoke(by=SYSTEM, grant=made, reason="离任")
    assert [row[0] for row in clerks(cast.lone, "secretary")] == ["shared"]


def test_care_ends_with_the_duty_above_and_passes_on(cast: Cast) -> None:
    """East's clerk cares for the harbour; when east loses him, the city cares for both, and he sees neither."""
    actions.revoke(by=cast.by("east_clerk"), grant=cast.grants["double:member_clerk"], reason="换届")
    actions.revoke(by=cast.by("city_clerk"), grant=cast.grants["east_clerk:member_clerk"], reason="离任")
    assert [row for row in clerks(cast.harbour) if row[0] != "double"] == [
        ("east_clerk", "own", TODAY, TODAY, "takeover"),
        ("city_clerk", "own", TODAY, None, "takeover"),
    ]
    assert [cast.by("east_clerk").holds("member_clerk", cast.organisations[p].pk) for p in ("east", "harbour")] == [False, False]
    assert ("city_clerk", "own", TODAY, None, "takeover") in clerks(cast.east)


def test_a_new_clerk_ends_the_care_on_his_first_day(cast: Cast) -> None:
    actions.revoke(by=cast.by("east_clerk"), grant=cast.grants["double:member_clerk"], reason="换届")
    actions.grant(by=cast.by("east_clerk"), account=cast.accounts["anna"], duty="member_clerk", organisation=cast.harbour, valid_from=date(2026, 12, 1))
    assert clerks(cast.harbour)[1:] == [
        ("east_clerk", "own", TODAY, date(2026, 12, 1), "takeover"),
        ("anna", "own", date(2026, 12, 1), None, ""),
    ]


def test_care_is_not_revoked_by_hand(cast: Cast) -> None:
    actions.revoke(by=cast.by("east_clerk"), grant=cast.grants["double:member_clerk"], reason="换届")
    care = Grant.objects.system("test").get(organisation=cast.harbour, source="takeover")
    with pytest.raises(Refused) as refused:
        actions.revoke(by=cast.by("city_clerk"), grant=care, reason="不要了")
    assert refused.value.message == "这是上级代管：授予新的负责人之后，代管自动结束"


def test_the_holder_may_hand_it_back(cast: Cast) -> None:
    assert actions.revoke(by=cast.by("double"), grant=cast.grants["double:member_clerk"], reason="太忙").valid_to == TODAY


def test_who_may_not(cast: Cast) -> None:
    strangers = [cast.by(name) for name in ("west_clerk", "anna", "auditor", "operator", "protection", "expired", "disabled")]
    for by in [VISITOR, *strangers]:
        with pytest.raises(Forbidden):
            actions.revoke(by=by, grant=cast.grants["double:member_clerk"], reason="不该")
    assert clerks(cast.harbour) == [("double", "own", date(2025, 1, 1), None, "")]


def test_twice_is_refused_also_before_it_began(cast: Cast) -> None:
    later = actions.grant(by=SYSTEM, account=cast.accounts["anna"], duty="auditor", organisation=cast.tower, valid_from=date(2027, 1, 1))
    for made, end in ((cast.grants["double:member_clerk"], TODAY), (later, date(2027, 1, 1))):
        assert actions.revoke(by=SYSTEM, grant=made, reason="换届").valid_to == end
        with pytest.raises(Refused) as refused:
            actions.revoke(by=SYSTEM, grant=made, reason="换届")
        assert refused.value.message == "这项授权已经结束"


def test_a_reason_is_needed_and_an_old_form_is_told(cast: Cast) -> None:
    with pytest.raises(Refused) as refused:
        actions.revoke(by=SYSTEM, grant=cast.grants["double:member_clerk"], reason="  ")
    assert refused.value.field == "reason"
    with pytest.raises(Stale):
        actions.revoke(by=SYSTEM, grant=cast.grants["double:member_clerk"], reason="换届", version=7)


def test_ten_at_once_end_it_once(committed: Cast) -> None:
    made = committed.grants["double:member_clerk"]
    assert rush(10, lambda n: actions.revoke(by=SYSTEM, grant=made, reason="换届")) == Counter(done=1, state=9)
    assert [row[0] for row in clerks(committed.harbour)] == ["double", "east_clerk"]


def two_leave(committed: Cast) -> list[str]:
    """The last two clerks leave at once; who holds the duty afterwards."""
    second = actions.grant(by=SYSTEM, account=committed.accounts["anna"], duty="member_clerk", organisation=committed.harbour)
    leaving = [committed.grants["double:member_clerk"], second]
    both_have_asked = 'SELECT "access_grant"."duty"' if connection.vendor == "postgresql" else 'UPDATE "access_grant"'  # who is left, before either is done
    rush(2, lambda n: actions.revoke(by=SYSTEM, grant=leaving[n], reason="同日离任"), meeting(2, both_have_asked))
    return [row[0] for row in clerks(committed.harbour) if row[3] is None]


def test_two_leaving_at_once_leave_no_orphan(committed: Cast) -> None:
    assert two_leave(committed) == ["east_clerk"]


def test_without_the_lock_they_would(committed: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    with unlocked(monkeypatch):
        assert two_leave(committed) != ["east_clerk"]
