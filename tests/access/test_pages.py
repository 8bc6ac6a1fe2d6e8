"""Pages of rights: what each reader sees, and what a form does."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from juzhi.access import actions, queries
from juzhi.access.models import Account, Grant, Invitation
from juzhi.members import actions as members
from juzhi.network import actions as network
from juzhi.people import actions as people
from juzhi.people.models import Person
from tests.access.conftest import signed_in
from tests.cast import PASSWORD, SYSTEM, TODAY, Cast

pytestmark = pytest.mark.usefixtures("clock", "cache_table")


def text(response: Any) -> str:
    """The words of a page in one line."""
    main = response.content.decode().partition("<main")[2]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def statuses(cast: Cast, address: str, *names: str) -> dict[str, int]:
    return {name: signed_in(cast, name).get(address).status_code for name in names}


def test_one_sees_ones_own_duties(cast: Cast) -> None:
    shown = text(signed_in(cast, "double").get("/access/"))
    assert [word in shown for word in ("港前街道分会", "会员管理", "果园社区知联会", "统计", "东湖区知联会")] == [True, True, True, True, False]
    assert "您还没有管理职责" in text(signed_in(cast, "expired").get("/access/"))
    assert "您还没有管理职责" in text(signed_in(cast, "plain").get("/access/"))


def test_duties_are_told_in_chinese_for_every_noun_a_view_declares(cast: Cast) -> None:
    shown = {card.label: card for card in queries.duties()}
    assert list(shown) == ["组织管理", "会员管理", "统计", "审计", "个人信息保护联系人", "发布", "运维"]
    assert "授权" in shown["组织管理"].changes
    words = [word for card in shown.values() for word in (*card.sees, *card.changes)]
    assert [word for word in words if re.search("[A-Za-z]", word)] == []
    assert "能改" in text(signed_in(cast, "plain").get("/access/duties/"))


def test_who_can_see_and_why(cast: Cast) -> None:
    given = actions.grant(
        by=cast.by("east_clerk"), account=cast.accounts["anna"], duty="member_clerk", organisation=cast.tower, valid_to=date(2027, 1, 1), purpose="年检"
    )
    found = [(s.title, s.note, s.may_end) for s in queries.who_can_see(cast.by("east_clerk"), cast.tower) if s.grant.duty == "member_clerk"]
    assert found == [
        ("云海市知联会", "全市换届核对名册 · 2025-01-01 起，系统（tests）授予", False),
        ("曾琪 · 东湖区知联会", "全区换届核对名册 · 2025-01-01 起，系统（tests）授予", False),
        ("单飞燕", f"年检 · {TODAY} 起，东湖区知联会 · 组织管理授予", True),
    ]
    shown = text(signed_in(cast, "east_clerk").get(f"/access/{cast.tower.key}/"))
    assert "到 2026-12-31 为止" in shown and "翟春" not in shown and given.last_day == date(2026, 12, 31)


def test_a_clerk_learns_role_and_organisation_but_no_name(cast: Cast) -> None:
    shown = text(signed_in(cast, "double").get(f"/access/{cast.harbour.key}/"))
    assert "东湖区知联会" in shown and "全区换届核对名册" in shown and "double某" in shown
    assert [name in shown for name in ("曾琪", "翟春", "auditor某", "还没有人负责")] == [False, False, False, False]


def test_care_and_disabled_accounts_are_told_as_they_are(cast: Cast) -> None:
    actions.revoke(by=cast.by("east_clerk"), grant=cast.grants["double:member_clerk"], reason="换届")
    shown = text(signed_in(cast, "east_clerk").get(f"/access/{cast.harbour.key}/"))
    assert "上级代管" in shown and "暂缺，由上级东湖区知联会接管" in shown and "自动授予" in shown
    logins = [sight.grant.account.login for sight in queries.who_can_see(cast.by("east_clerk"), cast.east)]
    assert "disabled" not in logins and "expired" not in logins


def test_who_enters_the_page_of_an_organisation(cast: Cast) -> None:
    names = ("city_clerk", "east_clerk", "west_clerk", "auditor", "protection", "statistician", "double", "expired", "anna")
    assert statuses(cast, f"/access/{cast.east.key}/", *names) == dict(zip(names, (200, 200, 404, 200, 200, 404, 404, 404, 404), strict=True))
    assert Client().get(f"/access/{cast.east.key}/").status_code == 302
    assert signed_in(cast, "east_clerk").get("/access/nosuchkey234/").status_code == 404


def test_the_page_asks_the_same_number_of_queries_for_one_and_for_many(cast: Cast) -> None:
    def asked() -> int:
        browser = signed_in(cast, "east_clerk")
        with CaptureQueriesContext(connection) as found:
            assert browser.get(f"/access/{cast.tower.key}/").status_code == 200
        return len(found)

    actions.grant(by=cast.by("east_clerk"), account=cast.accounts["anna"], duty="statistician", organisation=cast.tower)
    one = asked()
    for name in ("bo", "plain", "double"):
        actions.grant(by=SYSTEM, account=cast.accounts[name], duty="auditor", organisation=cast.tower)
    assert asked() == one


def form(**more: str) -> dict[str, str]:
    return {"login": "bo", "duty": "member_clerk", "reach": "own", "purpose": "", "valid_to": "", "form_key": "k1"} | more


def test_a_secretary_grants_until_a_last_day(cast: Cast) -> None:
    browser = signed_in(cast, "east_clerk")
    answer = browser.post(f"/access/{cast.tower.key}/grant/", form(valid_to="2027-06-30"))
    assert (answer.status_code, answer["Location"]) == (303, f"/access/{cast.tower.key}/")
    made = Grant.objects.system("test").get(account__login="bo")
    assert (made.valid_to, made.last_day) == (date(2027, 7, 1), date(2027, 6, 30))
    assert browser.post(f"/access/{cast.tower.key}/grant/", form(valid_to="2027-06-30")).status_code == 303
    assert Grant.objects.system("test").filter(account__login="bo").count() == 1


def test_who_is_out_of_reach_is_not_found_in_the_same_words_as_nobody(cast: Cast) -> None:
    browser = signed_in(cast, "east_clerk")
    told = {}
    for login in ("nobody", "chen", "disabled", "operator"):
        answer = browser.post(f"/access/{cast.tower.key}/grant/", form(login=login))
        told[login] = (answer.status_code, re.sub(r'value="[^"]*"|[A-Za-z0-9]{64}', "", answer.content.decode()))
    assert {status for status, _ in told.values()} == {422}
    assert len({page for _, page in told.values()}) == 1
    assert "您的范围内没有这个登录名的可用账号" in told["chen"][1]


def test_what_one_has_not_is_not_offered(cast: Cast) -> None:
    page = signed_in(cast, "west_clerk").get(f"/access/{cast.orchard.key}/grant/").content.decode()
    assert re.findall(r'name="duty"[^>]*value="(\w+)"|value="(\w+)"[^>]*name="duty"', page) in ([("secretary", "")], [("", "secretary")])
    names = ("east_clerk", "west_clerk", "auditor", "operator", "anna", "expired")
    assert statuses(cast, f"/access/{cast.tower.key}/grant/", *names) == dict(zip(names, (200, 404, 404, 404, 404, 404), strict=True))


def test_the_operator_names_a_first_secretary_where_nobody_is(cast: Cast) -> None:
    browser = signed_in(cast, "operator")
    assert browser.get(f"/access/{cast.lone.key}/grant/").status_code == 200
    answer = browser.post(f"/access/{cast.lone.key}/grant/", form(login="shared", duty="secretary", reach="subtree"))
    assert answer.status_code == 303
    assert browser.get(f"/access/{cast.lone.key}/grant/").status_code == 404


def test_revoking_by_form(cast: Cast) -> None:
    made, browser = cast.grants["double:member_clerk"], signed_in(cast, "east_clerk")
    address = f"/access/{cast.harbour.key}/{made.key}/revoke/"
    assert browser.get(address).status_code == 200
    assert browser.post(address, {"reason": "换届", "version": "9"}).status_code == 422
    assert browser.post(address, {"reason": "", "version": "1"}).status_code == 422
    assert browser.post(address, {"reason": "换届", "version": "1", "form_key": "r"}).status_code == 303
    names = ("west_clerk", "auditor", "double", "operator")
    assert statuses(cast, address, *names) == dict.fromkeys(names, 404)
    assert browser.get(f"/access/{cast.tower.key}/{made.key}/revoke/").status_code == 404


@pytest.fixture
def newcomer(cast: Cast) -> Person:
    person = people.enter(by=SYSTEM, name="新人某", mobiles=[], email="")
    members.admit(by=SYSTEM, person=person, organisation=cast.tower)
    return person


def test_inviting_and_accepting(cast: Cast, newcomer: Person) -> None:
    browser = signed_in(cast, "east_clerk")
    address = f"/access/{cast.tower.key}/invite/{newcomer.key}/"
    assert browser.get(address).status_code == 200 and Invitation.objects.system("test").count() == 0
    page = browser.post(address).content.decode()
    assert "链接只显示这一次，7 天内有效，用过即失效" in page
    link = re.search(r"http://testserver(/access/invitations/[\w-]+/)", page)
    assert link is not None
    guest = Client()
    assert [guest.get(link[1]).status_code for _ in range(3)] == [200, 200, 200]  # a preview does not use it up
    before = guest.session.session_key
    answer = guest.post(link[1], {"login": "xinren", "password": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (303, "/workbench/")
    assert guest.session.session_key != before
    assert "我的职责" in text(guest.get("/access/"))
    assert Client().get(link[1]).status_code == 404
    assert browser.post(address).status_code == 422  # has an account now


def test_who_may_not_invite(cast: Cast, newcomer: Person) -> None:
    names = ("west_clerk", "auditor", "operator", "anna", "protection")
    assert statuses(cast, f"/access/{cast.tower.key}/invite/{newcomer.key}/", *names) == dict.fromkeys(names, 404)
    assert statuses(cast, f"/access/{cast.tower.key}/invite/{cast.persons['chen'].key}/", "east_clerk") == {"east_clerk": 404}


def test_an_unknown_link_is_spent_and_leads_on(cast: Cast) -> None:
    answer = Client().get("/access/invitations/unknown/")
    assert answer.status_code == 404 and "请向发给您的人再要一个" in text(answer)


def test_account_and_duties_of_a_person(cast: Cast, newcomer: Person) -> None:
    shown = text(signed_in(cast, "east_clerk").get(f"/access/persons/{newcomer.key}/"))
    assert "还没有账号" in shown and "以云塔大厦知联会的名义邀请" in shown
    assert "已开通账号" in text(signed_in(cast, "east_clerk").get(f"/access/persons/{cast.persons['anna'].key}/"))
    names = ("west_clerk", "auditor", "statistician", "anna")
    assert statuses(cast, f"/access/persons/{newcomer.key}/", *names) == dict.fromkeys(names, 404)
    assert Account.objects.filter(person=newcomer).count() == 0


def places(cast: Cast, name: str, query: str = "") -> list[str]:
    page = signed_in(cast, name).get(f"/access/{query}").content.decode().partition("可以授权的组织")[2]
    return re.findall(r'<th scope="row"><a href="/access/\w+/">([^<]+)</a>', page)


def test_where_one_may_grant_is_searched_filtered_and_paged(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    assert places(cast, "east_clerk") == ["东湖区知联会", "港前街道分会", "未来分会", "云塔大厦知联会"]
    assert places(cast, "east_clerk", "?q=塔") == places(cast, "east_clerk", "?q=yunta") == ["云塔大厦知联会"]
    assert places(cast, "east_clerk", "?level=subdistrict") == ["港前街道分会"]
    assert places(cast, "east_clerk", "?lacking=member_clerk") == ["未来分会", "云塔大厦知联会"]
    assert places(cast, "east_clerk", "?q=果园") == places(cast, "double") == places(cast, "operator") == []
    assert signed_in(cast, "east_clerk").get("/access/?level=king").status_code == 200
    assert "可以授权的组织" not in signed_in(cast, "double").get("/access/").content.decode()
    for number in range(30):
        network.found(by=SYSTEM, name=f"第{number:02}分会", family=cast.families["知联会"], level="park", parent=cast.tower)
    assert [len(places(cast, "east_clerk", f"?page={page}")) for page in (1, 2)] == [25, 9]
    assert len(places(cast, "east_clerk", "?q=第0")) == 10


def test_the_list_of_places_asks_the_same_number_of_queries(cast: Cast) -> None:
    def asked() -> int:
        browser = signed_in(cast, "east_clerk")
        with CaptureQueriesContext(connection) as found:
            assert browser.get("/access/").status_code == 200
        return len(found)

    one = asked()
    for number in range(3):
        network.found(by=SYSTEM, name=f"第{number}分会", family=cast.families["知联会"], level="park", parent=cast.tower)
    assert asked() == one


def test_the_operator_comes_to_a_page_that_is_open_after_naming_a_first_secretary(cast: Cast) -> None:
    answer = signed_in(cast, "operator").post(f"/access/{cast.lone.key}/grant/", form(login="shared", duty="secretary"), follow=True)
    assert (answer.redirect_chain, answer.status_code) == ([("/access/", 303)], 200)


def test_whoever_sees_numbers_is_said_to_see_them(cast: Cast) -> None:
    """统计 was said to see nothing at all, although the numbers of members are its own."""
    shown = {card.label: card for card in queries.duties()}
    assert shown["统计"].sees[:2] == ["数：会员", "数：会员（去重）"] and "数：会员净增" in shown["统计"].sees
    assert "数：会员" in shown["会员管理"].sees
    assert "数：会员" not in shown["审计"].sees
    assert "暂无页面" not in text(signed_in(cast, "plain").get("/access/duties/"))


def test_who_grants_can_look_up_what_a_duty_may_do(cast: Cast) -> None:
    page = signed_in(cast, "east_clerk").get(f"/access/{cast.harbour.key}/grant/")
    assert 'href="/access/duties/"' in page.content.decode()
