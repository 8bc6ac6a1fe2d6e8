"""Reports as pages and files: the question, what each number opens into, who sees what, and what is told of a wrong question."""

from __future__ import annotations

import io
import json
import re
from datetime import date
from urllib.parse import quote
from zipfile import ZipFile

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from juzhi.access import actions as access
from juzhi.base.periods import Period
from juzhi.figures.queries import report_pages
from juzhi.figures.queries.reports import REPORTS, Question
from juzhi.members import actions as members
from juzhi.network import actions as network
from juzhi.people import actions as people
from tests.cast import SYSTEM, TODAY, VISITOR, Cast
from tests.figures.conftest import signed_in

pytestmark = pytest.mark.usefixtures("clock")


def page(cast: Cast, name: str, address: str) -> tuple[int, str]:
    answer = (signed_in(cast, name) if name else Client()).get(f"/figures/reports/{address}")
    return answer.status_code, answer.content.decode()


def main(shown: str) -> str:
    return shown[shown.index("<main") : shown.index("</main>")]


def links(shown: str) -> list[tuple[str, str]]:
    """(address, number) of every number that opens."""
    return [(href.replace("&amp;", "&"), text) for href, text in re.findall(r'<a class="num" href="([^"]+)">([\d,]+)', shown)]


def test_the_list_says_what_each_answers(cast: Cast) -> None:
    status, shown = page(cast, "", "")
    assert status == 200 and list(re.findall(r'href="/figures/reports/(R\d)/"', shown)) == list(REPORTS) == ["R1", "R2", "R3", "R4"]
    assert all(str(answer) in shown for answer in report_pages.ANSWERS.values())
    assert 'href="/figures/reports/"' in Client().get("/figures/").content.decode()


@pytest.mark.parametrize("address", ["R1/", "R1/?as_of=2022", "R2/", "R2/?level=subdistrict", "R3/?as_of=2025-01", "R2/?as_of=2022"])
def test_every_number_opens_into_as_many_organisations(cast: Cast, address: str) -> None:
    status, shown = page(cast, "", address)
    found = links(main(shown))
    assert status == 200 and found
    for href, number in found:
        answer = Client().get(href)
        assert answer.status_code == 200, href
        assert re.search(rf"共 {number} 条", answer.content.decode()) or (number == "0" and "没有可以列出的记录" in answer.content.decode()), (href, number)
        lines = Client().get(f"{href}&format=csv").content.decode("utf-8-sig").splitlines()
        assert len(lines) - 1 == int(number)


def test_the_number_of_organisations_opens_its_figure(cast: Cast) -> None:
    _status, shown = page(cast, "", "R1/?as_of=2025-06-30")
    (href,) = re.findall(r'<a href="([^"]+)" class="stat stat--xl"', shown)
    assert Client().get(href.replace("&amp;", "&")).status_code == 200 and "as_of=2025-06-30" in href


def test_a_gap_opens_into_its_area(cast: Cast) -> None:
    _status, shown = page(cast, "", "R2/")
    assert f'href="/areas/{cast.areas["970103"].key}/?as_of={TODAY.isoformat()}">北岭区</a>' in shown or f'/{cast.areas["970103"].key}/?as_of=' in shown
    assert "北岭区" in main(page(cast, "", "R1/")[1])


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("R1/?as_of=昨天", "看不懂日期「昨天」，请写成 2016、2016-09 或 2016-09-05"),
        ("R1/?as_of=" + "2" * 40, "日期太长"),
        ("R1/?family=zz", "没有这个组织类别，请从列出的里面选"),
        ("R2/?level=galaxy", "没有这一级区划，请从列出的里面选"),
        ("R1/?at=没有的会", "没有叫「没有的会」的组织"),
        ("R2/?at=没有的区", "没有叫「没有的区」的区划，请写名称或区划代码"),
        ("R2/?at=970101", "「东湖区」之下没有区级这一级，请换一级或换上一级的区划"),
        ("R3/?at=%00", "字符"),
        ("R4/?at=没有的楼", "没有叫「没有的楼」的组织"),
        ("R4/?from=2025&to=2024", "时段的终了（2024-12-31）早于开始（2025-01-01），请改正"),
        ("R1/?format=pdf", "不能导出成这种文件，报告导出的是 xlsx"),
        ("R1/evidence/?kind=x", "没有这样的范围，请从报告里的表点开"),
        ("R1/evidence/?area=none", "没有这个区划，请从报告里的表点开"),
        ("R2/evidence/?host_type=x", "没有这个依托单位类型，请从报告里的表点开"),
        ("R3/evidence/?kind=sector&group=x", "没有这样的范围，请从报告里的表点开"),
        ("R3/evidence/?kind=level&group=galaxy", "没有这样的范围，请从报告里的表点开"),
        ("R1/?as_of=昨天&format=xlsx", "看不懂日期「昨天」"),
        ("R4/?format=xlsx", "请写明是哪个依托单位或组织"),
    ],
)
def test_a_wrong_question_is_told_in_words(cast: Cast, address: str, words: str) -> None:
    path, _mark, asked = address.partition("?")
    answer = Client().get(f"/figures/reports/{path}?{quote(asked, safe='=&%')}")
    assert answer.status_code in (400, 422) and words in answer.content.decode()


def test_what_was_typed_stays_and_an_unknown_report_is_not_there(cast: Cast) -> None:
    _status, shown = page(cast, "", "R1/?as_of=2024-13&at=东湖区知联会")
    assert 'value="2024-13"' in shown and 'value="东湖区知联会"' in shown
    assert [page(cast, "", one)[0] for one in ("R9/", "R9/evidence/", "r1/")] == [404, 404, 404]


# Rights: members only where the reader may see them


HOST = f"R4/?at={quote('云塔大厦')}"


def test_a_visitor_is_asked_for_the_place_and_told_no_number(cast: Cast) -> None:
    status, shown = page(cast, "", "R4/")
    assert status == 200 and "请写明是哪个依托单位或组织：有会员的不止一处，或者还没有" in shown
    status, shown = page(cast, "", HOST)
    assert status == 200 and "另有 2 个组织的会员数，您没有看的权限，不在表里。" in shown and not links(main(shown)) and "stat--xl" not in shown


def test_the_host_needs_both_of_its_bodies_and_parts_are_shown_where_they_may(cast: Cast) -> None:
    _status, shown = page(cast, "east_clerk", HOST)
    assert [number for _href, number in links(main(shown))] == ["2"] and "stat--xl" not in shown and "云塔大厦新联会" not in main(shown)
    access.grant(by=SYSTEM, account=cast.accounts["east_clerk"], duty="statistician", organisation=cast.lone)
    assert main(page(cast, "east_clerk", HOST)[1]).count("涉及少于 5 人") > 1  # he reads the list of one body, so the sum would give him the other
    access.grant(by=SYSTEM, account=cast.accounts["east_clerk"], duty="member_clerk", organisation=cast.lone, purpose="核对")
    _status, shown = page(cast, "east_clerk", HOST)
    assert re.findall(r'stat__value">(\d+)', shown) == ["3", "3"] and "您没有看的权限" not in shown


def test_the_statistician_sees_counts_and_no_names(cast: Cast) -> None:
    for address in (f"R4/?at={cast.east.key}", f"R4/evidence/?at={cast.east.key}"):
        status, shown = page(cast, "statistician", address)
        assert status == 200
        for name in ("单飞燕", "张伟", "曾琪", "N-anna"):
            assert name not in shown
    found = report_pages.report(cast.by("statistician"), "R4", Question(TODAY, cast.east.key))
    assert [(row[0].value, row[1].value) for row in found.sections[0].rows] == [("东湖区知联会", 1), ("港前街道分会", 1), ("云塔大厦知联会", 2)]


def test_who_joined_and_left_in_a_period(cast: Cast) -> None:
    """Also at a body that went elsewhere since: its joiners count while it stood there."""
    batch = members.open_batch(by=SYSTEM, organisation=cast.tower, number=1)
    for short in ("anna", "bo"):
        members.correct(by=SYSTEM, membership=cast.memberships[short], batch=batch, reason="补登批次")
    members.end(by=SYSTEM, membership=cast.memberships["bo"], reason_code="left", ended_on=date(2026, 3, 1))
    _status, shown = page(cast, "east_clerk", f"R4/?at={cast.east.key}&from=2024&to=2026-10")
    assert "第1批 2 人，现仍为会员 1 人" in shown and "净增" in shown and 'value="2024"' in shown
    assert re.findall(r'stat__value">(-?\d+)', shown) == ["3", "3", "1", "1", "0"]
    told = REPORTS["R4"](SYSTEM, Question(date(2024, 12, 31), cast.east.key, period=Period(date(2021, 1, 1), date(2024, 12, 31))))
    assert [told[name] for name in ("value", "joined", "left", "growth")] == [4, 2, 0, 2]
    assert {one["name"]: (one["members"], one["joined"], one["left"]) for one in told["organisations"]} == {
        "东湖区知联会": (1, 0, 0), "港前街道分会": (1, 1, 0), "云塔大厦知联会": (2, 0, 0), cast.wanderer.name: (0, 1, 0),
    }  # fmt: skip
    out = io.StringIO()
    call_command("report", "R4", "--at", cast.east.key, "--from", "2024-Q2", "--json", stdout=out)
    assert (json.loads(out.getvalue())["period"], json.loads(out.getvalue())["joined"]) == ({"from": "2024-04-01", "to": "2024-06-30"}, 1)
    with pytest.raises(CommandError, match="R1 没有时段"):
        call_command("report", "R1", "--from", "2024")


def test_who_opens_no_list_asks_r4_for_calendar_periods(cast: Cast) -> None:
    days, month = (f"R4/?at={cast.east.key}&from={since}" for since in ("2024-05-31&to=2024-06-01", "2024-06"))
    assert page(cast, "statistician", days)[0] == 400 and "名单不对您打开" in page(cast, "statistician", days)[1]
    assert [page(cast, "statistician", month)[0], page(cast, "east_clerk", days)[0]] == [200, 200]


def test_a_siblings_members_are_in_no_part_and_no_file(cast: Cast) -> None:
    browser = signed_in(cast, "east_clerk")
    shown = browser.get(f"/figures/reports/R4/?at={cast.west.key}").content.decode()
    assert "这个数要把各组织都算进去" in shown and not links(main(shown))
    text = sheets(browser.get(f"/figures/reports/R4/?at={cast.west.key}&format=xlsx").content)
    assert "果园社区知联会" not in text and "<v>" not in numbers_only(text)
    before = main(shown)
    person = people.enter(by=SYSTEM, name="金丝雀", mobiles=[], email="")
    members.admit(by=SYSTEM, person=person, organisation=cast.orchard)
    assert main(browser.get(f"/figures/reports/R4/?at={cast.west.key}").content.decode()) == before


def test_cohorts_only_of_those_who_had_come_by_then(cast: Cast) -> None:
    batch = members.open_batch(by=SYSTEM, organisation=cast.lone, number=1)
    for n, year in enumerate((2024, 2025)):
        person = people.enter(by=SYSTEM, name=f"同批{n}", mobiles=[], email="")
        members.admit(by=SYSTEM, person=person, organisation=cast.lone, joined_on=date(year, 1, 1), batch=batch)
    told = {year: REPORTS["R4"](SYSTEM, Question(date(year, 12, 31), "云塔大厦新联会"))["organisations"] for year in (2023, 2024, 2025)}
    assert {year: [part["cohorts"] for part in parts if part["cohorts"]] for year, parts in told.items()} == {2023: [], 2024: [{"1": 1}], 2025: [{"1": 2}]}


# Files and queries


def sheets(body: bytes) -> str:
    book = ZipFile(io.BytesIO(body))
    return "".join(book.read(name).decode() for name in book.namelist() if name.startswith("xl/") and name.endswith(".xml"))


def numbers_only(text: str) -> str:
    """Without the cells that point to shared text."""
    return re.sub(r'<c [^>]*t="s"[^>]*>.*?</c>', "", text)


def test_the_workbook_holds_the_whole_report_and_runs_nothing(cast: Cast) -> None:
    network.found(by=SYSTEM, name="=HYPERLINK(1)知联会", family=cast.families["知联会"], level="park", parent=cast.east, founded_on=date(2013, 6, 1), area=cast.areas["970101"])
    for code in ("R1", "R2", "R3"):
        answer = Client().get(f"/figures/reports/{code}/?format=xlsx")
        assert answer.status_code == 200 and answer["Content-Type"].endswith("spreadsheetml.sheet")
        text = sheets(answer.content)
        found = report_pages.report(VISITOR, code, Question(TODAY))
        assert "<f>" not in text and "<hyperlink" not in text
        cells = [cell for _title, heads, rows in found.book for row in (heads, *rows) for cell in row]
        assert all(str(cell).replace("&", "&amp;") in text for cell in cells if not isinstance(cell, int)) and len(cells) > 20
    assert "=HYPERLINK(1)知联会" in text


def test_sheets_have_names_that_a_workbook_allows() -> None:
    from juzhi.web.exports import sheet_name

    taken: set[str] = set()
    given = [sheet_name(title, taken) for title in ("按[所在]区:/?*", "按[所在]区:/?*", "'引'", "", "长" * 40, "长" * 40)]
    assert given == ["按 所在 区", "按 所在 区 2", "引", "名单", "长" * 28, "长" * 26 + " 2"]


@pytest.mark.parametrize("address", ["R1/", "R2/", "R2/?level=subdistrict", "R3/", f"R4/?at={quote('云塔大厦')}", "R1/evidence/", "R3/evidence/?kind=level&group=building"])
def test_pages_ask_the_same_number_of_queries(cast: Cast, address: str) -> None:
    def asked() -> int:
        browser = signed_in(cast, "east_clerk")
        with CaptureQueriesContext(connection) as found:
            assert browser.get(f"/figures/reports/{address}").status_code == 200
        return len(found)

    before = asked()
    for n in range(4):
        host = network.register_host(by=SYSTEM, name=f"第{n}医院", host_type="public_hospital", area=cast.areas["970103"])
        body = network.found(
            by=SYSTEM, name=f"第{n}医院知联会", family=cast.families["知联会"], level="building", parent=cast.tower, founded_on=date(2020, 1, 1 + n), area=cast.areas["970103"], host=host
        )
        members.admit(by=SYSTEM, person=people.enter(by=SYSTEM, name=f"多人{n}", mobiles=[], email=""), organisation=body)
    assert asked() == before


def test_the_command_and_the_page_tell_the_same(cast: Cast) -> None:
    for code in ("R1", "R2", "R3"):
        told = REPORTS[code](VISITOR, Question(TODAY))
        shown = report_pages.report(VISITOR, code, Question(TODAY))
        assert shown.stats[0]["value"] == told["value"] and shown.node == told["node"]
        assert told["report"] == code and told["rule"] and told["source"] and told["definition_version"] == 1
