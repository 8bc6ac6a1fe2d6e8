"""An entry as an auditor reads it who is no engineer: who, what, on which thing, from what to what, and why; in words, within the reader's rights."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from juzhi.access import actions as access
from juzhi.journal import queries
from juzhi.journal.queries import Change
from juzhi.members import actions as members
from juzhi.network import actions as network
from juzhi.people import actions as people
from tests.cast import SYSTEM, Cast


@pytest.fixture(autouse=True)
def static_folder(settings: LazySettings) -> None:
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)


def rows(cast: Cast, reader: str, place: str, verb: str) -> list[Any]:
    by = cast.by(reader)
    found = queries.page(by, queries.entries_of_organisation(by, cast.organisations[place].key), 1).object_list
    return [row for row in found if row.entry.verb == verb]


def changes(row: Any) -> dict[str, tuple[Any, Any]]:
    return {one.label: (one.before, one.after) for one in row.changes}


def test_choices_days_and_other_things_are_told_in_words(cast: Cast) -> None:
    values = {"level": "park", "legal_form": "branch", "founded_on": date(2018, 1, 1), "founded_precision": "year", "family": cast.families["新联会"]}
    network.correct(by=cast.by("east_clerk"), organisation=cast.tower, reason="批文 12 号", **values)
    (row,) = rows(cast, "auditor", "tower", "network.correct")
    assert (row.actor, row.verb, row.thing, row.reason) == ("曾琪", "更正组织", "组织", "批文 12 号")
    assert (row.name.words, row.name.href) == ("云塔大厦知联会", f"/organisations/{cast.tower.key}/")
    assert row.place == (cast.tower.key, "云塔大厦知联会")
    assert changes(row) == {
        "层级": ("楼宇", "园区"),
        "法律形式": ("未详", "分支机构"),
        "成立时间": ("2018-04-10", "2018"),
        "组织类别": ("知联会", "新联会"),
    }


def test_the_auditor_reads_what_was_moved_where(cast: Cast) -> None:
    network.move(by=SYSTEM, organisation=cast.tower, parent=cast.west, valid_from=date(2026, 11, 1), reason="区划调整")
    (row,) = rows(cast, "city_clerk", "tower", "network.move")
    assert (row.actor, changes(row)) == ("系统（tests）", {"上级组织": ("东湖区知联会", "西山区知联会"), "起": (None, "2026-11-01")})


def test_the_auditor_reads_who_was_given_which_duty(cast: Cast) -> None:
    access.grant(by=cast.by("east_clerk"), account=cast.accounts["anna"], duty="statistician", organisation=cast.tower, reach="subtree", purpose="年检")
    (row,) = rows(cast, "auditor", "tower", "access.grant")
    assert (row.actor, row.verb, row.name.words, row.name.href, row.reason) == ("曾琪", "授权", "单飞燕", f"/access/{cast.tower.key}/", "年检")
    assert changes(row) == {"职责": (None, "统计"), "范围": (None, "含下级")}


def test_an_attempt_names_whom_and_what(cast: Cast) -> None:
    access.note_attempt(by=cast.by("east_clerk"), account=cast.accounts["auditor"], duty="auditor", organisation=cast.tower, reach="own")
    (row,) = rows(cast, "auditor", "tower", "access.note_attempt")
    assert (row.actor, row.verb) == ("曾琪", "授权未成：越权")
    assert changes(row) == {"账号": (None, "auditor某"), "职责": ("", "审计"), "范围": ("", "仅本级")}


def test_what_the_reader_may_not_know_stays_so(cast: Cast) -> None:
    """The auditor sees that a person was corrected, and by an account of this end; the clerk sees whom, and what."""
    access.grant(by=SYSTEM, account=cast.accounts["bo"], duty="member_clerk", organisation=cast.east, reach="subtree", purpose="代办", valid_to=date(2026, 11, 25))
    people.correct(by=cast.by("east_clerk"), person=cast.persons["anna"], title="教授", born_on=date(1980, 5, 1), born_precision="month", reason="本人来电")
    (seen,) = rows(cast, "auditor", "tower", "people.correct")
    assert (seen.name.words, seen.name.href, seen.reason) == (f"编号末四位 {cast.persons['anna'].key[-4:]}", "", "")
    assert {one.state for one in seen.changes} == {"hidden"}
    access.grant(by=SYSTEM, account=cast.accounts["double"], duty="secretary", organisation=cast.tower)
    access.grant(by=SYSTEM, account=cast.accounts["double"], duty="member_clerk", organisation=cast.tower)
    (row,) = rows(cast, "double", "tower", "people.correct")
    assert (row.name.words, row.name.href, row.reason) == ("单飞燕", f"/people/{cast.persons['anna'].key}/", "本人来电")
    assert row.actor == f"账号 {cast.accounts['east_clerk'].key[-4:]}"  # whose duty stands elsewhere
    assert set(row.changes) == {Change("出生日期", "shown", None, "1980-05"), Change("职称", "shown", "", "教授")}


def test_contacts_are_masked_here_too(cast: Cast) -> None:
    """In full they are read by revealing them, which leaves a disclosure that the person sees; reading the journal leaves none."""
    people.change_contacts(by=cast.by("east_clerk"), person=cast.persons["anna"], mobiles="19900040001、19900040002", email="new@example.org")
    access.grant(by=SYSTEM, account=cast.accounts["east_clerk"], duty="auditor", organisation=cast.east, reach="subtree")
    (row,) = rows(cast, "east_clerk", "tower", "people.change_contacts")
    before, after = changes(row)["联系方式"]
    assert after == "199****0001、199****0002、n***@example.org"
    assert re.search(r"199\d{8}", before) is None and "****" in before


def test_a_day_that_was_unknown_is_told_as_unknown(cast: Cast) -> None:
    spell = members.admit(by=SYSTEM, person=cast.persons["plain"], organisation=cast.tower, joined_on=date(2026, 11, 24), joined_precision="unknown")
    members.correct(by=cast.by("east_clerk"), membership=spell, joined_on=date(2026, 1, 31), joined_precision="day", reason="对照批文")
    access.grant(by=SYSTEM, account=cast.accounts["east_clerk"], duty="auditor", organisation=cast.east, reach="subtree")
    (row,) = rows(cast, "east_clerk", "tower", "members.correct")
    assert changes(row) == {"入会时间": ("未详", "2026-01-31")}


def test_spells_and_forgotten_things(cast: Cast) -> None:
    members.end(by=cast.by("east_clerk"), membership=cast.memberships["anna"], ended_on=date(2026, 11, 1), reason_code="left", reason="退会")
    access.grant(by=SYSTEM, account=cast.accounts["east_clerk"], duty="auditor", organisation=cast.east, reach="subtree")
    (row,) = rows(cast, "east_clerk", "tower", "members.end")
    assert (row.thing, row.name.words, row.name.href) == ("会籍", "单飞燕", f"/members/{cast.tower.key}/{cast.memberships['anna'].key}/")
    assert changes(row) == {"离会时间": (None, "2026-11-01"), "离会原因": ("", "退会")}


def test_no_page_shows_a_raw_value(cast: Cast) -> None:
    access.grant(by=cast.by("east_clerk"), account=cast.accounts["anna"], duty="statistician", organisation=cast.tower, reach="subtree")
    network.correct(by=cast.by("east_clerk"), organisation=cast.tower, level="park", reason="核对")
    browser = Client()
    browser.force_login(cast.accounts["auditor"], backend="allauth.account.auth_backends.AuthenticationBackend")
    page = browser.get(f"/journal/organisations/{cast.tower.key}/").content.decode().partition("<main")[2]
    assert "<h1>云塔大厦知联会的变更记录</h1>" in page
    shown = re.sub(r'href="[^"]*"', "", page)
    assert [raw for raw in ("statistician", "subtree", ">park<", "building", "network.", cast.accounts["east_clerk"].key) if raw in shown] == []
    assert ["统计" in page, "含下级" in page, "楼宇" in page, "曾琪" in page] == [True, True, True, True]
    thing = browser.get(f"/journal/things/network.organisation/{cast.tower.key}/").content.decode()
    assert "组织「云塔大厦知联会」的变更记录" in thing


def test_every_model_has_a_word(cast: Cast) -> None:
    from django.apps import apps

    kinds = [model._meta.label_lower for model in apps.get_models() if model.__module__.startswith("juzhi.")]
    assert [kind for kind in kinds if queries.kind_label(kind).isascii()] == []


def test_the_page_asks_no_more_for_many(cast: Cast) -> None:
    by = cast.by("auditor")

    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            queries.page(by, queries.entries_of_organisation(by, cast.tower.key), 1)
        return len(found)

    access.grant(by=cast.by("east_clerk"), account=cast.accounts["anna"], duty="statistician", organisation=cast.tower)
    network.correct(by=cast.by("east_clerk"), organisation=cast.tower, level="park", reason="核对")
    asked()
    one = asked()
    for name in ("bo", "plain", "double"):
        access.grant(by=SYSTEM, account=cast.accounts[name], duty="auditor", organisation=cast.tower)
        network.correct(by=cast.by("east_clerk"), organisation=cast.tower, remark=name, reason="核对")
    assert asked() == one


def test_the_protection_contact_reads_of_what_concerns_persons_only(cast: Cast) -> None:
    access.grant(by=SYSTEM, account=cast.accounts["protection"], duty="protection_contact", organisation=cast.tower)
    people.reveal(by=cast.by("east_clerk"), person=cast.persons["anna"])
    network.correct(by=cast.by("east_clerk"), organisation=cast.tower, level="park", reason="核对")
    by = cast.by("protection")
    found = queries.page(by, queries.entries_of_organisation(by, cast.tower.key), 1).object_list
    assert [(row.verb, row.actor, changes(row)) for row in found] == [("查看或导出联系方式", "曾琪", {"栏目": (None, "手机、邮箱")})]
    browser = Client()
    browser.force_login(cast.accounts["protection"], backend="allauth.account.auth_backends.AuthenticationBackend")
    assert browser.get(f"/journal/organisations/{cast.tower.key}/").status_code == 200
    assert browser.get(f"/journal/organisations/{cast.orchard.key}/").status_code == 404
    assert browser.get(f"/journal/things/network.organisation/{cast.tower.key}/").status_code == 404
