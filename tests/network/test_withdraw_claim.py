"""Withdraw a claim: off the page from today, and kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.test import Client

from juzhi.network import actions, queries
from juzhi.network.models import Claim
from tests.cast import SYSTEM, TODAY, VISITOR, Cast
from tests.network.conftest import refusal, who_may
from tests.network.profiles import BULLETIN


def said(cast: Cast) -> Claim:
    return actions.record_claim(by=SYSTEM, about=cast.areas["970101"], text="街区之一", source=BULLETIN)


def test_promise(cast: Cast, journal) -> None:
    claim, by = said(cast), cast.by("east_clerk")
    actions.withdraw_claim(by=by, claim=claim, reason="来源已更正")
    assert [len(queries.claims(VISITOR, cast.areas["970101"], day)) for day in (TODAY - timedelta(days=1), TODAY)] == [1, 0]
    assert journal()[-1] == ("network.withdraw_claim", by.key, "来源已更正")
    assert refusal(lambda: actions.withdraw_claim(by=by, claim=claim, reason="再来")) == ("这句话已经撤下了", None)
    assert Claim.objects.system("test").get().why == "来源已更正"


def test_refusals_and_who_may(cast: Cast) -> None:
    claim = said(cast)
    assert refusal(lambda: actions.withdraw_claim(by=SYSTEM, claim=claim, reason="")) == ("请写明理由，理由会记入日志", "reason")
    assert who_may(cast, lambda by: actions.withdraw_claim(by=by, claim=claim, reason="来源已更正")) == ["east_clerk", "city_clerk"]


def test_form(cast: Cast, signed_in: Callable[[str], Client]) -> None:
    address = f"/claims/{said(cast).key}/withdraw_claim/"
    assert address in signed_in("east_clerk").get(f"/areas/{cast.areas['970101'].key}/").text
    assert "街区之一" in signed_in("east_clerk").get(address).text
    assert signed_in("west_clerk").post(address, {"reason": "不对"}).status_code == 422
    assert signed_in("east_clerk").post(address, {"reason": "来源已更正"}).status_code == 303
