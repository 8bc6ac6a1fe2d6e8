"""Keeping why a whole file was refused."""

from __future__ import annotations

import pytest

from juzhi.base.errors import Forbidden, Refused
from juzhi.imports import actions
from tests.cast import Cast
from tests.imports.office import fresh, mixed, planned, raw_files, rows_of

pytestmark = pytest.mark.django_db


def test_the_sentence_stays_and_the_rest_goes(cast: Cast) -> None:
    batch = planned(cast.by("east_clerk"), mixed(), cast.tower)
    actions.refuse(by=cast.by("east_clerk"), batch=batch, sentence="读不懂" * 200)
    assert (fresh(batch).refused, rows_of(batch), raw_files()) == ("读不懂" * 100, [], [])
    with pytest.raises(Refused, match="已经结束"):
        actions.refuse(by=cast.by("east_clerk"), batch=batch, sentence="再来")


def test_who_may_not(cast: Cast) -> None:
    batch = planned(cast.by("east_clerk"), mixed(), cast.tower)
    with pytest.raises(Forbidden):
        actions.refuse(by=cast.by("west_clerk"), batch=batch, sentence="x")
