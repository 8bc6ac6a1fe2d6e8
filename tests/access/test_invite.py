"""`access.invite`: a one-time link for a person one's organisation knows."""

from __future__ import annotations

from datetime import timedelta

import pytest

from juzhi.access import actions, queries
from juzhi.access.models import Invitation
from juzhi.base.errors import Forbidden, Refused
from juzhi.members import actions as members
from juzhi.people import actions as people
from juzhi.people.models import Person
from tests.cast import NOW, SYSTEM, VISITOR, Cast


@pytest.fixture
def newcomer(cast: Cast) -> Person:
    person = people.enter(by=SYSTEM, name="新人某", mobiles=[], email="")
    members.admit(by=SYSTEM, person=person, organisation=cast.tower)
    return person


def test_the_secret_is_shown_once_and_kept_only_as_a_digest(cast: Cast, newcomer: Person) -> None:
    row, secret = actions.invite(by=cast.by("east_clerk"), person=newcomer, organisation=cast.tower)
    assert (row.kind, row.expires_at - NOW, row.made_by, row.used_at) == ("join", timedelta(days=7), cast.accounts["east_clerk"].key, None)
    assert len(secret) == 32
    assert secret not in str(Invitation.objects.system("test").filter(pk=row.pk).values().get())
    found = queries.invitation(secret, NOW)
    assert found is not None and found.person == newcomer


def test_a_second_link_makes_the_first_worthless(cast: Cast, newcomer: Person) -> None:
    _row, first = actions.invite(by=cast.by("east_clerk"), person=newcomer, organisation=cast.tower)
    _row, second = actions.invite(by=cast.by("east_clerk"), person=newcomer, organisation=cast.tower)
    assert [queries.invitation(secret, NOW) is not None for secret in (first, second)] == [False, True]


def test_after_a_week_it_is_worthless(cast: Cast, newcomer: Person) -> None:
    _row, secret = actions.invite(by=cast.by("east_clerk"), person=newcomer, organisation=cast.tower)
    week = NOW + timedelta(days=7)
    assert [queries.invitation(secret, at) is not None for at in (week - timedelta(seconds=1), week)] == [True, False]


def test_who_may_not(cast: Cast, newcomer: Person) -> None:
    for by in [VISITOR, *(cast.by(name) for name in ("west_clerk", "auditor", "statistician", "protection", "operator", "expired", "anna"))]:
        with pytest.raises(Forbidden):
            actions.invite(by=by, person=newcomer, organisation=cast.tower)
    with pytest.raises(Forbidden):
        actions.invite(by=cast.by("east_clerk"), person=newcomer, organisation=None)


def test_a_link_that_signs_in_is_not_for_a_clerk_to_give(cast: Cast) -> None:
    with pytest.raises(Forbidden):
        actions.invite(by=cast.by("city_clerk"), person=cast.persons["anna"], organisation=cast.tower, kind=Invitation.Kind.SIGN_IN)


@pytest.mark.parametrize(
    ("who", "kind", "message"),
    [("anna", "join", "这位会员已经有账号了"), ("newcomer", "sign_in", "还没有账号，不能发登录链接")],
)
def test_state_refusals(cast: Cast, newcomer: Person, who: str, kind: str, message: str) -> None:
    person = newcomer if who == "newcomer" else cast.persons[who]
    with pytest.raises(Refused) as refused:
        actions.invite(by=SYSTEM, person=person, organisation=None, kind=kind)
    assert refused.value.message == message


def test_a_person_the_organisation_does_not_know(cast: Cast, newcomer: Person) -> None:
    with pytest.raises(Refused) as refused:
        actions.invite(by=cast.by("east_clerk"), person=newcomer, organisation=cast.harbour)
    assert (refused.value.field, refused.value.message) == ("person", "这个人与本组织没有在册关系，不能邀请")
