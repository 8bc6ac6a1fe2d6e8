"""Confirm a unit: done, by a source, where no founding tells."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.test import Client

from juzhi.base.periods import parse_date
from juzhi.programmes import actions, queries
from juzhi.programmes.models import PlannedUnit, Programme
from tests.cast import SYSTEM, VISITOR, Cast
from tests.programmes.conftest import opened, planned, refusal, wave, who_may


def confirmed(unit: PlannedUnit, by: Any = SYSTEM, **changed: Any) -> PlannedUnit:
    return actions.confirm_unit(by=by, unit=unit, **{"done_on": parse_date("2024-05"), "source": "会议纪要 3 号", **changed})


def test_promise(cast: Cast, programme: Programme, journal) -> None:
    by = cast.by("east_clerk")
    unit = planned(wave(programme), cast.tower)
    confirmed(unit, by)
    for day, state in ((date(2024, 4, 30), "open"), (date(2024, 5, 31), "achieved")):
        (one,) = queries.units(queries.parts(VISITOR, programme, day))
        assert (one.state, one.ground) == (state, "会议纪要 3 号" if state == "achieved" else "")
    assert journal()[-1] == ("programmes.confirm_unit", by.key, "")


def test_refusals(cast: Cast, programme: Programme) -> None:
    first = wave(programme)
    derived, said = planned(first, cast.areas["970101001"]), planned(first, cast.tower)
    assert refusal(lambda: confirmed(derived)) == ("完成与否由那里的组织成立得出，不用填。请登记组织的成立", None)
    assert refusal(lambda: confirmed(said, source=" ")) == ("请写明来源，例如批文号或会议纪要", "source")
    assert refusal(lambda: confirmed(said, done_on=parse_date("2027"))) == ("请写已经完成的日期，至少写到年", "done_on")
    confirmed(said)
    assert refusal(lambda: confirmed(said)) == ("已经登记过完成，登记错了请移出后重新排入", None)
    free = planned(wave(opened(cast, title="不新设组织", level="")), cast.areas["970101001"])
    assert confirmed(free).source == "会议纪要 3 号"  # a programme that founds nothing: no founding tells


def test_who_may(cast: Cast, programme: Programme) -> None:
    unit = planned(wave(programme), cast.tower)
    assert who_may(cast, lambda by: confirmed(unit, by)) == ["east_clerk", "city_clerk"]


def test_form(cast: Cast, programme: Programme, signed_in: Callable[[str], Client]) -> None:
    address = f"/programmes/planned/{planned(wave(programme), cast.tower).key}/confirm_unit/"
    assert address in signed_in("east_clerk").get(f"/programmes/{programme.key}/units/").text
    assert address not in Client().get(f"/programmes/{programme.key}/units/").text
    typed = {"done_on": "2024-05", "source": "会议纪要 3 号"}
    assert [signed_in(who).post(address, typed).status_code for who in ("west_clerk", "east_clerk")] == [422, 303]
