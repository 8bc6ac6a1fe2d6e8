"""`figures.record_opening`: what a document says of the time before the register stands beside the counted number and is never added to it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, OperationalError, ProgrammingError, transaction

from juzhi.access import actions as access
from juzhi.base.errors import Forbidden, Refused
from juzhi.base.indicators import Indicator
from juzhi.base.periods import PartialDate, Period
from juzhi.figures import actions
from juzhi.figures.actions import Evidence
from juzhi.figures.models import OpeningBalance, OpeningEvidence
from juzhi.journal.models import Entry
from juzhi.members.figures import COHORTS, GROWTH, JOINED, MEMBERS
from tests.cast import SYSTEM, Cast
from tests.figures.conftest import signed_in

pytestmark = pytest.mark.usefixtures("clock")
YEAR = PartialDate(date(2012, 1, 1), "year")
PAGE = b"%PDF-1.7 page 3"


def recorded(cast: Cast, place: str = "city", indicator: Indicator = MEMBERS, **given: Any) -> OpeningBalance:
    when = {"period": Period(date(2011, 1, 1), date(2011, 12, 31))} if indicator.is_flow else {"as_of": YEAR}
    return actions.record_opening(by=SYSTEM, organisation=cast.organisations[place], indicator=indicator, **{"value": Decimal(1600), "hedge": "some", "source": "2012 年工作总结", **when, **given})


def test_what_is_kept(cast: Cast) -> None:
    made = recorded(cast, evidence=Evidence("总结.pdf", PAGE))
    assert (made.value, made.hedge, made.when, made.day, made.organisation) == (1600, "some", "2012", date(2012, 12, 31), cast.city)
    kept = OpeningEvidence.objects.system("test").get()
    assert (kept.opening, kept.name, kept.kind, bytes(kept.content)) == (made, "总结.pdf", "application/pdf", PAGE)
    entry = Entry.objects.system("test").get(verb="figures.record_opening")
    assert (entry.thing_key, entry.organisation_id) == (made.key, cast.city.pk)
    assert recorded(cast, indicator=JOINED).when == "2011 年"


@pytest.mark.tampers
def test_nothing_of_it_is_overwritten(cast: Cast) -> None:
    made = recorded(cast)
    for change in ({"value": 3}, {"source": "另一份"}, {"as_of": date(2013, 1, 1)}):
        with pytest.raises((IntegrityError, OperationalError, ProgrammingError)), transaction.atomic():
            OpeningBalance.objects.system("test").filter(pk=made.pk).update(**change)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"source": " "}, "source"),
        ({"value": Decimal("1.5")}, "value"),
        ({"as_of": None}, "as_of"),
        ({"as_of": PartialDate(None, "unknown")}, "as_of"),
        ({"as_of": PartialDate(date(2027, 1, 1), "year")}, "as_of"),
        ({"indicator": GROWTH}, "value"),
        ({"indicator": COHORTS}, "value"),
        ({"indicator": JOINED, "period": None}, "from"),
        ({"indicator": JOINED, "period": Period(date(2026, 1, 1), date(2026, 12, 31))}, "to"),
        ({"evidence": Evidence("表.xlsx", b"PK\x03\x04")}, "evidence"),
        ({"evidence": Evidence("空.pdf", b"")}, "evidence"),
        ({"evidence": Evidence("大.pdf", b"%PDF-" + b"x" * actions.EVIDENCE_AT_MOST)}, "evidence"),
    ],
)
def test_what_is_refused(cast: Cast, given: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        recorded(cast, **given)
    assert refused.value.field == field and OpeningBalance.objects.system("test").count() == 0


def test_the_same_day_once(cast: Cast) -> None:
    made = recorded(cast)
    with pytest.raises(Refused, match="已经登记过"):
        recorded(cast, value=Decimal(3))
    recorded(cast, place="east")
    actions.withdraw_opening(by=SYSTEM, opening=made, reason="年份错了")
    recorded(cast, value=Decimal(3))


@pytest.mark.parametrize("name", ["publisher", "statistician", "west_clerk", "auditor", "anna", "operator"])
def test_who_may_not(cast: Cast, name: str) -> None:
    with pytest.raises(Forbidden):
        actions.record_opening(by=cast.by(name), organisation=cast.city, indicator=MEMBERS, value=Decimal(3), source="总结", as_of=YEAR)


def test_the_pages(cast: Cast) -> None:
    for duty in ("statistician", "secretary"):
        access.grant(by=SYSTEM, account=cast.accounts["plain"], duty=duty, organisation=cast.city, reach="subtree", purpose="统计", valid_from=date(2025, 1, 1))
    clerk, here = signed_in(cast, "plain"), f"/figures/members/organisations/{cast.city.key}/"
    counted = clerk.get(here, {"format": "json"}).json()
    assert "还没有登记" in clerk.get(here).content.decode()
    typed = {"as_of": "2012", "value": "1600多", "hedge": "some", "source": "2012 年工作总结"}
    wrong = clerk.post(f"{here}record_opening/", typed)
    assert wrong.status_code == 422 and "看不懂数目" in wrong.content.decode() and "2012 年工作总结" in wrong.content.decode()
    answer = clerk.post(f"{here}record_opening/", {**typed, "value": "1600", "evidence": SimpleUploadedFile("总结.pdf", PAGE)})
    made = OpeningBalance.objects.system("test").get()
    assert (answer.status_code, answer["Location"]) == (303, f"/figures/openings/{made.key}/")
    own = clerk.get(answer["Location"]).content.decode()
    assert "1,600余" in own and "登记的比报告的少 1600" in own and "不相加" in own
    file = clerk.get(f"{answer['Location']}evidence/")
    assert (file.content, file["Content-Type"]) == (PAGE, "application/pdf") and file["Content-Disposition"].startswith("attachment")
    page, data = clerk.get(here).content.decode(), clerk.get(here, {"format": "json"}).json()
    assert "1,600余" in page and data["value"] == counted["value"]
    assert data["opening_balances"] == [{"as_of": "2012", "value": 1600, "hedge": "some", "source": "2012 年工作总结"}]
    assert clerk.get(f"/figures/members_growth/organisations/{cast.city.key}/record_opening/").status_code == 404
    for name in ("anna", "operator"):  # nobody else learns that it is there
        other = signed_in(cast, name)
        assert [other.get(f"/figures/openings/{made.key}/{end}").status_code for end in ("", "evidence/")] == [404, 404]
