"""Every verb leaves the entries true: compared after each with what they should say. Where an entry is harmed, it is seen."""

from __future__ import annotations

from datetime import date

import pytest

from juzhi.base.searched import SEARCHED
from juzhi.members import actions as members
from juzhi.network import actions as network
from juzhi.people import actions as people
from juzhi.people.models import Contact, Person
from juzhi.search import queries
from juzhi.search.actions import keep_up
from juzhi.search.models import Renewal, SearchEntry
from tests.cast import SYSTEM, TODAY, Cast
from tests.guard import tampering


def untrue() -> dict[str, list[int]]:
    """Things of each kind whose entry is missing or false, and entries of nothing."""
    return {kind: queries.untrue(kind, {*one.after(0, 10_000), *SearchEntry.objects.system("test").filter(kind=kind).values_list("thing_id", flat=True)}, TODAY) for kind, one in SEARCHED.items()}


WELL = {"people.person": [], "network.organisation": []}


def settled() -> None:
    while Renewal.objects.system("test").exists():
        keep_up(by=SYSTEM)


def test_the_cast(cast: Cast) -> None:
    assert untrue() == WELL and SearchEntry.objects.system("test").count() == len(cast.persons) + len(cast.organisations)


def test_verbs_on_a_person(cast: Cast) -> None:
    by = cast.by("east_clerk")
    anna = cast.persons["anna"]
    people.correct(by=by, person=anna, name="单飞鸿", reason="更正")
    assert untrue() == WELL
    people.change_contacts(by=by, person=anna, mobiles="19900000417、19900000418", email="")
    assert untrue() == WELL
    people.add_name(by=by, person=anna, text="单燕")
    assert untrue() == WELL
    members.end(by=by, membership=cast.memberships["anna"], reason_code="left", ended_on=TODAY, reason="退会")
    assert untrue() == WELL
    members.admit(by=by, person=anna, organisation=cast.harbour)
    assert untrue() == WELL


def test_verbs_on_an_organisation(cast: Cast) -> None:
    network.rename(by=SYSTEM, organisation=cast.fresh("tower"), name="云塔园区知联会", valid_from=TODAY, reason="更名")
    network.found(by=SYSTEM, name="新设分会", family=cast.families["知联会"], level="park", parent=cast.east, aliases=("新分会",), founded_on=date(2026, 1, 1))
    assert untrue() == WELL
    network.move(by=SYSTEM, organisation=cast.fresh("tower"), parent=cast.west, valid_from=TODAY, reason="改隶")
    assert untrue()["people.person"] == sorted(cast.persons[short].pk for short in ("anna", "bo"))
    settled()
    assert untrue() == WELL


def harm(cast: Cast, what: str) -> None:
    with tampering():
        if what == "name":
            Person.objects.system("test").filter(pk=cast.persons["bo"].pk).update(name="李四")
        elif what == "contact":
            Contact.objects.system("test").filter(person=cast.persons["bo"]).update(value_key="19900009999")
        elif what == "entry":
            SearchEntry.objects.system("test").filter(kind="people.person", thing_id=cast.persons["bo"].pk).delete()
        else:
            SearchEntry.objects.create(kind="people.person", thing_id=10**9, tokens={"n张"})


@pytest.mark.parametrize("what", ["name", "contact", "entry", "orphan"])
def test_harm_is_seen(cast: Cast, what: str) -> None:
    harm(cast, what)
    assert untrue()["people.person"] == [10**9 if what == "orphan" else cast.persons["bo"].pk]
    assert queries.faults(TODAY) == ["people.person 有 1 条检索条目不对"]


def test_all_is_well(cast: Cast) -> None:
    assert queries.faults(TODAY) == []
