"""The cast, the journal and browsers, as the tests of the federation have them; and a programme to plan in."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from juzhi.base.periods import parse_date
from juzhi.programmes import actions
from juzhi.programmes.models import PlannedUnit, Programme, Wave
from tests.cast import SYSTEM, Cast
from tests.network.conftest import built, cast, journal, refusal, signed_in, static_folder, who_may

__all__ = ["built", "cast", "journal", "refusal", "signed_in", "static_folder", "who_may"]


def opened(cast: Cast, by: Any = SYSTEM, **changed: Any) -> Programme:
    """East's programme: an association in each subdistrict, since 2024."""
    said = {"title": "向街道铺开", "begun_on": parse_date("2024"), "level": "subdistrict", **changed}
    return actions.open_programme(by=by, organisation=cast.east, **said)


def wave(programme: Programme, year: int = 2024, by: Any = SYSTEM, **changed: Any) -> Wave:
    return actions.plan_wave(by=by, programme=programme, **{"planned_from": date(year, 1, 1), "planned_until": date(year, 6, 30), **changed})


def planned(where: Wave, place: Any, by: Any = SYSTEM, **changed: Any) -> PlannedUnit:
    return actions.plan_unit(by=by, wave=where, place=place, **changed)


@pytest.fixture
def programme(cast: Cast) -> Programme:
    return opened(cast)
