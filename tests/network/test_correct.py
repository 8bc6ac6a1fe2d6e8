"""Correct: what was entered wrongly, so that the past was otherwise."""

from __future__ import annotations

from datetime import date

import pytest

from juzhi.base.errors import Stale
from juzhi.journal.models import Entry
from juzhi.journal.queries import rows as journal_rows
from juzhi.network import actions, queries
from tests.cast import SYSTEM, TODAY, VISITOR, Cast
from tests.network.conftest import refusal, who_may


def test_the_past_changes_with_it(cast: Cast, journal) -> None:
    by = cast.by("east_clerk")
    before = queries.tree(VISITOR, date(2024, 5, 1)).count
    actions.correct(by=by, organisation=cast.harbour, founded_on=date(2024, 4, 1), founded_precision="month", remark="核对过", reason="批文", version=1)
    found = cast.fresh("harbour")
    assert (found.founded_on, found.founded_precision, found.remark, found.version) == (date(2024, 4, 1), "month", "核对过", 2)
    assert queries.tree(VISITOR, date(2024, 5, 1)).count == before + 1
    assert journal() == [("network.correct", by.key, "批文")]


@pytest.mark.parametrize(
    ("short", "values", "message", "field"),
    [
        ("harbour", {"remark": "", "level": "subdistrict"}, "没有任何改动", None),
        ("harbour", {}, "没有任何改动", None),
        ("harbour", {"name": "新名", "key": "x"}, "这些栏目不能在这里更正：key、name", None),
        ("harbour", {"remark": "核对", "reason": ""}, "请写明理由，理由会记入日志", "reason"),
        ("harbour", {"founded_on": date(1899, 1, 1)}, "成立时间早于 1900 年，请核对", "founded_on"),
        ("harbour", {"founded_on": date(2028, 1, 1)}, "成立时间在一年以后，请核对", "founded_on"),
        ("closed", {"founded_on": date(2023, 7, 1)}, "成立时间晚于终止时间", "founded_on"),
        ("harbour", {"remark": "长" * 400}, "「备注」太长：有 400 个字，最多 300 个字，请缩短后再提交", "remark"),
    ],
)
def test_refusals(cast: Cast, journal, short: str, values: dict, message: str, field: str | None) -> None:
    assert refusal(lambda: actions.correct(**{"by": SYSTEM, "organisation": cast.organisations[short], "reason": "更正", **values})) == (message, field)
    assert (cast.fresh(short).version, journal()) == (cast.organisations[short].version, [])


def test_a_founding_after_a_later_name_began(cast: Cast) -> None:
    """The first name holds since ever; a later one must not begin before there was a body to bear it."""
    actions.rename(by=SYSTEM, organisation=cast.harbour, name="港湾街道分会", valid_from=date(2025, 3, 10), reason="改名")
    attempt = {"by": SYSTEM, "organisation": cast.harbour, "reason": "更正"}
    said = refusal(lambda: actions.correct(**attempt, founded_on=date(2025, 3, 11)))
    assert said == ("成立时间（2025-03-11）晚于名称「港湾街道分会」的起用日期（2025-03-10），请核对成立时间", "founded_on")
    actions.correct(**attempt, founded_on=date(2025, 3, 1), founded_precision="month")
    actions.correct(**attempt, founded_on=TODAY, founded_precision="unknown")
    actions.correct(**attempt, remark="核对过")


def told(organisation) -> list[tuple[str, object, object]]:
    """The newest entry about it, as the journal tells it to a reader with the right."""
    entry = Entry.objects.system("test").filter(thing_key=organisation.key).order_by("-pk").first()
    return [(one.label, one.before, one.after) for one in journal_rows(SYSTEM, [entry])[0].changes]


def test_the_journal_tells_a_day_no_finer_than_it_is_known(cast: Cast) -> None:
    attempt = {"by": SYSTEM, "organisation": cast.harbour, "reason": "更正"}
    actions.correct(**attempt, founded_on=date(2024, 5, 1), founded_precision="month")
    assert told(cast.harbour) == [("成立时间", "2024-05-07", "2024-05")]
    actions.correct(**attempt, founded_on=date(2024, 1, 1), founded_precision="year")
    assert told(cast.harbour) == [("成立时间", "2024-05", "2024")]
    actions.correct(**attempt, founded_on=TODAY, founded_precision="unknown")
    assert told(cast.harbour) == [("成立时间", "2024", None)]


def test_a_founding_of_another_day(cast: Cast) -> None:
    founding = actions.register_founding(by=SYSTEM, organisation=cast.east, title="成立大会", on=date(2020, 1, 1))
    said = refusal(lambda: actions.correct(by=SYSTEM, organisation=cast.harbour, founding=founding, reason="并入"))
    assert said == ("成立时间（2024-05-07）与所选成立事项的日期（2020-01-01）对不上，请核对", "founded_on")
    actions.correct(by=SYSTEM, organisation=cast.harbour, founding=founding, founded_on=date(2020, 1, 1), reason="并入")
    assert cast.fresh("harbour").founding == founding


def test_twice(cast: Cast) -> None:
    actions.correct(by=SYSTEM, organisation=cast.harbour, remark="核对过", reason="更正")
    assert refusal(lambda: actions.correct(by=SYSTEM, organisation=cast.harbour, remark="核对过", reason="更正")) == ("没有任何改动", None)


def test_two_editors_are_told_field_by_field(cast: Cast) -> None:
    actions.correct(by=SYSTEM, organisation=cast.harbour, level="park", family=cast.families["新联会"], reason="更正", version=1)
    with pytest.raises(Stale) as stale:
        values = {"level": "community", "family": cast.families["知联会"], "founded_on": date(2024, 5, 8), "remark": "核对"}
        actions.correct(by=SYSTEM, organisation=cast.harbour, reason="更正", version=1, **values)
    assert stale.value.details == [
        ("层级", "社区", "园区"),
        ("组织类别", "知联会", "新联会"),
        ("成立时间", "2024-05-08", "2024-05-07"),
        ("备注", "核对", ""),
    ]
    assert cast.fresh("harbour").remark == ""


def test_who_may(cast: Cast) -> None:
    assert who_may(cast, lambda by: actions.correct(by=by, organisation=cast.harbour, remark="核对", reason="更正")) == ["east_clerk", "city_clerk"]


def test_a_body_founded_before_its_parent_shows_the_parent(cast: Cast) -> None:
    """A parent that is younger than its child is in the tree of the days between, as not founded yet."""
    actions.correct(by=SYSTEM, organisation=cast.harbour, founded_on=date(2012, 1, 1), reason="更正")
    day = date(2012, 6, 1)
    top = queries.roots(VISITOR, day)
    assert [(node.name, node.count, node.is_standing, node.is_early, node.note) for node in top] == [("云海市知联会", 1, False, True, "当时尚未成立")]
    assert [node.name for node in queries.children(VISITOR, cast.east, day)] == ["港前街道分会"]
    assert queries.tree(VISITOR, day).count == 1
    assert queries.tree(VISITOR, TODAY).count == 9
