"""The share of members with a middle or senior title: a number of persons, told where enough have one and enough have none; nobody's level is kept."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone

from juzhi.access import actions as access
from juzhi.base.cells import Hidden
from juzhi.base.errors import Refused
from juzhi.base.titles import ASSOCIATE_SENIOR, FULL_SENIOR, MIDDLE
from juzhi.figures import actions, queries
from juzhi.figures.queries import Figure, Narrowing, Node, cells
from juzhi.members import actions as members
from juzhi.members.figures import TITLED
from juzhi.people import actions as people
from juzhi.people.models import Person
from tests.cast import NOW, SYSTEM, TODAY, Cast
from tests.figures.conftest import signed_in

pytestmark = pytest.mark.usefixtures("clock")
END = date(2026, 10, 31)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)


def join(cast: Cast, place: str, titles: list[str]) -> None:
    for number, title in enumerate(titles):
        person = people.enter(by=SYSTEM, name=f"{place}第{number}人", title=title)
        members.admit(by=SYSTEM, person=person, organisation=cast.organisations[place], joined_on=date(2025, 1, 1))


def asked(cast: Cast, name: str, place: str) -> Figure:
    by = cast.by(name)
    return cells.told(by, queries.evaluate(by, TITLED, Node("organisation", cast.organisations[place]), END, Narrowing()))


def test_every_title_has_one_level() -> None:
    for one, other in ((FULL_SENIOR, ASSOCIATE_SENIOR), (FULL_SENIOR, MIDDLE), (ASSOCIATE_SENIOR, MIDDLE)):
        assert not one & other
    assert {"教授", "正高级工程师", "主任医师"} <= FULL_SENIOR and {"副教授", "高级工程师", "副主任医师"} <= ASSOCIATE_SENIOR and {"讲师", "工程师", "主治医师"} <= MIDDLE
    assert not {"助教", "助理工程师", "技术员", "医师", "护士", ""} & (FULL_SENIOR | ASSOCIATE_SENIOR | MIDDLE)


def test_it_counts_persons_once(cast: Cast) -> None:
    join(cast, "east", ["教授", "工程师", "助理工程师", "", "律师函"])
    person = Person.objects.system("test").get(title="教授")
    members.admit(by=SYSTEM, person=person, organisation=cast.west, joined_on=date(2025, 2, 1))
    assert queries.evaluate(SYSTEM, TITLED, Node("organisation", cast.city), TODAY, Narrowing()).value == 2
    assert queries.evaluate(SYSTEM, TITLED, Node("organisation", cast.west), TODAY, Narrowing()).value == 1


@pytest.mark.parametrize(("with_title", "without", "told"), [(6, 6, True), (4, 8, False), (8, 0, False), (0, 8, False)])
def test_a_statistician_is_told_where_both_are_enough(cast: Cast, with_title: int, without: int, told: bool) -> None:
    """East has a clerk among its members already, without a title."""
    join(cast, "harbour", ["高级工程师"] * with_title + [""] * without)
    found = asked(cast, "statistician", "east")
    assert (found.value == with_title) is told and (told or isinstance(found.value, Hidden))


def test_who_reads_the_names_is_told_and_the_page_shows_the_share(cast: Cast) -> None:
    join(cast, "west", ["高级教师"] * 6 + [""] * 5)
    for duty in ("member_clerk", "statistician"):
        access.grant(by=SYSTEM, account=cast.accounts["plain"], duty=duty, organisation=cast.west, reach="own" if duty == "member_clerk" else "subtree", purpose="名册", valid_from=date(2025, 1, 1))
    client, here = signed_in(cast, "plain"), f"/figures/members_titled/organisations/{cast.west.key}/"
    page = client.get(here, {"as_of": "2026-10-31"}).content.decode()
    assert "有中高级职称的会员" in page
    system = queries.sheet(SYSTEM, queries.evaluate(SYSTEM, TITLED, Node("organisation", cast.west), END, Narrowing()))
    assert system.share.startswith("占会员（去重）") and system.share.endswith("%")


@pytest.mark.parametrize(("with_title", "without", "published"), [(12, 11, True), (12, 4, False), (12, 0, False), (4, 12, False)])
def test_it_is_published_where_ten_have_one_and_ten_have_none(cast: Cast, with_title: int, without: int, published: bool) -> None:
    """Thirty-nine of thirty-nine would tell of everybody."""
    join(cast, "orchard", ["副教授"] * with_title + [""] * without)
    figure = queries.evaluate(SYSTEM, TITLED, Node("organisation", cast.orchard), END, Narrowing())
    if published:
        assert actions.publish(by=SYSTEM, figure=figure).value == with_title
        return
    with pytest.raises(Refused, match="少于 10 人"):
        actions.publish(by=SYSTEM, figure=figure)
