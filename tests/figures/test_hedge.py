"""A published number and how public texts say it: the wording is computed, checked, kept, and told when it no longer holds."""

from __future__ import annotations

import io
import json
from datetime import date

import pytest
from django.core.management import call_command
from django.test import Client

from juzhi.base.errors import Refused
from juzhi.figures import actions, queries
from juzhi.figures.models import Reading
from juzhi.members import actions as members
from juzhi.members.figures import MEMBERS
from juzhi.people import actions as people
from tests.cast import SYSTEM, Cast
from tests.figures.conftest import asked, signed_in, teller

pytestmark = pytest.mark.usefixtures("clock")
DAY = date(2026, 10, 31)


def enlarged(cast: Cast, number: int) -> None:
    """Members of the city's own, beside the nine of all."""
    for n in range(number):
        members.admit(by=SYSTEM, person=people.enter(by=SYSTEM, name=f"增员{n}", mobiles=[], email=""), organisation=cast.city, joined_on=date(2025, 1, 1))


@pytest.mark.parametrize(("text", "kept"), [("", None), ("  ", None), ("10多", "10余"), ("超过10", "超10"), ("nearly 20", "近20"), ("共12", "共12")])
def test_a_wording_that_is_true_is_kept(cast: Cast, text: str, kept: str | None) -> None:
    enlarged(cast, 3)
    made = actions.publish(by=teller(cast, "city"), figure=asked(cast, MEMBERS, "city", DAY), hedge=text)
    assert (made.value, made.hedge) == (12, kept)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("20余", "“20余”与这个数不符：它说的是21 到 29，这个数是 12"),
        ("超12", "“超12”与这个数不符：它说的是13 及以上，这个数是 12"),
        ("12余", "“12余”与这个数不符：它说的是没有任何数，这个数是 12"),
        ("许多", "看不懂这个表述，请写成 1600余、近1700、超15万、约1000 这样，只写数和一个表述词"),
        ("9" * 300, "看不懂这个表述，请写成 1600余、近1700、超15万、约1000 这样，只写数和一个表述词"),
    ],
)
def test_a_wording_that_is_false_or_none_is_refused(cast: Cast, text: str, why: str) -> None:
    enlarged(cast, 3)
    with pytest.raises(Refused) as refused:
        actions.publish(by=teller(cast, "city"), figure=asked(cast, MEMBERS, "city", DAY), hedge=text)
    assert (refused.value.message, refused.value.field) == (why, "hedge")
    assert not Reading.objects.system("test").exists()


def test_the_page_offers_and_keeps_what_was_typed(cast: Cast) -> None:
    enlarged(cast, 3)
    teller(cast, "city")
    browser, address = signed_in(cast, "plain"), f"/figures/members/organisations/{cast.city.key}/publish/?as_of={DAY}"
    page = browser.get(address).content.decode()
    assert "共12、超10、逾10、10余" in page
    answer = browser.post(address, {"hedge": "近12", "value": 12, "form_key": "k" * 20})
    assert answer.status_code == 422
    assert 'value="近12"' in answer.content.decode() and "与这个数不符" in answer.content.decode()


def test_both_are_shown_and_a_restatement_says_when_it_is_false(cast: Cast) -> None:
    enlarged(cast, 3)
    made = actions.publish(by=teller(cast, "city"), figure=asked(cast, MEMBERS, "city", DAY), hedge="10余")
    shown = Client().get(f"/figures/readings/{made.key}/").content.decode()
    assert "“10余” 相符" in shown and "说的是11 到 19" in shown
    for short in ("anna", "bo"):
        members.end(by=SYSTEM, membership=cast.memberships[short], reason_code="left", ended_on=date(2026, 1, 1))
    out = io.StringIO()
    with pytest.raises(SystemExit):
        call_command("figures_verify", "--json", stdout=out)
    assert [(one["new"], one["hedge"], one["hedge_holds"]) for one in json.loads(out.getvalue())["restated"]] == [(10, "10余", False)]
    shown = Client().get(f"/figures/readings/{made.key}/").content.decode()
    assert "“10余” 不符" in shown and "公开表述“10余”不再成立：说的是11 到 19" in shown
    told = Client().get(f"/figures/readings/{made.key}/data/").json()
    assert (told["value"], told["hedge"], told["hedge_holds"], told["standing_value"]) == (12, "10余", False, 10)
    assert "不再成立" in Client().get("/figures/readings/feed/").content.decode()


def test_without_a_wording_nothing_is_said(cast: Cast) -> None:
    made = actions.publish(by=teller(cast, "city"), figure=asked(cast, MEMBERS, "city", DAY))
    assert queries.published(queries.reading(SYSTEM, made.key)).wording is None
    assert "公开表述" not in Client().get(f"/figures/readings/{made.key}/").content.decode()
