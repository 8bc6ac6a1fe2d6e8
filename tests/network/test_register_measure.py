"""Register a measure: what reported numbers measure, in which unit, from which threshold on."""

from __future__ import annotations

from typing import Any

import pytest

from juzhi.network import actions
from juzhi.network.models import Measure
from tests.cast import SYSTEM, Cast
from tests.network.conftest import refusal, who_may


def test_promise_and_the_same_again(cast: Cast, journal) -> None:
    by = cast.by("east_clerk")
    for _ in range(2):
        made = actions.register_measure(by=by, name="超高层楼宇", unit="栋", threshold="100 米以上")
    actions.register_measure(by=by, name="知联会组织", unit="个", counted="organisations", family=cast.families["知联会"])
    assert str(made) == "超高层楼宇（100 米以上）"
    assert list(Measure.objects.system("test").order_by("pk").values_list("name", "unit", "threshold", "counted", "family__name")) == [
        ("超高层楼宇", "栋", "100 米以上", "", None),
        ("知联会组织", "个", "", "organisations", "知联会"),
    ]
    assert journal() == [("network.register_measure", by.key, "")] * 2


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"name": " "}, ("请填写名称", "name")),
        ({"unit": ""}, ("请填写计量单位", "unit")),
        ({"unit": "一" * 13}, ("「计量单位」太长：有 13 个字，最多 12 个字，请缩短后再提交", "unit")),
        ({"counted": "persons"}, ("没有这种同类数，请从列出的里面选", "counted")),
    ],
)
def test_refusals(cast: Cast, changed: dict[str, Any], said: tuple[str, str]) -> None:
    assert refusal(lambda: actions.register_measure(by=SYSTEM, **{"name": "楼宇", "unit": "栋", **changed})) == said


def test_who_may(cast: Cast) -> None:
    assert who_may(cast, lambda by: actions.register_measure(by=by, name="楼宇", unit="栋")) == ["east_clerk", "west_clerk", "city_clerk", "operator"]
