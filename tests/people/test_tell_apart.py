"""`people.tell_apart` and the page of possible duplicates: who looks alike among those whom a clerk sees, and that they were said not to be the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from juzhi.base.errors import Forbidden, Refused
from juzhi.journal.models import Entry, EntryLine
from juzhi.members import actions as members
from juzhi.people import actions, queries
from juzhi.people.models import Apart, Person
from juzhi.people.queries import likeness
from tests.access.conftest import meeting, rush, unlocked
from tests.cast import SYSTEM, Cast
from tests.guard import tampering

Browser = Callable[[str], Client]
PAGE = "/people/duplicates/"


def entered(cast: Cast, *places: str, **values: Any) -> Person:
    """Somebody new, admitted at these places."""
    person = actions.enter(by=SYSTEM, **{"name": "钱一", **values})
    for place in places:
        members.admit(by=SYSTEM, person=person, organisation=cast.organisations[place], joined_on=date(2025, 1, 1))
    return person


def groups(cast: Cast, name: str) -> list[tuple[set[int], set[str]]]:
    """Who, and how they look alike."""
    return [(set(group.ids), {what[0] for what, _ids in group.shared}) for group in queries.alike(cast.by(name))]


@pytest.fixture(params=[5000, 1], ids=["few", "many"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both ways of comparing: what is few is read, what is much the database groups."""
    monkeypatch.setattr(likeness, "FEW", request.param)


@pytest.mark.usefixtures("way")
def test_nobody_is_like_another_by_the_name_alone_or_by_a_year(cast: Cast) -> None:
    assert groups(cast, "east_clerk") == [({cast.persons["bo"].pk, cast.persons["bo2"].pk}, {"unit"})]  # 张伟 twice, at one company
    entered(cast, "harbour", born_on=date(1980, 1, 1), born_precision="year")
    entered(cast, "tower", born_on=date(1980, 1, 1), born_precision="year")
    assert len(groups(cast, "east_clerk")) == 1


@pytest.mark.usefixtures("way")
def test_a_mobile_a_unit_and_a_birth_each_join_and_what_hangs_together_is_one_group(cast: Cast) -> None:
    a = entered(cast, "tower", mobiles=["19900000101"], born_on=date(1980, 5, 6), unit="青溪书店")
    b = entered(cast, "harbour", name="钱一乙", mobiles=["19900000102", "19900000101"])
    c = entered(cast, "east", born_on=date(1980, 5, 6), unit="月湖书店")
    d = entered(cast, "tower", unit="青溪 书店")
    entered(cast, "tower", name="孙二", born_on=date(1980, 5, 6), unit="青溪书店")
    assert groups(cast, "east_clerk")[0] == ({a.pk, b.pk, c.pk, d.pk}, {"mobile", "birth", "unit"})


@pytest.mark.usefixtures("way")
def test_a_person_of_a_sibling_is_in_no_group_and_changes_no_number(cast: Cast) -> None:
    a = entered(cast, "tower", mobiles=["19900000101"])
    before = groups(cast, "east_clerk")
    b = entered(cast, "west", mobiles=["19900000101"])
    entered(cast, "west", mobiles=["19900000101"])
    assert groups(cast, "east_clerk") == before
    assert groups(cast, "west_clerk")[0][0] == set(Person.objects.system("t").filter(contacts__value_key="19900000101").exclude(pk=a.pk).values_list("pk", flat=True))
    assert len(groups(cast, "city_clerk")[0][0]) == 3
    actions.tell_apart(by=cast.by("city_clerk"), persons=[a, b])
    actions.correct(by=SYSTEM, person=b, name="孙二")
    assert groups(cast, "east_clerk") == before


@pytest.mark.usefixtures("way")
def test_who_left_beyond_the_time_of_retention_is_in_no_group(cast: Cast) -> None:
    entered(cast, "tower", mobiles=["19900000101"])
    left = entered(cast, mobiles=["19900000101"])
    spell = members.admit(by=SYSTEM, person=left, organisation=cast.tower, joined_on=date(2018, 5, 1))
    members.end(by=SYSTEM, membership=spell, reason_code="left", ended_on=date(2019, 5, 1))
    with tampering():
        left.ties.system("t").update(valid_to=date(2022, 5, 1))
    assert len(groups(cast, "east_clerk")) == 1


@pytest.mark.usefixtures("way")
def test_told_apart_they_are_not_shown_again_and_it_is_in_the_journal(cast: Cast) -> None:
    a, b, c = (entered(cast, "tower", mobiles=["19900000101"]) for _ in range(3))
    clerk = cast.by("east_clerk")
    assert groups(cast, "east_clerk")[0][0] == {a.pk, b.pk, c.pk}
    (made,) = actions.tell_apart(by=clerk, persons=[b, a], reason="当面核对")
    assert (made.first, made.second, made.first_place, made.second_place, made.actor_key, made.at) == (a, b, cast.tower, cast.tower, clerk.key, clerk.at)
    assert groups(cast, "east_clerk")[0][0] == {a.pk, b.pk, c.pk}  # both still look like the third
    assert len(actions.tell_apart(by=clerk, persons=[a, b, c])) == 2
    assert [group for group, _how in groups(cast, "east_clerk")] == [{cast.persons["bo"].pk, cast.persons["bo2"].pk}]
    entry = Entry.objects.system("t").filter(verb="people.tell_apart").order_by("pk").first()
    assert entry is not None
    assert (entry.thing_key, entry.organisation_id, entry.reason) == (a.key, cast.tower.pk, "")
    assert list(EntryLine.objects.system("t").filter(entry=entry).values_list("thing_key", flat=True)) == [b.key]


def test_what_a_clerk_of_another_branch_said_of_persons_whom_both_know_does_not_hold_here(cast: Cast) -> None:
    a, b = (entered(cast, "west", "tower", mobiles=["19900000101"]) for _ in range(2))
    actions.tell_apart(by=cast.by("west_clerk"), persons=[a, b])
    assert [ids for ids, _how in groups(cast, "east_clerk")][0] == {a.pk, b.pk}
    assert queries.pairs_apart(cast.by("east_clerk")).count() == 0
    assert groups(cast, "west_clerk") == []
    actions.tell_apart(by=cast.by("east_clerk"), persons=[a, b])
    assert Apart.objects.system("t").count() == 2


def test_refusals(cast: Cast) -> None:
    a, b = (entered(cast, "tower", mobiles=["19900000101"]) for _ in range(2))
    clerk = cast.by("east_clerk")
    with pytest.raises(Refused, match="请至少选两个人"):
        actions.tell_apart(by=clerk, persons=[a, a])
    with pytest.raises(Refused, match="一次最多选 20 人"):
        actions.tell_apart(by=clerk, persons=[Person(pk=n) for n in range(1, 22)])
    actions.tell_apart(by=clerk, persons=[a, b])
    with pytest.raises(Refused, match="已经认定过"):
        actions.tell_apart(by=clerk, persons=[b, a])


@pytest.mark.parametrize("name", ["west_clerk", "auditor", "statistician", "protection", "expired", "plain", "double", "operator"])
def test_who_may_not(cast: Cast, name: str) -> None:
    a, b = (entered(cast, "tower", mobiles=["19900000101"]) for _ in range(2))
    with pytest.raises(Forbidden):
        actions.tell_apart(by=cast.by(name), persons=[a, b])
    with pytest.raises(Forbidden):  # one of them is not enough
        actions.tell_apart(by=cast.by("east_clerk"), persons=[a, cast.persons["chen"]])


def test_the_erased_are_compared_with_nobody(cast: Cast) -> None:
    a, b = (entered(cast, "east", mobiles=["19900000101"]) for _ in range(2))
    actions.tell_apart(by=cast.by("east_clerk"), persons=[a, b])
    members.end(by=SYSTEM, membership=a.memberships.system("t").get(), reason_code="left", ended_on=date(2026, 1, 1))
    actions.forget(by=cast.by("protection"), person=a, ground="request")
    assert Apart.objects.system("t").count() == 0
    assert len(groups(cast, "east_clerk")) == 1


def test_the_page(cast: Cast, browser: Browser) -> None:
    a, b = (entered(cast, "tower", mobiles=["19900000101"], email="q@example.org") for _ in range(2))
    client = browser("east_clerk")
    text = client.get(PAGE).content.decode()
    assert all(words in text for words in ("手机相同", "199****0101", "云塔大厦知联会（会员，2025-01-01 起）", f"/people/{a.key}/", f"/people/{b.key}/", "姓名和单位相同"))
    assert "19900000101" not in text and "q@example.org" not in text
    assert "2 组可能重复" in client.get(f"{PAGE}number/").content.decode()
    sent = client.post(f"{PAGE}tell_apart/", {"persons": [a.key, b.key], "form_key": "once"})
    assert (sent.status_code, sent.headers["Location"]) == (303, PAGE)
    assert client.post(f"{PAGE}tell_apart/", {"persons": [a.key, b.key], "form_key": "once"}).status_code == 303  # sent twice, done once
    assert Apart.objects.system("t").count() == 1
    assert a.key not in (text := client.get(PAGE).content.decode())
    assert "已认定不是同一人 1 对" in text
    assert "1 组可能重复" in client.get(f"{PAGE}number/").content.decode()
    assert all(client.get(address).status_code == 200 for address in ("/members/", f"/members/{cast.tower.key}/"))


def test_bad_input_is_answered_in_words(cast: Cast, browser: Browser) -> None:
    client, other = browser("east_clerk"), cast.persons["chen"]
    for body in ({}, {"persons": [cast.persons["anna"].key]}, {"persons": ["x" * 900, "\0", other.key]}, {"persons": [cast.persons["anna"].key, other.key]}):
        answer = client.post(f"{PAGE}tell_apart/", body)
        assert answer.status_code == 422
        assert other.name not in answer.content.decode()
    offered = client.post(f"{PAGE}tell_apart/", {"shown": [cast.persons[name].key for name in ("bo", "bo2", "chen")], "persons": [cast.persons["bo"].key]}).content.decode()
    assert (offered.count('name="persons"'), offered.count(" checked")) == (2, 1)  # who stood beside may still be ticked
    assert client.post(f"{PAGE}tell_apart/", {"persons": [cast.persons["anna"].key], "reason": "留着这句话"}).content.decode().count("留着这句话") == 1
    assert [client.get(f"{PAGE}?page={page}").status_code for page in ("0", "x", "9", "1")] == [400, 400, 400, 200]
    assert [client.get(f"{PAGE}tell_apart/").status_code, browser("plain").get(PAGE).status_code, Client().get(PAGE).status_code] == [405, 404, 302]


def test_as_many_queries_with_one_group_as_with_five(cast: Cast, browser: Browser) -> None:
    client = browser("east_clerk")

    def asked() -> int:
        with CaptureQueriesContext(connection) as context:
            client.get(PAGE)
        return len(context)

    asked()
    before = asked()
    for number in range(4):
        for _ in range(3):
            entered(cast, "tower", name=f"钱{number}", mobiles=[f"1990000020{number}"])
    assert asked() == before


LOOK = ('FROM "people_apart"', '"withdrawn_at" IS NULL')


def test_two_clerks_at_once_say_it_once_and_the_lock_is_what_keeps_the_second_from_a_fault(committed: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both look before either writes: with the lock the second is told that it was said; without it he meets the constraint of the database."""
    pair = [committed.persons["bo"], committed.persons["bo2"]]

    def work(n: int) -> None:
        actions.tell_apart(by=committed.by(("east_clerk", "city_clerk")[n]), persons=pair)

    assert rush(2, work, meeting(2, *LOOK)) == Counter(done=1, state=1)
    assert Apart.objects.system("test").count() == 1
    (said,) = Apart.objects.system("test")
    actions.reconsider(by=SYSTEM, apart=said)
    with unlocked(monkeypatch):
        ended = rush(2, work, meeting(2, *LOOK))
    assert ended["done"] == 1 and not ended["state"] and set(ended) - {"done"} <= {"IntegrityError", "OperationalError"}, ended
    assert Apart.objects.system("test").filter(withdrawn_at__isnull=True).count() == 1
