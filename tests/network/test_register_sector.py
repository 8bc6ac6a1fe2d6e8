"""Register sector: a system by trade, once by its name."""

from __future__ import annotations

from juzhi.network import actions
from juzhi.network.models import Sector
from tests.cast import SYSTEM, Cast
from tests.network.conftest import refusal, who_may


def test_promise_and_twice(cast: Cast, journal) -> None:
    by = cast.by("west_clerk")
    one, two = (actions.register_sector(by=by, name="教育系统") for _ in range(2))
    assert (one.name, one, Sector.objects.system("test").count()) == ("教育系统", two, 1)
    assert journal() == [("network.register_sector", by.key, "")]


def test_refusals(cast: Cast) -> None:
    assert refusal(lambda: actions.register_sector(by=SYSTEM, name="")) == ("请填写系统", "sector")
    assert refusal(lambda: actions.register_sector(by=SYSTEM, name="教\t育")) == ("「系统」只能写一行，请去掉换行和制表符", "sector")


def test_who_may(cast: Cast) -> None:
    assert who_may(cast, lambda by: actions.register_sector(by=by, name="教育系统")) == ["east_clerk", "west_clerk", "city_clerk", "operator"]
