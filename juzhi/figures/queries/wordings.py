"""What a published wording says of the number, and whether the number of today still allows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from juzhi.base.hedges import Hedged, parse


@dataclass(frozen=True)
class Wording:
    """A hedge as a page shows it: `stands` of the number as it stands, None where that is not told."""

    text: str
    stands: bool | None
    rule: str


def wording(kept: str | None, value: Any) -> Wording | None:
    """Of a reading's wording (None = it has none) and a number; the words in the reader's language."""
    hedge = parse(kept) if kept else None
    if hedge is None:
        return None
    text = hedge.chinese if (get_language() or "zh").startswith("zh") else hedge.english
    return Wording(text, hedge.is_true_of(value) if isinstance(value, int) else None, _("说的是%(bounds)s") % {"bounds": in_bounds(hedge)})


def in_bounds(hedge: Hedged) -> str:
    """Of which numbers it is true, in words."""
    least, largest = hedge.bounds
    if largest is None:
        return _("%(least)s 及以上") % {"least": least}
    if largest < least:
        return _("没有任何数")
    return str(least) if least == largest else _("%(least)s 到 %(largest)s") % {"least": least, "largest": largest}
