"""Small cells: who is told which number of few persons, on every way out; what an organisation's own membership is, is told."""

from __future__ import annotations

import io
import re
from datetime import date

import pytest
from django.core.management import call_command
from django.test import Client
from openpyxl import load_workbook

from juzhi.access import actions as access
from juzhi.base.cells import Crowd, Hidden, Part, Sums, is_enough, is_enough_of_both, sums
from juzhi.base.errors import Refused
from juzhi.base.indicators import Indicator
from juzhi.base.periods import MONTH, YEAR, Period, calendar_period
from juzhi.figures import actions, queries
from juzhi.figures.queries import Narrowing, Node, report_pages
from juzhi.figures.queries.cells import month_end, whole_year
from juzhi.figures.queries.reports import REPORTS, Question
from juzhi.members import actions as members
from juzhi.members.figures import COHORTS, GROWTH, JOINED, LEFT, MEMBER_PERSONS, MEMBERS, PERSONS_JOINED
from juzhi.people import actions as people
from tests.cast import SYSTEM, TODAY, Cast
from tests.figures.conftest import asked, group, signed_in, teller

pytestmark = pytest.mark.usefixtures("clock")
END = date(2026, 10, 31)  # of the last month that is over
HIDDEN = str(Hidden())


def part(key: int, path: tuple[int, ...], *persons: set[int]) -> Part:
    return Part(key, (*path, key), tuple(Crowd(len(one), frozenset(one)) for one in persons))


def counted(key: int, path: tuple[int, ...], *numbers: int) -> Part:
    return part(key, path, *({1000 * key + 100 * kind + n for n in range(number)} for kind, number in enumerate(numbers)))


@pytest.mark.parametrize(
    ("numbers", "told"),
    [
        ({1: 9, 2: 7}, [{1}, {2}, {1, 2}]),
        ({1: 3, 2: 9}, [{1, 2}]),  # the second goes with the first: nobody takes the one from the sum
        ({1: 3, 2: 9, 3: 8}, [{1, 2}, {3}, {1, 2, 3}]),  # with the first that is near
        ({1: 2, 2: 3}, [{1, 2}]),
        ({1: 2, 2: 2}, []),  # four persons are never told
        ({1: 1, 2: 1, 3: 1, 4: 1, 5: 1}, []),  # five persons in five parts are one each
        ({1: 1, 2: 1, 3: 1, 4: 1, 5: 2}, [{1, 2, 3, 4, 5}]),
    ],
)
def test_what_is_told_of_parts_side_by_side(numbers: dict[int, int], told: list[set[int]]) -> None:
    made = sums([counted(key, (99,), number) for key, number in numbers.items()])
    groups = [{key for key in numbers if bits >> key & 1} for bits in range(2, 2 ** (max(numbers) + 1), 2)]
    assert sorted(sorted(group) for group in groups if made.tells(group)) == sorted(map(sorted, told))


def test_the_nearest_go_together() -> None:
    """Two small ones beneath one superior are pooled there, and leave the cousins as they are."""
    made = sums([counted(1, (9, 8), 3), counted(2, (9, 8), 3), counted(3, (9, 7), 6), counted(4, (9, 7), 8)])
    assert [made.tells(group) for group in ({1}, {2}, {1, 2}, {3}, {4}, {1, 3})] == [False, False, True, True, True, False]


def test_one_person_in_three_parts_is_one_person() -> None:
    made = sums([part(key, (9,), {1, 2}) for key in (1, 2, 3)])
    assert not made.tells({1, 2, 3})  # six spells of two persons


def test_a_sum_of_nobody_is_told() -> None:
    assert sums([counted(1, (9,), 2)]).tells({5, 6}) and Sums({}, ()).tells({1})


@pytest.mark.parametrize(("kinds", "enough"), [((5, 5, 0), True), ((5, 5, 5), True), ((5, 5, 3), False), ((9, 4, 0), False), ((9, 0, 9), False), ((0, 9, 0), False)])
def test_a_share_needs_enough_on_both_sides(kinds: tuple[int, ...], enough: bool) -> None:
    """Of all, or of none, would tell of everybody."""
    assert is_enough([counted(1, (), *kinds)], 5) is enough


@pytest.mark.parametrize(
    ("sides", "told"),
    [
        ({1: (7, 0)}, [{1}]),  # of one organisation nobody went: nothing stands beside it
        ({1: (7, 2)}, []),
        ({1: (2, 0), 2: (6, 0)}, []),  # stocks would tell who came to each of them
        ({1: (2, 5), 2: (6, 0)}, [{1, 2}]),
        ({1: (2, 5), 2: (6, 0), 3: (8, 9)}, [{1, 2}, {3}, {1, 2, 3}]),
    ],
)
def test_a_flow_needs_enough_on_both_sides(sides: dict[int, tuple[int, int]], told: list[set[int]]) -> None:
    made = sums([counted(key, (99,), *both) for key, both in sides.items()], suffices=is_enough_of_both)
    groups = [{key for key in sides if bits >> key & 1} for bits in range(2, 2 ** (max(sides) + 1), 2)]
    assert sorted(sorted(group) for group in groups if made.tells(group)) == sorted(map(sorted, told))


def test_whole_years_that_are_over() -> None:
    asked = [(date(2026, 10, 31), TODAY), (date(2026, 12, 31), TODAY), (date(2025, 12, 31), TODAY), (date(2025, 12, 30), TODAY), (date(2030, 6, 30), TODAY)]
    assert [whole_year(*one).since.year for one in asked] == [2025, 2025, 2025, 2024, 2025]


def test_only_ends_of_months() -> None:
    days = [(date(2026, 10, 31), TODAY), (date(2026, 10, 30), TODAY), (TODAY, TODAY), (date(2027, 12, 31), TODAY), (date(2024, 3, 1), TODAY)]
    assert [month_end(*one) for one in days] == [END, date(2026, 9, 30), END, END, date(2024, 2, 29)]


# The ways out


def lone_too(cast: Cast, duty: str = "statistician") -> None:
    """The statistician sees the numbers of both bodies at the tower: 2 and 1 members."""
    access.grant(by=SYSTEM, account=cast.accounts["statistician"], duty=duty, organisation=cast.lone, purpose="核对", valid_from=date(2025, 1, 1))


def shown(cast: Cast, name: str, address: str) -> str:
    answer = signed_in(cast, name).get(address)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


@pytest.mark.parametrize("kind", ["host", "sector"])
def test_a_host_or_sector_of_few(cast: Cast, kind: str) -> None:
    lone_too(cast)
    by, node = cast.by("statistician"), group(cast, kind)
    for one in (MEMBERS, MEMBER_PERSONS):
        figure = queries.evaluate(by, one, node, TODAY)
        told = queries.told(by, figure)
        assert (figure.value, told.value, told.as_of) == (3, Hidden(), END)
        assert queries.told(SYSTEM, queries.evaluate(SYSTEM, one, node, TODAY)).value == 3
    page = shown(cast, "statistician", f"/figures/members/{kind}s/{node.key}/")
    assert page.count(HIDDEN) >= 3 and "按分组的人数只给各月月末的：这里是 2026-10-31。" in page and "合计仍是准数" in page
    assert HIDDEN in shown(cast, "statistician", f"/figures/members/{kind}s/{node.key}/months/")
    assert HIDDEN in shown(cast, "statistician", f"/figures/members/{kind}s/{node.key}/evidence/")


def test_who_opens_the_list_is_told_everything_of_any_day(cast: Cast) -> None:
    for place in ("tower", "lone"):
        access.grant(by=SYSTEM, account=cast.accounts["plain"], duty="member_clerk", organisation=cast.organisations[place], purpose="核对", valid_from=date(2025, 1, 1))
    by = cast.by("plain")
    told = queries.told(by, queries.evaluate(by, MEMBERS, Node("host", cast.hosts["tower"]), TODAY))
    assert (told.value, told.as_of) == (3, TODAY)


def test_whose_list_is_open_protects_nobody(cast: Cast) -> None:
    """He reads the names of one of the bodies, so the sum would give him the other."""
    enlarged(cast, "lone", 6)
    lone_too(cast, "member_clerk")
    by, node = cast.by("statistician"), Node("host", cast.hosts["tower"])
    assert queries.told(by, queries.evaluate(by, MEMBERS, node, END)).value == Hidden()


def test_organisations_and_their_own_membership_are_no_cells(cast: Cast) -> None:
    by = cast.by("statistician")
    for place, value in (("east", 4), ("harbour", 1), ("tower", 2)):
        told = queries.told(by, queries.evaluate(by, MEMBERS, Node("organisation", cast.organisations[place]), TODAY))
        assert (told.value, told.as_of) == (value, TODAY)
    page = shown(cast, "statistician", f"/figures/members/organisations/{cast.tower.key}/")
    assert HIDDEN not in page  # the only row of each cut is the membership itself
    assert HIDDEN in shown(cast, "statistician", f"/figures/members/organisations/{cast.east.key}/")
    assert HIDDEN not in shown(cast, "city_clerk", f"/figures/members/organisations/{cast.east.key}/")
    assert HIDDEN not in Client().get(f"/figures/organisations/areas/{cast.areas['970101'].key}/").content.decode()


def enlarged(cast: Cast, place: str, number: int, joined_on: date = date(2025, 1, 1)) -> None:
    for n in range(number):
        person = people.enter(by=SYSTEM, name=f"增员{place}{n}", mobiles=[], email="")
        members.admit(by=SYSTEM, person=person, organisation=cast.organisations[place], joined_on=joined_on)


def test_a_cut_hides_the_small_row_and_another(cast: Cast) -> None:
    """East 1, harbour 1, tower 9, and the whole is told: the small rows alone would follow from the rest."""
    enlarged(cast, "tower", 7)
    enlarged(cast, "east", 8)
    by = cast.by("statistician")
    sheet = queries.sheet(by, queries.evaluate(by, MEMBERS, Node("organisation", cast.east), END))
    assert sheet.figure.value == 19
    levels = {row["key"]: row["value"] for row in dict(sheet.cuts)["按层级"]}
    assert (levels["subdistrict"], list(levels.values()).count(Hidden())) == (Hidden(), 2)
    assert {row["label"]: row["value"] for row in sheet.children} == {"东湖区知联会（本级）": 9, "未来分会": 0, "云塔大厦知联会": 9, "港前街道分会": 1}


def test_a_chosen_cut_is_a_cell(cast: Cast) -> None:
    by = cast.by("statistician")
    figure = queries.told(by, queries.evaluate(by, MEMBERS, Node("organisation", cast.east), TODAY, Narrowing(level="building")))
    assert (figure.value, figure.as_of) == (Hidden(), END)
    sheet = queries.sheet(by, figure)
    assert Hidden() in [row["value"] for row in sheet.children] and sheet.children_sum == Hidden()


def test_the_report_in_every_form(cast: Cast) -> None:
    lone_too(cast)
    by, question = cast.by("statistician"), Question(TODAY, "云塔大厦")
    told = REPORTS["R4"](by, question)
    assert (told["value"], told["distinct_persons"], [one["members"] for one in told["organisations"]]) == (HIDDEN, HIDDEN, [1, 2])
    assert REPORTS["R4"](SYSTEM, question)["value"] == 3
    out = io.StringIO()
    call_command("report", "R4", "--at", "云塔大厦", "--from", "2026", "--as", "statistician", stdout=out)
    assert f"截至 2026-10-31：{HIDDEN}" in out.getvalue() and "入会 —，离会 —，净增 —" in out.getvalue() and "只给已经过完的整年" in out.getvalue()
    book = signed_in(cast, "statistician").get("/figures/reports/R4/", {"at": "云塔大厦", "format": "xlsx"})
    assert [row[1] for row in load_workbook(io.BytesIO(book.content)).worksheets[0].values if row[0] in ("会员", "会员（去重）")] == [HIDDEN, HIDDEN]
    found = report_pages.report(by, "R4", question)
    assert [stat["value"] for stat in found.stats] == [Hidden(), Hidden()] and any("只给各月月末的" in note for note in found.notes)


def test_small_cohorts(cast: Cast) -> None:
    batch = members.open_batch(by=SYSTEM, organisation=cast.tower, number=1)
    for n in range(4):
        person = people.enter(by=SYSTEM, name=f"同批{n}", mobiles=[], email="")
        members.admit(by=SYSTEM, person=person, organisation=cast.tower, joined_on=date(2025, 1, 1), batch=batch)
    question = Question(TODAY, cast.tower.key)
    assert REPORTS["R4"](cast.by("statistician"), question)["organisations"][0]["cohorts"] == {"1": HIDDEN}
    assert REPORTS["R4"](cast.by("east_clerk"), question)["organisations"][0]["cohorts"] == {"1": 4}


    client = signed_in(cast, "statistician")
    told = client.get(f"/figures/members/organisations/{cast.tower.key}/?format=json").json()
    assert (told["value"], told["cohorts"]) == (6, {"1": {"value": HIDDEN, "still": None}})
    assert "当日仍为会员" not in shown(cast, "statistician", f"/figures/members/organisations/{cast.tower.key}/")
    by, place = cast.by("statistician"), Node("organisation", cast.tower)
    assert queries.told(by, queries.evaluate(by, COHORTS, place, TODAY)).value == Hidden()  # that they came in a batch is an attribute
    other = members.open_batch(by=SYSTEM, organisation=cast.tower, number=2)
    for n in range(9):
        members.admit(by=SYSTEM, person=people.enter(by=SYSTEM, name=f"二批{n}", mobiles=[], email=""), organisation=cast.tower, joined_on=date(2025, 2, 1), batch=other)
    everybody = queries.told(by, queries.evaluate(by, COHORTS, place, TODAY))
    assert (everybody.value, everybody.as_of, [row["value"] for row in dict(queries.sheet(by, everybody).cuts)["按入会批次"]]) == (13, END, [Hidden(), Hidden()])  # else the first would follow


# Who came and who went


def flowed(cast: Cast, place: str, came: int, went: int) -> None:
    """In 2025."""
    enlarged(cast, place, came, date(2025, 3, 10))
    for n in range(went):
        person = people.enter(by=SYSTEM, name=f"离开{place}{n}", mobiles=[], email="")
        spell = members.admit(by=SYSTEM, person=person, organisation=cast.organisations[place], joined_on=date(2024, 1, 1))
        members.end(by=SYSTEM, membership=spell, reason_code="left", ended_on=date(2025, 5, 1))


def test_flows_of_groups_are_told_of_whole_years(cast: Cast) -> None:
    """At the tower seven came and six went; at the other body of the house eight and nobody; then two came to the district's own, and are pooled with the tower."""
    for place, came, went in (("tower", 7, 6), ("lone", 8, 0)):
        flowed(cast, place, came, went)
    lone_too(cast)
    by, year, month = cast.by("statistician"), calendar_period(date(2025, 1, 1), YEAR), calendar_period(date(2025, 3, 1), MONTH)

    def told(indicator: Indicator, node: Node, period: Period, narrowing: Narrowing = Narrowing()) -> tuple[object, Period | None]:  # noqa: B008 frozen
        found = queries.told(by, queries.evaluate(by, indicator, node, period.until, narrowing, period.since))
        return found.value, found.period

    house = Node("host", cast.hosts["tower"])
    for indicator, value in ((JOINED, 15), (LEFT, 6), (GROWTH, 9), (PERSONS_JOINED, 15)):
        assert told(indicator, house, year) == (value, year)
        assert told(indicator, house, month) == (told(indicator, house, calendar_period(date(2024, 3, 1), YEAR))[0], calendar_period(date(2024, 3, 1), YEAR))
    east = Node("organisation", cast.east)
    assert told(JOINED, east, year, Narrowing(level="building")) == (7, year)
    flowed(cast, "east", 2, 0)
    assert [told(JOINED, place, year)[0] for place in (house, east)] == [Hidden(), 9]
    assert [told(JOINED, east, year, Narrowing(level=level))[0] for level in ("district", "building")] == [Hidden(), Hidden()]
    assert told(JOINED, east, month) == (9, month)  # an organisation's own is no cell
    sheet = queries.sheet(by, queries.evaluate(by, JOINED, east, year.until, since=year.since))
    assert ([row["value"] for row in dict(sheet.cuts)["按层级"]], sheet.flow is not None, len(sheet.flow.months)) == ([Hidden(), Hidden()], True, 12)
    narrowed = queries.sheet(by, queries.told(by, queries.evaluate(by, JOINED, east, year.until, Narrowing(level="building"), year.since)))
    assert (narrowed.flow, narrowed.children_sum, "入会或离会的少于 5 人" in narrowed.hidden_note) == (None, Hidden(), True)


def test_the_pages_of_flows(cast: Cast) -> None:
    for place, came, went in (("tower", 7, 6), ("lone", 8, 0)):
        flowed(cast, place, came, went)
    lone_too(cast)
    client, house = signed_in(cast, "statistician"), f"/figures/members_joined/hosts/{cast.hosts['tower'].key}"
    page = shown(cast, "statistician", f"{house}/?from=2026")
    assert "按分组的入会、离会、净增只给已经过完的整年：这里是2025 年。" in page and "从期初到期末" not in page
    assert "只给已经过完的整年" in shown(cast, "statistician", f"{house}/months/?from=2026-10")
    told = client.get(f"/figures/members_joined/organisations/{cast.east.key}/?from=2026&format=json").json()
    assert (told["period"]["from"], told["parts_of"], told["by_level"]) == ("2026-01-01", {"period": {"from": "2025-01-01", "to": "2025-12-31"}}, {"building": 7})
    by = cast.by("statistician")
    answers = [REPORTS["R4"](by, Question(TODAY, "云塔大厦", period=calendar_period(day, kind))) for day, kind in ((date(2025, 5, 1), YEAR), (date(2025, 5, 1), MONTH))]
    assert [[one[name] for name in ("joined", "left", "growth")] for one in answers] == [[15, 6, 9], [None, None, None]]
    assert "只给已经过完的整年" in answers[1]["note"]


# In public: ten


def test_what_is_published_leaves_no_few(cast: Cast) -> None:
    """Twelve of nineteen are published; the whole would tell that seven are otherwise."""
    enlarged(cast, "tower", 10)
    enlarged(cast, "east", 5)
    by = teller(cast, "east")
    actions.publish(by=by, figure=asked(cast, MEMBERS, "east", END, Narrowing(level="building")))
    with pytest.raises(Refused, match="与这个月已发布的数相减"):
        actions.publish(by=by, figure=asked(cast, MEMBERS, "east", END))
    with pytest.raises(Refused, match="人数太少"):
        actions.publish(by=by, figure=asked(cast, MEMBERS, "east", END, Narrowing(level="district")))
    enlarged(cast, "east", 6)
    actions.publish(by=by, figure=asked(cast, MEMBER_PERSONS, "east", END))


def test_groups_are_published_of_ends_of_months(cast: Cast) -> None:
    enlarged(cast, "tower", 10)
    by = teller(cast, "east")
    with pytest.raises(Refused, match="只按月末发布"):
        actions.publish(by=by, figure=asked(cast, MEMBERS, "east", date(2026, 10, 30), Narrowing(level="building")))
    assert actions.publish(by=by, figure=asked(cast, MEMBERS, "east", date(2026, 10, 30))).value == 14


def test_a_restatement_to_few_is_not_told(cast: Cast) -> None:
    enlarged(cast, "tower", 8)
    by = teller(cast, "east")
    made = actions.publish(by=by, figure=asked(cast, MEMBERS, "east", END, Narrowing(level="building")))
    members.end(by=SYSTEM, membership=cast.memberships["anna"], reason_code="left", ended_on=date(2026, 1, 1))
    assert [one.new for one in actions.restate(by=SYSTEM)] == [9]
    told = queries.as_data(queries.published(queries.reading(by, made.key)), "x")
    assert (told["value"], told["standing_value"], told["restatements"][0]["new"]) == (10, str(Hidden(10)), str(Hidden(10)))
    assert str(Hidden(10)) in Client().get(f"/figures/readings/{made.key}/").content.decode()
