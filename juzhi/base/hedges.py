"""Reported numbers: how people write them (15万, 1,128, 28%), the word they hedge them with, and which numbers that word lets be true."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from juzhi.base.errors import Refused

PLACES = 4  # digits after the point that a reported number may have
MOST = Decimal(10) ** 14
ABOUT = Decimal("0.05")  # 约: so far on either side, as a share of the number
_AMOUNT = re.compile(r"([0-9]{1,15}|[0-9]{1,3}(?:,[0-9]{3}){1,4})(?:\.([0-9]{1,8}))?([十百千万亿]?)%?")
_TIMES = {"": 0, "十": 1, "百": 2, "千": 3, "万": 4, "亿": 8}


class Hedge(TextChoices):
    """The word beside a reported number. Kept as given: nobody rounds it away."""

    EXACT = "exact", _lazy("共（就是这个数）")
    ABOUT = "about", _lazy("约（上下都有可能）")
    OVER = "over", _lazy("超（比它多）")
    NEAR = "near", _lazy("近（还不到）")
    SOME = "some", _lazy("余、多（比它多一点）")


@dataclass(frozen=True)
class Interval:
    """Which numbers a reported number may stand for. None = no bound; `holds_low`, `holds_high` = whether the bound itself is one of them."""

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
    """What `number` with that word may be: N余 = N < n < N + step; 超 N = n > N; 近 N = N − step ≤ n < N; 约 N = at most five in a hundred off. Raises ValueError for a hedged zero."""
    if hedge == Hedge.EXACT:
        return Interval(number, number)
    if hedge == Hedge.OVER:
        return Interval(number, None, holds_low=False)
    if hedge == Hedge.ABOUT:
        return Interval(number * (1 - ABOUT), number * (1 + ABOUT))
    if hedge == Hedge.NEAR:
        return Interval(number - step(number), number, holds_high=False)
    return Interval(number, number + step(number), holds_low=False, holds_high=False)


def worded(text: str, hedge: str) -> str:
    """A number as written, with its word: 超 15万, 1,600余."""
    words = {Hedge.ABOUT: _("约 %(number)s"), Hedge.OVER: _("超 %(number)s"), Hedge.NEAR: _("近 %(number)s"), Hedge.SOME: _("%(number)s余")}
    return words[Hedge(hedge)] % {"number": text} if hedge != Hedge.EXACT else text


def written(number: Decimal) -> str:
    """1,128 or 28.5: thousands apart, no zeros that say nothing."""
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def parse_amount(text: str) -> Decimal:
    """The number that `text` spells: 351, 1,128, 15万, 1.2亿, 28%. Raises Refused, saying what is wrong."""
    plain = "".join(unicodedata.normalize("NFKC", text[:60]).split())
    match = _AMOUNT.fullmatch(plain)
    if not match:
        raise Refused(_("看不懂数目「%(text)s」，请只写数字，例如 351、1,128、15万、28；约、超、余另选") % {"text": plain[:20]}, field="value")
    whole, fraction, times = match.groups()
    number = Decimal(whole.replace(",", "") + (f".{fraction}" if fraction else "")).scaleb(_TIMES[times])
    if number >= MOST:
        raise Refused(_("数目太大，请核对，或换一个大些的单位"), field="value")
    if number != round(number, PLACES):
        raise Refused(_("小数最多 %(places)s 位，请按材料上的写") % {"places": PLACES}, field="value")
    return number
