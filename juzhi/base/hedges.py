"""Hedge words (近 超 余 约): which numbers a hedged number lets be true, the right wording of a whole number for a form, and how people write both. No models, no request.

The rule, for a named number N whose last digit other than 0 stands for `step` (100 in 1600, 1000 in 15000):
共N: n = N · N余, N多: N < n < N + step · 超N, 突破N, 逾N: n > N · 近N: N - step <= n < N · 约N: within 5 % of N · 约N余: within 5 % of what N余 allows.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from fractions import Fraction

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from juzhi.base.errors import Refused


class Hedge(TextChoices):
    """The word beside a reported number. Kept as given: nobody rounds it away."""

    EXACT = "exact", _lazy("共（就是这个数）")
    ABOUT = "about", _lazy("约（上下都有可能）")
    OVER = "over", _lazy("超（比它多）")
    NEAR = "near", _lazy("近（还不到）")
    SOME = "some", _lazy("余、多（比它多一点）")


EXACT, ABOUT, OVER, NEARLY, MORE = (str(one.value) for one in Hedge)
EXCEEDING, ABOUT_MORE = "exceeding", "about_more"  # 逾, 约…余: only as public texts write them
FORMS = (EXACT, NEARLY, OVER, EXCEEDING, MORE, ABOUT)  # those that are offered
TOLERANCE = Decimal("0.05")  # 约: so far on either side, as a share of the number
MOST = 10**12  # a public text names no larger number of records
PLACES, LARGEST = 4, Decimal(10) ** 14  # of a reported number: digits after the point at most, and what it stays below
WAN, YI = 10_000, 100_000_000

CHINESE = {EXACT: "共{}", MORE: "{}余", OVER: "超{}", EXCEEDING: "逾{}", NEARLY: "近{}", ABOUT: "约{}", ABOUT_MORE: "约{}余"}
ENGLISH = {EXACT: "{} in all", MORE: "{}-odd", OVER: "over {}", EXCEEDING: "more than {}", NEARLY: "nearly {}", ABOUT: "about {}", ABOUT_MORE: "about {}-odd"}
BEFORE = {"共": EXACT, "总共": EXACT, "超": OVER, "超过": OVER, "突破": OVER, "逾": EXCEEDING, "近": NEARLY, "将近": NEARLY, "约": ABOUT, "大约": ABOUT,
          "over": OVER, "more than": EXCEEDING, "nearly": NEARLY, "almost": NEARLY, "about": ABOUT, "around": ABOUT}  # fmt: skip
AFTER = {"余": MORE, "多": MORE, "-odd": MORE, "in all": EXACT}
UNITS = {"十": 10, "百": 100, "千": 1000, "万": WAN, "亿": YI}
DIGITS = dict(zip("零〇一二两三四五六七八九", (0, 0, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))
_FIGURES = re.compile(r"(\d{1,3}(?:,\d{3})+|\d{1,12})(\.\d{1,4})?(百|千|万|亿|百万|千万)?")


@dataclass(frozen=True)
class Interval:
    """Which numbers a hedged number may stand for. None = no bound; `holds_low`, `holds_high` = whether the bound itself is one of them."""

    low: Decimal | None
    high: Decimal | None
    holds_low: bool = True
    holds_high: bool = True

    def holds(self, number: Decimal | int) -> bool:
        above = self.low is None or number > self.low or (self.holds_low and number == self.low)
        return above and (self.high is None or number < self.high or (self.holds_high and number == self.high))

    def __str__(self) -> str:
        """The same in words: 大于 1600、小于 1700."""
        if self.low is not None and self.low == self.high:
            return _("就是 %(number)s") % {"number": written(self.low)}
        low = None if self.low is None else (_("不小于 %(number)s") if self.holds_low else _("大于 %(number)s")) % {"number": written(self.low)}
        high = None if self.high is None else (_("不大于 %(number)s") if self.holds_high else _("小于 %(number)s")) % {"number": written(self.high)}
        return _("、").join(one for one in (low, high) if one)


def step(number: Decimal) -> Decimal:
    """10^k, k = the place of the last digit that is not zero: of 1600 it is 100, of 28.5 it is 0.1. Raises ValueError for zero."""
    if not number:
        raise ValueError("zero has no last digit")
    exponent = number.normalize().as_tuple().exponent
    return Decimal(1).scaleb(int(exponent))


def interval(number: Decimal, hedge: str) -> Interval:
    """What `number` with that word may be, by the rule above. `hedge` = a value of `Hedge`, or EXCEEDING or ABOUT_MORE. Raises ValueError for a hedged zero."""
    if hedge == EXACT:
        return Interval(number, number)
    if hedge in (OVER, EXCEEDING):
        return Interval(number, None, holds_low=False)
    if hedge == ABOUT:
        return Interval(number * (1 - TOLERANCE), number * (1 + TOLERANCE))
    if hedge == NEARLY:
        return Interval(number - step(number), number, holds_high=False)
    if hedge == MORE:
        return Interval(number, number + step(number), holds_low=False, holds_high=False)
    if step(number) == 1:  # 约16余: nothing lies between two numbers that follow each other
        return Interval(number, number, holds_low=False, holds_high=False)
    return Interval((number + 1) * (1 - TOLERANCE), (number + step(number) - 1) * (1 + TOLERANCE))  # of whole numbers


def worded(text: str, hedge: str) -> str:
    """A reported number as written, with its word: 超 15万, 1,600余."""
    words = {Hedge.ABOUT: _("约 %(number)s"), Hedge.OVER: _("超 %(number)s"), Hedge.NEAR: _("近 %(number)s"), Hedge.SOME: _("%(number)s余")}
    return words[Hedge(hedge)] % {"number": text} if hedge != Hedge.EXACT else text


def written(number: Decimal) -> str:
    """1,128 or 28.5: thousands apart, no zeros that say nothing."""
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@dataclass(frozen=True)
class Hedged:
    """A named number with its hedge."""

    form: str
    number: int  # the named one, from 0; from 1 but for EXACT

    @property
    def step(self) -> int:
        """What the last digit of the named number other than 0 stands for."""
        return step_of(self.number)

    @property
    def bounds(self) -> tuple[int, int | None]:
        """The least and the largest number of which it is true; None = no largest. Empty (least above largest) where it is true of none: 7余."""
        meant = interval(Decimal(self.number), self.form)
        low, high = meant.low, meant.high
        least = 0 if low is None else int(low.to_integral_value(ROUND_CEILING)) + (not meant.holds_low and low == int(low))
        largest = None if high is None else int(high.to_integral_value(ROUND_FLOOR)) - (not meant.holds_high and high == int(high))
        return least, largest

    def is_true_of(self, n: int) -> bool:
        least, largest = self.bounds
        return least <= n and (largest is None or n <= largest)

    @property
    def chinese(self) -> str:
        return CHINESE[self.form].format(in_chinese(self.number))

    @property
    def english(self) -> str:
        return ENGLISH[self.form].format(f"{self.number:,}")


def step_of(number: int) -> int:
    return int(step(Decimal(number))) if number else 1


def in_chinese(number: int) -> str:
    """As a public text writes it: 1600, 1.5万, 15万, 2亿."""
    for unit, sign in ((YI, "亿"), (WAN, "万")):
        if number >= unit and number % (unit // 10) == 0:
            return f"{number // unit}.{number * 10 // unit % 10}{sign}".replace(f".0{sign}", sign)
    return str(number)


def wording_of(n: int, form: str) -> Hedged | None:
    """The right wording of a number in a form, by its first two digits where they serve, else, from below, by the first; None where none is right: 1000余 of 1000, 近1700 of 1601, which the rule allows but the half way to it does not."""
    if form == EXACT:
        return Hedged(EXACT, n)
    if n < 10:
        return None
    for kept in (2,) if form in (NEARLY, ABOUT) else (2, 1):
        grain = 10 ** max(len(str(n)) - kept, 1)
        low = n // grain * grain
        nearest = (n + grain // 2) // grain * grain
        number = {NEARLY: nearest, ABOUT: nearest}.get(form, low)
        if number > 0 and Hedged(form, number).is_true_of(n):
            return Hedged(form, number)
    return None


def offered(n: int) -> list[Hedged]:
    """One true wording for each form that has one."""
    return [found for form in FORMS if (found := wording_of(n, form))]


def parse(text: str) -> Hedged | None:
    """A wording as people write it, Chinese or English: 1600余, 超15万, 约千余, nearly 1,700. None where it names no number or no single hedge."""
    plain = unicodedata.normalize("NFKC", text).strip().lower().rstrip("人次名个家场批件位")
    before, plain = _cut(plain, BEFORE, plain.startswith, plain.removeprefix)
    after, plain = _cut(plain, AFTER, plain.endswith, plain.removesuffix)
    inside = re.fullmatch(r"(\d+)[余多]([万亿])", plain)  # 30余万: as 30万余
    if inside and not after:
        after, plain = "余", inside[1] + inside[2]
    first, last = BEFORE.get(before), AFTER.get(after)
    number = _number(plain.strip())
    if number is None or number > MOST:
        return None
    if first and last:
        return Hedged(ABOUT_MORE, number) if (first, last) == (ABOUT, MORE) and number else None
    form = first or last or EXACT
    return Hedged(form, number) if number or form == EXACT else None


def _cut(text: str, words: Iterable[str], holds: Callable[[str], bool], take: Callable[[str], str]) -> tuple[str, str]:
    """The longest of these words that stands there, and the text without it."""
    found = max((word for word in words if holds(word)), key=len, default="")
    return (found, take(found).strip()) if found else ("", text)


def _number(text: str) -> int | None:
    """Digits, with thousands and 万 or 亿, or a Chinese numeral: 1,600 · 1.5万 · 千 · 三千二百. None for anything else."""
    if found := _FIGURES.fullmatch(text):
        times = 1
        for sign in found[3] or "":
            times *= UNITS[sign]
        value = Fraction(found[1].replace(",", "") + (found[2] or "")) * times
        return int(value) if value.denominator == 1 else None
    return _numeral(text)


def _numeral(text: str) -> int | None:
    """三千二百, 十二, 千 (one thousand), 一万五千. None where it is not one."""
    if not text or any(sign not in UNITS and sign not in DIGITS for sign in text):
        return None
    total, part, digit = 0, 0, -1
    for sign in text:
        if sign in DIGITS:
            if digit > 0:
                return None  # 一二: two digits and no unit between
            digit = DIGITS[sign]
        elif UNITS[sign] >= WAN:
            total, part, digit = (total + part + max(digit, 0) or 1) * UNITS[sign], 0, -1
        else:
            part, digit = part + UNITS[sign] * (1 if digit < 0 else digit), -1
    return total + part + max(digit, 0)


# Reported numbers

_AMOUNT = re.compile(r"([0-9]{1,15}|[0-9]{1,3}(?:,[0-9]{3}){1,4})(?:\.([0-9]{1,8}))?([十百千万亿]?)%?")
_TIMES = {"": 0, "十": 1, "百": 2, "千": 3, "万": 4, "亿": 8}


def parse_amount(text: str) -> Decimal:
    """The number that `text` spells: 351, 1,128, 15万, 1.2亿, 28%. Raises Refused, saying what is wrong."""
    plain = "".join(unicodedata.normalize("NFKC", text[:60]).split())
    match = _AMOUNT.fullmatch(plain)
    if not match:
        raise Refused(_("看不懂数目「%(text)s」，请只写数字，例如 351、1,128、15万、28；约、超、余另选") % {"text": plain[:20]}, field="value")
    whole, fraction, times = match.groups()
    number = Decimal(whole.replace(",", "") + (f".{fraction}" if fraction else "")).scaleb(_TIMES[times])
    if number >= LARGEST:
        raise Refused(_("数目太大，请核对，或换一个大些的单位"), field="value")
    if number != round(number, PLACES):
        raise Refused(_("小数最多 %(places)s 位，请按材料上的写") % {"places": PLACES}, field="value")
    return number
