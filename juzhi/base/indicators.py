"""The declaration of a figure: what is counted, by which rule, and the query set that is its evidence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

COUNT, DISTINCT = "count", "distinct"


@dataclass(frozen=True)
class Kept:
    """How the evidence of an indicator is kept rolled up: query set and columns of one table, so that every change of it leaves a mark.

    `until` makes it a stock (rows hold on [day, until); NULL = open), else it is a flow of what happened on `day`. Every row of `rows()` counts on its days,
    no other does. `amount` is a column of integers, summed instead of counted.
    """

    rows: Callable[[], Any]  # one table; conditions over its own columns only
    day: str
    until: str | None = None
    amount: str | None = None


@dataclass(frozen=True)
class Indicator:
    """A stock as of a day. The number is the aggregate of `evidence(day)`, and that query set can be listed.

    `organisation` is the path from a row to the organisation it counts for; `person` the path counted by `distinct`.
    `duties` may see the number (empty = public); `lists` narrows evidence to the rows an actor may open.
    """

    id: str
    label: str | _StrPromise
    unit: str | _StrPromise  # the measure word, which is the definition: 个 人 人次
    measure: str
    rule: str | _StrPromise  # 口径 in words
    excludes: str | _StrPromise
    version: int
    since: date  # from when this version of the rule holds
    source: str | _StrPromise  # where the records come from
    evidence: Callable[[date], Any]
    organisation: str
    lists: Callable[[Any, Any], Any]  # (by, evidence) -> rows `by` may open
    duties: tuple[str, ...] = ()
    person: str | None = None
    companion: str = ""  # id of the indicator shown beside it (count beside distinct persons)
    columns: tuple[Any, ...] = field(default=())  # of the evidence list: (label, callable)
    kept: Kept | None = None  # rolled up by the engine of figures; the number is the same

    @property
    def is_public(self) -> bool:
        return not self.duties


INDICATORS: dict[str, Indicator] = {}


def declare(*indicators: Indicator) -> None:
    """Called at import of a capability's `figures.py`. Raises ValueError if an id is taken by another declaration."""
    for indicator in indicators:
        if INDICATORS.get(indicator.id, indicator) != indicator:
            raise ValueError(f"indicator {indicator.id!r} is declared twice")
        INDICATORS[indicator.id] = indicator
