"""`access.note_attempt`: trying to give what one may not is refused and stays in the journal, whatever is rolled back around it."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from django.db import transaction

from juzhi.access import actions
from juzhi.access.models import Grant
from juzhi.access.queries import AccountActor
from juzhi.base.errors import Forbidden, Refused
from juzhi.journal import queries as journal
from juzhi.journal.models import Entry, EntryValue
from tests.access.conftest import signed_in
from tests.cast import NOW, SYSTEM, VISITOR, Cast

pytestmark = pytest.mark.usefixtures("clock", "cache_table")


def attempts() -> list[tuple[Any, ...]]:
    return list(Entry.objects.system("test").filter(verb="access.note_attempt").order_by("pk").values_list("actor_key", "organisation_id"))


def values() -> dict[str, Any]:
    found = EntryValue.objects.system("test").filter(entry__verb="access.note_attempt")
    return {one.field: json.loads(one.after) for one in found}


MORE = [  # what is tried by the east clerk, who is secretary, member clerk and statistician of the east with what lies beneath
    ({"duty": "auditor"}, "tower"),
    ({"duty": "secretary"}, "orchard"),
    ({"duty": "secretary", "reach": "subtree"}, "city"),
    ({"account": "east_clerk"}, "tower"),
]


@pytest.mark.parametrize(("tried", "place"), MORE)
def test_more_than_one_has_elsewhere_or_to_oneself(cast: Cast, tried: dict[str, str], place: str) -> None:
    asked = {"account": "anna", "duty": "statistician", "reach": "own"} | tried
    before = Grant.objects.system("test").count()
    with pytest.raises(Forbidden):
        actions.grant(by=cast.by("east_clerk"), account=cast.accounts[asked["account"]], duty=asked["duty"], organisation=cast.organisations[place], reach=asked["reach"])
    assert attempts() == [(cast.accounts["east_clerk"].key, cast.organisations[place].pk)]
    assert values() == {"account": cast.accounts[asked["account"]].key, "duty": asked["duty"], "reach": asked["reach"]}
    assert Grant.objects.system("test").count() == before


def test_longer_than_one_has(cast: Cast) -> None:
    actions.grant(by=SYSTEM, account=cast.accounts["bo"], duty="secretary", organisation=cast.tower, valid_to=date(2026, 12, 31))
    with pytest.raises(Refused, match="2026-12-30"):
        actions.grant(by=cast.by("bo"), account=cast.accounts["anna"], duty="secretary", organisation=cast.tower, valid_to=date(2027, 2, 1))
    assert attempts() == [(cast.accounts["bo"].key, cast.tower.pk)]
    assert values()["valid_to"] == "2027-02-01"


def test_what_is_refused_for_its_form_is_no_attempt(cast: Cast) -> None:
    for named in ({"duty": "king"}, {"duty": "statistician", "valid_to": date(2020, 1, 1)}):
        with pytest.raises(Refused):
            actions.grant(by=cast.by("east_clerk"), account=cast.accounts["anna"], organisation=cast.tower, **named)
    assert attempts() == []


def test_a_rollback_round_the_verb_waits_and_does_not_lose_it(cast: Cast) -> None:
    """Inside a transaction that is still open nothing is written; its end rolls it back, and then the trace is kept, once."""
    from juzhi.base.action import keep_trace

    kept: list[Refused] = []
    with pytest.raises(Forbidden), transaction.atomic():
        try:
            actions.grant(by=cast.by("east_clerk"), account=cast.accounts["anna"], duty="auditor", organisation=cast.tower)
        except Refused as refused:
            kept.append(refused)
            assert attempts() == []  # the control: nothing stands in the transaction that will be taken back
            raise
    assert attempts() == []
    keep_trace(kept[0])
    keep_trace(kept[0])
    assert attempts() == [(cast.accounts["east_clerk"].key, cast.tower.pk)]


@pytest.mark.parametrize("typed", [{"duty": "auditor"}, {"reach": "subtree", "duty": "secretary", "login": "east_clerk"}])
def test_the_form_leaves_it_although_its_receipt_is_rolled_back(cast: Cast, typed: dict[str, str]) -> None:
    body = {"login": "bo", "duty": "statistician", "reach": "own", "purpose": "", "valid_to": "", "form_key": "k1"} | typed
    answer = signed_in(cast, "east_clerk").post(f"/access/{cast.tower.key}/grant/", body)
    assert (answer.status_code, attempts()) == (422, [(cast.accounts["east_clerk"].key, cast.tower.pk)])
    assert "不能授予自己没有的权限" in answer.content.decode()


def test_elsewhere_answers_like_nowhere_and_stays_in_the_journal(cast: Cast) -> None:
    body = {"login": "bo", "duty": "secretary", "reach": "own", "form_key": "k1"}
    browser = signed_in(cast, "west_clerk")
    told = [browser.post(f"/access/{key}/grant/", body) for key in (cast.tower.key, "nosuchkey234")]
    assert [one.status_code for one in told] == [404, 404]
    assert attempts() == [(cast.accounts["west_clerk"].key, cast.tower.pk)]
    assert browser.get(f"/access/{cast.tower.key}/grant/").status_code == 404
    assert len(attempts()) == 1  # looking is no attempt


def test_auditor_and_protection_contact_of_that_organisation_read_it(cast: Cast) -> None:
    actions.grant(by=SYSTEM, account=cast.accounts["protection"], duty="protection_contact", organisation=cast.tower)
    with pytest.raises(Forbidden):
        actions.grant(by=cast.by("east_clerk"), account=cast.accounts["anna"], duty="auditor", organisation=cast.tower)
    seen = {}
    for name in ("auditor", "protection", "west_clerk", "double", "statistician", "operator"):
        by = cast.by(name)
        seen[name] = [one.verb for one in journal.entries_of_organisation(by, cast.tower.key) if one.verb == "access.note_attempt"]
    assert seen == {"auditor": ["access.note_attempt"], "protection": ["access.note_attempt"], "west_clerk": [], "double": [], "statistician": [], "operator": []}


def test_who_may_not(cast: Cast) -> None:
    for by in (SYSTEM, VISITOR):
        with pytest.raises(Forbidden):
            actions.note_attempt(by=by, duty="secretary", organisation=cast.tower, reach="own")


def test_it_commits_where_transactions_really_commit(committed: Cast) -> None:
    """With the control: a trace written inside the refused transaction is gone with it."""
    by = AccountActor(committed.accounts["east_clerk"], NOW)
    with pytest.raises(Forbidden), transaction.atomic():
        actions.note_attempt(by=by, duty="auditor", organisation=committed.tower, reach="own")
        raise Forbidden()
    assert attempts() == []
    with pytest.raises(Forbidden):
        actions.grant(by=by, account=committed.accounts["anna"], duty="auditor", organisation=committed.tower)
    assert len(attempts()) == 1
