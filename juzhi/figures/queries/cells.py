"""The outlet of figures: what a reader is told of groups of persons. After the number, before any formatting; never in what is kept, or sums would break.

A cell is a number of persons cut by an attribute of persons, or over a group that is not one organisation with all beneath it. Organisations, and an organisation's own
membership with those who came to it and left it, are not cells. Who may open the list behind a number reads the names anyway, and is told everything.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from juzhi.base.actors import Actor
from juzhi.base.cells import INSIDE, Hidden, Sums
from juzhi.base.indicators import Indicator
from juzhi.base.periods import YEAR, Period, calendar_period
from juzhi.figures.queries import cell_parts, evaluation
from juzhi.figures.queries.cell_parts import Key, Taken, Whole
from juzhi.figures.queries.evaluation import Figure, Narrowing, Node, Row
from juzhi.network.models import Organisation


def is_cell(indicator: Indicator, node: Node, narrowing: Narrowing) -> bool:
    """Whether the number is one of persons cut by an attribute (that they came in a batch is one), or over a group that is not one organisation."""
    if indicator.person is None:
        return False
    is_cut = bool(indicator.kinds) or (indicator.attribute is not None and not indicator.is_flow)
    return is_cut or not isinstance(node.thing, Organisation) or narrowing != Narrowing()


def opens_all(by: Actor, figure: Figure) -> bool:
    """Whether small numbers are no secret to the reader: no persons are counted, or he may open the whole list behind this number."""
    told = figure.indicator
    there = evaluation.organisations_of(by, figure.node, figure.as_of, figure.since)
    return told.person is None or by.is_system or (bool(told.list_duties) and evaluation.covers(by, told.list_duties, there))


def month_end(day: date, today: date) -> date:
    """The last day of a month that is over and not after `day`: the days between would tell by subtraction who came and went."""
    day = min(day, today)
    following = day + timedelta(days=1)
    return day if following.day == 1 else day.replace(day=1) - timedelta(days=1)


def whole_year(until: date, today: date) -> Period:
    """The last year that is over and ends no later than `until`: shorter periods would tell by subtraction who came in one of them."""
    year = calendar_period(min(until, today - timedelta(days=1)), YEAR)
    return year if year.until <= min(until, today - timedelta(days=1)) else calendar_period(year.eve, YEAR)


def told(by: Actor, figure: Figure) -> Figure:
    """The figure as this reader is told it: a cell as of the end of a month, or of a whole year, only, and small ones as `Hidden`. A fixed number of queries more."""
    if figure.value is None or not is_cell(figure.indicator, figure.node, figure.narrowing):
        return figure
    seen = lens(by, figure)
    if seen.is_open or seen.figure.value is None:
        return seen.figure
    return seen.figure if seen.tells(seen.taken("").get("", frozenset())) else replace(seen.figure, value=Hidden())


@dataclass(frozen=True)
class Lens:
    """What a reader is told of the parts of a figure. `figure` is the one whose parts may be told: that asked for, or as of the end of a month, or of a whole year."""

    by: Actor
    figure: Figure
    is_open: bool
    whole: Whole = field(default_factory=lambda: Whole(Sums({}, ()), {}))

    def taken(self, what: str) -> Taken:
        return cell_parts.taken(self.by, self.figure, self.whole, what)

    def tells(self, parts: frozenset[Key] | None) -> bool:
        return self.is_open or (parts is not None and self.whole.sums.tells(parts))

    @property
    def is_plain(self) -> bool:
        """Whether the figure is an organisation's own membership, which is told in any case."""
        return not is_cell(self.figure.indicator, self.figure.node, self.figure.narrowing)

    @property
    def tells_all(self) -> bool:
        """Whether also those parts are told that are no rows of a cut: months, and what has no day precise enough."""
        return self.is_open or self.is_plain

    def rows(self, rows: Sequence[Row], what: str) -> list[Row]:
        """The rows of a cut by `what` (level, family, host_type, district, child, attribute) as they are told. A row of all that an organisation has is its own membership."""
        if self.is_open or not rows or (what == "child" and self.is_plain):
            return list(rows)
        parts = self.taken(what)
        is_flow = self.figure.since is not None
        is_whole = self.is_plain and (len(parts) if is_flow else sum(1 for row in rows if row.value)) == 1

        def is_none(row: Row) -> bool:
            """A group of nobody is told; that nobody in it has an attribute is not: the others have it not. Of a flow neither: stocks tell the difference of its sides."""
            return not row.value and not self.figure.indicator.kinds and not is_flow

        def is_told(row: Row) -> bool:
            return is_none(row) or is_whole or self.tells(parts.get(row.key, frozenset()))

        return [replace(row, value=row.value if is_told(row) else Hidden(), whole=None) for row in rows]


def lens(by: Actor, figure: Figure) -> Lens:
    """Through which a reader sees the parts of a figure."""
    if figure.value is None or opens_all(by, figure):
        return Lens(by, figure, is_open=True)
    day, since = month_end(figure.as_of, by.today), None
    if figure.since is not None:
        year = whole_year(figure.as_of, by.today)
        day, since = year.until, year.since
    if (day, since) != (figure.as_of, figure.since):
        figure = evaluation.evaluate(by, figure.indicator, figure.node, day, figure.narrowing, since)
    return Lens(by, figure, is_open=False, whole=cell_parts.whole(by, figure))


def note(seen: Lens, asked: Figure, values: Iterable[Any] = ()) -> str:
    """Why something is not told, or told of another day than the figure's; "" where neither is so. `values` = what was told."""
    if seen.is_open:
        return ""
    words, figure = [], seen.figure
    if (figure.as_of, figure.since) != (asked.as_of, asked.since) or not seen.is_plain:
        by_year = _("按分组的入会、离会、净增只给已经过完的整年：这里是%(period)s。") % {"period": figure.period}
        words.append(by_year if figure.period else _("按分组的人数只给各月月末的：这里是 %(day)s。") % {"day": figure.as_of.isoformat()})
    if any(isinstance(value, Hidden) for value in values):
        hidden = {"hidden": Hidden(), "least": INSIDE}
        is_flow = figure.since is not None
        flow = _("“%(hidden)s”：这一格入会或离会的少于 %(least)s 人，或者由它能算出这样的一格，所以不写数；几种情形不分开写。整个组织的仍是准数。") % hidden
        words.append(flow if is_flow else _("“%(hidden)s”：这一格少于 %(least)s 人，或者由它能算出这样的一格，所以不写数；两种情形不分开写。合计仍是准数。") % hidden)
    return "".join(words)


def hidden_note(by: Actor, figure: Figure, values: Sequence[Any]) -> str:
    """The same of a page that tells only the figure itself, of several days; "" where it is no cell."""
    return note(lens(by, figure), figure, values) if is_cell(figure.indicator, figure.node, figure.narrowing) else ""
