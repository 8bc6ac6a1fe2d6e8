"""Drop a unit: out of the plan from today, in it as of earlier days."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.test import Client

from juzhi.programmes import actions, queries
from juzhi.programmes.models import PlannedUnit, Programme
from tests.cast import SYSTEM, TODAY, VISITOR, Cast
from tests.programmes.conftest import planned, refusal, wave, who_may


def test_promise(cast: Cast, programme: Programme, journal) -> None:
    by, first = cast.by("east_clerk"), wave(programme)
    unit = planned(first, cast.areas["970101001"])
    actions.drop_unit(by=by, unit=unit, reason="街道撤并")
    assert [len(queries.units(queries.parts(VISITOR, programme, day))) for day in (TODAY - timedelta(days=1), TODAY)] == [1, 0]
    assert journal()[-1] == ("programmes.drop_unit", by.key, "街道撤并")
    assert refusal(lambda: actions.drop_unit(by=by, unit=unit, reason="再来")) == ("它已经移出计划了", None)
    assert planned(first, cast.areas["970101001"]).pk != unit.pk  # it may be planned anew
    assert PlannedUnit.objects.system("test").get(pk=unit.pk).why == "街道撤并"


def test_refusals_and_who_may(cast: Cast, programme: Programme) -> None:
    unit = planned(wave(programme), cast.areas["970101001"])
    assert refusal(lambda: actions.drop_unit(by=SYSTEM, unit=unit, reason=" ")) == ("请写明理由，理由会记入日志", "reason")
    assert who_may(cast, lambda by: actions.drop_unit(by=by, unit=unit, reason="街道撤并")) == ["east_clerk", "city_clerk"]


def test_form(cast: Cast, programme: Programme, signed_in: Callable[[str], Client]) -> None:
    address = f"/programmes/planned/{planned(wave(programme), cast.areas['970101001']).key}/drop_unit/"
    assert "港前街道" in signed_in("east_clerk").get(address).text
    assert [signed_in(who).post(address, {"reason": "街道撤并"}).status_code for who in ("west_clerk", "east_clerk")] == [422, 303]
