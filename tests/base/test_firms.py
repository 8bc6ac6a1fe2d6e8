"""Firms by what they are called, not by where they are and what form they have."""

from __future__ import annotations

from random import Random

import pytest

from juzhi.base.firms import KEY_AT_MOST, core, order_key


@pytest.mark.parametrize(
    ("name", "left"),
    [
        ("深圳市福田区云塔科技有限公司", "云塔科技"),
        ("深圳云塔科技股份有限公司", "云塔科技"),
        ("云塔（深圳）科技有限公司", "云塔科技"),
        ("广东省深圳市南山区粤海街道云塔餐饮店", "云塔餐饮店"),
        ("新疆维吾尔自治区乌鲁木齐市云塔贸易有限责任公司", "云塔贸易"),
        ("云塔集团有限公司", "云塔"),
        ("广州云塔创业投资合伙企业（有限合伙）", "云塔创业投资"),
        ("Cloud Tower Co., Ltd.", "Cloud Tower"),
        ("深圳市 福田区 云塔\u200b科技 有限公司", "云塔科技"),
        ("南山区云塔电子厂", "云塔电子厂"),
    ],
)
def test_place_and_form_are_left_out(name: str, left: str) -> None:
    assert core(name) == left


@pytest.mark.parametrize("name", ["中山大学", "北京大学深圳医院", "深圳大学", "深圳市", "上海", "东区医院", "城市花园物业", "小区物业", "超市发展", "中国城市建设研究院", "云塔律师事务所", "", "·"])
def test_what_would_be_lost_stays(name: str) -> None:
    assert core(name) == name


def test_they_stand_by_their_own_names() -> None:
    names = ["北京安心科技有限公司", "深圳市白云医药有限公司", "广州市晨光电子有限公司", "上海东风机械厂", "东方（深圳）有限公司", "深圳市福田区一心公司"]
    shuffled = names.copy()
    Random(1).shuffle(shuffled)
    assert sorted(shuffled, key=order_key) == ["北京安心科技有限公司", "深圳市白云医药有限公司", "广州市晨光电子有限公司", "东方（深圳）有限公司", "上海东风机械厂", "深圳市福田区一心公司"]


def test_a_key_fits() -> None:
    assert len(order_key("深圳市" + "云" * 300)) <= KEY_AT_MOST and order_key("") == order_key("  ") == ""
