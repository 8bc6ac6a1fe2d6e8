"""`members.admit`: a spell begins, once, where the body stood, by its clerk, for somebody the clerk may see."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from juzhi.base.errors import Forbidden, Refused
from juzhi.journal.models import Entry
from juzhi.members import actions
from juzhi.members.models import Membership
from juzhi.network.models import Precision
from juzhi.people import actions as people
from juzhi.people.models import Person, Tie
from tests import guard
from tests.cast import SYSTEM, TODAY, Cast


def newcomer(**values: Any) -> Person:
    return people.enter(by=SYSTEM, **{"name": "翟新", "mobiles": ["19900020001"], **values})


def admitted(cast: Cast, person: Person, by: Any = SYSTEM, **values: Any) -> Membership:
    return actions.admit(by=by, person=person, organisation=values.pop("organisation", cast.harbour), **{"joined_on": date(2024, 6, 1), **values})


def test_a_spell_its_tie_and_its_entry(cast: Cast) -> None:
    person, clerk = newcomer(), cast.by("east_clerk")
    batch = actions.open_batch(by=clerk, organisation=cast.harbour, number=2)
    made = admitted(cast, person, clerk, number=" H-1 ", org_role="理事", batch=batch)
    told = ("person_id", "organisation_id", "number", "batch_id", "joined_on", "joined_precision", "ended_on", "ended_precision", "end_reason", "org_role", "version")
    assert {name: getattr(made, name) for name in told} == {
        "person_id": person.pk,
        "organisation_id": cast.harbour.pk,
        "number": "H-1",
        "batch_id": batch.pk,
        "joined_on": date(2024, 6, 1),
        "joined_precision": "day",
        "ended_on": None,
        "ended_precision": "",
        "end_reason": "",
        "org_role": "理事",
        "version": 1,
    }
    ties = Tie.objects.system("test").filter(person=person).values_list("organisation_id", "kind", "source", "valid_from", "valid_to")
    assert list(ties) == [(cast.harbour.pk, "membership", f"members.membership:{made.key}", date(2024, 6, 1), None)]
    entry = Entry.objects.system("test").get(verb="members.admit", thing_key=made.key)
    assert (entry.organisation_id, entry.actor_key, entry.at) == (cast.harbour.pk, clerk.key, clerk.at)


def test_an_unknown_day_is_the_day_of_entry_and_says_so(cast: Cast) -> None:
    made = admitted(cast, newcomer(), joined_on=None)
    assert (made.joined_on, made.joined_precision) == (TODAY, Precision.UNKNOWN)


def test_who_may(cast: Cast) -> None:
    allowed = {}
    for name in ("east_clerk", "city_clerk", "double", "west_clerk", "auditor", "statistician", "protection", "operator", "expired", "plain", "bo2"):
        try:
            admitted(cast, newcomer(), cast.by(name))
            allowed[name] = True
        except Forbidden:
            allowed[name] = False
    assert [name for name, may in allowed.items() if may] == ["east_clerk", "city_clerk", "double"]


def test_a_person_known_only_elsewhere_is_out_of_reach(cast: Cast) -> None:
    with pytest.raises(Forbidden):
        admitted(cast, cast.persons["chen"], cast.by("east_clerk"))
    assert admitted(cast, cast.persons["anna"], cast.by("east_clerk")).person == cast.persons["anna"]


REFUSALS: list[tuple[dict[str, Any], str, str]] = [
    ({"joined_on": date(2026, 11, 25)}, "joined_on", "入会时间在将来，请核对"),
    ({"joined_on": date(2024, 5, 6)}, "joined_on", "「港前街道分会」2024-05-07 才成立，入会时间请核对"),
    ({"joined_on": date(2024, 4, 1), "joined_precision": "month"}, "joined_on", "「港前街道分会」2024-05-07 才成立，入会时间请核对"),
    ({"joined_on": date(2024, 6, 2), "joined_precision": "month"}, "joined_on", "日期和它的精度对不上：只知道年或月时，请写 2016 或 2016-09"),
    ({"number": "1" * 41}, "number", "「会员号」太长：有 41 个字，最多 40 个字，请缩短后再提交"),
    ({"number": "1\u202e2"}, "number", "「会员号」里有看不见的控制字符，请删去后重新输入"),
    ({"org_role": "理\x00事"}, "org_role", "「会内职务」里有看不见的控制字符，请删去后重新输入"),
    ({"org_role": "理\ud800事"}, "org_role", "「会内职务」里有残缺的字符，请重新输入"),
]


@pytest.mark.parametrize(("values", "field", "message"), REFUSALS)
def test_refusals_name_the_field_and_write_nothing(cast: Cast, values: dict[str, Any], field: str, message: str) -> None:
    person, before = newcomer(), Membership.objects.system("test").count()
    with pytest.raises(Refused) as refused:
        admitted(cast, person, **values)
    assert (refused.value.field, refused.value.message) == (field, message)
    assert (Membership.objects.system("test").count(), Tie.objects.system("test").filter(person=person).count()) == (before, 0)


@pytest.mark.parametrize(("joined_on", "precision"), [(date(2024, 5, 7), "day"), (date(2024, 5, 1), "month"), (date(2024, 1, 1), "year")])
def test_a_day_that_may_lie_after_the_founding_is_taken(cast: Cast, joined_on: date, precision: str) -> None:
    assert admitted(cast, newcomer(), joined_on=joined_on, joined_precision=precision).joined_on == joined_on


def test_a_dissolved_body_takes_nobody_after_its_end(cast: Cast) -> None:
    with pytest.raises(Refused, match="已经终止"):
        admitted(cast, newcomer(), organisation=cast.closed, joined_on=date(2023, 6, 30))
    assert admitted(cast, newcomer(), organisation=cast.closed, joined_on=date(2023, 6, 29)).organisation_id == cast.closed.pk


def test_the_dead_and_batches_of_others_are_refused(cast: Cast) -> None:
    dead = people.mark_deceased(by=SYSTEM, person=newcomer(), on=None)
    with pytest.raises(Refused, match="已登记去世") as refused:
        admitted(cast, dead)
    assert refused.value.code == "state"
    foreign = actions.open_batch(by=SYSTEM, organisation=cast.orchard, number=1)
    with pytest.raises(Refused, match="没有这个入会批次"):
        admitted(cast, newcomer(), batch=foreign)


def test_twice_in_a_row_is_one_spell(cast: Cast) -> None:
    person = newcomer()
    admitted(cast, person)
    for joined_on in (date(2024, 6, 1), date(2024, 5, 8), date(2025, 1, 1), None):
        with pytest.raises(Refused) as refused:
            admitted(cast, person, joined_on=joined_on)
        assert (refused.value.code, refused.value.field) == ("conflict", "joined_on")
    assert Membership.objects.system("test").filter(person=person).count() == 1


def test_two_open_spells_and_overlaps_are_refused_by_the_database_too(cast: Cast) -> None:
    person = newcomer()
    first = admitted(cast, person)
    actions.end(by=SYSTEM, membership=first, reason_code="left", ended_on=date(2025, 1, 1))
    admitted(cast, person, joined_on=date(2025, 1, 1))
    plain = {"person": person, "organisation": cast.harbour}
    for span in ({"joined_on": date(2026, 1, 1)}, {"joined_on": date(2024, 12, 31), "ended_on": date(2025, 1, 1), "end_reason": "left"}, {"joined_on": date(2024, 1, 1), "ended_on": date(2024, 6, 2), "end_reason": "left"}):
        with guard.tampering(), pytest.raises(DatabaseError), transaction.atomic():
            Membership.objects.create(**plain, **span)
    with guard.tampering():
        Membership.objects.create(**plain, joined_on=date(2024, 5, 7), ended_on=date(2024, 6, 1), end_reason="left")
        Membership.objects.create(**plain, joined_on=date(2024, 5, 7), end_reason="left")  # over since nobody knows when: not compared
        assert Membership.objects.system("test").filter(**plain).count() == 4


def test_in_two_bodies_at_once_and_neither_learns_of_the_other(cast: Cast) -> None:
    person = newcomer()
    admitted(cast, person)
    admitted(cast, person, organisation=cast.orchard)
    seen = {name: set(Membership.objects.seen_by(cast.by(name)).filter(person=person).values_list("organisation__name", flat=True)) for name in ("east_clerk", "double", "city_clerk", "west_clerk")}
    assert seen == {"east_clerk": {"港前街道分会"}, "double": {"港前街道分会"}, "city_clerk": {"港前街道分会", "果园社区知联会"}, "west_clerk": set()}
