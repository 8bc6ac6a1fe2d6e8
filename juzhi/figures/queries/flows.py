"""What belongs to a flow beside its number: month by month, what cannot be decided, and the way of a stock from one day to another; and the cohorts of a stock."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q
from django.db.models.functions import TruncMonth

from juzhi.base.actors import Actor
from juzhi.base.cells import Hidden
from juzhi.base.indicators import DISTINCT, INDICATORS, Growth, Indicator
from juzhi.base.periods import UNKNOWN, YEAR, Period
from juzhi.base.spans import perhaps_within, wholly_within
from juzhi.figures.queries import evaluation, own_days
from juzhi.figures.queries.evaluation import Figure
from juzhi.network.models import Lineage, Organisation, Seat


def by_month(by: Actor, figure: Figure) -> list[tuple[Period, int]]:
    """The flow in each month that the period touches, the earliest first. A record known only to the year is in no month. One query, of a growth two."""
    if figure.value is None or figure.period is None:
        return []
    if figure.indicator.growth:
        came, went = (by_month(by, replace(figure, indicator=side)) for side in evaluation.sides(figure.indicator))
        return [(month, more - fewer) for (month, more), (_month, fewer) in zip(came, went, strict=True)]
    name = figure.indicator.day.removesuffix("_on")
    rows = evaluation.rows_of(by, figure).system(f"figure {figure.indicator.id} by month").exclude(**{f"{name}_precision": YEAR}).order_by()
    counted = evaluation.counter(figure.indicator)
    if figure.indicator.measure == DISTINCT:
        found = dict(rows.annotate(month=TruncMonth(figure.indicator.day)).values_list("month").annotate(n=counted))
    else:  # days are few, and SQLite calls Python for the month of each row
        found = Counter()
        for day, count in rows.values_list(figure.indicator.day).annotate(n=counted):
            found[day.replace(day=1)] += count
    return [(month, found.get(month.since.replace(day=1), 0)) for month in figure.period.months()]


def undecided(by: Actor, figure: Figure) -> int:
    """How many records have a date of too low precision to say whether they lie in the period. One query, of a growth two."""
    if figure.value is None or figure.period is None:
        return 0
    if figure.indicator.growth:
        return sum(undecided(by, replace(figure, indicator=side)) for side in evaluation.sides(figure.indicator))
    one, period = figure.indicator, figure.period
    rows = one.model.objects.filter(perhaps_within(one.day.removesuffix("_on"), period.since, period.until))
    return evaluation.measure(one, _here(by, figure, rows))


def _here(by: Actor, figure: Figure, rows: Any) -> Any:
    """Rows of a flow at its node, whether or not they count."""
    return evaluation.at_node(by, figure.indicator, figure.node, figure.since or figure.as_of, figure.as_of, rows, figure.narrowing)


@dataclass(frozen=True)
class Mover:
    """An organisation that came to the node or left it in the period, with what it held on the day before."""

    organisation: Organisation
    on: date
    count: int


@dataclass(frozen=True)
class Way:
    """A stock from the eve of a period to its last day: before + came - went + moved_in - moved_out + unknown + early - late - forgotten = after."""

    before: Figure
    came: Figure
    went: Figure
    after: Figure
    moved_in: int = 0  # with organisations that were placed beneath the node
    moved_out: int = 0
    movers: list[Mover] = field(default_factory=list)
    unknown: int = 0  # the stock has them from the day of entry, since nobody knows when they came
    early: int = 0  # came in a month or year that the period cuts: the stock has them from its first day
    late: int = 0  # went so
    forgotten: int = 0  # came, and are in no stock: nobody knows when they went

    @property
    def sum(self) -> int:
        parts = (*(sign * one.value for one, sign in ((self.before, 1), (self.came, 1), (self.went, -1)) if isinstance(one.value, int)), self.moved_in, -self.moved_out, self.unknown, self.early, -self.late, -self.forgotten)
        return sum(parts)


def way(by: Actor, figure: Figure) -> Way | None:
    """How the stock of a growth came from one day to the other; None where the reader may not see it on both. A constant number of queries."""
    growth, period = figure.indicator.growth, figure.period
    if growth is None or period is None or figure.value is None:
        return None
    stock, (came, went) = INDICATORS[growth.stock], evaluation.sides(figure.indicator)
    before, after = (evaluation.evaluate(by, stock, figure.node, day, figure.narrowing) for day in (period.eve, period.until))
    sides = [evaluation.evaluate(by, one, figure.node, period.until, figure.narrowing, period.since) for one in (came, went)]
    if before.value is None or after.value is None:
        return None
    unknown, early = _uncounted(by, sides[0], ~growth.forgotten)
    unknown_end, late = _uncounted(by, sides[1], Q())
    forgotten = evaluation.rows_of(by, sides[0]).filter(growth.forgotten).system("came and are in no stock").count()
    movers = list(_movers(by, figure, stock, growth, period))
    moved_in, moved_out = (sum(abs(one.count) for one in movers if one.count * sign > 0) for sign in (1, -1))
    return Way(before, sides[0], sides[1], after, moved_in, moved_out, movers, unknown, early, late + unknown_end, forgotten)


def _uncounted(by: Actor, side: Figure, known: Q) -> tuple[int, int]:
    """Rows whose first possible day lies in the period and that the flow does not count: those of unknown date, and those of lower precision."""
    one, name = side.indicator, side.indicator.day.removesuffix("_on")
    rows = one.model.objects.filter(known, **{f"{one.day}__range": (side.since, side.as_of)}).exclude(wholly_within(name, side.since, side.as_of))  # type: ignore[arg-type]
    found = dict(_here(by, side, rows).system("what a growth does not count").order_by().values_list(f"{name}_precision").annotate(n=Count("pk")))
    return found.get(UNKNOWN, 0), sum(count for precision, count in found.items() if precision != UNKNOWN)


def _movers(by: Actor, figure: Figure, stock: Indicator, growth: Growth, period: Period) -> Iterator[Mover]:
    """Organisations that were placed at the node or taken from it in the period, with what they held on the eve of that day (negative: taken away)."""
    held = _held_at_edges(by, figure, stock, growth, period)
    ids = {pk for pk, _day in held}
    spans = _spans(by, figure, ids)
    named = Organisation.objects.seen_by(by).in_bulk(list(ids)) if ids else {}
    for (pk, day), count in sorted(held.items(), key=lambda one: (one[0][1], -one[1])):
        change = all(one.hold(pk, day) for one in spans) - all(one.hold(pk, day - timedelta(days=1)) for one in spans)
        if change:
            yield Mover(named[pk], day, change * count)


def _held_at_edges(by: Actor, figure: Figure, stock: Indicator, growth: Growth, period: Period) -> dict[tuple[int, date], int]:
    """What organisations held on the eve of each day of the period on which their place or seat changed, as far as that may bring them to the node or away."""
    node, path = figure.node, stock.path
    there = own_days.organisations_within(by, node.thing, period.eve, period.until)
    chosen = Organisation.objects.seen_by(by).filter(figure.narrowing.standing(), pk__in=there).values("pk")
    edges = [(f"{path}seats__", Q())] if node.kind != "organisation" or figure.narrowing.host_type else []
    if node.kind == "organisation":
        edges.append((f"{path}lineage_above__", Q(**{f"{path}lineage_above__ancestor": node.thing})))
    found: dict[tuple[int, date], int] = {}
    for line, condition in edges:
        for edge in (f"{line}valid_from", f"{line}valid_to"):
            rows = stock.model.objects.filter(condition & Q(**{f"{edge}__range": (period.since, period.until)}) & growth.held_before(edge), **{f"{stock.organisation}__in": chosen})
            counted = rows.system("who moved with an organisation").order_by().values_list(stock.organisation, edge).annotate(n=Count("pk", distinct=True))
            found |= {(pk, day): count for pk, day, count in counted}
    return found


@dataclass(frozen=True)
class Spans:
    """One condition of standing at a node: within these days of an organisation, or (`is_without`) outside them."""

    days: dict[int, list[tuple[date, date | None]]]
    is_without: bool = False

    def hold(self, pk: int, day: date) -> bool:
        return any(since <= day and (until is None or day < until) for since, until in self.days.get(pk, ())) != self.is_without


def _spans(by: Actor, figure: Figure, ids: set[int]) -> list[Spans]:
    """When these organisations stood at the node: every condition with its own days."""
    thing, host_type = figure.node.thing, figure.narrowing.host_type
    seats = Seat.objects.seen_by(by).filter(organisation_id__among=list(ids))
    placed = Lineage.objects.seen_by(by).filter(ancestor=thing, descendant_id__among=list(ids)) if isinstance(thing, Organisation) else own_days.seats_at(seats, thing)
    found = [Spans(_by_organisation(placed, "descendant_id" if isinstance(thing, Organisation) else "organisation_id"))]
    if host_type:
        leaning = seats.filter(host__isnull=False) if host_type == "none" else seats.filter(host__host_type=host_type)
        found.append(Spans(_by_organisation(leaning, "organisation_id"), host_type == "none"))
    return found


def _by_organisation(rows: Any, organisation: str) -> dict[int, list[tuple[date, date | None]]]:
    found: dict[int, list[tuple[date, date | None]]] = {}
    for pk, since, until in rows.values_list(organisation, "valid_from", "valid_to"):
        found.setdefault(pk, []).append((since, until))
    return found


@dataclass(frozen=True)
class Cohort:
    """Those who came in one batch by a day: how many, and how many of them the stock still holds on that day."""

    key: str
    label: str
    value: int | Hidden | None
    still: int | None  # None = not for this reader


def cohorts(by: Actor, figure: Figure) -> list[Cohort]:
    """The cohorts of a stock, or of itself where the figure is one of cohorts, in order. Batches of one number of several organisations stand together. One query."""
    stock = next((one for one in INDICATORS.values() if one.cohorts and figure.indicator.id in (one.id, one.cohorts)), None)
    if stock is None or figure.value is None:
        return []
    came = INDICATORS[stock.cohorts]
    attribute = came.attribute
    if attribute is None:
        return []
    narrowing = figure.narrowing if figure.indicator == came else replace(figure.narrowing, attribute="")
    rows = evaluation.evidence(by, came, figure.node, figure.as_of, narrowing).system("cohorts of a stock").order_by()
    still = evaluation.counter(came, Q(pk__in=stock.evidence(figure.as_of).values("pk")))
    found = sorted(rows.values_list(attribute.path).annotate(n=evaluation.counter(came), still=still))
    return [Cohort(str(value), attribute.label(value), count, kept) for value, count, kept in found]
