"""A figure month by month: a stock as of the last day of each month, a flow in each month; each answer straight from the records."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from juzhi.base.actors import Actor
from juzhi.base.periods import MONTH, calendar_period
from juzhi.figures.queries import cells, evaluation
from juzhi.figures.queries.addresses import address, query_of
from juzhi.figures.queries.evaluation import Figure

MONTHS = 13  # a year, and the month it is compared with


def ends_of_months(until: date, number: int) -> list[date]:
    """The last days of months, the earliest first; `until` itself stands for its own month."""
    found, first = [until], until.replace(day=1)
    while len(found) < number:
        last = first - timedelta(days=1)
        found.append(last)
        first = last.replace(day=1)
    return found[::-1]


def months(by: Actor, figure: Figure) -> list[dict[str, Any]]:
    """Rows of {label, day, value, change, href}: thirteen months up to the day asked for, of a flow the month in which its period ends; [] where the reader may not see the number then.

    Rights are asked for each month's own organisations, and small cells are hidden month by month; of who came to a group and left it no month is told. A fixed number of queries.
    """
    rows: list[dict[str, Any]] = []
    for day in ends_of_months(_last(figure), MONTHS):
        since = calendar_period(day, MONTH).since if figure.since else None
        told = cells.told(by, evaluation.evaluate(by, figure.indicator, figure.node, day, figure.narrowing, since))
        if (told.as_of, told.since) != (day, since):
            continue
        before = rows[-1]["value"] if rows else None
        change = told.value - before if isinstance(told.value, int) and isinstance(before, int) else None
        when = f"{day:%Y-%m}" if figure.since else day.isoformat()
        rows.append({"label": f"{day:%Y-%m}", "day": day, "when": when, "value": told.value, "change": change, "href": address(figure.indicator.id, figure.node, query_of(told))})
    return [row for row in rows if row["value"] is not None]


def _last(figure: Figure) -> date:
    """The day the last month stands for: of a flow its end."""
    return calendar_period(figure.as_of, MONTH).until if figure.since else figure.as_of
