"""Two merges at once: by the order of the locks one is done, and the other finds it over."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from juzhi.network import actions
from juzhi.network.models import Succession
from tests.access.conftest import committed, meeting, rush, unlocked
from tests.cast import SYSTEM, Cast

__all__ = ["committed"]  # a fixture
DAY = date(2026, 3, 1)


def each_into_the_other(cast: Cast) -> Counter[str]:
    """East into west and west into east at once, both as far as their first write before either is done."""
    into = [(cast.east, cast.west), (cast.west, cast.east)]
    return rush(2, lambda n: actions.merge(by=SYSTEM, organisations=[into[n][0]], successor=into[n][1], on=DAY, reason="合并"), meeting(2, 'UPDATE "network_organisation"', "dissolved_on"))


def test_each_into_the_other_at_once(committed: Cast) -> None:
    assert each_into_the_other(committed) == Counter(done=1, state=1)
    assert [committed.fresh(short).dissolved_on for short in ("east", "west")].count(None) == 1
    assert Succession.objects.system("test").count() == 1


def test_without_the_lock_both_have_asked_before_either_is_done(committed: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    with unlocked(monkeypatch):
        assert each_into_the_other(committed) != Counter(done=1, state=1)
