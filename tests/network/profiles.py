"""What the tests of the profile share: a measure, a source, and a number recorded with them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from juzhi.base.periods import parse_date
from juzhi.network import actions
from juzhi.network.actions import Source
from juzhi.network.models import Measure, Statistic
from tests.cast import SYSTEM, Cast

BULLETIN = Source("东湖区概况（示例）", "https://example.org/east", parse_date("2024-06"))


def measure(name: str = "高层楼宇", unit: str = "栋", **more: Any) -> Measure:
    return actions.register_measure(by=SYSTEM, name=name, unit=unit, **more)


def told(**changed: Any) -> dict[str, Any]:
    """Arguments of the verb: 351 high buildings as of 2024-05."""
    said = {"measure": measure(), "value": Decimal(351), "source": BULLETIN, "as_of": parse_date("2024-05")}
    return {**said, **changed}


def recorded(cast: Cast, by: Any = SYSTEM, area: str = "970101", **changed: Any) -> Statistic:
    return actions.record_statistic(by=by, area=cast.areas[area], **told(**changed))
