"""After a day a file goes, and what no row knows is swept."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest

from juzhi.base.actors import System, Visitor
from juzhi.base.errors import Forbidden
from juzhi.files import actions, queries
from tests.files.test_discard import row
from tests.files.test_store import AT, BY, lying, store


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
