"""What the page of a flow shows beside its number: months, what cannot be decided, the way of the stock; and the cohorts beside a stock."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from juzhi.base.actors import Actor
from juzhi.base.indicators import DISTINCT, INDICATORS
from juzhi.figures.queries import cells, flows
from juzhi.figures.queries.addresses import address, query_of
from juzhi.figures.queries.evaluation import Figure, Row
from juzhi.figures.queries.flows import Cohort, Mover, Way

MOST_MONTHS = 36  # of one drawing
NAMED = 3  # organisations named that were moved


@dataclass(frozen=True)
class FlowSheet:
    """Months as rows of {label, value, href}; `way` = the steps of the stock from day to day, rows of {label, value, note, href, is_stock}."""

    months: list[dict[str, Any]]
    months_note: str
    undecided: str
    way: list[dict[str, Any]]


def flow_sheet(by: Actor, figure: Figure, seen: cells.Lens) -> FlowSheet | None:
    """None of a stock, and of a group whose parts are not told. A constant number of queries."""
    if figure.period is None or figure.value is None or not seen.tells_all:
        return None
    is_drawn = 1 < len(figure.period.months()) <= MOST_MONTHS
    months = flows.by_month(by, figure) if is_drawn else []
    few = flows.undecided(by, figure)
    undecided = _("另有 %(count)s 条日期精度不够，不能判定在不在这段时间，没有算进来。") % {"count": few} if few else ""
    way = flows.way(by, figure)
    rows = [{"label": f"{month.since:%Y-%m}", "value": value, "href": address(figure.indicator.id, figure.node, {**query_of(figure), "to": "", **month.question})} for month, value in months]
    note = _months_note(figure, [value for _month, value in months]) if is_drawn else ""
    return FlowSheet(rows, note, undecided, steps(figure, way) if way else [])


def _months_note(figure: Figure, values: list[int]) -> str:
    """Why the months do not add up to the whole; "" where they do."""
    rest = (figure.value if isinstance(figure.value, int) else 0) - sum(values)
    if not rest:
        return ""
    if figure.indicator.measure == DISTINCT:
        return _("各月的人数不能相加：同一个人在几个月里都有，到整段时间只算一次。")
    return _("另有 %(count)s 条只知道年份，算在整段时间里，分不到月。") % {"count": f"{rest:+d}" if figure.indicator.growth else rest}


def steps(figure: Figure, way: Way) -> list[dict[str, Any]]:
    """The way of a stock as rows: what it was, what came and went, what moved with its organisation, what has no day precise enough, and what it is."""
    came, went = way.came.indicator.label, way.went.indicator.label
    told = [
        _stock(way.before),
        {"label": _("加：%(what)s") % {"what": came}, "value": way.came.value, "href": _href(way.came)},
        {"label": _("减：%(what)s") % {"what": went}, "value": way.went.value, "href": _href(way.went)},
        {"label": _("加：随组织划入"), "value": way.moved_in, "note": _named([one for one in way.movers if one.count > 0])},
        {"label": _("减：随组织划出"), "value": way.moved_out, "note": _named([one for one in way.movers if one.count < 0])},
        {"label": _("加：%(what)s日期未详，自登记之日计入") % {"what": came}, "value": way.unknown},
        {"label": _("加：%(what)s日期只到年或月，跨在时段边上") % {"what": came}, "value": way.early},
        {"label": _("减：%(what)s日期只到年或月，跨在时段边上") % {"what": went}, "value": way.late},
        {"label": _("减：%(what)s日期未详，不在当日的数里") % {"what": went}, "value": way.forgotten},
        _stock(way.after),
    ]
    return [row for n, row in enumerate(told) if row["value"] or n < 3 or n == len(told) - 1]


def _stock(figure: Figure) -> dict[str, Any]:
    label = _("%(what)s，截至 %(day)s") % {"what": figure.indicator.label, "day": figure.as_of.isoformat()}
    return {"label": label, "value": figure.value, "href": _href(figure), "is_stock": True}


def _href(figure: Figure) -> str:
    return address(figure.indicator.id, figure.node, query_of(figure))


def _named(movers: list[Mover]) -> str:
    """The organisations that moved, the largest first."""
    largest = sorted(movers, key=lambda one: -abs(one.count))
    told = [_("%(name)s（%(day)s，%(count)s）") % {"name": one.organisation.name, "day": one.on.isoformat(), "count": abs(one.count)} for one in largest[:NAMED]]
    more = [_("等 %(count)s 次划动") % {"count": len(movers)}] if len(movers) > NAMED else []
    return "、".join(told + more)


def cohort_rows(by: Actor, figure: Figure) -> list[dict[str, Any]]:
    """The cohorts of a stock, each with its own page. One query."""
    found = cohorts(by, figure)
    if not found:
        return []
    came = INDICATORS[figure.indicator.cohorts or figure.indicator.id]
    chosen = replace(figure, indicator=came)
    return [{"label": one.label, "value": one.value, "still": one.still, "href": address(came.id, figure.node, {**query_of(chosen), "attribute": one.key})} for one in found]


def cohorts(by: Actor, figure: Figure) -> list[Cohort]:
    """The cohorts of a stock as this reader is told them: a batch is a cell, and how many of it are still there only for who may open the list: the rest have left."""
    came = INDICATORS.get(figure.indicator.cohorts) or figure.indicator
    if figure.value is None or came.attribute is None or came.is_flow:
        return []
    seen = cells.lens(by, replace(figure, indicator=came, narrowing=replace(figure.narrowing, attribute="")))
    found = flows.cohorts(by, seen.figure)
    if seen.is_open:
        return found
    rows = seen.rows([Row(one.key, one.label, one.value) for one in found], "attribute")
    return [Cohort(row.key, row.label, row.value, None) for row in rows]
