"""A figure month by month: the same question as of the last day of each month, each answer straight from the records."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from juzhi.base.actors import Actor
from juzhi.figures.queries import cells, evaluation
from juzhi.figures.queries.evaluation import Figure
from juzhi.figures.queries.sheets import address, query_of

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
    """Rows of {label, day, value, change, href}: thirteen months up to the day asked for; [] where the reader may not see the number then.

    Rights are asked for each day's own organisations, and small cells are hidden month by month. A fixed number of queries.
    """
    rows: list[dict[str, Any]] = []
    for day in ends_of_months(figure.as_of, MONTHS):
        told = cells.told(by, evaluation.evaluate(by, figure.indicator, figure.node, day, figure.narrowing))
        before = rows[-1]["value"] if rows else None
        change = told.value - before if isinstance(told.value, int) and isinstance(before, int) else None
        rows.append({"label": f"{day:%Y-%m}", "day": day, "value": told.value, "change": change, "href": address(figure.indicator.id, figure.node, query_of(told))})
    return [row for row in rows if row["value"] is not None]
