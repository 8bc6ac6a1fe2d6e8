"""Pages of figures."""

from juzhi.figures.views.figures import evidence, figure, indicators, months
from juzhi.figures.views.openings import opening, opening_evidence, record_opening, withdraw_opening
from juzhi.figures.views.readings import card, explain, feed, publish, reading, reading_data, readings
from juzhi.figures.views.reports import report, report_evidence, reports

__all__ = [
    "card",
    "evidence",
    "explain",
    "feed",
    "figure",
    "indicators",
    "months",
    "opening",
    "opening_evidence",
    "publish",
    "reading",
    "reading_data",
    "readings",
    "record_opening",
    "report",
    "report_evidence",
    "reports",
    "withdraw_opening",
]
