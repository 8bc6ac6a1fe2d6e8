"""`people.forget`: an erased person is a stub that counts; nothing personal stays anywhere, and an older backup does not bring it back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from juzhi.access import actions as access
from juzhi.access.models import Account, Grant, Invitation
from juzhi.base.actors import System
from juzhi.base.errors import Forbidden, Refused
from juzhi.base.indicators import INDICATORS
from juzhi.config.keeping import erasures
from juzhi.figures.queries import Node, evaluate
from juzhi.imports import actions as imports
from juzhi.imports.models import Batch, BatchRow
from juzhi.journal import queries as journal
from juzhi.journal.actions import seal
from juzhi.journal.models import Entry
from juzhi.members import actions as members
from juzhi.members.models import Membership
from juzhi.people import actions
from juzhi.people.models import Contact, Disclosure, Employment, Name, Person, Tie
from juzhi.portal import actions as portal
from juzhi.portal.models import Complaint
from tests.cast import NOW, PASSWORD, SYSTEM, TODAY, Cast
from tests.house.test_ties import violations

PRIVATE = ("尉迟喆", "尉迟旧", "yu chi zhe", "chi2迟", "19900000004", "chen@example.org", "云海独有单位", "教授某", "N-chen", "常务理事", "本人来电", "我要投诉", "denglu-chen", "1980-05")


@pytest.fixture(autouse=True)
def cache(db: None) -> None:
    from django.core.management import call_command

    call_command("createcachetable", verbosity=0)


@pytest.fixture
def left(cast: Cast) -> Person:
    """A person of whom everything is known, and who left the orchard in the middle of this month."""
    person, clerk = cast.persons["chen"], SYSTEM
    actions.correct(by=clerk, person=person, gender="male", born_on=date(1980, 5, 1), born_precision="month", title="教授某", reason="本人来电")
    actions.add_name(by=clerk, person=person, text="尉迟旧")
    Employment.objects.system("test").filter(person=person).update(unit="云海独有单位", unit_key="云海独有单位")
    members.correct(by=clerk, membership=cast.memberships["chen"], org_role="常务理事", reason="换届")
    actions.disclose(by=clerk, persons=[person], organisation=cast.orchard, fields=["手机"], way="shown")
    access.invite(by=clerk, person=person, organisation=None, kind=Invitation.Kind.SIGN_IN)
    Account.objects.filter(person=person).update(login="denglu-chen", email="chen@example.org")
    members.end(by=clerk, membership=cast.memberships["chen"], ended_on=date(2026, 11, 15), reason_code="left", reason="本人来电")
    batch = Batch.objects.create(kind="roster", duty="member_clerk", organisation_id=cast.orchard.pk, actor_key="x", filename="册.csv", made_at=NOW, committed_at=NOW)
    waiting = Batch.objects.create(kind="roster", duty="member_clerk", organisation_id=cast.orchard.pk, actor_key="x", filename="册2.csv", made_at=NOW, read_at=NOW)
    values = {"values": {"name": "尉迟喆", "mobile": "19900000004"}, "before": {"was": "常务理事"}, "warn": ["yuchi"]}
    BatchRow.objects.create(batch=batch, position=1, row=2, action="create", thing_kind="members.membership", thing_key=cast.memberships["chen"].key, **values)
    BatchRow.objects.create(batch=waiting, position=1, row=2, action="suspect", like_key=person.key, like_by="mobile", **values)
    access.grant(by=SYSTEM, account=cast.accounts["protection"], duty="protection_contact", organisation=cast.orchard)
    return Person.objects.system("test").get(pk=person.pk)


@pytest.fixture
def complaint(cast: Cast, left: Person) -> Complaint:
    return portal.complain(by=cast.by("chen"), text="我要投诉", reply_to="19900000004", signed=True)


def dumped() -> str:
    """Every value of every table."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'select * from "{table}"')
            found += [str(row) for row in cursor.fetchall()]
    return "\n".join(found)


def figures(cast: Cast) -> list[Any]:
    days = [date(2023, 1, 1), date(2026, 11, 14), TODAY]
    return [evaluate(cast.by("city_clerk"), INDICATORS[name], Node("organisation", cast.city), day).value for name in ("members", "member_persons") for day in days]


@pytest.mark.tampers
def test_nothing_personal_stays_and_the_figures_are_the_same(cast: Cast, left: Person, complaint: Complaint) -> None:
    assert [word for word in PRIVATE if word not in dumped()] == []  # the control: all of it was there
    before, ties = figures(cast), violations(TODAY)
    made = actions.forget(by=cast.by("protection"), person=left, ground="request")
    assert [word for word in PRIVATE if word in dumped()] == []
    assert figures(cast) == before and before[0] > 0 and before[1] == before[2] + 1
    assert (made.is_forgotten, made.name, made.version, violations(TODAY)) == (True, "", left.version + 1, ties)
    assert [model.objects.system("t").filter(person=left).count() for model in (Name, Contact, Employment, Tie, Invitation)] == [0] * 5
    spell = Membership.objects.system("t").get(person=left)
    assert (spell.joined_on, spell.ended_on, spell.end_reason, spell.number, spell.org_role) == (date(2022, 2, 1), date(2026, 11, 15), "left", "", "")
    account = Account.objects.get(person=left)
    assert (account.login, account.is_active, account.has_usable_password()) == (f"forgotten-{account.key}", False, False)
    kept = Disclosure.objects.system("t").get(person_key=left.key)
    assert (kept.organisation, kept.fields, kept.way) == (cast.orchard, "手机", "shown")


@pytest.mark.tampers
def test_it_is_journalled_and_the_chain_holds(cast: Cast, left: Person, complaint: Complaint) -> None:
    seal(by=SYSTEM)
    actions.forget(by=cast.by("protection"), person=left, ground="withdrawn")
    seal(by=SYSTEM)
    verdict = journal.verify()
    assert verdict.fault is None and verdict.erased > 5
    entry = Entry.objects.system("t").get(verb="people.forget")
    assert (entry.thing_key, entry.organisation_id, entry.actor_key, entry.line_count) == (left.key, cast.orchard.pk, cast.accounts["protection"].key, 1)
    by = cast.by("protection")
    (row,) = [one for one in journal.page(by, journal.entries_of_organisation(by, cast.orchard.key), 1).object_list if one.verb == "抹去个人信息"]
    assert (row.reason, row.name.href) == ("本人撤回同意", "")


@pytest.mark.tampers
def test_twice_and_what_makes_no_sense(cast: Cast, left: Person) -> None:
    with pytest.raises(Refused, match="为什么"):
        actions.forget(by=cast.by("protection"), person=left, ground="whim")
    with pytest.raises(Refused, match="刚被别人改过"):
        actions.forget(by=cast.by("protection"), person=left, ground="request", version=left.version - 1)
    actions.forget(by=cast.by("protection"), person=left, ground="request", version=left.version)
    for by in (cast.by("protection"), SYSTEM):
        with pytest.raises(Forbidden):
            actions.forget(by=by, person=left, ground="request")


@pytest.mark.tampers
@pytest.mark.parametrize("name", ["east_clerk", "west_clerk", "city_clerk", "auditor", "operator", "chen", "plain", "expired"])
def test_who_may_not(cast: Cast, left: Person, name: str) -> None:
    with pytest.raises(Forbidden):
        actions.forget(by=cast.by(name), person=left, ground="request")


def test_the_contact_of_another_organisation_and_of_oneself(cast: Cast) -> None:
    with pytest.raises(Forbidden):
        actions.forget(by=cast.by("protection"), person=cast.persons["chen"], ground="request")
    access.grant(by=SYSTEM, account=cast.accounts["anna"], duty="protection_contact", organisation=cast.tower)
    with pytest.raises(Forbidden):
        actions.forget(by=cast.by("anna"), person=cast.persons["anna"], ground="request")


def contact(cast: Cast, place: str) -> Any:
    access.grant(by=SYSTEM, account=cast.accounts["protection"], duty="protection_contact", organisation=cast.organisations[place])
    return cast.by("protection")


def test_a_member_and_a_holder_of_duties_first_leave(cast: Cast) -> None:
    by, person = contact(cast, "tower"), cast.persons["anna"]
    with pytest.raises(Refused, match="还在云塔大厦知联会在会"):
        actions.forget(by=by, person=person, ground="request")
    members.end(by=SYSTEM, membership=cast.memberships["anna"], ended_on=TODAY, reason_code="left")
    access.grant(by=SYSTEM, account=cast.accounts["anna"], duty="statistician", organisation=cast.tower)
    with pytest.raises(Refused, match="先收回"):
        actions.forget(by=by, person=person, ground="request")
    assert Person.objects.system("t").get(pk=person.pk).name == "单飞燕"  # nothing half
    access.revoke(by=SYSTEM, grant=Grant.objects.system("t").get(account=cast.accounts["anna"]), reason="离任")
    assert actions.forget(by=by, person=person, ground="request").is_forgotten


@pytest.mark.parametrize("first", ["orchard", "lone"])
def test_two_associations_each_for_itself(cast: Cast, first: str) -> None:
    """Erased here, the person stays with the other association, whole; here nobody sees them any more. When the other erases too, all goes."""
    second, person = ("lone", "orchard")[first == "lone"], cast.persons["shared"]
    spells = {"orchard": cast.memberships["shared"], "lone": cast.memberships["shared_lone"]}
    by = contact(cast, first)
    members.end(by=SYSTEM, membership=spells[first], ended_on=TODAY, reason_code="left", reason="本处原因")
    made = actions.forget(by=by, person=person, ground="request")
    assert (made.is_forgotten, made.name) == (False, "区同")
    by = cast.by("protection")
    assert not Person.objects.seen_by(by).filter(pk=person.pk).exists()
    mine, other = (Membership.objects.system("t").get(pk=spells[place].pk) for place in (first, second))
    assert (mine.number, bool(other.number)) == ("", True)
    assert Contact.objects.system("t").filter(person=person).count() == 2
    assert Account.objects.get(person=person).is_active
    members.end(by=SYSTEM, membership=spells[second], ended_on=TODAY, reason_code="left")
    assert actions.forget(by=contact(cast, second), person=Person.objects.system("t").get(pk=person.pk), ground="request").is_forgotten


def test_who_works_elsewhere_keeps_the_name_there(cast: Cast) -> None:
    access.grant(by=SYSTEM, account=cast.accounts["anna"], duty="auditor", organisation=cast.west)
    members.end(by=SYSTEM, membership=cast.memberships["anna"], ended_on=TODAY, reason_code="left")
    made = actions.forget(by=contact(cast, "tower"), person=cast.persons["anna"], ground="request")
    assert (made.is_forgotten, made.name, Account.objects.get(person=made).is_active) == (False, "单飞燕", True)


@pytest.mark.tampers
def test_an_older_backup_does_not_bring_it_back(cast: Cast, left: Person, complaint: Complaint, settings: Any, tmp_path: Any) -> None:
    settings.DATA_FOLDER = tmp_path
    point = transaction.savepoint()
    actions.forget(by=cast.by("protection"), person=left, ground="request")
    assert erasures.keep_up() > 0
    assert erasures.keep_up() == 0
    assert "尉迟" not in (tmp_path / "erased.jsonl").read_text()
    transaction.savepoint_rollback(point)  # the older backup
    assert "尉迟喆" in dumped()
    later = System("恢复备份", NOW + timedelta(days=3))
    assert erasures.replay(later) > 0
    assert [word for word in PRIVATE if word in dumped()] == []
    again = Person.objects.system("t").get(pk=left.pk)
    assert (again.is_forgotten, again.forgotten_at) == (True, NOW)
    assert erasures.replay(later) == 0


def test_a_backup_from_before_the_leaving_ends_the_spell_on_the_day_of_erasing(cast: Cast, settings: Any, tmp_path: Any) -> None:
    settings.DATA_FOLDER = tmp_path
    by, person = contact(cast, "tower"), cast.persons["anna"]
    point = transaction.savepoint()
    members.end(by=SYSTEM, membership=cast.memberships["anna"], ended_on=date(2026, 11, 1), reason_code="left")
    actions.forget(by=by, person=person, ground="request")
    erasures.keep_up()
    transaction.savepoint_rollback(point)
    assert Membership.objects.system("t").get(pk=cast.memberships["anna"].pk).ended_on is None
    erasures.replay(System("恢复备份", NOW + timedelta(days=3)))
    spell = Membership.objects.system("t").get(pk=cast.memberships["anna"].pk)
    assert (spell.ended_on, spell.end_reason, Person.objects.system("t").get(pk=person.pk).name) == (TODAY, "left", "")


def test_an_erasure_for_one_association_is_done_again_for_that_one(cast: Cast, settings: Any, tmp_path: Any) -> None:
    settings.DATA_FOLDER = tmp_path
    by, person = contact(cast, "orchard"), cast.persons["shared"]
    members.end(by=SYSTEM, membership=cast.memberships["shared"], ended_on=TODAY, reason_code="left")
    point = transaction.savepoint()
    actions.forget(by=by, person=person, ground="request")
    erasures.keep_up()
    transaction.savepoint_rollback(point)
    assert erasures.replay(System("恢复备份", NOW)) > 0
    assert Person.objects.system("t").get(pk=person.pk).name == "区同"
    assert list(Tie.objects.system("t").filter(person=person).values_list("organisation_id", flat=True).distinct()) == [cast.lone.pk]


@pytest.mark.tampers
def test_undoing_the_import_leaves_the_stub_alone(cast: Cast, left: Person) -> None:
    actions.forget(by=cast.by("protection"), person=left, ground="request")
    batch = Batch.objects.system("t").get(filename="册.csv")
    imports.undo(by=SYSTEM, batch=batch, reason="弄错了")
    assert BatchRow.objects.system("t").get(batch=batch).kept == "导入之后有人改过"
    assert Membership.objects.system("t").filter(person=left).count() == 1
    row = BatchRow.objects.system("t").get(batch__filename="册2.csv")
    assert (row.action, row.like_key, row.values) == ("skip", "", {})


@pytest.mark.tampers
def test_the_page(cast: Cast, left: Person, browser: Callable[[str], Client]) -> None:
    account = Account.objects.get(login="protection")
    account.set_password(PASSWORD)
    account.save()
    client, address = browser("protection"), f"/people/{left.key}/"
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert f"{address}forget/" in client.get(address).content.decode()
    page = client.get(f"{address}forget/").content.decode()
    assert [word in page for word in ("抹去以后不能恢复", "姓名与身份", "会籍", "投诉与建议", "账号", "留下：", "让过去的人数不变")] == [True] * 7
    body = {"ground": "request", "sure": "on", "password": PASSWORD, "version": str(left.version), "form_key": "k"}
    for wrong in ({"password": "wrong"}, {"sure": ""}, {"ground": "whim"}):
        assert client.post(f"{address}forget/", body | wrong).status_code == 422
    assert PASSWORD not in client.post(f"{address}forget/", body | {"sure": ""}).content.decode()
    answer = client.post(f"{address}forget/", body)
    assert (answer.status_code, answer["Location"]) == (303, "/workbench/")
    assert [client.get(one).status_code for one in (address, f"{address}forget/")] == [404, 404]
    for name in ("east_clerk", "auditor", "operator", "plain", "bo"):
        assert browser(name).get(f"/people/{cast.persons['bo'].key}/forget/").status_code == 404


def test_a_guess_too_many(cast: Cast, left: Person, browser: Callable[[str], Client]) -> None:
    client = browser("protection")
    told = [client.post(f"/people/{left.key}/forget/", {"ground": "request", "sure": "on", "password": "x"}).status_code for _ in range(12)]
    assert set(told) == {422}


def test_the_pages_about_oneself_say_what_stays(cast: Cast, browser: Callable[[str], Client]) -> None:
    page = browser("chen").get("/mine/").content.decode()
    assert "删除后还留下" in page and "还不能自己一键删除" not in page and "一条没有姓名的记录" in page
