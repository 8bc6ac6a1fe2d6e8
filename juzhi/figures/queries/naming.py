"""How the journal calls a published number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse

from juzhi.base.indicators import INDICATORS
from juzhi.figures.queries.openings import openings
from juzhi.figures.queries.published import readings
from juzhi.figures.queries.telling import published
from juzhi.journal.models import Named


def readings_named(by: Any, keys: Sequence[str]) -> dict[str, Named]:
    """Its question, with its page. Two queries."""
    found = readings(by).filter(key__in=keys)
    return {one.key: Named(f"{published(one).title} {one.period or one.as_of.isoformat()}", reverse("figures:reading", args=[one.key])) for one in found}


def openings_named(by: Any, keys: Sequence[str]) -> dict[str, Named]:
    """What it is of and of when, with its page. One query."""
    return {one.key: Named(f"{INDICATORS[one.indicator].label} {one.when}", reverse("figures:opening", args=[one.key])) for one in openings(by).filter(key__in=keys)}
