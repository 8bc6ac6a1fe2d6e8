"""A row that says a member left or died ends the membership as the verb does: told before, dated as far as known, taken back whole."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from juzhi.imports import actions, queries
from juzhi.imports.models import Batch
from juzhi.journal.models import Entry
from juzhi.members import actions as members
from juzhi.members.models import AdmissionBatch, EndReason, Membership
from juzhi.members.queries import state_words
from juzhi.network import actions as network
from juzhi.network.models import Organisation, OrganisationContact
from juzhi.people import actions as people
from juzhi.people.models import Person, Tie
from tests.cast import NOW, SYSTEM, Cast
from tests.imports.office import fresh, planned, roster, rows_of, ways, workbook
from tests.imports.test_undo import everything, kept

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


def member(cast: Cast, name: str, mobile: str, joined: date = date(2024, 1, 5)) -> Membership:
    person = people.enter(by=SYSTEM, name=name, mobiles=(mobile,), source="test", organisation_id=cast.tower.pk)
    return members.admit(by=SYSTEM, person=person, organisation=cast.tower, joined_on=joined)


def told(batch: Batch, cast: Cast) -> list[str]:
    return ["；".join(shown.warnings) for shown in queries.screen(cast.by("east_clerk"), batch, "update").rows]


@pytest.fixture
def three(cast: Cast) -> list[Membership]:
    return [member(cast, name, f"1990000080{number}") for number, name in enumerate(("何清", "蒋明", "孙悦"))]


ROWS = (
    {"姓名": "何清", "手机": "19900000800", "备注": "2025年3月退会"},
    {"姓名": "蒋明（已故）", "手机": "19900000801", "备注": "2025-04-05去世"},
    {"姓名": "孙悦", "手机": "19900000802", "备注": "已退会"},
)


def test_it_is_told_before_and_done_as_the_verb_does_it(cast: Cast, three: list[Membership]) -> None:
    by = cast.by("east_clerk")
    batch = planned(by, roster(*ROWS), cast.tower)
    assert [way[1] for way in ways(batch)] == ["update"] * 3
    assert told(batch, cast) == ["会结束这段会籍：退会、2025-03", "会结束这段会籍，并登记去世：去世、2025-04-05", "会结束这段会籍：退会、未详"]
    actions.commit(by=by, batch=batch)
    spells = Membership.objects.system("test").select_related("person").in_bulk([one.pk for one in three])
    assert [(str(one.ended_on), one.ended_precision, one.end_reason) for one in (spells[each.pk] for each in three)] == [
        ("2025-03-01", "month", "left"),
        ("2025-04-05", "day", "deceased"),
        ("None", "unknown", "left"),
    ]
    died = spells[three[1].pk].person
    assert (str(died.deceased_on), died.deceased_precision) == ("2025-04-05", "day")
    verbs = list(Entry.objects.system("test").filter(batch_key=batch.key).order_by("pk").values_list("verb", flat=True))
    assert verbs.count("members.end") == 3
    assert Entry.objects.system("test").filter(verb="people.mark_deceased", thing_key=died.key).count() == 1
    ties = Tie.objects.system("test").filter(source=members.source_of(three[0])).order_by("pk").values_list("kind", "valid_from", "valid_to")
    assert list(ties) == [("membership", date(2024, 1, 5), TODAY), ("former_membership", TODAY, TODAY + members.RETENTION)]
    shown = queries.screen(by, fresh(batch), "update").rows
    assert [(one.became.label, one.became.facts) for one in shown if one.became] == [(name, ("更新：离会",)) for name in ("何清", "蒋明", "孙悦")]


def test_it_is_taken_back_whole(cast: Cast, three: list[Membership]) -> None:
    by, before = cast.by("east_clerk"), everything()
    batch = actions.commit(by=by, batch=planned(by, roster(*ROWS), cast.tower))
    assert everything() != before
    actions.undo(by=by, batch=batch, reason="看错了")
    assert (everything(), kept(batch)) == (before, [])


def test_again_it_says_nothing_new(cast: Cast, three: list[Membership]) -> None:
    by = cast.by("east_clerk")
    actions.commit(by=by, batch=planned(by, roster(*ROWS), cast.tower))
    assert [way[1] for way in ways(planned(by, roster(*ROWS), cast.tower))] == ["same"] * 3
    assert [way[1] for way in ways(planned(by, roster({"姓名": "何清", "手机": "19900000800"}), cast.tower))] == ["suspect"]  # an old list brings nobody back unasked


@pytest.mark.parametrize(("remark", "reason"), [("2023-12退会", "ended_before"), ("2099-01退会", "future_date"), ("2024年退会", "ended_before")])
def test_days_that_cannot_be_are_refused_before(cast: Cast, three: list[Membership], remark: str, reason: str) -> None:
    batch = planned(cast.by("east_clerk"), roster({"姓名": "何清", "手机": "19900000800", "备注": remark}), cast.tower)
    assert [(row.action, row.reason) for row in rows_of(batch)] == [("refuse", reason)]


def test_what_was_edited_since_keeps_its_end(cast: Cast, three: list[Membership]) -> None:
    by = cast.by("east_clerk")
    batch = actions.commit(by=by, batch=planned(by, roster(*ROWS), cast.tower))
    members.correct(by=SYSTEM, membership=Membership.objects.system("test").get(pk=three[0].pk), org_role="理事", reason="补记")
    actions.undo(by=by, batch=batch, reason="看错了")
    assert kept(batch) == [(3, "导入之后有人改过")]
    spells = Membership.objects.system("test").in_bulk([one.pk for one in three])
    assert [spells[one.pk].end_reason for one in three] == ["left", "", ""]
    shown = queries.screen(by, fresh(batch), "update").rows[0]
    assert shown.became is not None
    assert shown.href == f"/members/organisations/{cast.tower.key}/{three[0].key}/" or three[0].key in shown.href  # where it can be put right by hand


def test_somebody_known_elsewhere_who_died(cast: Cast) -> None:
    """A suspect settled as the same is marked as deceased too, and lives again when the import is taken back."""
    person = people.enter(by=SYSTEM, name="何清", mobiles=("19900000810",), source="test", organisation_id=cast.harbour.pk)
    members.admit(by=SYSTEM, person=person, organisation=cast.harbour, joined_on=date(2024, 6, 1))
    by, before = cast.by("east_clerk"), everything()
    batch = planned(by, roster({"姓名": "何清", "手机": "19900000810", "备注": "2025年5月去世"}), cast.tower)
    assert [way[1] for way in ways(batch)] == ["suspect"]
    actions.settle(by=by, batch=batch, everything="same")
    actions.commit(by=by, batch=batch)
    died = Person.objects.system("test").get(pk=person.pk)
    assert (str(died.deceased_on), died.deceased_precision) == ("2025-05-01", "month")
    actions.undo(by=by, batch=batch, reason="弄错了人")
    assert (everything(), kept(batch)) == (before, [])


def test_number_and_batch_are_taken_over_and_given_back(cast: Cast, three: list[Membership]) -> None:
    by, before = cast.by("east_clerk"), everything()
    head = ("姓名", "手机", "会员号", "入会批次", "入会时间")
    data = roster(*({"姓名": name, "手机": f"1990000080{n}", "会员号": f"A{n}", "入会批次": "首批", "入会时间": day} for n, (name, day) in enumerate([("何清", "2024-01"), ("蒋明", "2024-01-05"), ("孙悦", "")])), head=head)
    batch = actions.commit(by=by, batch=planned(by, data, cast.tower, "batch"))
    spells = Membership.objects.system("test").select_related("batch").in_bulk([one.pk for one in three])
    assert [(spells[one.pk].number, str(spells[one.pk].batch)) for one in three] == [("A0", "第1批"), ("A1", "第1批"), ("A2", "第1批")]
    actions.undo(by=by, batch=batch, reason="看错了")
    assert (everything(), kept(batch), AdmissionBatch.objects.system("test").count()) == (before, [], 0)


def test_every_state_has_its_reason_and_words() -> None:
    from juzhi.members.actions.matching import ENDS
    from juzhi.members.imports import STATES

    assert {*STATES.values()} - {"active"} <= {*ENDS}
    assert {*ENDS.values()} == {*EndReason.values}
    spell: Any = Membership(end_reason="left")
    assert state_words(spell) == "已离会（退会）"


def test_an_organisation_that_ended_is_told_before_and_stands_again_after_undo(cast: Cast) -> None:
    """A dissolution is taken back with its batch, as everything else of the row."""
    by = cast.by("east_clerk")
    body = network.found(by=SYSTEM, name="云湾社区知联会", family=cast.families["知联会"], level="community", parent=cast.east, founded_on=date(2020, 5, 1))
    data = workbook([["组织名称", "组织类别", "层级", "上级组织", "状态", "终止时间", "联系电话"], ["云湾社区知联会", "知联会", "街道", "东湖区知联会", "2025-03 终止", "", "19900000901"]])
    batch = planned(by, data, cast.east, "orgs")
    assert told(batch, cast) == ["会登记这个组织终止：2025-03"]
    actions.commit(by=by, batch=batch)
    body.refresh_from_db(from_queryset=Organisation.objects.system("test"))
    assert (body.level, str(body.dissolved_on), body.dissolved_precision) == ("subdistrict", "2025-03-01", "month")
    shown = queries.screen(by, fresh(batch), "update").rows[0]
    assert shown.became is not None and shown.became.facts == ("更新：层级、联系电话、终止时间",)
    actions.undo(by=by, batch=batch, reason="看错了")
    body.refresh_from_db(from_queryset=Organisation.objects.system("test"))
    assert (body.level, body.dissolved_on, kept(batch)) == ("community", None, [])
    assert not OrganisationContact.objects.system("test").filter(organisation=body).exists()
    assert body.key in queries.screen(by, fresh(batch), "update").rows[0].href
