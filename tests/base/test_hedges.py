"""Hedge words: what is true of a number, what is right for it, and how people write it."""

from __future__ import annotations

import random
from decimal import Decimal

import pytest

from juzhi.base.errors import Refused
from juzhi.base.hedges import ABOUT, ABOUT_MORE, EXACT, EXCEEDING, FORMS, MORE, NEARLY, OVER, Hedge, Hedged, interval, offered, parse, parse_amount, step, worded, wording_of, written


@pytest.mark.parametrize(
    ("text", "true_of", "false_of"),
    [
        ("1600余", (1601, 1647, 1699), (1600, 1700, 160, 16000)),
        ("1600多人", (1601, 1699), (1600, 1700)),
        ("16余", (), (15, 16, 17)),  # nothing lies between two numbers that follow each other
        ("千余", (1001, 1999), (1000, 2000)),
        ("三千二百余", (3201, 3299), (3200, 3300)),
        ("1.5万余", (15001, 15032, 15999), (15000, 16000)),
        ("30余万", (300001, 399999), (300000, 400000)),
        ("超15万", (150001, 10**9), (150000, 149999)),
        ("突破50", (51,), (50,)),
        ("逾2亿", (2 * 10**8 + 1,), (2 * 10**8,)),
        ("近1700", (1600, 1699), (1599, 1700)),
        ("近百", (0, 99), (100, 101)),
        ("约1000", (950, 1000, 1050), (949, 1051)),
        ("约39", (38, 39, 40), (37, 41)),
        ("约千余", (951, 1000, 1500, 2098), (950, 2099)),
        ("共39", (39,), (38, 40)),
        ("39", (39,), (38, 40)),
        ("共0", (0,), (1,)),
        ("nearly 1,700", (1600, 1699), (1700,)),
        ("More than 150,000", (150001,), (150000,)),
        ("1,600-odd", (1601, 1699), (1600,)),
        ("about 1,000", (950, 1050), (949,)),
        ("52 in all", (52,), (51,)),
        ("16００余", (1601,), (1600,)),
    ],
)
def test_what_is_true(text: str, true_of: tuple[int, ...], false_of: tuple[int, ...]) -> None:
    hedge = parse(text)
    assert hedge is not None
    assert [hedge.is_true_of(n) for n in true_of] + [hedge.is_true_of(n) for n in false_of] == [True] * len(true_of) + [False] * len(false_of)


@pytest.mark.parametrize("text", ["", "余", "近", "许多", "1,60余", "1.23", "近1600余", "超0", "0余", "一二余", "1e5", "-5", "1600余近", "9" * 400, "近" * 90, "1.5余", "\x00"])
def test_what_is_no_wording(text: str) -> None:
    assert parse(text) is None


@pytest.mark.parametrize(
    ("n", "words"),
    [
        (1647, ["共1647", "超1600", "逾1600", "1600余", "约1600"]),
        (1690, ["共1690", "近1700", "超1600", "逾1600", "1600余", "约1700"]),
        (1000, ["共1000", "约1000"]),
        (15032, ["共15032", "超1.5万", "逾1.5万", "1.5万余", "约1.5万"]),
        (39, ["共39", "近40", "超30", "逾30", "30余", "约40"]),
        (5, ["共5"]),
        (0, ["共0"]),
    ],
)
def test_what_is_offered(n: int, words: list[str]) -> None:
    assert [one.chinese for one in offered(n)] == words


def by_definition(form: str, named: int, n: int) -> bool:
    """Once more, from the words of the rule."""
    step = 10 ** (len(str(named)) - len(str(named).rstrip("0")))
    return {
        EXACT: n == named,
        MORE: named < n < named + step,
        OVER: n > named,
        EXCEEDING: n > named,
        NEARLY: named - step <= n < named,
        ABOUT: abs(n - named) * 20 <= named,
        ABOUT_MORE: any(abs(n - m) * 20 <= m for m in range(named + 1, named + step)),
    }[form]


@pytest.mark.parametrize("seed", range(4))
def test_random_numbers(seed: int) -> None:
    dice = random.Random(seed)
    for _round in range(1500):
        named = dice.randrange(1, 10 ** dice.randrange(1, 5)) * 10 ** dice.randrange(3) % 20_000 or 1
        form = dice.choice((*FORMS, ABOUT_MORE))
        hedge = Hedged(form, named)
        for n in (dice.randrange(2 * named + 2), named, named - 1, named + 1, named + hedge.step, named - hedge.step, *(end for end in hedge.bounds if end is not None)):
            assert n < 0 or hedge.is_true_of(n) == by_definition(form, named, n), (hedge, n)
        assert parse(hedge.chinese) == parse(hedge.english) == hedge


@pytest.mark.parametrize("seed", range(2))
def test_what_is_offered_is_true_and_read_back(seed: int) -> None:
    dice = random.Random(seed)
    for n in [*range(1200), *(dice.randrange(10 ** dice.randrange(4, 12)) for _round in range(2000))]:
        found = offered(n)
        assert found[0] == Hedged(EXACT, n)
        for hedge in found:
            assert hedge.is_true_of(n) and parse(hedge.chinese) == parse(hedge.english) == hedge
        assert {hedge.form: hedge for hedge in found} == {form: made for form in FORMS if (made := wording_of(n, form))}


# Reported numbers


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
