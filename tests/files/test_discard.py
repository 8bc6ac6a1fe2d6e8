"""Deleting: by the owner at once, by the clock after a day; the row keeps the day and not the name."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction

from juzhi.base.actors import System, Visitor
from juzhi.base.errors import Forbidden
from juzhi.files import actions, queries
from juzhi.files.models import Upload
from tests.files.test_store import AT, BY, lying, store


def row() -> tuple[object, ...]:
    found = Upload.objects.system("test").get()
    return found.name, found.deleted_at


def test_the_file_goes_and_the_row_stays(transactional_db: None, media: Path) -> None:
    kept = store()
    later = System("测试", AT + timedelta(hours=1))
    actions.discard(by=later, upload=kept)
    assert (row(), lying(media)) == (("", later.at), [])
    actions.discard(by=System("测试", AT + timedelta(hours=2)), upload=kept)
    assert row() == ("", later.at)


def test_the_file_stays_where_the_transaction_fails(transactional_db: None, media: Path) -> None:
    kept = store()
    with pytest.raises(ValueError, match="afterwards"), transaction.atomic():
        actions.discard(by=BY, upload=kept)
        raise ValueError("afterwards")
    assert (row(), len(lying(media))) == (("花名册.csv", None), 1)


def test_another_may_not(db: None, media: Path) -> None:
    kept = store()
    with pytest.raises(Forbidden):
        actions.discard(by=Visitor(AT), upload=kept)
    assert (row(), len(lying(media))) == (("花名册.csv", None), 1)


def test_after_a_day_it_expires(transactional_db: None, media: Path) -> None:
    store()
    assert actions.expire(by=System("到期删除", AT + timedelta(hours=23, minutes=59))) == 0
    assert actions.expire(by=System("到期删除", AT + timedelta(hours=24))) == 1
    assert actions.expire(by=System("到期删除", AT + timedelta(hours=25))) == 0
    assert (row()[0], lying(media)) == ("", [])


def test_files_that_no_row_knows_are_swept_once_they_are_old(transactional_db: None, media: Path) -> None:
    kept = store()
    stray = media / "private" / "stray"
    stray.write_text("left by a killed process")
    for path, hours in ((stray, 1), (queries.path_of(kept), 30)):
        os.utime(path, ((AT - timedelta(hours=hours)).timestamp(),) * 2)
    assert actions.expire(by=BY) == 0
    assert actions.expire(by=System("到期删除", AT + timedelta(hours=23, minutes=30))) == 1
    assert lying(media) == [queries.path_of(kept)]


def test_only_the_product_itself_expires(db: None) -> None:
    with pytest.raises(Forbidden):
        actions.expire(by=Visitor(AT))
