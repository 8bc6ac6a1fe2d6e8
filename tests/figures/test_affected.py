"""Before a change of the past is confirmed, the page tells which published numbers it may move: those, and no others."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from juzhi.base.affected import affected
from juzhi.figures import actions
from juzhi.figures.queries import Figure, Narrowing, Node
from juzhi.members.figures import MEMBERS
from juzhi.network import actions as network
from juzhi.network.figures import ORGANISATIONS
from tests.cast import SYSTEM, VISITOR, Cast
from tests.figures.conftest import asked, group, signed_in

pytestmark = pytest.mark.usefixtures("clock")
DAY = date(2026, 10, 31)


@pytest.fixture
def told(cast: Cast) -> Cast:
    for indicator, place in ((ORGANISATIONS, "city"), (MEMBERS, "east"), (ORGANISATIONS, "west"), (MEMBERS, "lone")):
        actions.publish(by=SYSTEM, figure=asked(cast, indicator, place, DAY))
    actions.publish(by=SYSTEM, figure=Figure(ORGANISATIONS, Node("area", cast.areas["970101"]), DAY, Narrowing(), None, SYSTEM.at))
    return cast


def titles(place: Any, of: str = "") -> set[str]:
    return {one.title.partition("，")[0] for one in affected(VISITOR, [place.pk], of)}


def test_those_above_and_those_of_its_area(told: Cast) -> None:
    assert titles(told.tower) == {"云海市知联会：组织", "东湖区知联会：会员", "东湖区：组织"}
    assert titles(told.orchard) == {"云海市知联会：组织", "西山区知联会：组织"}


def test_of_spells_only_numbers_of_members(told: Cast) -> None:
    assert titles(told.tower, "members.membership") == {"东湖区知联会：会员"}
    assert titles(told.orchard, "members.membership") == set()


def test_where_it_once_stood_counts_too(told: Cast) -> None:
    """The wanderer stands beneath west, and stood beneath east."""
    assert titles(told.wanderer) == {"云海市知联会：组织", "西山区知联会：组织", "东湖区知联会：会员"}


def test_those_of_its_sector_of_any_day(told: Cast) -> None:
    node = group(told, "sector")
    actions.publish(by=SYSTEM, figure=Figure(ORGANISATIONS, node, DAY, Narrowing(), None, SYSTEM.at))
    assert [("卫健系统：组织" in titles(one)) for one in (told.tower, told.lone, told.orchard)] == [True, True, False]
    network.relocate(by=SYSTEM, organisation=told.fresh("lone"), area=None, host=None, sector=None, valid_from=date(2026, 1, 1), reason="脱钩")
    assert titles(told.lone) == {"云塔大厦新联会：会员", "东湖区：组织", "卫健系统：组织"}  # it was in it once


def test_the_pages_tell(told: Cast) -> None:
    browser = signed_in(told, "east_clerk")
    spell = told.memberships["anna"]
    for address, expected in (
        (f"/organisations/{told.tower.key}/correct/", 3),
        (f"/organisations/{told.tower.key}/dissolve/", 3),
        (f"/organisations/{told.tower.key}/rename/", 0),
        (f"/members/{told.tower.key}/{spell.key}/correct/", 1),
    ):
        answer = browser.get(address)
        assert answer.status_code == 200, address
        assert ("个已发布的数可能要重述" in answer.content.decode()) is bool(expected), address
        assert answer.content.decode().count("/figures/readings/") == expected


def test_queries_do_not_grow(told: Cast) -> None:
    def counted() -> int:
        with CaptureQueriesContext(connection) as found:
            assert affected(VISITOR, [told.tower.pk])
        return len(found)

    before = counted()
    for month in range(1, 9):
        actions.publish(by=SYSTEM, figure=asked(told, MEMBERS, "east", date(2026, month, 5)))
    assert counted() == before
