"""Flows: what happened in a period, where it stood on its own day; who may ask for which days; the pages, the data for programs, the cohorts."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from juzhi.base.errors import Refused
from juzhi.base.indicators import INDICATORS
from juzhi.base.periods import Period, calendar_period, parse_period
from juzhi.figures import queries
from juzhi.figures.queries import Figure, Narrowing, Node, flow_sheets
from juzhi.members import actions as members
from juzhi.network import actions as network
from tests.cast import SYSTEM, TODAY, VISITOR, Cast
from tests.figures.conftest import signed_in

pytestmark = pytest.mark.usefixtures("clock")


def flow(cast: Cast, by: Any, name: str, place: str, period: Period, narrowing: Narrowing = Narrowing()) -> Figure:  # noqa: B008 frozen
    return queries.evaluate(by, INDICATORS[name], Node("organisation", cast.organisations[place]), period.until, narrowing, period.since)


def year(of: int) -> Period:
    return calendar_period(date(of, 6, 1), "year")


@pytest.mark.parametrize(
    ("since", "until", "period", "words"),
    [
        ("2024", "", Period(date(2024, 1, 1), date(2024, 12, 31)), "2024 年"),
        ("2024-Q1", "", Period(date(2024, 1, 1), date(2024, 3, 31)), "2024 年第 1 季度"),
        ("2024年第三季度", "", Period(date(2024, 7, 1), date(2024, 9, 30)), "2024 年第 3 季度"),
        ("2024.02", "", Period(date(2024, 2, 1), date(2024, 2, 29)), "2024 年 2 月"),
        ("2024-01", "2024-03", Period(date(2024, 1, 1), date(2024, 3, 31)), "2024 年第 1 季度"),
        ("2024-03-05", "2024-04", Period(date(2024, 3, 5), date(2024, 4, 30)), "2024-03-05 至 2024-04-30"),
        ("2026-11-02", "", Period(date(2026, 11, 2), TODAY), "2026-11-02 至 2026-11-24"),
    ],
)
def test_periods_as_people_spell_them(since: str, until: str, period: Period, words: str) -> None:
    found = parse_period(since, until, TODAY)
    asked = found.question
    assert (found, str(found), parse_period(asked["from"], asked.get("to", ""), TODAY)) == (period, words, period)


@pytest.mark.parametrize(
    ("since", "until", "why"),
    [("", "2024", "请写出从哪一天起"), ("2025", "2024", "早于开始"), ("2024-13", "", "没有 13 月"), ("1700-Q1", "", "年份 1700 不对"), ("未详", "", "请写出从哪一天到哪一天"), ("9" * 61, "", "日期太长")],
)
def test_periods_that_are_none(since: str, until: str, why: str) -> None:
    with pytest.raises(Refused, match=why):
        parse_period(since, until, TODAY)


def test_a_joiner_counts_where_the_organisation_stood_that_day(cast: Cast) -> None:
    """The wanderer's member came in 2021, beneath east; in 2024 it went over to west, and took him along: nobody joined or left."""
    assert [flow(cast, SYSTEM, "members_joined", place, year(2021)).value for place in ("city", "east", "west")] == [1, 1, 0]
    assert [flow(cast, SYSTEM, "members_growth", place, year(2024)).value for place in ("east", "west")] == [1, 0]
    way = queries.way(SYSTEM, flow(cast, SYSTEM, "members_growth", "east", year(2024)))
    assert way is not None
    assert (way.before.value, way.came.value, way.went.value, way.moved_in, way.moved_out, way.after.value) == (4, 1, 0, 0, 1, 4)
    assert [(one.organisation, one.on, one.count) for one in way.movers] == [(cast.wanderer, date(2024, 1, 1), -1)]
    west = queries.way(SYSTEM, flow(cast, SYSTEM, "organisations_growth", "west", year(2024)))
    assert west is not None and (west.moved_in, west.sum) == (1, west.after.value)


def test_growth_is_the_difference_where_nothing_moved(cast: Cast) -> None:
    for months in (Period(date(2022, 1, 1), date(2023, 12, 31)), year(2019)):
        for place in ("city", "west", "orchard"):
            way = queries.way(SYSTEM, flow(cast, SYSTEM, "members_growth", place, months))
            assert way is not None and (way.moved_in, way.moved_out, way.unknown, way.early, way.late, way.forgotten) == (0, 0, 0, 0, 0, 0)
            assert (way.after.value or 0) - (way.before.value or 0) == (way.came.value or 0) - (way.went.value or 0)


def joined(cast: Cast, short: str, on: date, precision: str) -> None:
    members.correct(by=SYSTEM, membership=cast.memberships[short], joined_on=on, joined_precision=precision, reason="只记得这么多")


def test_a_date_counts_only_where_the_whole_of_it_lies_inside(cast: Cast) -> None:
    joined(cast, "anna", date(2022, 3, 1), "month")
    joined(cast, "bo", date(2022, 1, 1), "year")
    joined(cast, "bo2", date(2024, 6, 1), "unknown")

    def told(period: Period) -> tuple[int | None, int]:
        figure = flow(cast, SYSTEM, "members_joined", "east", period)
        return figure.value, queries.undecided(SYSTEM, figure)

    assert told(year(2022)) == (2, 0)
    assert told(Period(date(2022, 3, 1), date(2022, 3, 31))) == (1, 1)  # the year of the other may have been this month
    assert told(Period(date(2022, 3, 2), date(2022, 12, 31))) == (0, 2)
    assert told(Period(date(2022, 4, 1), date(2022, 12, 31))) == (0, 1)
    assert told(Period(date(2022, 1, 1), date(2022, 3, 30))) == (0, 2)  # cut at the end
    assert told(Period(date(2022, 1, 1), date(2022, 12, 30))) == (1, 1)
    assert told(Period(date(2021, 12, 1), date(2023, 1, 31))) == (2, 0)
    assert told(year(2024)) == (0, 0)  # the day of entry is no day of joining
    sheet = queries.sheet(SYSTEM, flow(cast, SYSTEM, "members_joined", "east", year(2022)))
    assert sheet.flow is not None
    assert ([row["value"] for row in sheet.flow.months], sheet.flow.months_note) == ([0, 0, 1, *[0] * 9], "另有 1 条只知道年份，算在整段时间里，分不到月。")
    figure = flow(cast, SYSTEM, "members_growth", "east", year(2024))
    way = queries.way(SYSTEM, figure)
    assert way is not None and (way.unknown, way.sum) == (1, way.after.value)
    assert "加：入会日期未详，自登记之日计入" in [row["label"] for row in flow_sheets.steps(figure, way)]


def test_a_child_has_what_happened_while_it_stood_there(cast: Cast) -> None:
    """And its own number beside it, where that is another."""
    members.admit(by=SYSTEM, person=cast.persons["anna"], organisation=cast.wanderer, joined_on=date(2024, 3, 1))
    period = Period(date(2021, 1, 1), date(2024, 12, 31))
    figure = flow(cast, SYSTEM, "members_joined", "east", period)
    assert {row.label: (row.value, row.whole) for row in queries.by_child(SYSTEM, figure)}[cast.wanderer.name] == (1, 2)
    told = {row["label"]: (row["value"], row["note"]) for row in queries.sheet(SYSTEM, figure).children}
    assert told[cast.wanderer.name] == (1, "它自己这段时间是 2")
    assert sum(value for value, _note in told.values()) == figure.value == 2


@pytest.mark.parametrize(
    ("name", "place", "seen"),
    [("east_clerk", "east", 1), ("statistician", "east", 1), ("city_clerk", "city", 1), ("east_clerk", "city", None), ("auditor", "east", None), ("publisher", "east", None), ("anna", "east", None)],
)
def test_rights_are_those_of_stocks(cast: Cast, name: str, place: str, seen: int | None) -> None:
    assert flow(cast, cast.by(name), "members_joined", place, year(2024)).value == seen


def test_the_past_is_seen_by_todays_rights(cast: Cast) -> None:
    """In 2021 the wanderer stood beneath east, today it does not: east's clerk does not count it."""
    assert flow(cast, cast.by("east_clerk"), "members_joined", "east", year(2021)).value is None
    assert flow(cast, cast.by("city_clerk"), "members_joined", "city", year(2021)).value == 1


def test_who_opens_no_list_asks_for_calendar_periods(cast: Cast) -> None:
    """Two periods a day apart would tell who came that day."""
    days = Period(date(2024, 5, 31), date(2024, 6, 1))
    assert flow(cast, cast.by("east_clerk"), "members_joined", "east", days).value == 1
    assert flow(cast, cast.by("statistician"), "members_joined", "east", days).value is None
    assert flow(cast, cast.by("statistician"), "members_joined", "east", calendar_period(date(2024, 6, 1), "month")).value == 1
    assert flow(cast, VISITOR, "organisations_founded", "east", days).value == 0  # public, list and all
    here = f"/figures/members_joined/organisations/{cast.east.key}/"
    answer = signed_in(cast, "statistician").get(here, {"from": "2024-05-31", "to": "2024-06-01"})
    page = answer.content.decode()
    assert answer.status_code == 400 and "名单不对您打开，所以只能看整年、整季、整月的数" in page and 'name="from"' not in page
    assert 'name="from"' in signed_in(cast, "east_clerk").get(here, {"from": "2024"}).content.decode()


def test_a_childs_own_number_is_for_those_who_may_see_all_of_it(cast: Cast) -> None:
    """While the port's branch stood beneath nobody, the tower stood beneath it; the tower's clerks are others today."""
    network.move(by=SYSTEM, organisation=cast.harbour, parent=None, valid_from=date(2025, 1, 1), reason="改隶")
    network.move(by=SYSTEM, organisation=cast.lone, parent=cast.harbour, valid_from=date(2025, 2, 1), reason="改隶")
    network.move(by=SYSTEM, organisation=cast.lone, parent=None, valid_from=date(2025, 6, 1), reason="改隶")
    network.move(by=SYSTEM, organisation=cast.harbour, parent=cast.east, valid_from=date(2025, 7, 1), reason="改隶")
    members.admit(by=SYSTEM, person=cast.persons["anna"], organisation=cast.lone, joined_on=date(2025, 3, 1))
    found = [{row.label: (row.value, row.whole) for row in queries.by_child(by, flow(cast, by, "members_joined", "east", year(2025)))} for by in (SYSTEM, cast.by("east_clerk"))]
    assert [one[cast.harbour.name] for one in found] == [(0, 1), (0, None)]


def test_reasons_of_leaving_are_for_those_who_open_the_list(cast: Cast) -> None:
    """One who left, told with the reason, is known by name to whoever counts the members."""
    members.end(by=SYSTEM, membership=cast.memberships["bo2"], reason_code="ended", ended_on=date(2025, 2, 1))
    for name, rows, value in (("east_clerk", [("ended", 1)], 1), ("statistician", [], None)):
        by = cast.by(name)
        figure = flow(cast, by, "members_left", "east", year(2025))
        assert (figure.value, [(row.key, row.value) for row in queries.cut(by, figure, "attribute")]) == (1, rows)
        assert flow(cast, by, "members_left", "east", year(2025), Narrowing(attribute="ended")).value == value


@pytest.mark.parametrize("name", ["east_clerk", "statistician"])
def test_what_happens_at_a_sibling_changes_no_answer(cast: Cast, name: str) -> None:
    browser = signed_in(cast, name)

    def told() -> list[Any]:
        found = [browser.get(f"/figures/{one}/organisations/{cast.east.key}/", {"from": "2026", "format": "json"}).json() for one in ("members_joined", "members_left", "members_growth")]
        return [*found, browser.get(f"/figures/members_joined/organisations/{cast.west.key}/", {"from": "2026", "format": "json"}).json()]

    before = told()
    members.admit(by=SYSTEM, person=cast.persons["anna"], organisation=cast.orchard, joined_on=date(2026, 3, 1))
    members.end(by=SYSTEM, membership=cast.memberships["chen"], reason_code="left", ended_on=date(2026, 3, 2))
    assert told() == before


def test_the_pages(cast: Cast) -> None:
    clerk = signed_in(cast, "east_clerk")
    here = f"/figures/members_growth/organisations/{cast.east.key}/"
    members.end(by=SYSTEM, membership=cast.memberships["bo2"], reason_code="left", ended_on=date(2025, 2, 1))
    page = clerk.get(here, {"from": "2024-02", "to": "2025-06"}).content.decode()
    for words in ("2024-02-01 至 2025-06-30", "从期初到期末", "会员，截至 2024-01-31", "减：离会", "按月", f"{here}months/?from=2024-02-01&amp;to=2025-06-30", f"{here}?from=2024-06"):
        assert words in page, words
    listed = clerk.get(f"{here}evidence/", {"from": "2024-02", "to": "2025-06"}).content.decode()
    assert "计入" in listed and cast.persons["bo2"].name in listed
    months = clerk.get(f"{here}months/", {"from": "2025-Q1"}).content.decode()
    assert "2024-03" in months and "<th scope=\"row\" class=\"nowrap\">2025-02</th><td class=\"r\"><a" in months
    left = f"/figures/members_left/organisations/{cast.east.key}/"
    page = clerk.get(left, {"from": "2025"}).content.decode()
    assert "按离会原因" in page and "attribute=left" in page
    assert clerk.get(f"{left}evidence/", {"from": "2025", "attribute": "deceased"}).status_code == 200
    for wrong in ({"from": "2024-13"}, {"to": "2024"}, {"from": "2025", "to": "2024"}, {"attribute": "好"}, {"from": "2024\x00"}, {"as_of": "2024"}):
        answer = clerk.get(left, wrong)
        assert answer.status_code == (200 if "as_of" in wrong else 400), wrong
    assert Client().get(here).status_code == 200 and "您在这里没有看这个数的权限" in Client().get(here).content.decode()
    assert "新成立的组织" in Client().get("/figures/").content.decode()


def test_the_same_for_programs(cast: Cast) -> None:
    here = f"/figures/members_joined/organisations/{cast.east.key}/"
    told = signed_in(cast, "east_clerk").get(here, {"from": "2024-Q2", "format": "json"}).json()
    assert (told["indicator"], told["definition_version"], told["node"]["key"], told["period"], told["value"]) == ("members_joined", 1, cast.east.key, {"from": "2024-04-01", "to": "2024-06-30"}, 1)
    assert told["by_month"] == {"2024-04": 0, "2024-05": 0, "2024-06": 1} and told["evidence"].endswith(f"{here}evidence/?from=2024-Q2") and "as_of" not in told
    closed = Client().get(here, {"from": "2024-Q2", "format": "json"}).json()
    assert closed["value"] is None and not [name for name in closed if name.startswith("by_")] and "undecided" not in closed
    stock = Client().get(f"/figures/organisations/organisations/{cast.city.key}/", {"as_of": "2026-10", "level": "district", "format": "json"}).json()
    assert (stock["value"], stock["as_of"], stock["cut"]["level"]) == (2, "2026-10-31", "district")
    for wrong in ({"from": "2024-13", "format": "json"}, {"format": "xml"}):
        assert Client().get(here, wrong).status_code == 400


def test_a_cohort_stays_as_many_as_came(cast: Cast) -> None:
    batch = members.open_batch(by=SYSTEM, organisation=cast.tower, number=1)
    for short in ("anna", "bo"):
        members.correct(by=SYSTEM, membership=cast.memberships[short], batch=batch, reason="补登批次")
    members.end(by=SYSTEM, membership=cast.memberships["bo"], reason_code="left", ended_on=date(2026, 3, 1))
    stock = queries.evaluate(SYSTEM, INDICATORS["members"], Node("organisation", cast.tower), TODAY)
    assert [(one.label, one.value, one.still) for one in queries.cohorts(SYSTEM, stock)] == [("第1批", 2, 1)]
    clerk = signed_in(cast, "east_clerk")
    page = clerk.get(f"/figures/members/organisations/{cast.tower.key}/").content.decode()
    assert "入会批次" in page and f"/figures/member_cohorts/organisations/{cast.tower.key}/?as_of={TODAY}&amp;attribute=1" in page
    cohort = clerk.get(f"/figures/member_cohorts/organisations/{cast.tower.key}/", {"attribute": "1", "format": "json"}).json()
    assert (cohort["value"], cohort["cohorts"]) == (2, {"1": {"value": 2, "still": 1}})


def test_queries_are_as_many_for_any_federation_and_period(cast: Cast) -> None:
    clerk = signed_in(cast, "city_clerk")

    def counted(name: str, place: str, question: str) -> int:
        clerk.get(f"/figures/{name}/organisations/{cast.organisations[place].key}/{question}")
        with CaptureQueriesContext(connection) as found:
            assert clerk.get(f"/figures/{name}/organisations/{cast.organisations[place].key}/{question}").status_code == 200
        return len(found)

    network.move(by=SYSTEM, organisation=cast.orchard, parent=cast.east, valid_from=date(2026, 5, 1), reason="改隶")
    for name in ("members_growth", "members_left", "organisations_growth"):
        assert counted(name, "city", "?from=2023-12-01&to=2026-10-07") == counted(name, "east", "?from=2024-02-01&to=2024-05-07"), name
    assert counted("members_growth", "city", "months/?from=2025") == counted("members_growth", "west", "months/?from=2025")
