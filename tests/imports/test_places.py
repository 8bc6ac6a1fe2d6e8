"""Into which organisations one may bring files: all of them can be reached, however many they are."""

from __future__ import annotations

from datetime import date

import pytest

from juzhi.imports import queries
from juzhi.network.actions import found
from tests.cast import SYSTEM, Cast
from tests.imports.office import signed_in

pytestmark = pytest.mark.django_db


def many(cast: Cast) -> None:
    family = cast.east.family
    for number in range(60):
        found(by=SYSTEM, name=f"试办{number:02}联谊会", family=family, level="unit", parent=cast.east, founded_on=date(2025, 1, 1))


def test_none_falls_off_the_list_unsaid(cast: Cast) -> None:
    """The list ended after fifty, in the order of the database, and said nothing."""
    many(cast)
    client = signed_in(cast, "east_clerk")
    page = client.get("/imports/").content.decode()
    told = queries.places(cast.by("east_clerk"))
    assert told.total > 60 and len(told.rows) == 12
    assert f"先列 12 个，共 {told.total} 个" in page
    sought = client.get("/imports/", {"place": "试办59"}).content.decode()
    assert "试办59联谊会" in sought and "试办58联谊会" not in sought
    assert "没有名称里含这几个字" in client.get("/imports/", {"place": "😀"}).content.decode()


def test_a_narrow_reader_is_offered_no_more_than_he_may(cast: Cast) -> None:
    many(cast)
    told = queries.places(cast.by("west_clerk"), "试办")
    assert (told.rows, told.total) == ([], 0)
    assert 'name="place"' not in signed_in(cast, "west_clerk").get("/imports/").content.decode()
