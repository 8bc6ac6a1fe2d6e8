"""Pages of the federation: who sees what, as of which day, in how many queries."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from juzhi.network import actions
from tests.cast import SYSTEM, Cast

SignIn = Callable[[str], Client]


def words(response: object) -> str:
    """What a reader sees, without mark-up."""
    text = re.sub(r"<(script|style)\b.*?</\1>", "", response.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", text)))


def page(client: Client, name: str, *args: str, status: int = 200, htmx: bool = False, **query: str) -> str:
    response = client.get(reverse(f"network:{name}", args=args), query, headers={"HX-Request": "true"} if htmx else {})
    assert response.status_code == status
    return words(response)


def addresses(cast: Cast) -> list[tuple[str, list[str]]]:
    one = [cast.east.key]
    public = [(name, one) for name in ("organisation", "branch", "history")]
    lists = [(name, []) for name in ("tree", "organisations", "choices", "areas", "hosts", "external_bodies")]
    return [*lists, *public, ("area", [cast.areas["9701"].key]), ("host", [cast.hosts["tower"].key])]


VERBS = ("found", "register_founding", "rename", "correct", "move", "relocate", "dissolve", "reopen", "merge", "split", "guide", "add_contact")


def test_every_public_page_opens_for_everybody(cast: Cast, signed_in: SignIn) -> None:
    for client in (Client(), signed_in("plain"), signed_in("city_clerk")):
        for name, args in addresses(cast):
            assert "聚智" in page(client, name, *args), name


def test_unknown_keys_are_404(cast: Cast, signed_in: SignIn) -> None:
    for name in ("organisation", "branch", "history", "area", "host", *VERBS):
        page(signed_in("city_clerk"), name, "nosuchkey123", status=404)


def test_verbs_open_to_secretaries_only(cast: Cast, signed_in: SignIn) -> None:
    may = {name: [signed_in(name).get(reverse(f"network:{verb}", args=[cast.harbour.key])).status_code == 200 for verb in VERBS] for name in ("east_clerk", "west_clerk", "city_clerk", "auditor", "plain")}
    assert may == {"east_clerk": [True] * 12, "west_clerk": [False] * 12, "city_clerk": [True] * 12, "auditor": [False] * 12, "plain": [False] * 12}


def test_the_past_shows_the_old_name_and_the_old_parent(cast: Cast) -> None:
    actions.rename(by=SYSTEM, organisation=cast.wanderer, name="远行分会", valid_from=date(2024, 3, 1), reason="更名")
    then, now = (page(Client(), "organisation", cast.wanderer.key, as_of=day) for day in ("2023", "2024-03-01"))
    assert ("组织 ／" in then or "组织 云海市知联会 东湖区知联会 流动分会" in then) and "现在叫「远行分会」" in then and "西山区知联会" not in then
    assert "组织 云海市知联会 西山区知联会 远行分会" in now and "现在叫" not in now and "曾用名 流动分会" in now and "东湖区知联会" not in now
    tree = [page(Client(), "tree", as_of=day, open=cast.west.key) for day in ("2024-02", "2024-03-01")]
    assert ["流动分会" in text for text in tree] == [True, False] and ["远行分会" in text for text in tree] == [False, True]
    assert ["流动分会" in page(Client(), "branch", cast.east.key, as_of=day) for day in ("2023", "2024-02")] == [True, False]


def test_links_keep_the_day(cast: Cast) -> None:
    text = Client().get(reverse("network:tree"), {"as_of": "2020"}).content.decode()
    assert f'href="/organisations/{cast.east.key}/?as_of=2020"' in text and f'href="/organisations/{cast.east.key}/branch/?as_of=2020"' in text
    text = Client().get(reverse("network:organisation", args=[cast.east.key]), {"as_of": "2020"}).content.decode()
    assert f'href="/organisations/{cast.city.key}/?as_of=2020"' in text


def test_not_yet_and_no_longer_are_said(cast: Cast) -> None:
    assert "2016-12-31 那天它还没有成立" in page(Client(), "organisation", cast.tower.key, as_of="2016")
    assert "它已于 2023-06-30 终止" in page(Client(), "organisation", cast.closed.key)
    assert "终止" not in page(Client(), "organisation", cast.closed.key, as_of="2020").replace("终止时间 2023-06-30", "")


DATED = ("tree", "organisations", "organisation", "branch", "areas", "area", "hosts", "host")
DAYS = {
    "2024-02-30": "2024年2月没有 30 日，请改正日期",
    "foo": "看不懂日期「foo」，请写成 2016、2016-09 或 2016-09-05",
    "2024-13": "没有 13 月，请改正日期",
    "不详": "请写出截至哪一天，例如 2024-05-31",
    "9" * 40: "日期太长，请写成 2016-09-05 这样的形式",
}


@pytest.mark.parametrize("name", DATED)
def test_a_wrong_day_is_told_with_400_and_never_silently_today(cast: Cast, name: str) -> None:
    args = dict(addresses(cast))[name]
    for typed, sentence in DAYS.items():
        assert sentence in page(Client(), name, *args, as_of=typed, status=400), typed
        response = Client().get(reverse(f"network:{name}", args=args), {"as_of": typed})
        assert 'aria-invalid="true"' in response.content.decode()
    assert page(Client(), name, *args, as_of="2024-05") and page(Client(), name, *args, as_of="")
    answer = Client().get(reverse(f"network:{name}", args=args), {"as_of": "foo", "format": "csv"})
    assert (answer.status_code, answer["Content-Type"]) == (400, "text/html; charset=utf-8") and DAYS["foo"] in answer.content.decode()


def test_figures_say_the_same_about_a_wrong_day(cast: Cast) -> None:
    for name in ("figure", "evidence"):
        address = reverse(f"figures:{name}", kwargs={"indicator": "organisations", "organisation": cast.city.key})
        for query in ({"as_of": "foo"}, {"as_of": "foo", "format": "csv"}):
            answer = Client().get(address, query)
            assert answer.status_code == 400 and DAYS["foo"] in answer.content.decode(), (name, query)


def test_a_wrong_filter_is_told_too(cast: Cast) -> None:
    assert "没有叫「无此」的组织" in page(Client(), "organisations", under="无此", status=400)
    assert page(Client(), "organisations", level="nothing", status=400)


def test_divisions_begin_where_there_is_something_to_choose(cast: Cast) -> None:
    """One province, one city: both are named above the list of districts, and the way to what sits right there."""
    response = Client().get(reverse("network:areas"))
    text = words(response)
    assert re.findall(r'<th scope="row"><a href="[^"]*">([^<]*)</a>', response.content.decode()) == ["东湖区", "西山区", "北岭区"]
    assert "云川省 · 云海市 · 截至 2" in text and "东湖区 970101 5 西山区 970102 3 北岭区 970103 0" in text
    assert reverse("network:area", args=[cast.areas["9701"].key]) in response.content.decode()
    then = page(Client(), "areas", as_of="2020")
    assert "截至 2020-12-31" in then and "东湖区 970101 4 西山区 970102 2 北岭区 970103 1" in then


def test_a_division_shows_what_is_beneath_before_the_long_list(cast: Cast) -> None:
    text = page(Client(), "area", cast.areas["9701"].key)
    assert text.index("东湖区 970101 5") < text.index("这里的组织") < text.index("东湖区知联会")
    then = page(Client(), "area", cast.areas["970101"].key, as_of="2020")
    assert "截至 2020-12-31 · 4 个存续的组织" in then and "港前街道分会" not in then


def test_contacts_are_for_its_secretaries(cast: Cast, signed_in: SignIn) -> None:
    actions.add_contact(by=SYSTEM, organisation=cast.tower, name="柏灵", mobile="19900000061")
    shown = {name: "19900000061" in page(signed_in(name), "organisation", cast.tower.key) for name in ("east_clerk", "city_clerk", "west_clerk", "auditor", "plain", "operator")}
    assert shown == {"east_clerk": True, "city_clerk": True, "west_clerk": False, "auditor": False, "plain": False, "operator": False}
    assert "19900000061" not in page(Client(), "organisation", cast.tower.key) and "柏灵" not in page(Client(), "organisation", cast.tower.key)


def test_buttons_are_those_one_may_press(cast: Cast, signed_in: SignIn) -> None:
    labels = ("新设下级", "更正", "更名", "改隶", "迁址", "登记指导单位", "登记联系人", "终止")
    own = {}
    for name in ("east_clerk", "city_clerk"):
        text = page(signed_in(name), "organisation", cast.east.key)
        offered = text.split("办理")[-1].split()
        own[name] = [label for label in labels if label in offered or (label == "新设下级" and label in text)]
    assert own == {"east_clerk": [one for one in labels if one not in ("改隶", "终止")], "city_clerk": list(labels)}
    assert "办理" not in page(signed_in("west_clerk"), "organisation", cast.east.key)
    assert "办理" not in page(Client(), "organisation", cast.east.key)


def test_the_tree_opens_by_address_and_by_fragment(cast: Cast) -> None:
    closed, opened = page(Client(), "tree"), page(Client(), "tree", open=f"{cast.city.key},{cast.east.key}")
    assert "港前街道分会" not in closed and "港前街道分会" in opened
    response = Client().get(reverse("network:branch", args=[cast.east.key]), headers={"HX-Request": "true"})
    text = response.content.decode()
    assert text.lstrip().startswith("<li ") and "<html" not in text and "港前街道分会" in text and "HX-Request" in response["Vary"]
    assert "<html" in Client().get(reverse("network:branch", args=[cast.east.key])).content.decode()


def test_words_find_past_names_aliases_and_pinyin(cast: Cast) -> None:
    actions.rename(by=SYSTEM, organisation=cast.harbour, name="海湾街道分会", valid_from=date(2025, 3, 1), reason="更名")
    found = {text: "海湾街道分会" in page(Client(), "tree", q=text) for text in ("港前", "海湾", "haiwan", "Hai wan", "西山")}
    assert found == {"港前": True, "海湾": True, "haiwan": True, "Hai wan": True, "西山": False}
    assert "没有找到「不存在」" in page(Client(), "tree", q="不存在") and "回到整棵树" in page(Client(), "tree", q="不存在")
    assert "没有找到" in page(Client(), "tree", q="港前", as_of="2020")


def test_the_number_opens_into_the_list_it_counts(cast: Cast) -> None:
    for organisation in (cast.city, cast.east, cast.closed):
        for day in ("2020", "2024-12-31", ""):
            text = Client().get(reverse("network:organisation", args=[organisation.key]), {"as_of": day}).content.decode()
            href, number = re.search(r'<a href="([^"]*under=[^"]*)" class="stat">.*?stat__value"[^>]*>(\d+)<', text, re.S).groups()
            assert f"{number} 个组织" in words(Client().get(unescape(href)))
    text = Client().get(reverse("network:tree"), {"as_of": "2020"}).content.decode()
    href, number = re.search(r'<a href="([^"]*state=standing[^"]*)" class="stat">.*?stat__value"[^>]*>(\d+)<', text, re.S).groups()
    assert f"{number} 个组织" in words(Client().get(unescape(href)))


def test_the_list_is_filtered_sorted_and_exported(cast: Cast) -> None:
    new = page(Client(), "organisations", family=cast.families["新联会"].key)
    assert "云塔大厦新联会" in new and "云海市知联会" not in new
    assert "旧港区知联会" in page(Client(), "organisations") and "旧港区知联会" not in page(Client(), "organisations", state="standing")
    response = Client().get(reverse("network:organisations"), {"level": "district", "sort": "-founded", "format": "csv"})
    rows = response.getvalue().decode("utf-8-sig").splitlines()
    assert rows == [
        "组织名称,组织类别,层级,上级组织,成立时间,状态",
        "旧港区知联会,知联会,区级,云海市知联会,2016-01-01,2023-06-30 终止",
        "西山区知联会,知联会,区级,云海市知联会,2015-08-01,存续",
        "东湖区知联会,知联会,区级,云海市知联会,2014-01-01,存续",
    ]


def test_choices_fill_a_picker(cast: Cast) -> None:
    response = Client().get(reverse("network:choices"), {"parent": "云塔"}, headers={"HX-Request": "true"})
    assert re.findall(r'name="parent" value="\w{12}" data-name="([^"]*)"', response.content.decode()) == ["云塔大厦新联会", "云塔大厦知联会"]


def test_same_founding_and_external_bodies_are_shown(cast: Cast) -> None:
    founding = actions.register_founding(by=SYSTEM, organisation=cast.east, title="首批分会成立大会", on=date(2024, 5, 7))
    for short in ("harbour", "tower"):
        actions.correct(by=SYSTEM, organisation=cast.organisations[short], founding=founding, founded_on=date(2024, 5, 7), reason="并入")
    assert "同一次成立的还有 首批分会成立大会 · 2024-05-07" in page(Client(), "organisation", cast.harbour.key).replace("  ", " ")
    actions.register_external_body(by=SYSTEM, name="云塔商户联盟", host=cast.hosts["tower"], founded_on=date(2020, 1, 1), precision="year")
    assert "云塔商户联盟 — 云塔大厦 2020" in page(Client(), "external_bodies")


@pytest.mark.parametrize("name", ["tree", "organisations", "areas", "hosts", "external_bodies", "organisation", "branch", "history", "area", "host", "choices"])
def test_the_number_of_queries_does_not_grow(cast: Cast, signed_in: SignIn, name: str) -> None:
    client = signed_in("city_clerk")
    args = dict(addresses(cast))[name]
    query = {"x": "分会"} if name == "choices" else {}

    def grow(first: int, last: int) -> None:
        for n in range(first, last):
            host = actions.register_host(by=SYSTEM, name=f"第{n}大厦", host_type="building", owner_name=f"第{n}物业")
            founding = actions.register_founding(by=SYSTEM, organisation=cast.east, title=f"第{n}次", on=date(2024, 1, 1))
            told = {"family": cast.families["知联会"], "level": "park", "area": cast.areas["9701"], "host": cast.hosts["tower"], "founding": founding}
            one = actions.found(by=SYSTEM, name=f"第{n}分会", parent=cast.east, **told)
            actions.found(by=SYSTEM, name=f"第{n}点", parent=one, **{**told, "host": host})
            actions.note_guidance(by=SYSTEM, organisation=cast.east, authority=f"第{n}部门")
            actions.add_contact(by=SYSTEM, organisation=cast.east, name=f"第{n}人", mobile="")
            actions.move(by=SYSTEM, organisation=cast.east, parent=cast.west if n % 2 == 0 else cast.city, valid_from=date(2020, 1, 1 + n), reason="改隶")

    def counted() -> int:
        with CaptureQueriesContext(connection) as queries:
            page(client, name, *args, **query)
        return len(queries)

    grow(0, 1)
    counted()
    one = counted()
    grow(1, 3)
    assert counted() == one
