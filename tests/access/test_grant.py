"""`access.grant`: a duty given by who has it, dated, with its purpose."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import pytest

from juzhi.access import actions
from juzhi.access.models import Grant, Reach
from juzhi.base.errors import Forbidden, Refused
from juzhi.journal.models import Entry
from tests.access.conftest import meeting, rush, unlocked
from tests.cast import SYSTEM, TODAY, VISITOR, Cast
from tests.guard import tampering

GRANTED = ("account__login", "duty", "organisation__name", "reach", "purpose", "valid_from", "valid_to", "source")


def give(cast: Cast, by: str, account: str, duty: str, place: str, **more: Any) -> Grant:
    return actions.grant(by=cast.by(by), account=cast.accounts[account], duty=duty, organisation=cast.organisations[place], **more)


def rows(**which: Any) -> list[tuple[Any, ...]]:
    return list(Grant.objects.system("test").filter(**which).order_by("pk").values_list(*GRANTED))


def test_a_secretary_gives_what_he_has_below(cast: Cast) -> None:
    made = give(cast, "east_clerk", "anna", "member_clerk", "tower")
    assert rows(pk=made.pk) == [("anna", "member_clerk", "云塔大厦知联会", "own", "", TODAY, None, "")]
    assert made.granted_by == cast.accounts["east_clerk"].key
    assert [cast.by("anna").holds("member_clerk", cast.organisations[place].pk) for place in ("tower", "east", "harbour", "orchard")] == [True, False, False, False]
    assert list(Entry.objects.system("test").filter(thing_key=made.key).values_list("verb", "organisation_id")) == [("access.grant", cast.tower.pk)]


def test_a_subtree_of_persons_needs_a_purpose_in_words(cast: Cast) -> None:
    for purpose in ("", "   "):
        with pytest.raises(Refused) as refused:
            give(cast, "east_clerk", "anna", "member_clerk", "east", reach=Reach.SUBTREE, purpose=purpose)
        assert refused.value.field == "purpose"
    made = give(cast, "east_clerk", "anna", "member_clerk", "east", reach=Reach.SUBTREE, purpose="区级换届")
    assert [cast.by("anna").holds("member_clerk", cast.organisations[place].pk) for place in ("east", "tower", "west")] == [True, True, False]
    assert made.purpose == "区级换届"


def test_a_subtree_of_figures_needs_none(cast: Cast) -> None:
    assert give(cast, "east_clerk", "anna", "statistician", "east", reach=Reach.SUBTREE).purpose == ""


@pytest.mark.parametrize(
    ("by", "account", "duty", "place", "reach"),
    [
        ("east_clerk", "anna", "member_clerk", "west", "own"),  # a sibling's
        ("east_clerk", "anna", "member_clerk", "city", "own"),  # above
        ("east_clerk", "anna", "auditor", "east", "own"),  # a duty one has not
        ("east_clerk", "east_clerk", "member_clerk", "tower", "own"),  # oneself
        ("west_clerk", "anna", "member_clerk", "west", "subtree"),  # farther than one's own
        ("west_clerk", "anna", "member_clerk", "orchard", "own"),  # secretary there, clerk only at west itself
        ("auditor", "anna", "auditor", "tower", "own"),  # a duty without being secretary
        ("operator", "anna", "operator", "city", "own"),  # an operator is no secretary
        ("operator", "anna", "secretary", "city", "own"),  # which has one
        ("anna", "bo", "member_clerk", "tower", "own"),
        ("expired", "anna", "member_clerk", "east", "own"),
        ("disabled", "anna", "member_clerk", "east", "own"),
        ("east_clerk", "anna", "member_clerk", "wanderer", "own"),  # beneath west since 2024
    ],
)
def test_not_more_than_one_has_not_outside_not_to_oneself(cast: Cast, by: str, account: str, duty: str, place: str, reach: str) -> None:
    before = rows()
    with pytest.raises(Forbidden):
        give(cast, by, account, duty, place, reach=reach, purpose="试试")
    assert rows() == before


def test_a_visitor_gives_nothing(cast: Cast) -> None:
    with pytest.raises(Forbidden):
        actions.grant(by=VISITOR, account=cast.accounts["anna"], duty="secretary", organisation=cast.lone)


def test_not_longer_than_one_has(cast: Cast) -> None:
    secretary = cast.grants["east_clerk:secretary"]
    with tampering():  # no verb shortens a grant
        Grant.objects.system("test").filter(pk=secretary.pk).update(valid_to=date(2027, 7, 1))
    for until in (None, date(2027, 7, 2)):
        with pytest.raises(Refused) as refused:
            give(cast, "east_clerk", "anna", "member_clerk", "tower", valid_to=until)
        assert (refused.value.field, refused.value.message) == ("valid_to", "您自己的授权到 2027-06-30 为止，请填不晚于这一天的日期")
    assert give(cast, "east_clerk", "anna", "member_clerk", "tower", valid_to=date(2027, 7, 1)).valid_to == date(2027, 7, 1)


def test_the_operator_names_the_first_secretary_of_a_body_that_stands_alone(cast: Cast) -> None:
    with pytest.raises(Forbidden):
        give(cast, "operator", "operator", "secretary", "lone")
    with pytest.raises(Forbidden):
        give(cast, "operator", "shared", "member_clerk", "lone")
    with pytest.raises(Forbidden):
        give(cast, "operator", "shared", "secretary", "orchard")
    give(cast, "operator", "shared", "secretary", "lone", reach=Reach.SUBTREE)
    with pytest.raises(Forbidden):
        give(cast, "operator", "anna", "secretary", "lone")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"duty": "emperor"}, "duty"),
        ({"reach": "everywhere"}, "reach"),
        ({"valid_from": date(2026, 11, 23)}, "valid_from"),
        ({"valid_to": TODAY}, "valid_to"),
        ({"valid_from": date(2027, 1, 1), "valid_to": date(2026, 12, 1)}, "valid_to"),
        ({"purpose": "第一行\n第二行"}, "purpose"),
        ({"purpose": "长" * 201}, "purpose"),
        ({"account": "disabled"}, "account"),
    ],
)
def test_each_refusal_names_its_field(cast: Cast, values: dict[str, Any], field: str) -> None:
    before = rows()
    with pytest.raises(Refused) as refused:
        give(cast, **{"by": "east_clerk", "account": "anna", "duty": "member_clerk", "place": "tower"} | values)
    assert refused.value.field == field
    assert rows() == before


def test_twice_in_a_row_is_refused_also_for_days_to_come(cast: Cast) -> None:
    give(cast, "east_clerk", "anna", "member_clerk", "tower", valid_from=date(2027, 1, 1), valid_to=date(2027, 3, 1))
    for since, until in ((None, None), (date(2027, 2, 1), None), (None, date(2027, 1, 2)), (date(2027, 1, 1), date(2027, 3, 1))):
        with pytest.raises(Refused) as refused:
            give(cast, "east_clerk", "anna", "member_clerk", "tower", valid_from=since, valid_to=until)
        assert refused.value.message == "这项授权已经有了"
    give(cast, "east_clerk", "anna", "member_clerk", "tower", valid_to=date(2027, 1, 1))
    give(cast, "east_clerk", "anna", "member_clerk", "tower", valid_from=date(2027, 3, 1))
    assert len(rows(account__login="anna")) == 3


def test_a_revoked_grant_may_be_given_again(cast: Cast) -> None:
    made = give(cast, "east_clerk", "anna", "member_clerk", "tower")
    actions.revoke(by=cast.by("east_clerk"), grant=made, reason="换人")
    give(cast, "east_clerk", "anna", "member_clerk", "tower")
    assert len(rows(account__login="anna")) == 2


def test_ten_at_once_give_one(committed: Cast) -> None:
    ended = rush(10, lambda n: give(committed, "east_clerk", "anna", "member_clerk", "tower"))
    assert ended == Counter(done=1, conflict=9)
    assert len(rows(account__login="anna")) == 1


LOOK = ('FROM "access_grant"', '"reach" =')


def test_the_lock_is_what_keeps_it_to_one(committed: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where all look before one writes: one with the lock, and without it not."""
    account, place = committed.accounts["anna"], committed.tower

    def work(n: int) -> None:
        actions.grant(by=SYSTEM, account=account, duty="member_clerk", organisation=place)

    assert rush(4, work, meeting(4, *LOOK)) == Counter(done=1, conflict=3)
    actions.revoke(by=SYSTEM, grant=Grant.objects.system("test").get(account=account), reason="再来")
    with unlocked(monkeypatch):
        assert rush(4, work, meeting(4, *LOOK)) != Counter(done=1, conflict=3)
