"""Writing a batch: whole or not at all, once, with the rights of whoever confirmed it."""

from __future__ import annotations

from datetime import date

import pytest

from juzhi.access import actions as access
from juzhi.access.models import Reach
from juzhi.base.errors import Forbidden, Refused
from juzhi.imports import actions
from juzhi.members.models import Membership
from juzhi.people.models import Contact, Employment, Person, Tie
from tests.cast import SYSTEM, Cast
from tests.imports.office import fresh, mixed, planned, raw_files, roster, rows_of, uploaded


@pytest.mark.django_db
def test_a_new_person_comes_with_everything(cast: Cast) -> None:
    data = roster(
        {"姓名": "何清", "性别": "女", "出生年月": "1980.03", "手机": "19900000101/19900000102", "单位": "云塔科技", "职务": "工程师", "职称": "律师", "邮箱": "He@example.org", "入会时间": "2024.3", "会内职务": "理事"}
    )
    batch = actions.commit(by=cast.by("east_clerk"), batch=planned(cast.by("east_clerk"), data, cast.tower))
    person = Person.objects.system("test").get(name="何清")
    assert (person.gender, person.born_on, person.born_precision, person.title) == ("female", date(1980, 3, 1), "month", "律师")
    assert list(Contact.objects.system("test").filter(person=person).order_by("kind", "position").values_list("kind", "value")) == [
        ("email", "He@example.org"),
        ("mobile", "19900000101"),
        ("mobile", "19900000102"),
    ]
    assert list(Employment.objects.system("test").filter(person=person).values_list("unit", "duty", "source")) == [("云塔科技", "工程师", "花名册")]
    spell = Membership.objects.system("test").get(person=person)
    assert (spell.joined_on, spell.joined_precision, spell.org_role, spell.ended_on) == (date(2024, 3, 1), "month", "理事", None)
    assert list(Tie.objects.system("test").filter(person=person).values_list("organisation_id", "kind", "valid_from", "valid_to")) == [(cast.tower.pk, "membership", date(2024, 3, 1), None)]
    assert (batch.committed_at, batch.counts) == (cast.by("east_clerk").at, {"create": 1, "written": 1, "later": 0})
    assert [(row.values, row.warn, row.thing_kind, row.thing_key) for row in rows_of(batch)] == [({}, [], "members.membership", spell.key)]
    assert raw_files() == []


@pytest.mark.django_db
def test_what_is_left_for_later_is_kept(cast: Cast) -> None:
    by = cast.by("east_clerk")
    batch = actions.commit(by=by, batch=planned(by, mixed(), cast.tower))
    assert {row.action: bool(row.values) for row in rows_of(batch)} == {"create": False, "update": False, "suspect": True, "refuse": True, "same": False}
    assert batch.counts["later"] == 2


@pytest.mark.django_db
def test_twice_is_refused(cast: Cast) -> None:
    by = cast.by("east_clerk")
    batch = planned(by, mixed(), cast.tower)
    actions.commit(by=by, batch=batch)
    with pytest.raises(Refused, match="已经写入过了"):
        actions.commit(by=by, batch=batch)


@pytest.mark.django_db
def test_what_may_not_be_written(cast: Cast) -> None:
    by = cast.by("east_clerk")
    with pytest.raises(Refused, match="没有可以写入的行"):
        actions.commit(by=by, batch=planned(by, roster({"手机": "19900000105"}), cast.tower))
    unread = actions.upload(by=by, file=uploaded(mixed()), kind="roster", organisation_id=cast.tower.pk)
    with pytest.raises(Refused, match="还没有读完"):
        actions.commit(by=by, batch=unread)
    given_up = planned(by, mixed(), cast.tower)
    actions.discard(by=by, batch=given_up)
    with pytest.raises(Refused, match="已经结束"):
        actions.commit(by=by, batch=given_up)


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["west_clerk", "auditor", "statistician", "operator", "expired", "disabled", "plain", "protection", "anna"])
def test_who_may_not(cast: Cast, name: str) -> None:
    batch = planned(cast.by("east_clerk"), mixed(), cast.tower)
    with pytest.raises(Forbidden):
        actions.commit(by=cast.by(name), batch=batch)
    assert fresh(batch).committed_at is None


@pytest.mark.django_db
def test_two_rows_for_one_person_make_one_spell(cast: Cast) -> None:
    by = cast.by("east_clerk")
    data = roster({"姓名": "张唯", "手机": "19900000003"}, {"姓名": "张维", "手机": "19900000003"})
    batch = planned(by, data, cast.tower)
    actions.settle(by=by, batch=batch, everything="same")
    actions.commit(by=by, batch=batch)
    assert Membership.objects.system("test").filter(organisation=cast.tower, person=cast.persons["bo2"]).count() == 1
    assert [(row.action, row.same_as) for row in rows_of(batch)] == [("suspect", None), ("same", 3)]


@pytest.mark.django_db
def test_a_row_that_cannot_be_written_any_more_is_left_out_and_told(cast: Cast) -> None:
    """The second row's person is out of sight of whoever confirms: the first row is written all the same."""
    by = cast.by("east_clerk")
    access.grant(by=SYSTEM, account=cast.accounts["plain"], duty="member_clerk", organisation=cast.tower, reach=Reach.OWN)
    batch = planned(by, roster({"姓名": "何清", "手机": "19900000101"}, {"姓名": "张唯", "手机": "19900000003"}), cast.tower)
    actions.settle(by=by, batch=batch, everything="same")
    batch = actions.commit(by=cast.by("plain"), batch=batch)
    assert Person.objects.system("test").filter(name="何清").exists()
    assert (batch.counts["written"], batch.counts["left_out"]) == (1, 1)
    assert [(row.action, row.reason, row.values.get("name")) for row in rows_of(batch)] == [("create", "", None), ("refuse", "person_gone", "张唯")]
