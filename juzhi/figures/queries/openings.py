"""What documents say of the time before the register: shown beside the counted numbers, never added to them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from juzhi.base.actors import Actor
from juzhi.base.hedges import interval, worded, written
from juzhi.base.indicators import INDICATORS, Indicator
from juzhi.figures.models import OpeningBalance, OpeningEvidence
from juzhi.figures.queries import cells, evaluation
from juzhi.figures.queries.addresses import address, query_of
from juzhi.figures.queries.evaluation import Figure, Narrowing, Node

SHOWN = 12  # on the page of a figure


@dataclass(frozen=True)
class Opening:
    """An opening balance as a page shows it: its number in words, and on its own page what the register counts for the same question and how far apart they are."""

    balance: OpeningBalance
    label: str
    unit: str
    text: str
    href: str
    counted: int | None = None
    counted_href: str = ""
    gap: str = ""


def is_own(indicator: Indicator) -> bool:
    """Whether it counts by itself: a growth is made of two others, and batches part a stock."""
    return indicator.growth is None and all(indicator.id != one.cohorts for one in INDICATORS.values())


def openings(by: Actor) -> Any:
    """All that `by` may see, the latest day first, with what was withdrawn."""
    return OpeningBalance.objects.seen_by(by).select_related("organisation").filter(indicator__in=INDICATORS)


def opening(by: Actor, key: str) -> OpeningBalance | None:
    return openings(by).filter(key=key).first()  # type: ignore[no-any-return]


def evidence_of(by: Actor, one: OpeningBalance) -> OpeningEvidence | None:
    """The document without its bytes."""
    return OpeningEvidence.objects.seen_by(by).filter(opening=one).defer("content").first()


def openings_of(by: Actor, figure: Figure) -> list[Opening]:
    """Those of this indicator at this very organisation that stand. One query; none where the reader may not see the number."""
    if figure.value is None or figure.node.kind != "organisation" or not is_own(figure.indicator):
        return []
    return [shown(one) for one in openings(by).filter(indicator=figure.indicator.id, organisation=figure.node.thing, withdrawn_on=None)[:SHOWN]]


def shown(one: OpeningBalance) -> Opening:
    declared = INDICATORS[one.indicator]
    return Opening(one, str(declared.label), str(declared.unit), worded(written(Decimal(one.value)), one.hedge), reverse("figures:opening", args=[one.key]))


def beside_counted(by: Actor, one: OpeningBalance) -> Opening:
    """With what the register counts as of the same day or over the same period, as far as the reader may see that."""
    told, declared = shown(one), INDICATORS[one.indicator]
    figure = cells.told(by, evaluation.evaluate(by, declared, Node("organisation", one.organisation), one.day, Narrowing(), one.since))
    if not isinstance(figure.value, int):
        return told
    apart = figure.value - one.value
    holds = interval(Decimal(one.value), one.hedge).holds(figure.value) if one.value else apart == 0
    gap = _("相符") if holds else _("登记的比报告的多 %(count)s") % {"count": apart} if apart > 0 else _("登记的比报告的少 %(count)s") % {"count": -apart}
    return replace(told, counted=figure.value, counted_href=address(declared.id, figure.node, query_of(figure)), gap=gap)


def as_data(one: Opening) -> dict[str, Any]:
    """For programs, beside the figure and apart from its value."""
    balance = one.balance
    when = {"period": {"from": balance.since.isoformat(), "to": balance.as_of.isoformat()}} if balance.since else {"as_of": balance.when}
    return {**when, "value": balance.value, "hedge": balance.hedge, "source": balance.source}


def opening_address(figure: Figure) -> str:
    """Where one is entered."""
    return reverse("figures:record_opening", kwargs={"indicator": figure.indicator.id, "organisation": figure.node.key})
