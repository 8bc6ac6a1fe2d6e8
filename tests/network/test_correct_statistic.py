"""Correct a statistic: what was entered wrongly is replaced and stays, struck, with the reason."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.test import Client

from juzhi.journal.models import EntryValue
from juzhi.network import actions, queries
from juzhi.network.models import Statistic
from tests.cast import SYSTEM, VISITOR, Cast
from tests.network.conftest import refusal, who_may
from tests.network.profiles import recorded, told


def corrected(former: Statistic, by: Any = SYSTEM, **changed: Any) -> Statistic:
    return actions.correct_statistic(by=by, statistic=former, **{**told(), "value": Decimal(357), "reason": "看错一行", **changed})


def test_promise(cast: Cast, journal) -> None:
    former, by = recorded(cast), cast.by("east_clerk")
    made = corrected(former, by)
    assert [(one.text, one.replaced, one.statistic.why) for one in queries.series(VISITOR, made)] == [("357", False, "看错一行"), ("351", True, "")]
    assert [one.text for one in queries.current(VISITOR, cast.areas["970101"])] == ["357"]
    assert journal()[-1] == ("network.correct_statistic", by.key, "看错一行")
    kept = EntryValue.objects.system("test").filter(entry__verb="network.correct_statistic").values_list("field", "before", "after")
    assert list(kept) == [("value", '"351"', '"357"')]


def test_refusals(cast: Cast) -> None:
    former = recorded(cast)
    assert refusal(lambda: corrected(former, reason=" ")) == ("请写明理由，理由会记入日志", "reason")
    assert refusal(lambda: corrected(former, value=Decimal(351))) == ("和原来登记的一样，没有可更正的", "value")
    made = corrected(former)
    assert refusal(lambda: corrected(former, value=Decimal(1))) == ("这一条已经更正过了，请打开最新的那一条再更正", None)
    assert corrected(made, value=Decimal(351)).replaces == made  # back again is a correction as well
    assert Statistic.objects.system("test").count() == 3


def test_who_may(cast: Cast) -> None:
    former = recorded(cast)
    assert who_may(cast, lambda by: corrected(former, by)) == ["east_clerk", "city_clerk"]


def test_pages(cast: Cast, signed_in: Callable[[str], Client]) -> None:
    """The form begins from the former number; its page then says that it was wrong; the file holds both."""
    former = recorded(cast)
    form = signed_in("east_clerk").get(f"/statistics/{former.key}/correct_statistic/").text
    assert 'value="351"' in form and 'value="2024-05"' in form
    corrected(former)
    page = Client().get(f"/statistics/{former.key}/").text
    assert "这一条登记错了，已经更正" in page and "看错一行" in page
    assert "correct_statistic" not in page
    file = Client().get(f"/statistics/{former.key}/?format=csv").text
    assert [line.split(",")[1] for line in file.strip().splitlines()] == ["数", "357", "351"]
