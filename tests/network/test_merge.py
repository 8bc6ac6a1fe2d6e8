"""Merge: bodies end into another from a day on; what stood beneath them, their names and their members go over, and no day before changes."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from juzhi.access.models import Grant
from juzhi.base.consequences import Consequence, consequences
from juzhi.base.errors import Stale
from juzhi.base.facts import followers
from juzhi.journal.models import Entry
from juzhi.members import actions as members
from juzhi.members.actions import source_of
from juzhi.members.models import Membership
from juzhi.network import actions, queries
from juzhi.network.models import Lineage, Organisation, OrganisationName, Succession
from juzhi.people.models import Tie
from tests.cast import SYSTEM, TODAY, VISITOR, Cast
from tests.network.conftest import above, refusal, who_may
from tests.network.test_pages import words

DAY = date(2026, 3, 1)
EVE = DAY - timedelta(days=1)


def closure(until: date = EVE) -> list[tuple]:
    """Who stood above whom on every day until `until`."""
    rows = Lineage.objects.system("test").filter(valid_from__lte=until).values_list("ancestor__name", "descendant__name", "depth", "valid_from", "valid_to")
    return sorted((a, d, depth, since, min(to, until + timedelta(days=1))) for a, d, depth, since, to in rows)


def spells(*shorts: str, cast: Cast) -> list[tuple]:
    rows = Membership.objects.system("test").filter(person__in=[cast.persons[short] for short in shorts]).order_by("person_id", "joined_on", "pk")
    return list(rows.values_list("organisation__name", "number", "joined_on", "ended_on", "end_reason", "org_role"))


def test_promise_absorbed(cast: Cast, journal: Any) -> None:
    """West takes east in: children, names, members; east's duties end."""
    before, by = closure(), cast.by("city_clerk")
    made = actions.merge(by=by, organisations=[cast.east], successor=cast.west, on=DAY, reason="两区合并", version=1)
    east, west = cast.fresh("east"), cast.fresh("west")
    assert (made, east.dissolved_on, east.dissolved_precision, east.version, west.version) == (west, DAY, "day", 2, 2)
    assert [above(cast.harbour, day) for day in (EVE, DAY)] == [["云海市知联会", "东湖区知联会", "港前街道分会"], ["云海市知联会", "西山区知联会", "港前街道分会"]]
    assert [above(cast.future, day)[1] for day in (EVE, DAY, date(2027, 9, 1))] == ["东湖区知联会", "西山区知联会", "西山区知联会"]
    assert above(east, DAY) == ["云海市知联会", "东湖区知联会"]  # its own place stays
    assert closure() == before
    assert list(Succession.objects.system("test").values_list("predecessor__name", "successor__name", "kind", "on", "precision")) == [("东湖区知联会", "西山区知联会", "merged", DAY, "day")]
    names = OrganisationName.objects.system("test").filter(organisation=west, kind="alias")
    assert list(names.values_list("text", "valid_from", "valid_to")) == [("东湖区知联会", DAY, None)]
    assert [one.name for one in queries.nearest(VISITOR, "东湖区知联会", 9)] == ["东湖区知联会", "西山区知联会"]
    told = [(verb, reason) for verb, _by, reason in journal() if verb.startswith("network.")]
    assert told == [*[("network.move", "两区合并")] * 3, ("network.merge", "两区合并"), ("network.merge", "两区合并")]


def test_promise_founded(cast: Cast) -> None:
    made = actions.merge(by=cast.by("city_clerk"), organisations=[cast.east, cast.west], name="东西区知联会", on=DAY, precision="month", reason="合并新设")
    assert (made.founded_on, made.founded_precision, made.level, made.family.name, above(made, TODAY)) == (DAY, "month", "district", "知联会", ["云海市知联会", "东西区知联会"])
    assert str(queries.edges(VISITOR, made, TODAY).seat.area) == "东湖区"
    assert {one.name for one in queries.beneath(VISITOR, made)} == {"港前街道分会", "云塔大厦知联会", "未来分会", "果园社区知联会", "流动分会"}
    assert set(OrganisationName.objects.system("test").filter(organisation=made).values_list("text", "kind")) == {("东西区知联会", "official"), ("东湖区知联会", "alias"), ("西山区知联会", "alias")}
    told = [(row["title"], row["at"], row["text"]) for row in queries.told_history(VISITOR, made)]
    assert told == [("成立", "2026-03", "东西区知联会"), ("合并", "2026-03", "由东湖区知联会、西山区知联会并入")]
    assert [(row["title"], row["text"]) for row in queries.told_history(VISITOR, cast.fresh("east"))][-1] == ("终止", "并入东西区知联会")


def test_members_go_over(cast: Cast) -> None:
    """Each open spell ends and goes on at the successor; who is there already is not entered twice; ties follow; one line for each row."""
    members.admit(by=SYSTEM, person=cast.persons["anna"], organisation=cast.harbour, joined_on=date(2025, 1, 1), number="N-2")
    late = members.admit(by=SYSTEM, person=cast.persons["chen"], organisation=cast.tower, joined_on=date(2026, 5, 1), number="N-3", org_role="理事")
    been = members.admit(by=SYSTEM, person=cast.persons["bo"], organisation=cast.harbour, joined_on=date(2026, 3, 10))
    members.end(by=SYSTEM, membership=been, reason_code="left", ended_on=date(2026, 4, 1))
    actions.merge(by=SYSTEM, organisations=[cast.tower], successor=cast.harbour, on=DAY, reason="合并")
    assert spells("anna", cast=cast) == [("云塔大厦知联会", "N-anna", date(2019, 3, 1), DAY, "transferred", ""), ("港前街道分会", "N-2", date(2025, 1, 1), None, "", "")]
    assert spells("bo", cast=cast)[1:] == [("港前街道分会", "", date(2026, 3, 10), date(2026, 4, 1), "left", ""), ("港前街道分会", "N-bo", date(2026, 4, 1), None, "", "")]
    assert spells("chen", cast=cast)[1:] == [
        ("云塔大厦知联会", "N-3", date(2026, 5, 1), date(2026, 5, 1), "transferred", "理事"),
        ("港前街道分会", "N-3", date(2026, 5, 1), None, "", ""),
    ]
    ties = Tie.objects.system("test").filter(person=cast.persons["chen"], valid_from__lte=TODAY).exclude(valid_to__lte=TODAY)
    assert set(ties.values_list("organisation__name", "kind")) == {("果园社区知联会", "membership"), ("云塔大厦知联会", "former_membership"), ("港前街道分会", "membership")}
    assert ties.get(kind="former_membership").source == source_of(late)
    entries = Entry.objects.system("test").filter(verb="members.transfer").order_by("organisation_id")
    assert {(one.organisation_id, one.line_count) for one in entries} == {(cast.tower.pk, 3), (cast.harbour.pk, 2)}


def test_in_two_of_them_at_once_is_one_member(cast: Cast) -> None:
    members.admit(by=SYSTEM, person=cast.persons["anna"], organisation=cast.harbour, joined_on=date(2025, 1, 1))
    made = actions.merge(by=SYSTEM, organisations=[cast.harbour, cast.tower], name="港塔分会", on=DAY, reason="合并")
    open_ = Membership.objects.system("test").filter(organisation=made, end_reason="").order_by("number")
    assert list(open_.values_list("person__name", "number", "joined_on")) == [("单飞燕", "N-anna", DAY), ("张伟", "N-bo", DAY), ("张伟", "N-bo2", DAY)]


def test_duties_end_and_none_begins(cast: Cast) -> None:
    """The page names who loses what; east's staff see nothing of the successor."""
    lost = queries_of(cast, "city_clerk", cast.east)
    assert [one.title.partition("，")[0] for one in lost] == ["在会的会员那天起转到承继的组织", "这些职责随之结束"]
    assert "曾琪：东湖区知联会的组织管理" in lost[1].lines and lost[0].lines == ("东湖区知联会：1 人在会",)
    assert [one.lines for one in queries_of(cast, "plain", cast.east)] == [()]
    held = Grant.objects.system("test").exclude(valid_to__lte=TODAY)
    elsewhere = set(held.exclude(organisation=cast.east).values_list("pk", flat=True))
    actions.merge(by=cast.by("city_clerk"), organisations=[cast.east], successor=cast.west, on=DAY, reason="合并")
    assert set(held.values_list("pk", flat=True)) == elsewhere
    assert [cast.by("east_clerk").holds(duty, place.pk) for duty in ("secretary", "member_clerk") for place in (cast.east, cast.west, cast.harbour)] == [False] * 6
    assert [cast.by("city_clerk").holds("secretary", place.pk) for place in (cast.east, cast.west, cast.harbour)] == [True] * 3
    assert cast.by("west_clerk").holds("secretary", cast.harbour.pk)


def queries_of(cast: Cast, name: str, *ended: Organisation) -> list[Consequence]:
    return consequences(cast.by(name), ended)


def test_the_child_of_one_that_ends_too(cast: Cast) -> None:
    """A parent and its child go into a third: the child's own children go over, the child stays where it stood."""
    point = actions.found(by=SYSTEM, name="港角点", family=cast.families["知联会"], level="park", parent=cast.harbour, founded_on=date(2024, 6, 1))
    actions.merge(by=SYSTEM, organisations=[cast.east, cast.harbour], successor=cast.west, on=DAY, reason="合并")
    assert (above(point, DAY), above(cast.harbour, DAY)) == (["云海市知联会", "西山区知联会", "港角点"], ["云海市知联会", "东湖区知联会", "港前街道分会"])


def test_a_child_is_taken_in(cast: Cast) -> None:
    point = actions.found(by=SYSTEM, name="港角点", family=cast.families["知联会"], level="park", parent=cast.harbour, founded_on=date(2024, 6, 1))
    actions.merge(by=SYSTEM, organisations=[cast.harbour], successor=cast.east, on=DAY, reason="并入上级")
    assert [above(point, day) for day in (EVE, DAY)] == [["云海市知联会", "东湖区知联会", "港前街道分会", "港角点"], ["云海市知联会", "东湖区知联会", "港角点"]]


def test_a_superior_and_its_child_found_a_new_one_above_both(cast: Cast) -> None:
    made = actions.merge(by=SYSTEM, organisations=[cast.harbour, cast.east], name="新东湖会", on=DAY, reason="合并")
    assert (above(made, DAY), above(cast.tower, DAY)) == (["云海市知联会", "新东湖会"], ["云海市知联会", "新东湖会", "云塔大厦知联会"])


def test_what_was_over_before_stays_where_it_was(cast: Cast) -> None:
    actions.dissolve(by=SYSTEM, organisation=cast.harbour, dissolved_on=date(2025, 1, 1), reason="撤并")
    actions.merge(by=SYSTEM, organisations=[cast.east], successor=cast.west, on=DAY, reason="合并")
    assert above(cast.harbour, TODAY) == ["云海市知联会", "东湖区知联会", "港前街道分会"]


def test_taken_back_by_reopening_and_moving(cast: Cast) -> None:
    """The plain way back: no successor, no alias, and after the moves the tree of every day is as it was."""
    before = closure(TODAY)
    actions.merge(by=SYSTEM, organisations=[cast.east], successor=cast.west, on=DAY, reason="误并")
    actions.reopen(by=SYSTEM, organisation=cast.fresh("east"), reason="撤回")
    assert not Succession.objects.system("test").exists() and not OrganisationName.objects.system("test").filter(organisation=cast.west, kind="alias").exists()
    for short in ("harbour", "tower", "future"):
        actions.move(by=SYSTEM, organisation=cast.fresh(short), parent=cast.fresh("east"), valid_from=DAY, reason="撤回")
    assert closure(TODAY) == before


@pytest.mark.parametrize(
    ("ended", "values", "message", "field"),
    [
        ("east", {"reason": " "}, "请写明理由，理由会记入日志", "reason"),
        ("", {}, "请选择要并入的组织", "others"),
        ("west", {}, "组织不能并入自己，请去掉「西山区知联会」", "others"),
        ("east", {"successor": None, "name": "新会"}, "合并新设要有两个以上的组织；只有一个，又要换名称的，请用更名", "others"),
        ("east harbour", {"successor": None, "name": ""}, "请填写组织名称", "name"),
        ("east", {"precision": "unknown"}, "请写出是哪一天，至少写到年", "on"),
        ("east", {"on": date(1899, 1, 1)}, "日期早于 1900 年，请核对", "on"),
        ("east", {"on": date(2026, 11, 25)}, "那一天还没有到，请到那天再办", "on"),
        ("harbour", {"on": date(2024, 5, 6)}, "「港前街道分会」2024-05-07 才成立，请核对日期", "on"),
        ("east", {"on": date(2015, 7, 1)}, "「西山区知联会」2015-08-01 才成立，请核对日期", "on"),
        ("closed", {}, "「旧港区知联会」已于 2023-06-30 终止，不能再合并或分立", "others"),
        ("east", {"successor": "closed"}, "「旧港区知联会」已于 2023-06-30 终止，不能再合并或分立", "others"),
        ("city", {}, "「西山区知联会」自 2026-03-01 起在「云海市知联会」之下，不能承继它，否则成了循环；请先把「西山区知联会」改隶到别处", "others"),
        ("west", {"successor": "future"}, "「未来分会」自 2027-09-01 起在「西山区知联会」之下，不能承继它，否则成了循环；请先把「未来分会」改隶到别处", "others"),
        ("east", {"mark": "0123456789abcdef"}, "您看过以后，这些组织又有改动；请重新核对下面列出的后果，再确认", None),
    ],
)
def test_refusals(cast: Cast, journal: Any, ended: str, values: dict, message: str, field: str | None) -> None:
    attempt = {"by": SYSTEM, "organisations": [cast.organisations[short] for short in ended.split()], "successor": cast.west, "on": DAY, "reason": "合并", **values}
    if isinstance(attempt["successor"], str):
        attempt["successor"] = cast.organisations[attempt["successor"]]
    assert refusal(lambda: actions.merge(**attempt)) == (message, field)
    assert journal() == [] and not Succession.objects.system("test").exists()


def test_two_children_of_one_name(cast: Cast) -> None:
    actions.found(by=SYSTEM, name="港前街道分会", family=cast.families["知联会"], level="subdistrict", parent=cast.west, founded_on=date(2025, 1, 1))
    expected = ("合并以后同一上级之下会有两个「港前街道分会」，请先给其中一个更名", "others")
    assert refusal(lambda: actions.merge(by=SYSTEM, organisations=[cast.east], successor=cast.west, on=DAY, reason="合并")) == expected
    assert refusal(lambda: actions.merge(by=SYSTEM, organisations=[cast.east, cast.west], name="新会", on=DAY, reason="合并")) == expected


def test_a_name_of_one_that_ends_is_free_again(cast: Cast) -> None:
    made = actions.merge(by=SYSTEM, organisations=[cast.east, cast.west], name="东湖区知联会", on=DAY, reason="合并")
    assert OrganisationName.objects.system("test").filter(organisation=made, text="东湖区知联会").count() == 1


def test_twice_and_two_editors(cast: Cast) -> None:
    merging = {"by": SYSTEM, "organisations": [cast.east], "successor": cast.west, "on": DAY, "reason": "合并"}
    actions.correct(by=SYSTEM, organisation=cast.west, remark="核对", reason="更正")
    with pytest.raises(Stale):
        actions.merge(**merging, version=1)
    actions.merge(**merging)
    assert refusal(lambda: actions.merge(**merging)) == ("「东湖区知联会」已于 2026-03-01 终止，不能再合并或分立", "others")


def test_who_may(cast: Cast) -> None:
    """Secretary at every body involved, or above it."""
    assert who_may(cast, lambda by: actions.merge(by=by, organisations=[cast.east], successor=cast.west, on=DAY, reason="合并")) == ["city_clerk"]
    assert who_may(cast, lambda by: actions.merge(by=by, organisations=[cast.tower], successor=cast.harbour, on=DAY, reason="合并")) == ["east_clerk", "city_clerk"]
    assert who_may(cast, lambda by: actions.merge(by=by, organisations=[cast.tower, cast.harbour], name="新会", on=DAY, reason="合并")) == ["east_clerk", "city_clerk"]
    assert who_may(cast, lambda by: actions.merge(by=by, organisations=[cast.tower], successor=cast.lone, on=DAY, reason="合并")) == []
    assert {str(one.__name__) for one in followers("organisations_merged")} == {"end_duties", "carry_over"}


def test_the_page_tells_before_it_does(cast: Cast, signed_in: Callable[[str], Client]) -> None:
    """Two steps; a plan that changed in between is shown anew and nothing is done; what was typed stays."""
    browser, address = signed_in("city_clerk"), reverse("network:merge", args=[cast.west.key])
    first = browser.get(address)
    assert "看看会怎样" in words(first) and "东湖区知联会 · 区级" in words(first)
    typed = {"others": [cast.east.key], "other": "", "into": "here", "name": "", "level": "", "on": "2026-03-01", "reason": "两区合并", "version": "1", "mark": ""}
    told = browser.post(address, typed)
    assert told.status_code == 200 and cast.fresh("east").dissolved_on is None
    text = words(told)
    assert "确认合并" in text and "3 个：港前街道分会、未来分会、云塔大厦知联会" in text and "东湖区知联会：1 人在会" in text and "曾琪：东湖区知联会的组织管理" in text
    mark = re.search(r'name="mark" value="(\w{16})"', told.content.decode())
    assert mark is not None
    actions.move(by=SYSTEM, organisation=cast.tower, parent=cast.city, valid_from=DAY, reason="改隶")
    again = browser.post(address, {**typed, "mark": mark[1]})
    assert again.status_code == 422 and "您看过以后，这些组织又有改动" in words(again) and cast.fresh("east").dissolved_on is None
    shown = re.search(r'name="mark" value="(\w{16})"', again.content.decode())
    assert shown is not None and shown[1] != mark[1] and "2 个：港前街道分会、未来分会" in words(again)
    assert browser.post(address, {**typed, "mark": shown[1]}).status_code == 303
    assert cast.fresh("east").dissolved_on == DAY
    ended = words(Client().get(reverse("network:organisation", args=[cast.east.key])))
    assert "它已于 2026-03-01 终止" in ended and "并入 西山区知联会" in ended and "承继组织 西山区知联会 合并 · 2026-03-01" in ended
    assert "由来 东湖区知联会 合并 · 2026-03-01" in words(Client().get(reverse("network:organisation", args=[cast.west.key])))
    assert "由来" not in words(Client().get(reverse("network:organisation", args=[cast.west.key]), {"as_of": "2026-02"}))


def test_the_page_refuses_in_words(cast: Cast, signed_in: Callable[[str], Client]) -> None:
    browser, address = signed_in("east_clerk"), reverse("network:merge", args=[cast.harbour.key])
    typed = {"others": [], "other": cast.orchard.name, "into": "here", "name": "", "level": "", "on": "2026-03-01", "reason": "合并", "version": "1", "mark": ""}
    mark = re.search(r'name="mark" value="(\w{16})"', browser.post(address, typed).content.decode())
    assert mark is not None
    answer = browser.post(address, {**typed, "mark": mark[1]})
    assert answer.status_code == 422 and "您在这里没有：果园社区知联会" in words(answer)
    for wrong, said in (({"other": ""}, "请选择要并入的组织"), ({"on": "不详"}, "请写出是哪一天，至少写到年"), ({"on": "2030"}, "那一天还没有到"), ({"into": "new"}, "请填写新组织的名称")):
        answer = browser.post(address, {**typed, **wrong})
        assert answer.status_code == 422 and said in words(answer), wrong
