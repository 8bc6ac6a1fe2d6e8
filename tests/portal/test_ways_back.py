"""No page ends in itself: from every room of an organisation and of a person a link leads back to its own page."""

from __future__ import annotations

import pytest

from juzhi.base.indicators import INDICATORS
from tests.cast import Cast
from tests.portal.conftest import Browser

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("room", ["/journal/organisations/{}/", "/access/{}/", "/members/{}/batches/"])
def test_from_a_room_of_an_organisation_back_to_it(cast: Cast, browser: Browser, room: str) -> None:
    """The change log named the organisation and led nowhere."""
    page = browser("double" if "members" not in room else "east_clerk").get(room.format(cast.tower.key if "members" in room else cast.east.key))
    if page.status_code == 404:
        page = browser("city_clerk").get(room.format(cast.east.key))
    own = cast.tower.key if "members" in room else cast.east.key
    assert f'<a href="/organisations/{own}/"><b>' in page.content.decode()


def test_on_its_own_page_it_is_no_way(cast: Cast, browser: Browser) -> None:
    assert f'<a href="/organisations/{cast.east.key}/"' not in browser("east_clerk").get(f"/organisations/{cast.east.key}/").content.decode()


def test_from_the_account_of_a_person_back_to_the_person(cast: Cast, browser: Browser) -> None:
    person = cast.persons["anna"]
    assert f'<a href="/people/{person.key}/"><b>' in browser("east_clerk").get(f"/members/persons/{person.key}/").content.decode()


def test_persons_counted_once_have_a_rule_that_says_so() -> None:
    """Both numbers stood beside the same sentence, and only one of them was what it said."""
    assert INDICATORS["member_persons"].rule != INDICATORS["members"].rule
    assert "只算一次" in str(INDICATORS["member_persons"].rule)
