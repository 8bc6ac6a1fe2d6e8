"""Every personal or sensitive column of a table with a path to a person is answered for, or stands here with a reason; and what is stored is shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime

import pytest
from django.apps import apps
from django.db import models
from django.utils import translation

from juzhi.access import actions as access
from juzhi.access.models import Account, Grant
from juzhi.base.privacy import PRIVACY, Answer, Declared, answers
from juzhi.members import actions as members
from juzhi.members.models import Membership
from juzhi.people import actions as people
from juzhi.people.models import Contact, Employment, Person, Tie
from tests import guard
from tests.cast import SYSTEM, VISITOR, Cast

PERSONAL = ("personal", "sensitive")
PERSON_KEYS = ("person_key", "person_keys")  # plain keys stand for a person where no foreign key may

EXEMPT: dict[str, str] = {
    "account.EmailAddress": "the sign-in library's copy of the account's address, answered under access.Account.email",
    "account.EmailConfirmation": "a pending confirmation of that address; holds a random key and times",
    "mfa.Authenticator": "the account's own second factor; its secrets must not be shown, its page lists them",
}


def leads_to_person(model: type[models.Model]) -> bool:
    """Whether foreign keys lead from the table to Person, over however many tables, or a plain person key stands in it."""
    seen: set[type[models.Model]] = set()
    waiting = [model]
    while waiting:
        one = waiting.pop()
        if one is Person:
            return True
        if one not in seen:
            seen.add(one)
            waiting += [f.related_model for f in one._meta.concrete_fields if f.related_model]  # type: ignore[misc]
    return any(f.name in PERSON_KEYS for f in model._meta.concrete_fields)


def reached() -> Iterator[type[models.Model]]:
    return (model for model in apps.get_models() if leads_to_person(model))


def columns(tables: Iterable[type[models.Model]]) -> set[str]:
    """Personal and sensitive columns; every column of a table that declares no classes."""
    found = set()
    for model in tables:
        label, classes = model._meta.label, getattr(model, "classes", None)
        for one in model._meta.concrete_fields:
            if label not in EXEMPT and (classes is None or classes.get(one.name, "sensitive") in PERSONAL):
                found.add(f"{label}.{one.name}")
    return found


def test_every_personal_column_is_answered_for() -> None:
    declared = [column for one in PRIVACY.values() for column in one.columns]
    assert sorted(columns(reached()) - set(declared)) == []
    assert sorted(set(declared) - columns(apps.get_models())) == []  # a room may answer for more: what a plain account key leads to
    assert len(declared) == len(set(declared))


def test_the_walk_finds_the_tables_that_matter() -> None:
    labels = {model._meta.label for model in reached()}
    mine = {"people.Person", "people.Name", "people.Contact", "people.Employment", "people.Tie", "people.Disclosure", "members.Membership", "access.Account", "access.Grant", "access.Invitation"}
    assert mine <= labels
    assert [label for label in EXEMPT if label not in labels] == []


def test_each_declaration_says_purpose_retention_and_erasure() -> None:
    for one in PRIVACY.values():
        assert all(len(str(text)) >= 2 for text in (one.title, one.purpose, one.retention, one.erasure)), one.name


def told(found: list[Answer]) -> str:
    return "\n".join(f"{item.label}|{item.value}|{item.note}" for one in found for item in one.items)


@pytest.fixture
def full(cast: Cast) -> Cast:
    """单飞燕 with something in every column: past and present."""
    person, tower = cast.persons["anna"], cast.tower
    people.correct(by=SYSTEM, person=person, name="䶮·Canary", gender="female", born_on=date(1981, 2, 1), born_precision="month", title="职称丙")
    people.add_name(by=SYSTEM, person=person, text="曾用·Former")
    people.change_contacts(by=SYSTEM, person=person, mobiles="19900050001", email="Canary.Mail@Example.org")
    batch = members.open_batch(by=SYSTEM, organisation=tower, number=7)
    spell = members.correct(by=SYSTEM, membership=cast.memberships["anna"], number="NUM-丁", org_role="角色戊", batch=batch, joined_on=date(2019, 4, 1), joined_precision="month")
    members.end(by=SYSTEM, membership=spell, reason_code="transferred", ended_on=date(2022, 8, 9))
    members.admit(by=SYSTEM, person=person, organisation=cast.harbour, joined_on=date(2024, 7, 8))
    people.reveal(by=cast.by("east_clerk"), person=person, purpose="用途己")
    granted = access.grant(by=SYSTEM, account=cast.accounts["anna"], duty="statistician", organisation=tower, valid_from=date(2026, 1, 2))
    access.revoke(by=SYSTEM, grant=granted, reason="换人")
    access.invite(by=SYSTEM, person=person, organisation=tower, kind="sign_in")
    with guard.tampering():
        Employment.objects.create(person=person, unit="单位 庚", unit_key="单位庚", duty="职务辛", source="来源壬", valid_from=date(2011, 3, 4), valid_to=date(2015, 6, 7))
        Person.objects.system("test").filter(pk=person.pk).update(deceased_on=date(2026, 2, 1), deceased_precision="month")
        moment = datetime(2026, 3, 4, 1, 2, tzinfo=UTC)
        Account.objects.filter(person=person).update(login="canary-login", email="login@example.org", made_at=moment, last_login=moment.replace(month=4), disabled_at=moment.replace(month=5))
    return cast


def test_what_is_stored_is_shown(full: Cast) -> None:
    with translation.override("zh-hans"):
        text = told(answers(full.by("anna")))
    person = Person.objects.system("test").get(pk=full.persons["anna"].pk)
    contacts = Contact.objects.system("test").filter(person=person)
    stored = [
        person.name, person.name_key, person.pinyin_key.replace("\u0001", " "), person.sounds.replace("|", "、"), person.stroke_key, "女", "1981-02", "职称丙", "2026-02",
        "曾用·Former", "曾用former", "19900050001", "Canary.Mail@Example.org", *(one.value_key for one in contacts),
        "单位 庚", "单位庚", "职务辛", "来源壬", "2011-03-04", "2015-06-07",
        "云塔大厦知联会|曾任会员（保留期内）", "港前街道分会|会员|2024-07-08 起", "2019-04-01 起，2026-11-24 止（今天已看不到）",
        "港前街道分会 · 会员管理|查看了手机、邮箱", "用途己",
        "NUM-丁", "角色戊", "第7批", "2019-04", "2022-08-09", "转会", "2024-07-08",
        "canary-login", "login@example.org", "2026-03-04 09:02", "2026-04-04 09:02", "2026-05-04 09:02", "没有设",
        "云塔大厦知联会|统计（仅本级）|2026-01-02 起", "登录一次|云塔大厦知联会",
    ]  # fmt: skip
    assert [one for one in stored if one not in text] == []


def test_viewers_are_told_by_duty_and_organisation_never_by_name(full: Cast) -> None:
    text = told(answers(full.by("anna")))
    clerk = full.accounts["east_clerk"]
    assert [one for one in (full.persons["east_clerk"].name, clerk.key, clerk.login, "tests") if one in text] == []


def test_nothing_of_others_is_shown_and_nothing_to_nobody(full: Cast) -> None:
    text = told(answers(full.by("bo")))
    assert [one for one in ("Canary", "19900050001", "NUM-丁", "canary", "庚", "己", "港前") if one in text] == []
    assert (answers(VISITOR), answers(SYSTEM)) == ([], [])
    for name in ("plain", "city_clerk", "operator"):
        assert {one.declared.name for one in answers(full.by(name))} == set(PRIVACY)


def test_expired_ties_and_grants_are_still_told(full: Cast) -> None:
    with guard.tampering():
        Tie.objects.system("test").filter(person=full.persons["anna"]).update(valid_from=date(2020, 1, 1), valid_to=date(2021, 1, 1))
    assert told(answers(full.by("anna"))).count("今天已看不到") == Tie.objects.system("test").filter(person=full.persons["anna"]).count() == 3
    assert Membership.objects.seen_by(full.by("anna")).count() == 2
    assert Grant.objects.seen_by(full.by("anna")).count() == 1


def test_a_planted_column_would_be_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(Person.classes, "example", "personal")
    with pytest.raises(AssertionError):
        test_every_personal_column_is_answered_for()


def test_a_declaration_with_one_name_is_made_once() -> None:
    from juzhi.base.privacy import declare

    with pytest.raises(ValueError, match="declared twice"):
        declare(Declared("people.person", "", "", "", "", (), lambda by: []))
