"""Deleting: by the owner at once, by the clock after a day; the row keeps the day and not the name."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction

from juzhi.base.actors import System, Visitor
from juzhi.base.errors import Forbidden
from juzhi.files import actions
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
