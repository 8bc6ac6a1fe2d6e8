"""Giving an import up, by whoever may work on it."""

from __future__ import annotations

import pytest

from juzhi.base.errors import Forbidden, Refused
from juzhi.imports import actions, tasks
from tests.cast import Cast
from tests.imports.office import fresh, mixed, planned, raw_files, rows_of

pytestmark = pytest.mark.django_db


def test_file_and_rows_go(cast: Cast) -> None:
    batch = planned(cast.by("east_clerk"), mixed(), cast.tower)
    actions.discard(by=cast.by("city_clerk"), batch=batch)  # not the uploader, and clerk of the whole city
    assert (raw_files(), rows_of(batch), fresh(batch).is_open) == ([], [], False)
    with pytest.raises(Refused, match="已经结束"):
        actions.discard(by=cast.by("east_clerk"), batch=batch)


def test_refusals(cast: Cast) -> None:
    batch = planned(cast.by("east_clerk"), mixed(), cast.tower)
    with pytest.raises(Forbidden):
        actions.discard(by=cast.by("west_clerk"), batch=batch)
    actions.start_commit(by=cast.by("east_clerk"), batch=batch, version=None, task=tasks.write)
    with pytest.raises(Refused, match="正在写入"):
        actions.discard(by=cast.by("east_clerk"), batch=batch)
