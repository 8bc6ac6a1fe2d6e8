"""Many at once: an import of persons or organisations, and its undoing, leave the entries true; and what was brought is found at once."""

from __future__ import annotations

from juzhi.imports import actions
from juzhi.people import queries
from tests.cast import SYSTEM, Cast
from tests.imports.office import mixed, planned, workbook
from tests.imports.test_undo import PEOPLE, written
from tests.search.test_truth import WELL, settled, untrue


def test_a_roster_and_its_undoing(cast: Cast) -> None:
    settled()
    batch = written(cast, *PEOPLE)
    assert untrue() == WELL
    assert [len(queries.found_by_words(cast.by("east_clerk"), words).ids) for words in ("云塔科技", "he", "h0q", "0301")] == [4, 4, 1, 1]
    actions.undo(by=cast.by("east_clerk"), batch=batch, reason="导错了")
    assert untrue() == WELL
    assert queries.found_by_words(cast.by("east_clerk"), "云塔科技").ids == []


def test_rows_of_every_sort(cast: Cast) -> None:
    settled()
    by = cast.by("east_clerk")
    batch = planned(by, mixed(), cast.tower)
    actions.settle(by=by, batch=batch, everything="same")
    actions.commit(by=by, batch=batch)
    assert untrue() == WELL
    actions.undo(by=by, batch=batch, reason="导错了")
    assert untrue() == WELL


def test_a_list_of_organisations_and_its_undoing(cast: Cast) -> None:
    settled()
    data = workbook([["组织名称", "组织类别", "层级", "上级组织", "别名"], ["石桥分会", "知联会", "社区", "东湖区知联会", "石桥"], ["月湖分会", "知联会", "社区", "东湖区知联会", ""]])
    batch = planned(SYSTEM, data, None, kind="orgs")
    actions.commit(by=SYSTEM, batch=batch)
    assert untrue() == WELL
    actions.undo(by=SYSTEM, batch=batch, reason="导错了")
    assert untrue() == WELL
