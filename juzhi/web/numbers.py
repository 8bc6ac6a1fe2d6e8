"""How a number is written where it is read: thousands, 万, suppressed and unknown."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from juzhi.base.cells import Hidden

WAN = 10_000  # from here on Chinese pages write 万, with the exact value beside it


RECORDS = gettext_lazy("条")
# Measure words, and how English says them of one thing.
MEASURES = (
    (gettext_lazy("个"), pgettext_lazy("一", "个")),
    (gettext_lazy("人"), pgettext_lazy("一", "人")),
    (gettext_lazy("人次"), pgettext_lazy("一", "人次")),
    (RECORDS, pgettext_lazy("一", "条")),
    (gettext_lazy("段"), pgettext_lazy("一", "段")),
    (gettext_lazy("批"), pgettext_lazy("一", "批")),
)


@dataclass(frozen=True)
class Written:
    """A number as shown, and `exact` where what is shown is rounded."""

    text: str
    exact: str = ""
    suppressed: bool = False
    said: bool = False  # suppressed, and `text` says so in words


def exact(value: int | float | Decimal) -> str:
    return f"{value:,}"


def written(value: int | float | Decimal | str | Promise | Hidden | None, *, short: bool = True) -> Written:
    """None = suppressed, `Hidden` = suppressed and said so in words. Text is shown as it is (未详, 9/9). From 10,000 on, 1.5万 with the exact value kept."""
    if value is None:
        return Written("—", suppressed=True)
    if isinstance(value, Hidden):
        return Written(str(value), suppressed=True, said=True)
    if not isinstance(value, int | float | Decimal):  # a word of a template is a promise of its translation
        return Written(str(value))
    if short and abs(Decimal(value)) >= WAN and (get_language() or "").startswith("zh"):
        rounded = (Decimal(value) / WAN).quantize(Decimal("0.1"), ROUND_HALF_UP)
        number = f"{rounded:,}".removesuffix(".0")
        return Written(_("%(number)s万") % {"number": number}, exact=exact(value) if rounded * WAN != value else "")
    return Written(exact(value))


def drawn(value: Any) -> Any:
    """The same for a drawn mark: what is hidden has none."""
    return None if isinstance(value, Hidden) else value


def measured(value: Any, unit: str | Promise) -> str:
    """The measure word beside a number: 1 person, 2 persons. A word the house does not know stays as it is."""
    if value != 1:
        return str(unit)
    return next((str(one) for many, one in MEASURES if str(many) == str(unit)), str(unit))
