"""`figures.explain`: one sentence, said once, read by everybody."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from juzhi.base.errors import Forbidden, Refused
from juzhi.figures import actions
from juzhi.figures.models import Restatement
from juzhi.journal.models import Entry
from juzhi.members import actions as members
from juzhi.members.figures import MEMBERS
from tests.cast import SYSTEM, VISITOR, Cast
from tests.figures.conftest import asked, signed_in, teller

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def restated(cast: Cast) -> Restatement:
    actions.publish(by=SYSTEM, figure=asked(cast, MEMBERS, "city", date(2026, 10, 31)))
    members.correct(by=SYSTEM, membership=cast.memberships["bo"], joined_on=date(2026, 11, 2), reason="对照批文")
    return actions.restate(by=SYSTEM)[0]  # type: ignore[no-any-return]


def test_said_once(cast: Cast, restated: Restatement) -> None:
    by = teller(cast, "city")
    said = actions.explain(by=by, restatement=restated, why=" 一人的入会时间原来登记早了 ")
    assert (said.why, said.explained_by, said.explained_at) == ("一人的入会时间原来登记早了", by.key, by.at)
    with pytest.raises(Refused) as refused:
        actions.explain(by=by, restatement=restated, why="换个说法")
    assert refused.value.message == "已经说明过了，不能再改"
    assert Entry.objects.system("test").filter(verb="figures.explain", thing_key=restated.reading.key).count() == 1


@pytest.mark.parametrize(("why", "message"), [("  ", "请用一句话写明为什么这个数变了，大家都会看到"), ("好" * 301, "「说明」太长：有 301 个字，最多 300 个字，请缩短后再提交"), ("一\n二", "「说明」只能写一行，请去掉换行和制表符")])
def test_refusals(cast: Cast, restated: Restatement, why: str, message: str) -> None:
    with pytest.raises(Refused) as refused:
        actions.explain(by=teller(cast, "city"), restatement=restated, why=why)
    assert (refused.value.message, refused.value.field) == (message, "why")


def test_who_may_not(cast: Cast, restated: Restatement) -> None:
    for by in (VISITOR, *(cast.by(name) for name in ("publisher", "city_clerk", "anna", "auditor"))):
        with pytest.raises(Forbidden):
            actions.explain(by=by, restatement=restated, why="不该")


def test_the_page(cast: Cast, restated: Restatement) -> None:
    teller(cast, "city")
    address, reading = f"/figures/restatements/{restated.key}/explain/", f"/figures/readings/{restated.reading.key}/"
    browser = signed_in(cast, "plain")
    assert address in browser.get(reading).content.decode()
    assert address not in Client().get(reading).content.decode()
    assert "由有「发布」职责、能发布这个数的人来说明" in signed_in(cast, "publisher").get(address).content.decode()
    lost = browser.post(address, {"why": ""})
    assert lost.status_code == 422 and "请用一句话写明" in lost.content.decode()
    answer = browser.post(address, {"why": "一人的入会时间原来登记早了"})
    assert (answer.status_code, answer["Location"]) == (303, reading)
    assert "一人的入会时间原来登记早了" in Client().get(reading).content.decode()
    assert "已经说明过了" in browser.get(address).content.decode()
    assert browser.get("/figures/restatements/zzzzzzzzzzzz/explain/").status_code == 404
