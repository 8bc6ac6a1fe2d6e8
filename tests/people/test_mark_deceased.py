"""`people.mark_deceased`: noted once, as far as the day is known."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from juzhi.base.errors import Forbidden, Refused
from juzhi.journal.models import Entry
from juzhi.people import actions
from juzhi.people.models import Person
from tests.cast import SYSTEM, Cast


def marked(cast: Cast, by: Any = SYSTEM, **values: Any) -> Person:
    return actions.mark_deceased(by=by, person=cast.persons["anna"], **{"on": date(2026, 1, 1), "precision": "year", **values})


@pytest.mark.parametrize(
    ("values", "kept"),
    [({}, (date(2026, 1, 1), "year")), ({"on": date(2026, 3, 4), "precision": ""}, (date(2026, 3, 4), "day")), ({"on": None, "precision": ""}, (None, "unknown")), ({"on": None, "precision": "unknown"}, (None, "unknown"))],
)
def test_it_is_noted_as_far_as_known(cast: Cast, values: dict[str, Any], kept: tuple[Any, ...]) -> None:
    made = marked(cast, cast.by("east_clerk"), **values)
    assert ((made.deceased_on, made.deceased_precision), made.is_deceased, made.version) == (kept, True, 2)
    assert Entry.objects.system("test").get(verb="people.mark_deceased").organisation_id == cast.tower.pk


def test_twice_in_a_row(cast: Cast) -> None:
    marked(cast)
    with pytest.raises(Refused) as refused:
        marked(cast)
    assert refused.value.code == "state"


@pytest.mark.parametrize("values", [{"on": date(2026, 11, 25), "precision": "day"}, {"on": date(2026, 2, 1)}, {"on": date(1979, 1, 1)}])
def test_the_future_what_does_not_fit_and_days_before_birth_are_refused(cast: Cast, values: dict[str, Any]) -> None:
    actions.correct(by=SYSTEM, person=cast.persons["anna"], born_on=date(1980, 1, 1), born_precision="day")
    with pytest.raises(Refused) as refused:
        marked(cast, **values)
    assert (refused.value.field, Person.objects.system("test").get(pk=cast.persons["anna"].pk).is_deceased) == ("on", False)


def test_in_the_year_of_birth_is_taken(cast: Cast) -> None:
    actions.correct(by=SYSTEM, person=cast.persons["anna"], born_on=date(2026, 5, 1), born_precision="day")
    assert marked(cast).is_deceased


@pytest.mark.parametrize("name", ["west_clerk", "double", "auditor", "protection", "expired", "plain", "bo"])
def test_who_may_not(cast: Cast, name: str) -> None:
    with pytest.raises(Forbidden):
        marked(cast, cast.by(name))


def test_the_page(cast: Cast, browser: Callable[[str], Client]) -> None:
    client, address = browser("east_clerk"), f"/people/{cast.persons['anna'].key}/"
    assert client.post(f"{address}mark_deceased/", {"on": "2030"}).status_code == 422
    assert client.post(f"{address}mark_deceased/", {"on": ""}).status_code == 303
    shown = client.get(address).content.decode()
    assert ("已登记去世" in shown, "mark_deceased" in shown) == (True, False)
    assert "在会（已登记去世）" in client.get(f"/members/{cast.tower.key}/").content.decode()
