"""How the journal calls a published number, and how a kept value that was wrong is called."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from juzhi.base.indicators import INDICATORS
from juzhi.figures.queries.openings import openings
from juzhi.figures.queries.published import readings
from juzhi.figures.queries.telling import published
from juzhi.journal.models import Named
from juzhi.network.models import Organisation

KINDS = {("tally", 1): "本级日数", ("rollup", 0): "汇总月数", ("rollup", 1): "汇总日数", ("crowd", 0): "月人员集合", ("crowd", 1): "日人员集合"}


@dataclass(frozen=True)
class Wrong:
    """One kept value that was not what the records say. `off` = what was kept less what is right; of a crowd, how many persons differ."""

    series: str
    what: str  # tally, rollup or crowd
    place_id: int  # the organisation or node
    grain: int
    day: str
    off: int


def readings_named(by: Any, keys: Sequence[str]) -> dict[str, Named]:
    """Its question, with its page. Two queries."""
    found = readings(by).filter(key__in=keys)
    return {one.key: Named(f"{published(one).title} {one.period or one.as_of.isoformat()}", reverse("figures:reading", args=[one.key])) for one in found}


def openings_named(by: Any, keys: Sequence[str]) -> dict[str, Named]:
    """What it is of and of when, with its page. One query."""
    return {one.key: Named(f"{INDICATORS[one.indicator].label} {one.when}", reverse("figures:opening", args=[one.key])) for one in openings(by).filter(key__in=keys)}


def wrongs_named(by: Any, wrong: Sequence[Wrong]) -> list[dict[str, Any]]:
    """Kept values that were wrong, with the names of their places. One query."""
    names = dict(Organisation.objects.seen_by(by).filter(pk__among={one.place_id for one in wrong}).values_list("pk", "name"))
    return [
        {"series": one.series, "place": names.get(one.place_id, str(one.place_id)), "what": KINDS[one.what, one.grain], "day": one.day if one.grain else one.day[:7], "off": one.off} for one in wrong
    ]
