"""`members.open_batch`: one batch of each number; a cohort that later leavings do not change."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from juzhi.base.errors import Forbidden, Refused
from juzhi.journal.models import Entry
from juzhi.members import actions, queries
from tests.cast import SYSTEM, Cast


def test_one_batch_of_each_number_however_often(cast: Cast) -> None:
    clerk = cast.by("double")
    first = actions.open_batch(by=clerk, organisation=cast.harbour, number=1, on=date(2024, 5, 1), precision="month")
    assert (first.number, first.on, first.precision) == (1, date(2024, 5, 1), "month")
    assert actions.open_batch(by=clerk, organisation=cast.harbour, number=1, on=date(2025, 1, 1)) == first
    assert actions.open_batch(by=SYSTEM, organisation=cast.orchard, number=1) != first
    assert Entry.objects.system("test").filter(verb="members.open_batch", organisation_id=cast.harbour.pk).count() == 1


def test_the_cohort_keeps_those_who_left(cast: Cast) -> None:
    batch = actions.open_batch(by=SYSTEM, organisation=cast.tower, number=1)
    for name in ("anna", "bo"):
        actions.correct(by=SYSTEM, membership=cast.memberships[name], batch=batch)
    actions.end(by=SYSTEM, membership=cast.memberships["bo"], reason_code="left", ended_on=None)
    assert [(one.number, one.cohort) for one in queries.batches(cast.by("east_clerk"), cast.tower)] == [(1, 2)]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("values", "field"),
    [({"number": 0}, "number"), ({"number": -1}, "number"), ({"number": 1000}, "number"), ({"number": 10**30}, "number"), ({"number": 1, "on": date(2026, 11, 25)}, "on"), ({"number": 1, "on": date(2024, 5, 2), "precision": "year"}, "on")],
)
def test_refusals_name_the_field(cast: Cast, values: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        actions.open_batch(by=SYSTEM, organisation=cast.harbour, **values)
    assert refused.value.field == field


@pytest.mark.parametrize("name", ["west_clerk", "auditor", "statistician", "protection", "expired", "plain", "bo2"])
def test_who_may_not(cast: Cast, name: str) -> None:
    with pytest.raises(Forbidden):
        actions.open_batch(by=cast.by(name), organisation=cast.harbour, number=1)


def test_the_page_opens_a_batch_and_its_number_opens_into_the_members(cast: Cast, browser: Callable[[str], Client]) -> None:
    client, place = browser("east_clerk"), cast.tower.key
    assert client.post(f"/members/{place}/batches/open/", {"number": "1000"}).status_code == 422
    assert client.post(f"/members/{place}/batches/open/", {"number": "1", "on": "2019-03"}).status_code == 303
    batch = queries.batches(cast.by("east_clerk"), cast.tower).get()
    actions.correct(by=SYSTEM, membership=cast.memberships["anna"], batch=batch)
    assert f'href="/members/{place}/?state=all&amp;batch={batch.key}">1<' in client.get(f"/members/{place}/batches/").content.decode()
    shown = client.get(f"/members/{place}/?state=all&batch={batch.key}").content.decode()
    assert (shown.count('<th scope="row">'), "单飞燕" in shown) == (1, True)
