"""Plan a wave: the next one, from its first day to its last."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.test import Client

from juzhi.programmes import queries
from juzhi.programmes.models import Programme
from tests.cast import VISITOR, Cast
from tests.programmes.conftest import refusal, wave, who_may


def test_promise(cast: Cast, programme: Programme, journal) -> None:
    by = cast.by("east_clerk")
    wave(programme, by=by, title="试点")
    wave(programme, 2025, by=by)
    assert [(str(one), one.planned_from, one.planned_to) for one in queries.waves(VISITOR, programme)] == [
        ("第 1 批 · 试点", date(2024, 1, 1), date(2024, 7, 1)),
        ("第 2 批", date(2025, 1, 1), date(2025, 7, 1)),
    ]
    assert [one[0] for one in journal()].count("programmes.plan_wave") == 2


def test_refusals_and_who_may(cast: Cast, programme: Programme) -> None:
    assert refusal(lambda: wave(programme, planned_until=date(2023, 1, 1))) == ("计划结束早于计划开始，请核对", "planned_until")
    assert who_may(cast, lambda by: wave(programme, by=by)) == ["east_clerk", "city_clerk"]


def test_form(cast: Cast, programme: Programme, signed_in: Callable[[str], Client]) -> None:
    address, typed = f"/programmes/{programme.key}/plan_wave/", {"title": "试点", "planned_from": "2024-01-01", "planned_until": "2024-06-30"}
    assert signed_in("east_clerk").post(address, typed).status_code == 303
    page = signed_in("west_clerk").get(address)
    assert (page.status_code, "由牵头组织里有「组织管理」职责的人来安排" in page.text, signed_in("west_clerk").post(address, typed).status_code) == (200, True, 422)
    assert "计划 2024-01-01 至 2024-06-30" in Client().get(f"/programmes/{programme.key}/").text
