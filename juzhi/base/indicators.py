"""The declaration of a figure: what is counted, by which rule, and the query set that is its evidence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

COUNT, DISTINCT = "count", "distinct"
STOCK, FLOW = "stock", "flow"


@dataclass(frozen=True)
class Attribute:
    """What the records themselves are parted by: the reason of leaving, the batch of admission.

    `is_personal` = it says something of a person, so that such a part is a cell: told only to those who may open the list.
    """

    path: str
    title: str | _StrPromise
    read: Callable[[str], Any]  # the value that an address spells; ValueError if there is none such
    label: Callable[[Any], str]
    is_personal: bool = True


@dataclass(frozen=True)
class Growth:
    """What makes a stock more and less: ids of the stock and of the two flows, what came and what went."""

    stock: str
    came: str
    went: str
    held_before: Callable[[str], Any]  # path to a day -> condition: rows that the stock held on the day before
    forgotten: Any  # condition: rows that came, and that the stock holds on no day, since nobody knows when they went


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
    """A stock as of a day, or a flow over a period. The number is the aggregate of `evidence(day)` or `evidence(since, until)`, both days included, and that query set can be listed.

    A record of a flow counts where its organisation stood on the record's own day (`day`, a field). `growth` makes a flow of two: what came less what went.
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
    evidence: Callable[..., Any]  # (day), of a flow (since, until)
    organisation: str
    lists: Callable[[Any, Any], Any]  # (by, evidence) -> rows `by` may open
    duties: tuple[str, ...] = ()
    person: str | None = None
    companion: str = ""  # id of the indicator shown beside it (count beside distinct persons)
    columns: tuple[Any, ...] = field(default=())  # of the evidence list: (label, callable)
    list_duties: tuple[str, ...] = ()  # who may open the whole list at an organisation: small numbers are exact for them
    share: bool = False  # shown as a share of its companion too
    kinds: tuple[Callable[[date], Any], ...] = ()  # cut by an attribute of persons: the query sets into which these are parted, those who have it and those who have not first
    kind: str = STOCK
    day: str = ""  # of a flow: the field that holds a record's own day, `<name>_on`, with its `<name>_precision`
    growth: Growth | None = None
    attribute: Attribute | None = None
    cohorts: str = ""  # id of the indicator that parts the rows of a stock by how they came, whether or not they are still there
    kept: Kept | None = None  # rolled up by the engine of figures; the number is the same

    @property
    def is_public(self) -> bool:
        return not self.duties

    @property
    def is_flow(self) -> bool:
        return self.kind == FLOW

    @property
    def model(self) -> Any:
        """What the records are."""
        days = (date.max, date.max) if self.is_flow else (date.max,)
        return self.evidence(*days).model

    @property
    def path(self) -> str:
        """From a row to its organisation, as a prefix: "" where the rows are organisations."""
        return "" if self.organisation == "pk" else self.organisation.removesuffix("_id") + "__"


INDICATORS: dict[str, Indicator] = {}


def declare(*indicators: Indicator) -> None:
    """Called at import of a capability's `figures.py`. Raises ValueError if an id is taken by another declaration."""
    for indicator in indicators:
        if INDICATORS.get(indicator.id, indicator) != indicator:
            raise ValueError(f"indicator {indicator.id!r} is declared twice")
        INDICATORS[indicator.id] = indicator
