"""Whether a date of lower precision lies in a period, as conditions of a query: a month or year counts only where the whole of it lies inside."""

from __future__ import annotations

import calendar
from datetime import date

from django.db.models import Q

from juzhi.base.periods import DAY, MONTH, YEAR

WHOLE = (DAY, "")  # dates known to the day; some rows of old have no word for it


def wholly_within(name: str, since: date, until: date) -> Q:
    """Rows whose date (`<name>_on`, `<name>_precision`) lies within [since, until], whatever day it was. An unknown date never does."""
    on, precision = f"{name}_on", f"{name}_precision"
    months = Q(**{precision: MONTH, f"{on}__lte": _last_whole_month(until)})
    years = Q(**{precision: YEAR, f"{on}__lte": _last_whole_year(until)})
    return Q(**{f"{on}__range": (since, until)}) & (Q(**{f"{precision}__in": WHOLE}) | months | years)


def perhaps_within(name: str, since: date, until: date) -> Q:
    """Rows whose date, known to the month or the year, lies within [since, until] on some of its days and not on others."""
    on, precision = f"{name}_on", f"{name}_precision"
    months = Q(**{precision: MONTH, f"{on}__range": (since.replace(day=1), until)}) & (Q(**{f"{on}__lt": since}) | Q(**{f"{on}__gt": _last_whole_month(until)}))
    years = Q(**{precision: YEAR, f"{on}__range": (since.replace(month=1, day=1), until)}) & (Q(**{f"{on}__lt": since}) | Q(**{f"{on}__gt": _last_whole_year(until)}))
    return months | years


def _last_whole_month(until: date) -> date:
    """The first day of the last month that is over on `until`."""
    if until.day == calendar.monthrange(until.year, until.month)[1]:
        return until.replace(day=1)
    return date(until.year, until.month - 1, 1) if until.month > 1 else date(until.year - 1, 12, 1)


def _last_whole_year(until: date) -> date:
    """The first day of the last year that is over on `until`."""
    return date(until.year if (until.month, until.day) == (12, 31) else until.year - 1, 1, 1)
