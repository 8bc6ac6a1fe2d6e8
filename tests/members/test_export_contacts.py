"""`members.export_contacts`: contacts leave the house with a reason, noted for each person; for many the password is asked again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from juzhi.access.models import Account
from juzhi.base.errors import Forbidden, Refused
from juzhi.journal.models import Entry
from juzhi.members import actions, queries
from juzhi.members.models import Membership
from juzhi.people.models import Disclosure
from tests import guard
from tests.cast import PASSWORD, Cast
from tests.members.test_pages import unzipped


def rows_of(cast: Cast, name: str) -> list[Membership]:
    return list(queries.roster(cast.by(name), {}))


def taken(cast: Cast, name: str = "east_clerk", **values: Any) -> Any:
    return actions.export_contacts(by=cast.by(name), **{"memberships": rows_of(cast, name), "reason": "换届通知", **values})


def noted() -> list[tuple[Any, ...]]:
    found = Disclosure.objects.system("test").order_by("organisation__name", "person_key")
    return list(found.values_list("person_key", "organisation__name", "fields", "way", "purpose"))


def test_each_person_is_told_per_organisation_and_the_clerk_not_of_oneself(cast: Cast) -> None:
    taken(cast)
    keys = {name: cast.persons[name].key for name in ("anna", "bo", "bo2")}
    told = [(keys["anna"], "云塔大厦知联会"), (keys["bo"], "云塔大厦知联会"), (keys["bo2"], "港前街道分会")]
    assert noted() == sorted(((key, place, "手机、邮箱", "exported", "换届通知") for key, place in told), key=lambda row: (row[1], row[0]))
    entries = Entry.objects.system("test").filter(verb="people.disclose").order_by("organisation_id").values_list("organisation_id", "actor_key")
    assert sorted(entries) == sorted([(cast.tower.pk, cast.accounts["east_clerk"].key), (cast.harbour.pk, cast.accounts["east_clerk"].key)])


def test_twice_is_noted_twice(cast: Cast) -> None:
    taken(cast), taken(cast)
    assert len(noted()) == 6


@pytest.mark.parametrize(
    ("values", "field"),
    [({"reason": " "}, "reason"), ({"reason": "x" * 121}, "reason"), ({"reason": "x\ud800"}, "reason"), ({"reason": "a\x07"}, "reason"), ({"memberships": []}, None)],
)
def test_refusals_note_nothing(cast: Cast, values: dict[str, Any], field: str | None) -> None:
    with pytest.raises(Refused) as refused:
        taken(cast, **values)
    assert (refused.value.field, noted()) == (field, [])


@pytest.mark.parametrize("name", ["west_clerk", "double", "auditor", "statistician", "protection", "expired", "plain"])
def test_who_may_not(cast: Cast, name: str) -> None:
    with pytest.raises(Forbidden):
        taken(cast, name, memberships=rows_of(cast, "east_clerk"))
    assert noted() == []


def test_for_many_the_password_is_asked_again(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("juzhi.members.actions.exporting.FREE_ROWS", 3)
    for password in ("", PASSWORD, "wrong"):  # the cast's accounts have no password yet
        with pytest.raises(Refused) as refused:
            taken(cast, password=password)
        assert refused.value.field == "password"
    with_password(cast)
    with pytest.raises(Refused):
        taken(cast, password="wrong")
    assert noted() == []
    assert (len(taken(cast, password=PASSWORD)), len(noted())) == (4, 3)


def with_password(cast: Cast) -> None:
    account = Account.objects.get(pk=cast.accounts["east_clerk"].pk)
    account.set_password(PASSWORD)
    with guard.tampering():
        account.save(update_fields=["password"])
    cast.accounts["east_clerk"] = account


def test_the_page_gives_the_list_as_filtered_with_contacts_in_full(cast: Cast, browser: Callable[[str], Client]) -> None:
    client, address = browser("east_clerk"), "/members/export_contacts/?words=sfy"
    assert ("将导出 1 段" in client.get(address).content.decode(), noted()) == (True, [])
    assert (client.post(address, {"format": "csv"}).status_code, noted()) == (422, [])
    answer = client.post(address, {"format": "csv", "reason": "换届通知"})
    assert answer.content.decode("utf-8-sig").splitlines()[1] == "单飞燕,云海示例公司,云塔大厦知联会,N-anna,2019-03-01,,19900000001,anna@example.org,在会,"
    assert ([row[:2] for row in noted()], answer["Cache-Control"]) == ([(cast.persons["anna"].key, "云塔大厦知联会")], "no-store")


def test_the_page_of_one_body_exports_that_body_only(cast: Cast, browser: Callable[[str], Client]) -> None:
    client = browser("city_clerk")
    link = client.get(f"/members/{cast.orchard.key}/?words=区").content.decode().split("/members/export_contacts/")[1].split('"')[0]
    assert link == f"?words=%E5%8C%BA&amp;organisation={cast.orchard.key}"
    body = unzipped(client.post("/members/export_contacts/" + link.replace("&amp;", "&"), {"format": "xlsx", "reason": "核对"}).content)
    assert [word in body for word in ("19900000009", "19900000004", "19900000001")] == [True, False, False]


def test_a_body_out_of_reach_gives_an_empty_list(cast: Cast, browser: Callable[[str], Client]) -> None:
    answer = browser("east_clerk").post(f"/members/export_contacts/?organisation={cast.orchard.key}", {"format": "csv", "reason": "核对"})
    assert (answer.status_code, "名单是空的" in answer.content.decode(), noted()) == (422, True, [])


def test_the_page_asks_the_password_for_many_and_stops_guessing(cast: Cast, browser: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    monkeypatch.setattr(actions, "FREE_ROWS", 3)
    monkeypatch.setattr("juzhi.members.actions.exporting.FREE_ROWS", 3)
    with_password(cast)
    client, sent = browser("east_clerk"), {"format": "csv", "reason": "换届通知"}
    assert 'type="password"' in client.get("/members/export_contacts/").content.decode()
    good = client.post("/members/export_contacts/", sent | {"password": PASSWORD})
    assert (good.status_code, good["Content-Type"]) == (200, "text/csv; charset=utf-8")
    bad = [client.post("/members/export_contacts/", sent | {"password": "wrong"}) for _ in range(12)]
    assert ({one.status_code for one in bad}, "试得太多" in bad[0].content.decode(), "试得太多" in bad[-1].content.decode()) == ({422}, False, True)
    assert 'value="wrong"' not in bad[-1].content.decode() and "试得太多" in client.post("/members/export_contacts/", sent | {"password": PASSWORD}).content.decode()
    cache.clear()
