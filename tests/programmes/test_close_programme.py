"""Close a programme: it runs no longer, and what was planned and done stays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.test import Client

from juzhi.base.errors import Refused
from juzhi.programmes import actions, queries
from juzhi.programmes.models import Programme
from tests.cast import SYSTEM, TODAY, VISITOR, Cast
from tests.programmes.conftest import opened, planned, refusal, wave, who_may


def test_promise(cast: Cast, programme: Programme, journal) -> None:
    by, first = cast.by("east_clerk"), wave(programme)
    unit = planned(first, cast.areas["970101001"])
    done = actions.close_programme(by=by, programme=programme, closed_on=TODAY, reason="已经铺开", version=programme.version)
    assert queries.since_words(done) == "2024 起；2026-11-24 结束"
    assert len(queries.units(queries.parts(VISITOR, programme, TODAY))) == 1
    assert journal()[-1] == ("programmes.close_programme", by.key, "已经铺开")
    for attempt in (
        lambda: wave(programme),
        lambda: planned(first, cast.tower),
        lambda: actions.drop_unit(by=by, unit=unit, reason="不做了"),
        lambda: actions.close_programme(by=by, programme=programme, closed_on=TODAY, reason="再来"),
    ):
        assert refusal(attempt) == ("这个计划已经结束了", None)
    assert opened(cast).pk != programme.pk  # the title is free again


def test_refusals_and_who_may(cast: Cast, programme: Programme) -> None:
    for day in (date(2024, 1, 1), date(2027, 1, 1)):
        assert refusal(lambda day=day: actions.close_programme(by=SYSTEM, programme=programme, closed_on=day, reason="完")) == ("结束时间要在开始之后、今天或以前", "closed_on")
    assert refusal(lambda: actions.close_programme(by=SYSTEM, programme=programme, closed_on=TODAY, reason="")) == ("请写明理由，理由会记入日志", "reason")
    try:
        actions.close_programme(by=SYSTEM, programme=programme, closed_on=TODAY, reason="完", version=9)
        raise AssertionError("two editors at once were not told apart")
    except Refused as refused:
        assert refused.code == "stale"
    assert who_may(cast, lambda by: actions.close_programme(by=by, programme=programme, closed_on=TODAY, reason="完")) == ["east_clerk", "city_clerk"]


def test_form(cast: Cast, programme: Programme, signed_in: Callable[[str], Client]) -> None:
    address, typed = f"/programmes/{programme.key}/close_programme/", {"closed_on": "2025-01-01", "reason": "已经铺开", "version": "1"}
    assert [signed_in(who).post(address, typed).status_code for who in ("west_clerk", "east_clerk")] == [422, 303]
    assert "plan_unit" not in signed_in("east_clerk").get(f"/programmes/{programme.key}/").text
