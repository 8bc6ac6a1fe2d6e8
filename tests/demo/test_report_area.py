"""`demo.report_area`: the profile of one district, invented and said to be."""

from __future__ import annotations

from datetime import date

import pytest

from juzhi.demo import actions
from juzhi.network import queries
from juzhi.network.models import Area, Claim, Measure, Slogan, Statistic
from tests.cast import VISITOR
from tests.demo.conftest import system

pytestmark = pytest.mark.usefixtures("demonstration")


def test_the_profile_of_a_day() -> None:
    found = queries.profile(VISITOR, Area.objects.system("test").get(code="440305"), date(2024, 6, 30))
    assert [(one.title, one.text, one.unit) for one in found.reported] == [
        ("高层楼宇", "620余", "栋"),
        ("超高层楼宇（100 米以上）", "128", "栋"),
        ("规上、四上企业", "约 2,900", "家"),
        ("地区生产总值", "23", "%，占深圳市"),
        ("总部企业", "76", "家"),
        ("科技园片区 · 各类专业人才", "超 30万", "人"),
        ("知联会组织", "9", "个"),
    ]
    gap = found.reported[-1].gap
    assert gap is not None and (gap.counted, gap.words) == (8, "截至 2024-05-31 登记了 8 个，比报告的数少 1")
    assert found.landmarks is not None and (found.landmarks.expected, found.landmarks.named) == (11, 9)
    assert len(found.claims) == 1


def test_it_is_taken_back_but_for_the_measures() -> None:
    actions.remove(by=system())
    assert [model.objects.system("test").count() for model in (Statistic, Claim, Slogan)] == [0, 0, 0]
    assert Measure.objects.system("test").count() == len(actions.MEASURES)
