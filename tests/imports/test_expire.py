"""Letting go of what is too old."""

from __future__ import annotations

from datetime import timedelta

import pytest

from juzhi.base.actors import System
from juzhi.base.errors import Forbidden
from juzhi.imports import actions
from tests.cast import NOW, Cast
from tests.imports.office import fresh, mixed, planned, raw_files, rows_of

pytestmark = pytest.mark.django_db


def at(**after: float) -> System:
    return System("tests", NOW + timedelta(**after))


def test_a_batch_nobody_settled_goes_after_a_day(cast: Cast) -> None:
    batch = planned(cast.by("east_clerk"), mixed(), cast.tower)
    assert actions.expire(by=at(hours=23)) == 0
    assert len(raw_files()) == 1
    assert actions.expire(by=at(hours=24)) == 1
    assert (raw_files(), rows_of(batch), fresh(batch).discarded_at) == ([], [], at(hours=24).at)
    assert actions.expire(by=at(hours=25)) == 0


def test_rows_of_a_written_batch_are_wiped_when_it_can_no_longer_be_undone(cast: Cast) -> None:
    by = cast.by("east_clerk")
    batch = actions.commit(by=by, batch=planned(by, mixed(), cast.tower))
    actions.expire(by=at(days=29))
    assert any(row.values for row in rows_of(batch)) and any(row.before for row in rows_of(batch))
    actions.expire(by=at(days=30, seconds=1))
    assert {(str(row.values), str(row.before), str(row.warn)) for row in rows_of(batch)} == {("{}", "{}", "[]")}


def test_the_product_alone(cast: Cast) -> None:
    with pytest.raises(Forbidden):
        actions.expire(by=cast.by("city_clerk"))
