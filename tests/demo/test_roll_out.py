"""`demo.roll_out`: a roll-out to the parks of the districts, whose achievements the founding days tell."""

from __future__ import annotations

from datetime import date

import pytest

from juzhi.programmes import queries
from juzhi.programmes.models import Programme
from tests.cast import VISITOR

pytestmark = pytest.mark.usefixtures("demonstration")


def test_waves_as_of_two_days() -> None:
    programme = Programme.objects.system("test").select_related("organisation", "family").get()
    told = {day: [(one.planned, one.achieved, one.late) for one in queries.parts(VISITOR, programme, day)] for day in (date(2021, 6, 10), date(2024, 5, 31))}
    assert told == {date(2021, 6, 10): [(1, 1, 0), (2, 1, 1), (2, 0, 0), (2, 0, 0)], date(2024, 5, 31): [(1, 1, 0), (2, 2, 0), (2, 1, 1), (2, 0, 0)]}
    assert [one.words for one in queries.units(queries.parts(VISITOR, programme, date(2024, 5, 31)), wave="2")] == ["已完成，晚了 12 天", "已完成"]
