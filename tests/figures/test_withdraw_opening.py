"""`figures.withdraw_opening`: entered wrongly, the row stays, with the reason, and is told no more as standing."""

from __future__ import annotations

import pytest

from juzhi.base.errors import Forbidden, Refused
from juzhi.figures import actions, queries
from juzhi.figures.queries import Narrowing, Node
from juzhi.journal.models import Entry
from juzhi.members.figures import MEMBERS
from tests.cast import SYSTEM, TODAY, Cast
from tests.figures.conftest import signed_in
from tests.figures.test_record_opening import recorded

pytestmark = pytest.mark.usefixtures("clock")


def test_it_stays_with_its_reason(cast: Cast) -> None:
    made = recorded(cast)
    figure = queries.evaluate(SYSTEM, MEMBERS, Node("organisation", cast.city), TODAY, Narrowing())
    assert [one.balance for one in queries.openings_of(SYSTEM, figure)] == [made]
    held = actions.withdraw_opening(by=SYSTEM, opening=made, reason="年份错了")
    assert (held.withdrawn_on, held.why) == (SYSTEM.today, "年份错了")
    assert queries.openings_of(SYSTEM, figure) == [] and queries.opening(SYSTEM, made.key) == made
    assert Entry.objects.system("test").get(verb="figures.withdraw_opening").reason == "年份错了"
    with pytest.raises(Refused, match="已经撤回"):
        actions.withdraw_opening(by=SYSTEM, opening=made, reason="再撤")


def test_who_may_not_and_without_a_reason(cast: Cast) -> None:
    made = recorded(cast)
    with pytest.raises(Forbidden):
        actions.withdraw_opening(by=cast.by("west_clerk"), opening=made, reason="x")
    with pytest.raises(Refused) as refused:
        actions.withdraw_opening(by=SYSTEM, opening=made, reason=" ")
    assert refused.value.field == "reason"


def test_the_page(cast: Cast) -> None:
    made = recorded(cast)
    secretary = signed_in(cast, "city_clerk")
    here = f"/figures/openings/{made.key}/"
    assert "撤回" in secretary.get(here).content.decode()
    assert secretary.post(f"{here}withdraw_opening/", {"reason": "年份错了"}).status_code == 303
    page = secretary.get(here).content.decode()
    assert "已撤回" in page and "年份错了" in page
    again = secretary.post(f"{here}withdraw_opening/", {"reason": "再撤一次"})
    assert again.status_code == 422 and "已经撤回了" in again.content.decode()
