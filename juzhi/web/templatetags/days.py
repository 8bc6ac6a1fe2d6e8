"""The components that ask for a day or a period."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from juzhi.base.periods import Period, calendar_period
from juzhi.web import drawing, queries
from juzhi.web.templatetags.making import component

Shown = dict[str, Any]


@component
def as_of(context: Any, value: Any, *, name: str = "as_of", error: str = "", days: Sequence[date] = (), span: tuple[date, date] | None = None, at: date | None = None) -> Shown:
    """A day typed as text: 2024, 2024-05 or 2024-05-31. The rest of the address is kept. With `span` and `at`, a time line beside it: `days` = when something changed."""
    shown = {"value": value, "name": name, "error": error, "axis": drawing.axis(days, span, at) if span and at else None}
    return {**shown, "kept": queries.kept(context.get("request"), but=(name, "page")), "today": queries.changed(context.get("request"), **{name: None, "page": None})}


@component
def period(context: Any, value: Period, *, id: str = "period", error: str = "", is_free: bool = True) -> Shown:
    """From which day to which, typed as text or picked from the year's calendar: addresses with `from` and `to`; the rest of the address is kept. Without `is_free` only the calendar."""
    asked, request, names = value.question, context.get("request"), ("from", "to", "page")

    def rows(*kinds: str) -> list[list[Shown]]:
        year = calendar_period(value.until, "year")
        found: dict[str, list[Period | None]] = {"year": [year.beside(-1), year, year.beside(1)], "quarter": [*year.parts("quarter")], "month": [*year.months()]}
        return [[{"label": one, "href": queries.changed(request, to=None, page=None, **{"from": one.question["from"]}), "current": one == value} for one in found[kind] if one] for kind in kinds]

    return {"id": id, "since": asked["from"], "until": asked.get("to", ""), "error": error, "is_free": is_free, "rows": rows("year", "quarter", "month"), "kept": queries.kept(request, but=names)}
