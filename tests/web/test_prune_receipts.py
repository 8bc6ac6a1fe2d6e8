"""Receipts older than seven days go; the product itself does it, nobody else."""

from __future__ import annotations

from datetime import timedelta

import pytest

from juzhi.base.actors import Actor
from juzhi.base.errors import Forbidden
from juzhi.web.actions import prune_receipts
from juzhi.web.models import Receipt
from tests.cast import NOW, SYSTEM, VISITOR, Cast


@pytest.fixture
def written(db: None) -> None:
    ages = {"old": timedelta(days=7, seconds=1), "edge": timedelta(days=7), "new": timedelta(0)}
    Receipt.objects.bulk_create([Receipt(actor_key="", form_key=name, body_digest="", answer="/", at=NOW - age) for name, age in ages.items()])


def kept() -> list[str]:
    return list(Receipt.objects.system("test").order_by("pk").values_list("form_key", flat=True))


def test_old_ones_go_and_once(written: None) -> None:
    assert (prune_receipts(by=SYSTEM), kept()) == (1, ["edge", "new"])
    assert (prune_receipts(by=SYSTEM), kept()) == (0, ["edge", "new"])


def test_nobody_else(cast: Cast, written: None) -> None:
    others: list[Actor] = [VISITOR, cast.by("operator"), cast.by("city_clerk")]
    for by in others:
        with pytest.raises(Forbidden):
            prune_receipts(by=by)
    assert kept() == ["old", "edge", "new"]
