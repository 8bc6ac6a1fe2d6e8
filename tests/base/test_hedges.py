"""Reported numbers: how they are written, and what the word beside one lets be true (the rule of the hedge words)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from juzhi.base.errors import Refused
from juzhi.base.hedges import Hedge, interval, parse_amount, step, worded, written


@pytest.mark.parametrize(
    ("text", "number"),
    [("351", "351"), ("1,128", "1128"), ("１５万", "150000"), ("1.2亿", "120000000"), (" 28 %", "28"), ("28.5", "28.5"), ("3千", "3000"), ("0", "0")],
)
def test_an_amount_as_people_write_it(text: str, number: str) -> None:
    assert parse_amount(text) == Decimal(number)


@pytest.mark.parametrize("text", ["", "超15万", "-3", "1,12", "1.2.3", "99999999999999999", "1.23456", "1e9", "约", "٣"])
def test_what_is_no_amount(text: str) -> None:
    with pytest.raises(Refused):
        parse_amount(text)


@pytest.mark.parametrize(
    ("number", "hedge", "within", "without", "words"),
    [
        ("351", "exact", ("351",), ("350", "352"), "就是 351"),
        ("1600", "some", ("1601", "1699"), ("1600", "1700"), "大于 1,600、小于 1,700"),
        ("150000", "over", ("150001", "9000000"), ("150000",), "大于 150,000"),
        ("90", "near", ("80", "89"), ("79", "90"), "不小于 80、小于 90"),
        ("1000", "about", ("950", "1050"), ("949", "1051"), "不小于 950、不大于 1,050"),
        ("28.5", "some", ("28.51",), ("28.5", "28.6"), "大于 28.5、小于 28.6"),
    ],
)
def test_what_a_hedge_lets_be_true(number: str, hedge: str, within: tuple[str, ...], without: tuple[str, ...], words: str) -> None:
    meant = interval(Decimal(number), hedge)
    assert [one for one in within if not meant.holds(Decimal(one))] == []
    assert [one for one in without if meant.holds(Decimal(one))] == []
    assert str(meant) == words


def test_words_beside_a_number() -> None:
    assert [worded("15万", hedge) for hedge in Hedge.values] == ["15万", "约 15万", "超 15万", "近 15万", "15万余"]
    assert [written(Decimal(one)) for one in ("1128", "28.50", "100", "0.0500")] == ["1,128", "28.5", "100", "0.05"]
    with pytest.raises(ValueError, match="zero"):
        step(Decimal(0))
