"""Hedge words of public texts (近 超 余 约): which wording is true of a number, and the right one for a form. Pure: no models, no request, whole numbers only.

The rule, for a named number N whose last digit other than 0 stands for `step` (100 in 1600, 1000 in 15000):
共N: n = N · N余, N多: N < n < N + step · 超N, 突破N, 逾N: n > N · 近N: N - step <= n < N · 约N: within 5 % of N · 约N余: within 5 % of what N余 allows.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction

EXACT, MORE, OVER, EXCEEDING, NEARLY, ABOUT, ABOUT_MORE = "exact", "more", "over", "exceeding", "nearly", "about", "about_more"
FORMS = (EXACT, NEARLY, OVER, EXCEEDING, MORE, ABOUT)  # those that are offered
TOLERANCE = Fraction(5, 100)  # of 约
MOST = 10**12  # a public text names no larger number of records
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
class Hedge:
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
        named, step = self.number, self.step
        if self.form == EXACT:
            return named, named
        if self.form == MORE:
            return named + 1, named + step - 1
        if self.form in (OVER, EXCEEDING):
            return named + 1, None
        if self.form == NEARLY:
            return named - step, named - 1
        if self.form == ABOUT:
            return _least(named), _largest(named)
        return (_least(named + 1), _largest(named + step - 1)) if step > 1 else (named + 1, named)

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
    step = 1
    while number and number % (step * 10) == 0:
        step *= 10
    return step


def _least(number: int) -> int:
    bound = number * (1 - TOLERANCE)
    return -(-bound.numerator // bound.denominator)


def _largest(number: int) -> int:
    bound = number * (1 + TOLERANCE)
    return bound.numerator // bound.denominator


def in_chinese(number: int) -> str:
    """As a public text writes it: 1600, 1.5万, 15万, 2亿."""
    for unit, sign in ((YI, "亿"), (WAN, "万")):
        if number >= unit and number % (unit // 10) == 0:
            return f"{number // unit}.{number * 10 // unit % 10}{sign}".replace(f".0{sign}", sign)
    return str(number)


def worded(n: int, form: str) -> Hedge | None:
    """The right wording of a number in a form, by its first two digits where they serve, else, from below, by the first; None where none is right: 1000余 of 1000, 近1700 of 1601, which the rule allows but the half way to it does not."""
    if form == EXACT:
        return Hedge(EXACT, n)
    if n < 10:
        return None
    for kept in (2,) if form in (NEARLY, ABOUT) else (2, 1):
        grain = 10 ** max(len(str(n)) - kept, 1)
        low = n // grain * grain
        nearest = (n + grain // 2) // grain * grain
        number = {NEARLY: nearest, ABOUT: nearest}.get(form, low)
        if number > 0 and Hedge(form, number).is_true_of(n):
            return Hedge(form, number)
    return None


def offered(n: int) -> list[Hedge]:
    """One true wording for each form that has one."""
    return [found for form in FORMS if (found := worded(n, form))]


def parse(text: str) -> Hedge | None:
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
        return Hedge(ABOUT_MORE, number) if (first, last) == (ABOUT, MORE) and number else None
    form = first or last or EXACT
    return Hedge(form, number) if number or form == EXACT else None


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
