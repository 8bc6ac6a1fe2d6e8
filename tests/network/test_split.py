"""Split: a body founded out of another on a day, which takes some of those beneath it; members and duties stay."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from juzhi.access.models import Grant
from juzhi.base.errors import Stale
from juzhi.members.models import Membership
from juzhi.network import actions, queries
from juzhi.network.models import Placement, Succession
from tests.cast import SYSTEM, TODAY, VISITOR, Cast
from tests.network.conftest import above, refusal, who_may
from tests.network.test_pages import words

DAY = date(2026, 3, 1)
EVE = DAY - timedelta(days=1)


def test_promise(cast: Cast, journal: Any) -> None:
    kept = [list(model.objects.system("test").order_by("pk").values()) for model in (Membership, Grant)]
    made = actions.split(by=cast.by("city_clerk"), organisation=cast.east, name="湖滨区知联会", children=[cast.harbour, cast.future], on=DAY, precision="month", reason="区划拆分", version=1)
    assert (made.founded_on, made.founded_precision, made.level, above(made, TODAY), str(queries.edges(VISITOR, made, DAY).seat.area)) == (DAY, "month", "district", ["云海市知联会", "湖滨区知联会"], "东湖区")
    assert [above(cast.harbour, day)[1] for day in (EVE, DAY)] == ["东湖区知联会", "湖滨区知联会"]
    assert [above(cast.future, day)[1] for day in (EVE, DAY, date(2027, 9, 1))] == ["东湖区知联会", "湖滨区知联会", "西山区知联会"]
    assert above(cast.tower, TODAY)[1] == "东湖区知联会" and cast.fresh("east").dissolved_on is None and cast.fresh("east").version == 2
    assert [list(model.objects.system("test").order_by("pk").values()) for model in (Membership, Grant)] == kept
    assert list(Succession.objects.system("test").values_list("predecessor__name", "successor__name", "kind", "on", "precision")) == [("东湖区知联会", "湖滨区知联会", "split", DAY, "month")]
    told = [[(row["title"], row["at"], row["text"]) for row in queries.told_history(VISITOR, one)] for one in (cast.fresh("east"), made)]
    assert told[0][-1] == ("分立", "2026-03", "分出湖滨区知联会") and told[1] == [("成立", "2026-03", "湖滨区知联会"), ("分立", "2026-03", "由东湖区知联会分立")]
    assert [(verb, reason) for verb, _by, reason in journal()] == [("network.found", "区划拆分"), *[("network.move", "区划拆分")] * 2, ("network.split", "区划拆分")]


def test_again_on_the_same_day_and_without_children(cast: Cast) -> None:
    for name, taken in (("湖滨区知联会", [cast.harbour]), ("湖心区知联会", [])):
        actions.split(by=SYSTEM, organisation=cast.east, name=name, level="park", children=taken, on=DAY, reason="分立")
    assert [row["text"] for row in queries.told_history(VISITOR, cast.fresh("east"))][-1] == "分出湖滨区知联会、湖心区知联会"
    assert [one.successor.level for one in queries.successions(VISITOR, cast.east)] == ["park", "park"]


@pytest.mark.parametrize(
    ("short", "values", "message", "field"),
    [
        ("east", {"reason": ""}, "请写明理由，理由会记入日志", "reason"),
        ("east", {"name": " "}, "请填写组织名称", "name"),
        ("east", {"name": "西山区知联会"}, "「西山区知联会」在同一上级之下已经有了，请换个名称，或打开原有组织修改", "name"),
        ("east", {"precision": "unknown"}, "请写出是哪一天，至少写到年", "on"),
        ("east", {"on": date(2026, 11, 25)}, "那一天还没有到，请到那天再办", "on"),
        ("east", {"on": date(2013, 12, 31)}, "「东湖区知联会」2014-01-01 才成立，请核对日期", "on"),
        ("closed", {}, "「旧港区知联会」已于 2023-06-30 终止，不能再合并或分立", "others"),
        ("east", {"children": ["orchard"]}, "2026-03-01 那天「果园社区知联会」不在它之下，不能划过去", "children"),
        ("west", {"children": ["wanderer"], "on": date(2023, 12, 31)}, "2023-12-31 那天「流动分会」不在它之下，不能划过去", "children"),
        ("east", {"children": ["harbour", "east"]}, "2026-03-01 那天「东湖区知联会」不在它之下，不能划过去", "children"),
        ("east", {"mark": "0123456789abcdef"}, "您看过以后，这些组织又有改动；请重新核对下面列出的后果，再确认", None),
    ],
)
def test_refusals(cast: Cast, journal: Any, short: str, values: dict, message: str, field: str | None) -> None:
    attempt = {"by": SYSTEM, "organisation": cast.organisations[short], "name": "新会", "on": DAY, "reason": "分立", **values}
    attempt["children"] = [cast.organisations[one] for one in attempt.get("children", ())]
    before = list(Placement.objects.system("test").order_by("pk").values())
    assert refusal(lambda: actions.split(**attempt)) == (message, field)
    assert (journal(), list(Placement.objects.system("test").order_by("pk").values())) == ([], before)


def test_twice_and_two_editors(cast: Cast) -> None:
    splitting = {"by": SYSTEM, "organisation": cast.east, "name": "湖滨区知联会", "children": [cast.harbour], "on": DAY, "reason": "分立"}
    actions.correct(by=SYSTEM, organisation=cast.east, remark="核对", reason="更正")
    with pytest.raises(Stale):
        actions.split(**splitting, version=1)
    actions.split(**splitting)
    assert refusal(lambda: actions.split(**splitting)) == ("2026-03-01 那天「港前街道分会」不在它之下，不能划过去", "children")


def test_who_may(cast: Cast) -> None:
    """Secretary of the body and of the superior beneath which the new one is founded."""
    assert who_may(cast, lambda by: actions.split(by=by, organisation=cast.east, name="新会", on=DAY, reason="分立")) == ["city_clerk"]
    assert who_may(cast, lambda by: actions.split(by=by, organisation=cast.harbour, name="新会", on=DAY, reason="分立")) == ["east_clerk", "city_clerk"]
    assert who_may(cast, lambda by: actions.split(by=by, organisation=cast.city, name="新会", on=DAY, reason="分立")) == []


def test_the_page_tells_before_it_does(cast: Cast, signed_in: Callable[[str], Client]) -> None:
    browser, address = signed_in("city_clerk"), reverse("network:split", args=[cast.east.key])
    typed = {"name": "湖滨区知联会", "level": "", "children": [cast.harbour.key], "on": "2026-03", "reason": "分立", "version": "1", "mark": ""}
    told = browser.post(address, typed)
    assert told.status_code == 200 and "会员全部留在本组织" in words(told) and "1 个：港前街道分会" in words(told)
    mark = re.search(r'name="mark" value="(\w{16})"', told.content.decode())
    assert mark is not None and browser.post(address, {**typed, "mark": mark[1]}).status_code == 303
    assert "湖滨区知联会 分立 · 2026-03" in words(Client().get(reverse("network:organisation", args=[cast.east.key])))
