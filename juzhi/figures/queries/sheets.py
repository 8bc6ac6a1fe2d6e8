"""What a page shows of a figure: its caption, parts, and the columns of its evidence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from juzhi.base.actors import ZONE, Actor
from juzhi.base.cells import Hidden
from juzhi.base.indicators import COUNT, DISTINCT, INDICATORS, Indicator
from juzhi.base.periods import PartialDate
from juzhi.figures.queries import cells, evaluation
from juzhi.figures.queries.evaluation import Figure, Node, Row
from juzhi.network import queries as network
from juzhi.network.models import Area, HostType, Organisation, OrganisationLevel
from juzhi.web.replies import Column

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
class Sheet:
    """Everything the figure page shows."""

    figure: Figure
    companion: Figure | None
    companion_href: str
    crumbs: list[tuple[str, str | None]]
    note: str
    problem: str
    no_right: str
    facts: list[tuple[str, Any]]
    period: str
    narrowed: str
    children: list[dict[str, Any]]
    children_zero: str  # how many rows of nothing were left out, in words
    children_sum: int | Hidden
    children_most: int  # the longest bar
    difference: str  # why the rows do not add up, "" where they do
    compared: list[dict[str, Any]]  # the two bars beside it
    cuts: list[tuple[str, list[dict[str, Any]]]]
    listed: list[list[Any]]
    listed_note: str
    shown_note: str
    heads: list[str]
    evidence_href: str
    here: str
    hidden_note: str = ""  # why parts are not told, or told as of the end of a month


def address(indicator_id: str, node: Node, query: dict[str, str] | None = None, *, name: str = "figure") -> str:
    """Where a figure (or its evidence) stands."""
    url = reverse(f"figures:{name}", kwargs={"indicator": indicator_id, node.kind: node.key})
    kept = {k: v for k, v in (query or {}).items() if v}
    return f"{url}?{urlencode(kept)}" if kept else url


def query_of(figure: Figure) -> dict[str, str]:
    """The question as it stands in an address."""
    narrowing = figure.narrowing
    return {
        "as_of": figure.as_of.isoformat(),
        "family": narrowing.family.key if narrowing.family else "",
        "level": narrowing.level,
        "host_type": narrowing.host_type,
    }


def range_of(node: Node) -> str:
    """The node in words."""
    if isinstance(node.thing, Organisation):
        return _("%(name)s及其下级，法定隶属") % {"name": node.name}
    if isinstance(node.thing, Area):
        return _("所在地在%(name)s的组织") % {"name": node.name}
    return _("依托%(name)s的组织") % {"name": node.name}


def sheet(by: Actor, figure: Figure, problem: str = "") -> Sheet:
    """Value, rule, parts and the first records. A constant number of queries. `problem` = what was wrong with the day asked for."""
    query = query_of(figure)
    companion = INDICATORS.get(figure.indicator.companion)
    rows = evaluation.opened(by, figure) if figure.value is not None else None
    shown = columns(figure.indicator)
    listed = rows.count() if rows is not None else 0
    seen = cells.lens(by, figure)
    children = seen.rows(evaluation.by_child(by, seen.figure), "child")
    cuts = _parts(by, seen)
    linked = [_linked(figure, row, {k: v for k, v in query.items() if v}, own=n == 0) for n, row in enumerate(children)]
    added = _added(figure, children)
    zeros = sum(1 for row in children if not row.value)
    left_out = zeros if len(children) > MOST_CHILDREN else 0
    return Sheet(
        figure=figure,
        companion=cells.told(by, evaluation.evaluate(by, companion, figure.node, figure.as_of, figure.narrowing)) if companion else None,
        companion_href=address(companion.id, figure.node, query) if companion else "",
        crumbs=crumbs_of(figure),
        note=note_of(figure),
        problem=problem,
        no_right=_("由%(name)s的组织管理员授予「统计」职责后可见。") % {"name": figure.node.name},
        facts=facts_of(figure),
        period=figure.as_of.isoformat(),
        narrowed=narrowed(figure),
        children=[row for row in linked if row["value"]] if left_out else linked,
        children_zero=_("另有 %(count)s 个直属下级为 0") % {"count": left_out} if left_out else "",
        children_sum=added,
        children_most=max((plain(row.value) or 0 for row in children), default=0),
        difference=difference(figure, added) if children else "",
        compared=[{"label": _("各行相加"), "value": added}, {"label": figure.node.name, "value": figure.value}],
        cuts=[(str(TITLES[name]), rows) for name, rows in cuts.items()],
        listed=[[column.value(row) for column in shown] for row in rows[:SHOWN]] if rows is not None else [],
        listed_note=_("这张表就是上面那个数 · 可列出 %(count)s 条") % {"count": listed},
        shown_note=_("先列 %(shown)s 条，共 %(count)s 条") % {"shown": min(SHOWN, listed), "count": listed},
        heads=[str(column.label) for column in shown],
        evidence_href=address(figure.indicator.id, figure.node, query, name="evidence"),
        here=address(figure.indicator.id, figure.node),
        hidden_note=cells.note(seen, figure.as_of, [figure.value, *(row.value for row in children), *(row["value"] for rows in cuts.values() for row in rows)]),
    )


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
    return _("截至 %(day)s · 由记录算出") % {"day": figure.as_of.isoformat()}


def facts_of(figure: Figure) -> list[tuple[str, Any]]:
    """The counting rule, in words, beside the number."""
    one = figure.indicator
    return [
        (_("算的是"), one.rule),
        (_("范围"), range_of(figure.node)),
        (_("截至"), figure.as_of.isoformat()),
        (_("不含"), one.excludes),
        (_("来源"), one.source),
        (_("版本"), _("第 %(version)s 版，%(since)s 起") % {"version": one.version, "since": one.since.isoformat()}),
        (_("计算于"), figure.computed_at.astimezone(ZONE).strftime("%Y-%m-%d %H:%M")),
    ]


def _linked(figure: Figure, row: Row, query: dict[str, str], own: bool) -> dict[str, Any]:
    """A child's row links to the child's own figure; the body itself has none of its own without its children."""
    href = None if own else reverse("figures:figure", kwargs={"indicator": figure.indicator.id, "organisation": row.key}) + f"?{urlencode(query)}"
    return {"label": row.label, "value": row.value, "href": href}


TITLES = {"level": gettext_lazy("按层级"), "host_type": gettext_lazy("按依托单位类型"), "family": gettext_lazy("按组织类别"), "district": gettext_lazy("按所在区")}


def parts(by: Actor, figure: Figure) -> dict[str, list[dict[str, Any]]]:
    """The figure by `level`, `host_type`, `family`, and by `district` for an area: rows of {key, label, value, href}, as the reader is told them. A cut already chosen, or empty, is left out."""
    return _parts(by, cells.lens(by, figure))


def _parts(by: Actor, seen: cells.Lens) -> dict[str, list[dict[str, Any]]]:
    figure = seen.figure
    narrowing, node, query = figure.narrowing, figure.node, query_of(figure)
    found: dict[str, list[Row]] = {}
    if not narrowing.level:
        found["level"] = seen.rows(evaluation.cut(by, figure, "level"), "level")
    if not narrowing.host_type and node.kind != "host":
        found["host_type"] = seen.rows(evaluation.cut(by, figure, "host_type"), "host_type")
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
    narrowing = figure.narrowing
    parts = [narrowing.family.name if narrowing.family else "", narrowing.level and level_label(narrowing.level), host_label(narrowing.host_type)]
    return " · ".join(part for part in parts if part)


def level_label(level: str) -> str:
    return str(OrganisationLevel(level).label)


def host_label(host_type: str) -> str:
    return "" if not host_type else _("无依托单位") if host_type == "none" else str(HostType(host_type).label)


def caption(figure: Figure, listed: int) -> dict[str, Any]:
    """The head of the evidence page: how many of how many records the reader may open."""
    return {
        "figure": figure,
        "range": range_of(figure.node),
        "narrowed": narrowed(figure),
        "listed": listed,
        "note": note_of(figure),
        "hidden_note": _("名单里您可以打开 %(listed)s 条") % {"listed": listed} if isinstance(figure.value, Hidden) else _("%(value)s 条里您可以打开 %(listed)s 条") % {"value": figure.value, "listed": listed},
        "crumbs": [*crumbs_of(figure)[:-1], (crumbs_of(figure)[-1][0], address(figure.indicator.id, figure.node, query_of(figure))), (_("清单"), None)],
        "figure_href": address(figure.indicator.id, figure.node, query_of(figure)),
    }


def columns(indicator: Indicator) -> list[Column]:
    """The columns of an indicator's evidence."""
    return ORGANISATION_COLUMNS if indicator.organisation == "pk" else MEMBER_COLUMNS


def filename(figure: Figure) -> str:
    return f"{figure.indicator.label}-{figure.node.name}-{figure.as_of.isoformat()}"


def day(on: Any, precision: str) -> str:
    """A day as far as it is known; "" where nothing is: the day kept then is the one of entry."""
    return str(PartialDate(on, precision or "day")) if on and precision != "unknown" else ""


ORGANISATION_COLUMNS = [
    Column("name", gettext_lazy("组织名称"), lambda o: o.name, sort="pinyin_key", classed="public"),
    Column("family", gettext_lazy("类别"), lambda o: o.family.name, sort="family__name", classed="public"),
    Column("level", gettext_lazy("层级"), lambda o: o.get_level_display(), sort="level", classed="public"),
    Column("founded", gettext_lazy("成立"), lambda o: day(o.founded_on, o.founded_precision), sort="founded_on", classed="public"),
    Column("source", gettext_lazy("来源"), lambda o: o.source, sort="source", classed="public"),
]
MEMBER_COLUMNS = [
    Column("name", gettext_lazy("姓名"), lambda m: m.person.name, sort="person__pinyin_key", classed="personal"),
    Column("organisation", pgettext_lazy("一个", "组织"), lambda m: m.organisation.name, sort="organisation__pinyin_key", classed="public"),
    Column("number", gettext_lazy("会员号"), lambda m: m.number, sort="number", classed="personal"),
    Column("joined", gettext_lazy("入会"), lambda m: day(m.joined_on, m.joined_precision), sort="joined_on", classed="personal"),
]


def cards(by: Actor, indicators: Iterable[Indicator]) -> list[Card]:
    """Each indicator at the top organisation, where the reader may see it."""
    top = evaluation.top_organisation(by)
    found = []
    for one in indicators:
        node = Node("organisation", top) if top else None
        figure = evaluation.evaluate(by, one, node, by.today) if node else None
        found.append(Card(one, figure, address(one.id, node) if node else "", note_of(figure) if figure else ""))
    return found

