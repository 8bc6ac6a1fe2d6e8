"""What a page shows of a figure: its caption, parts, and the columns of its evidence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from juzhi.base.actors import ZONE, Actor
from juzhi.base.cells import Hidden
from juzhi.base.indicators import COUNT, DISTINCT, INDICATORS, Indicator
from juzhi.base.periods import YEAR, calendar_period
from juzhi.figures.queries import cells, evaluation
from juzhi.figures.queries.addresses import address, query_of, when
from juzhi.figures.queries.columns import columns
from juzhi.figures.queries.evaluation import Figure, Narrowing, Node, Row
from juzhi.figures.queries.flow_sheets import FlowSheet, cohort_rows, flow_sheet
from juzhi.network import queries as network
from juzhi.network.models import Area, Host, HostType, Organisation, OrganisationLevel

SHOWN = 8  # records shown on the figure page itself
MOST_CHILDREN = 12  # above this many, children without any are told in one line


@dataclass(frozen=True)
class Card:
    """An indicator on the index page, with a value for the reader's first organisation."""

    indicator: Indicator
    figure: Figure | None
    href: str
    note: str


@dataclass(frozen=True)
class Heading:
    """What every page about a figure says of it: where, when, by which rule. No queries."""

    figure: Figure
    crumbs: list[tuple[str, str | None]]
    note: str
    problem: str
    no_right: str
    facts: list[tuple[str, Any]]
    when: str  # as of which day, or over which period, in words
    day: str  # of a stock, as it is typed
    is_free: bool  # whether the reader may ask for any days, or for calendar periods only
    narrowed: str
    here: str  # the figure's own page with this question
    everything: str  # the same without the cuts
    hidden_note: str  # why parts are not told, or told as of the end of a month or of a whole year
    beside: list[dict[str, Any]]  # the stock and the flows that belong together, as tabs


@dataclass(frozen=True)
class Sheet(Heading):
    """Everything the figure page shows."""

    companion: Figure | None
    companion_href: str
    share: str  # of the companion, in words; "" where it is none, or one of them is not told
    children: list[dict[str, Any]]
    children_head: str
    children_note: str  # how many rows of nothing were left out, and which children were moved, in words
    children_sum: int | Hidden
    children_most: int  # the longest bar
    difference: str  # why the rows do not add up, "" where they do
    compared: list[dict[str, Any]]  # the two bars beside it
    cuts: list[tuple[str, list[dict[str, Any]]]]
    cuts_when: str  # as of when, in words, where it is another day or period than that of the number
    flow: FlowSheet | None
    cohorts: list[dict[str, Any]]
    listed: list[list[Any]]
    listed_note: str
    shown_note: str
    heads: list[str]
    evidence_href: str
    data_href: str


def range_of(node: Node) -> str:
    """The node in words."""
    if isinstance(node.thing, Organisation):
        return _("%(name)s及其下级，法定隶属") % {"name": node.name}
    if isinstance(node.thing, Area):
        return _("所在地在%(name)s的组织") % {"name": node.name}
    if isinstance(node.thing, Host):
        return _("依托%(name)s的组织") % {"name": node.name}
    return _("系统为%(name)s的组织") % {"name": node.name}


def heading(figure: Figure, problem: str = "", *, is_free: bool = True, hidden_note: str = "") -> Heading:
    """`problem` = what was wrong with the question; `is_free` = whether the reader may ask for any days; `hidden_note` = why something is not told."""
    query = query_of(figure)
    chosen = ("family", "level", "host_type", "attribute")
    return Heading(
        figure=figure,
        crumbs=crumbs_of(figure),
        note=note_of(figure),
        problem=problem,
        no_right=_("由%(name)s的组织管理员授予「统计」职责后可见。") % {"name": figure.node.name},
        facts=facts_of(figure),
        when=when(figure),
        day=figure.as_of.isoformat(),
        is_free=is_free,
        narrowed=narrowed(figure),
        here=address(figure.indicator.id, figure.node, query),
        everything=address(figure.indicator.id, figure.node, {name: text for name, text in query.items() if name not in chosen}),
        hidden_note=hidden_note,
        beside=beside(figure),
    )


def beside(figure: Figure) -> list[dict[str, Any]]:
    """The stock, what came, what went, and the growth, at the same place: a flow's stock is that of its last day, a stock's flows are of its year."""
    ids = next((ids for one in INDICATORS.values() if one.growth and figure.indicator.id in (ids := (one.growth.stock, one.growth.came, one.growth.went, one.id))), ())
    narrowing = {name: text for name, text in query_of(figure).items() if name in ("family", "level", "host_type")}
    period = figure.period or calendar_period(figure.as_of, YEAR)
    found = []
    for one in (INDICATORS[id] for id in ids):
        when = period.question if one.is_flow else {"as_of": figure.as_of.isoformat()}
        found.append({"label": one.label, "href": address(one.id, figure.node, {**when, **narrowing}), "current": one == figure.indicator, "count": None})
    return found


def sheet(by: Actor, figure: Figure, problem: str = "", *, is_free: bool = True) -> Sheet:
    """Value, rule, parts and the first records. A constant number of queries."""
    query = query_of(figure)
    companion = INDICATORS.get(figure.indicator.companion)
    rows = evaluation.opened(by, figure) if figure.value is not None else None
    shown = columns(figure.indicator)
    listed = rows.count() if rows is not None else 0
    seen = cells.lens(by, figure)
    children = seen.rows(evaluation.by_child(by, figure if seen.is_plain else seen.figure), "child")
    cuts = _parts(by, seen)
    linked = [_linked(figure, row, query, own=n == 0) for n, row in enumerate(children)]
    added = _added(figure, children)
    left_out = sum(1 for row in children if not row.value and row.whole is None) if len(children) > MOST_CHILDREN else 0
    zeros = _("另有 %(count)s 个直属下级为 0") % {"count": left_out} if left_out else ""
    cohorts = cohort_rows(by, figure)
    values = [figure.value, *(row["value"] for rows in (linked, cohorts, *cuts.values()) for row in rows)]
    moved = _("划入或划出过的下级，这里只算它隶属期间的。") if any(row.whole is not None for row in children) else ""
    whole = cells.told(by, evaluation.evaluate(by, companion, figure.node, figure.as_of, figure.narrowing, figure.since)) if companion else None
    return Sheet(
        **vars(heading(figure, problem, is_free=is_free, hidden_note=cells.note(seen, figure, values))),
        companion=whole,
        companion_href=address(companion.id, figure.node, query) if companion else "",
        share=share_words(figure, whole),
        children=[row for row in linked if row["value"] or row["note"]] if left_out else linked,
        children_head=_("按这段时间的直属下级，各含其下级") if figure.since else _("按当日直属下级，各含其下级"),
        children_note=" · ".join(filter(None, (zeros, moved))),
        children_sum=added,
        children_most=max((abs(plain(row.value) or 0) for row in children), default=0),
        difference=difference(figure, added) if children else "",
        compared=[{"label": _("各行相加"), "value": added}, {"label": figure.node.name, "value": figure.value}],
        cuts=[(title(figure.indicator, name), rows) for name, rows in cuts.items()],
        cuts_when=when(seen.figure) if (seen.figure.as_of, seen.figure.since) != (figure.as_of, figure.since) else "",
        flow=flow_sheet(by, figure, seen),
        cohorts=cohorts,
        listed=[[column.value(row) for column in shown] for row in rows[:SHOWN]] if rows is not None else [],
        listed_note=_("这张表就是上面那个数 · 可列出 %(count)s 条") % {"count": listed},
        shown_note=_("先列 %(shown)s 条，共 %(count)s 条") % {"shown": min(SHOWN, listed), "count": listed},
        heads=[str(column.label) for column in shown],
        evidence_href=address(figure.indicator.id, figure.node, query, name="evidence"),
        data_href=address(figure.indicator.id, figure.node, {**query, "format": "json"}),
    )


def share_words(figure: Figure, whole: Figure | None) -> str:
    """How large a part of its companion it is, to a whole percent; "" where it is told as none."""
    if not figure.indicator.share or whole is None or not isinstance(figure.value, int) or not isinstance(whole.value, int) or not whole.value:
        return ""
    return _("占%(whole)s %(count)s 人的 %(percent)s%%") % {"whole": whole.indicator.label, "count": whole.value, "percent": round(100 * figure.value / whole.value)}


def plain(value: int | Hidden | None) -> int | None:
    """The number, where there is one."""
    return None if isinstance(value, Hidden) else value


def _added(figure: Figure, rows: list[Row]) -> int | Hidden:
    """The sum beneath a table. With hidden rows it is the whole where rows add up to it, and else is not told either."""
    hidden = next((row.value for row in rows if isinstance(row.value, Hidden)), None)
    if hidden is None:
        return sum(plain(row.value) or 0 for row in rows)
    return figure.value if isinstance(figure.value, int) and figure.indicator.measure == COUNT else hidden


def crumbs_of(figure: Figure) -> list[tuple[str, str | None]]:
    return [(_("数据与口径"), reverse("figures:indicators")), (f"{figure.node.name}{_('：')}{figure.indicator.label}", None)]


def note_of(figure: Figure) -> str:
    return _("%(when)s · 由记录算出") % {"when": when(figure)}


def facts_of(figure: Figure) -> list[tuple[str, Any]]:
    """The counting rule, in words, beside the number."""
    one = figure.indicator
    return [
        (_("算的是"), one.rule),
        (_("范围"), range_of(figure.node)),
        (_("时段"), _days(figure)) if figure.period else (_("截至"), figure.as_of.isoformat()),
        (_("不含"), one.excludes),
        (_("来源"), one.source),
        (_("版本"), _("第 %(version)s 版，%(since)s 起") % {"version": one.version, "since": one.since.isoformat()}),
        (_("计算于"), figure.computed_at.astimezone(ZONE).strftime("%Y-%m-%d %H:%M")),
    ]


def _days(figure: Figure) -> str:
    """A period in words, with its days where the words do not say them."""
    days = _("%(since)s 至 %(until)s") % {"since": figure.since, "until": figure.as_of}
    return days if str(figure.period) == days else _("%(period)s（%(days)s）") % {"period": figure.period, "days": days}


def _linked(figure: Figure, row: Row, query: dict[str, str], own: bool) -> dict[str, Any]:
    """A child's row links to the child's own figure; the body itself has none of its own without its children."""
    href = None if own else reverse("figures:figure", kwargs={"indicator": figure.indicator.id, "organisation": row.key}) + f"?{urlencode({k: v for k, v in query.items() if v})}"
    note = _("它自己这段时间是 %(whole)s") % {"whole": row.whole} if row.whole is not None else ""
    return {"label": row.label, "value": row.value, "href": href, "note": note}


TITLES = {"level": gettext_lazy("按层级"), "host_type": gettext_lazy("按依托单位类型"), "family": gettext_lazy("按组织类别"), "district": gettext_lazy("按所在区")}


def title(indicator: Indicator, name: str) -> str:
    """What a cut is called."""
    return str(indicator.attribute.title) if name == "attribute" and indicator.attribute else str(TITLES[name])


def parts(by: Actor, figure: Figure) -> dict[str, list[dict[str, Any]]]:
    """The figure by `attribute`, `level`, `host_type`, `family`, and by `district` for an area: rows of {key, label, value, href}, as the reader is told them. A cut already chosen, or empty, is left out."""
    return _parts(by, cells.lens(by, figure))


def _parts(by: Actor, seen: cells.Lens) -> dict[str, list[dict[str, Any]]]:
    figure = seen.figure
    narrowing, node, query = figure.narrowing, figure.node, query_of(figure)
    chosen = {"attribute": bool(narrowing.attribute) or not figure.indicator.attribute, "level": bool(narrowing.level), "host_type": bool(narrowing.host_type) or node.kind == "host"}
    found = {name: seen.rows(evaluation.cut(by, figure, name), name) for name, is_chosen in chosen.items() if not is_chosen}
    if not narrowing.family:
        families = {family.name: family.key for family in network.families(by)}
        found["family"] = [Row(families[row.label], row.label, row.value) for row in seen.rows(evaluation.cut(by, figure, "family"), "family")]
    linked = {name: [_narrower(figure, row, query, name) for row in rows] for name, rows in found.items()}
    beneath = districts(by, node)
    if beneath:
        linked["district"] = [_district(figure, row, query) for row in seen.rows(evaluation.by_district(by, figure, beneath), "district")]
    return {name: rows for name, rows in linked.items() if rows}


def _district(figure: Figure, row: Row, query: dict[str, str]) -> dict[str, Any]:
    href = reverse("figures:figure", kwargs={"indicator": figure.indicator.id, "area": row.key}) + f"?{urlencode({k: v for k, v in query.items() if v})}"
    return {"key": row.key, "label": row.label, "value": row.value, "href": href}


def districts(by: Actor, node: Node) -> list[Area]:
    """The official areas beneath an area; none for other nodes."""
    return list(network.areas_beneath(by, node.thing)) if isinstance(node.thing, Area) else []


def _narrower(figure: Figure, row: Row, query: dict[str, str], name: str) -> dict[str, Any]:
    return {"key": row.key, "label": row.label, "value": row.value, "href": address(figure.indicator.id, figure.node, {**query, name: row.key})}


def difference(figure: Figure, children_sum: int | Hidden) -> str:
    """Why the rows do not add up to the whole, in words; "" where they do."""
    if not isinstance(figure.value, int) or children_sum == figure.value or isinstance(children_sum, Hidden):
        return ""
    if figure.indicator.measure == DISTINCT:
        return _("人次可以相加，人数不能：同一个人在几个组织都有会籍，各家都算他，到上级只算一次。")
    return _("有的记录那一天不在任何直属下级之下，也不在本级，请打开清单核对。")


def narrowed(figure: Figure) -> str:
    """The chosen cuts in words, "" if none."""
    narrowing, attribute = figure.narrowing, figure.indicator.attribute
    record = attribute.label(attribute.read(narrowing.attribute)) if attribute and narrowing.attribute else ""
    parts = [narrowing.family.name if narrowing.family else "", narrowing.level and level_label(narrowing.level), host_label(narrowing.host_type), record]
    return " · ".join(part for part in parts if part)


def level_label(level: str) -> str:
    return str(OrganisationLevel(level).label)


def host_label(host_type: str) -> str:
    return "" if not host_type else _("无依托单位") if host_type == "none" else str(HostType(host_type).label)


def caption(by: Actor, figure: Figure, listed: int) -> dict[str, Any]:
    """The head of the evidence page: how many of how many records the reader may open."""
    is_growth = figure.indicator.growth is not None
    total = evaluation.rows_of(by, figure).system("how many records a growth is made of").count() if is_growth else figure.value
    return {
        "figure": figure,
        "is_partial": listed != total and figure.indicator.measure == COUNT,
        "range": range_of(figure.node),
        "narrowed": narrowed(figure),
        "listed": listed,
        "note": note_of(figure),
        "when": when(figure),
        "hidden_note": _("名单里您可以打开 %(listed)s 条") % {"listed": listed} if isinstance(figure.value, Hidden) else _("%(value)s 条里您可以打开 %(listed)s 条") % {"value": total, "listed": listed},
        "crumbs": [*crumbs_of(figure)[:-1], (crumbs_of(figure)[-1][0], address(figure.indicator.id, figure.node, query_of(figure))), (_("清单"), None)],
        "figure_href": address(figure.indicator.id, figure.node, query_of(figure)),
    }


def filename(figure: Figure) -> str:
    days = "-".join(figure.period.question.values()) if figure.period else figure.as_of.isoformat()
    return f"{figure.indicator.label}-{figure.node.name}-{days}"


def cards(by: Actor, indicators: Iterable[Indicator]) -> list[Card]:
    """Each indicator at the top organisation, where the reader may see it: stocks of today, flows of this year."""
    top, year = evaluation.top_organisation(by), calendar_period(by.today, YEAR)
    found = []
    for one in indicators:
        node = Node("organisation", top) if top else None
        days = (year.until, Narrowing(), year.since) if one.is_flow else (by.today,)
        figure = cells.told(by, evaluation.evaluate(by, one, node, *days)) if node else None
        found.append(Card(one, figure, address(one.id, node) if node else "", note_of(figure) if figure else ""))
    return found
