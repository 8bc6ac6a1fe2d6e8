"""`people.reconsider`: that two are not the same is taken back, and kept as having been said."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from juzhi.base.errors import Forbidden, Refused
from juzhi.journal.models import Entry
from juzhi.members import actions as members
from juzhi.people import actions, queries
from juzhi.people.models import Apart
from tests.cast import SYSTEM, Cast
from tests.guard import tampering


@pytest.fixture
def told(cast: Cast) -> Apart:
    """张伟 and 张伟 of one company, who are two."""
    (made,) = actions.tell_apart(by=cast.by("east_clerk"), persons=[cast.persons["bo"], cast.persons["bo2"]])
    return made


def test_they_are_shown_again_and_may_be_told_apart_again(cast: Cast, told: Apart) -> None:
    clerk = cast.by("east_clerk")
    assert queries.alike(clerk) == []
    back = actions.reconsider(by=clerk, apart=told)
    assert (back.withdrawn_at, [group.ids for group in queries.alike(clerk)]) == (clerk.at, [(told.first_id, told.second_id)])
    entry = Entry.objects.system("t").get(verb="people.reconsider")
    assert (entry.thing_key, entry.organisation_id) == (told.first.key, told.first_place_id)
    actions.tell_apart(by=clerk, persons=[cast.persons["bo"], cast.persons["bo2"]])
    assert (queries.alike(clerk), Apart.objects.system("t").count()) == ([], 2)


def test_refusals(cast: Cast, told: Apart) -> None:
    for name in ("west_clerk", "auditor", "plain", "expired", "double"):
        with pytest.raises(Forbidden):
            actions.reconsider(by=cast.by(name), apart=told)
    actions.reconsider(by=cast.by("city_clerk"), apart=told)
    with pytest.raises(Refused, match="已经取消过了"):
        actions.reconsider(by=cast.by("east_clerk"), apart=told)


def test_the_page(cast: Cast, told: Apart, browser: Callable[[str], Client]) -> None:
    client, address = browser("east_clerk"), "/people/duplicates/reconsider/"
    assert client.get(address).content.decode().count("张伟") >= 2
    assert "张伟" not in browser("west_clerk").get(address).content.decode()
    assert [browser("west_clerk").post(address, {"apart": key}).status_code for key in (told.key, "zzzzzzzzzzzz")] == [404, 404]
    assert client.post(address, {"apart": ""}).status_code == 422
    assert client.post(address, {"apart": told.key, "form_key": "a"}).status_code == 303
    assert client.post(address, {"apart": told.key, "form_key": "a"}).status_code in (303, 404)
    assert "张伟" not in client.get(address).content.decode()


def test_a_pair_of_whom_one_is_not_seen_any_more_is_not_shown(cast: Cast, told: Apart) -> None:
    members.end(by=SYSTEM, membership=cast.memberships["bo2"], reason_code="left", ended_on=date(2025, 1, 1))
    with tampering():
        cast.persons["bo2"].ties.system("t").update(valid_to=date(2026, 1, 1))
    assert queries.pairs_apart(cast.by("east_clerk")).count() == 0
