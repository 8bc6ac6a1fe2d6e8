"""Evaluate indicators: a number, its cuts and its evidence for a node as of a day or over a period, exact: straight from the records, or from what is kept of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db.models import Case, Count, F, Q, Value, When
from django.utils.translation import gettext as _

from juzhi.base.actors import Actor
from juzhi.base.cells import Hidden
from juzhi.base.indicators import COUNT, INDICATORS, Indicator
from juzhi.base.periods import Period
from juzhi.figures.queries import engine, own_days
from juzhi.network import queries as network
from juzhi.network.models import Area, Family, Host, HostType, Lineage, Organisation, OrganisationLevel, Placement, Seat, Sector

KINDS = ("organisation", "area", "host", "sector")


@dataclass(frozen=True)
class Node:
    """Where a figure is asked: an organisation's subtree, an area, a host, a sector."""

    kind: str
    thing: Organisation | Area | Host | Sector

    @property
    def key(self) -> str:
        return self.thing.key

    @property
    def name(self) -> str:
        return self.thing.name


@dataclass(frozen=True)
class Narrowing:
    """Cuts a reader chose: only these organisations count, and of their records only those with this attribute."""

    family: Family | None = None
    level: str = ""
    host_type: str = ""  # "none" = organisations without a host
    attribute: str = ""  # of the records: as the indicator's attribute spells it

    def standing(self) -> Q:
        """What does not change with the day."""
        condition = Q()
        if self.family:
            condition &= Q(family=self.family)
        if self.level:
            condition &= Q(level=self.level)
        return condition

    def q(self, by: Actor, day: date) -> Q:
        condition = self.standing()
        if self.host_type:
            seated = Seat.objects.seen_by(by).filter(network.on(day), host__isnull=False)
            if self.host_type == "none":
                condition &= ~Q(pk__in=seated.values("organisation_id"))
            else:
                condition &= Q(pk__in=seated.filter(host__host_type=self.host_type).values("organisation_id"))
        return condition


@dataclass(frozen=True)
class Row:
    """One part of a figure. `value` None = not for this reader; `Hidden` = too few persons to be told. `whole` = of a child that was moved: its own number over the period, of which the figure holds a part."""

    key: str
    label: str
    value: int | Hidden | None
    whole: int | None = None


@dataclass(frozen=True)
class Figure:
    """A number with all that makes it one. `value` None = the reader may not see it here; `Hidden` = too few persons to be told."""

    indicator: Indicator
    node: Node
    as_of: date
    narrowing: Narrowing
    value: int | Hidden | None
    computed_at: datetime
    since: date | None = None  # of a flow: its first day; `as_of` is its last

    @property
    def period(self) -> Period | None:
        return Period(self.since, self.as_of) if self.since else None


def indicator(id: str) -> Indicator | None:
    return INDICATORS.get(id)


def node(by: Actor, kind: str, key: str) -> Node | None:
    """The node of this kind and key; all kinds are public."""
    read = {"organisation": network.organisation, "area": network.area, "host": network.host, "sector": network.sector}.get(kind)
    thing = read(by, key) if read else None
    return Node(kind, thing) if thing else None


def organisations_of(by: Actor, node: Node, day: date, since: date | None = None) -> Any:
    """Ids of the organisations the node stands for on `day`; with `since`, on any day of the period that ends then."""
    if since is not None:
        return own_days.organisations_within(by, node.thing, since, day)
    if isinstance(node.thing, Organisation):
        return network.subtree(by, node.thing, day)
    if isinstance(node.thing, Area):
        return network.seated_in_area(by, node.thing, day)
    if isinstance(node.thing, Host):
        return network.seated_at_host(by, node.thing, day)
    return network.seated_in_sector(by, node.thing, day)


def may_see(by: Actor, indicator: Indicator, organisation_ids: Any) -> bool:
    """Whether `by` may see the figure at every organisation it sums: rights by today's tree and grants, also for the past."""
    return indicator.is_public or covers(by, indicator.duties, organisation_ids)


def covers(by: Actor, duties: tuple[str, ...], organisation_ids: Any) -> bool:
    """Whether `by` holds one of `duties` at every one of these organisations, and there is one."""
    if by.is_system:
        return True
    reach = by.reach(*duties)
    if reach == ():
        return False
    summed = Organisation.objects.seen_by(by).filter(pk__in=organisation_ids)
    return summed.exists() and not summed.exclude(pk__in=reach).exists()


def covers_beneath(by: Actor, duties: tuple[str, ...], top: Organisation, day: date) -> bool:
    """The same as `covers` of all that stood beneath `top` on `day`, without asking of each: who holds a duty over all beneath it today lacks at most what has left since."""
    if by.is_system:
        return True
    held = by.roots(*duties).below
    if not held or not Lineage.objects.seen_by(by).on(by.today).filter(descendant=top, ancestor__in=held).exists():
        return covers(by, duties, network.subtree(by, top, day))
    left = Lineage.objects.seen_by(by).on(day).filter(ancestor=top).exclude(valid_from__lte=by.today, valid_to__gt=by.today)
    return day == by.today or not left.exclude(descendant_id__in=by.reach(*duties)).exists()


def _may_see_at(by: Actor, indicator: Indicator, node: Node, day: date, summed: Any, since: date | None) -> bool:
    if since is None and isinstance(node.thing, Organisation) and not indicator.is_public:
        return covers_beneath(by, indicator.duties, node.thing, day)
    return may_see(by, indicator, summed)


def may_list(by: Actor, indicator: Indicator, organisation_ids: Any) -> bool:
    """Whether `by` may open the list at every organisation that a figure sums. Who may not is told of calendar periods only, else two periods a day apart tell who came and went;
    and of no part by an attribute of persons.
    """
    return indicator.is_public or covers(by, indicator.list_duties, organisation_ids)


def evidence(by: Actor, indicator: Indicator, node: Node, day: date, narrowing: Narrowing = Narrowing(), since: date | None = None) -> Any:
    """The rows the number counts, not yet narrowed to what a reader may open. Of a growth, each row says in `added` whether it came (1), went (-1) or both (0)."""
    if indicator.is_flow:
        return _flowed(by, indicator, node, since, day, narrowing)
    counted = Organisation.objects.seen_by(by).filter(narrowing.q(by, day), pk__in=organisations_of(by, node, day))
    return _with_attribute(indicator, indicator.evidence(day), narrowing).filter(**{f"{indicator.organisation}__in": counted.values("pk")})


def _flowed(by: Actor, indicator: Indicator, node: Node, since: date | None, until: date, narrowing: Narrowing) -> Any:
    """Rows of a flow."""
    if since is None:
        raise ValueError(f"{indicator.id} is a flow: over which period?")
    if indicator.growth:
        came, went = (evidence(by, side, node, until, narrowing, since).values("pk") for side in sides(indicator))
        added = Case(When(pk__in=came, then=Value(1)), default=Value(0)) - Case(When(pk__in=went, then=Value(1)), default=Value(0))
        return indicator.model.objects.filter(Q(pk__in=came) | Q(pk__in=went)).annotate(added=added)
    return at_node(by, indicator, node, since, until, indicator.evidence(since, until), narrowing)


def at_node(by: Actor, indicator: Indicator, node: Node, since: date, until: date, rows: Any, narrowing: Narrowing) -> Any:
    """Those of a flow's `rows` whose organisation stood at the node on their own day. That it was there at all in the period says nothing new, but lets an index find them."""
    there = organisations_of(by, node, until, since)
    return _narrowed_then(by, indicator, rows, narrowing).filter(own_days.placed(by, node.thing, indicator), **{f"{indicator.organisation}__in": there})


def _narrowed_then(by: Actor, indicator: Indicator, rows: Any, narrowing: Narrowing) -> Any:
    """Rows of a flow, of the organisations that a reader chose: where they leant on each record's own day."""
    rows = _with_attribute(indicator, rows, narrowing)
    if narrowing.family or narrowing.level:
        rows = rows.filter(**{f"{indicator.organisation}__in": Organisation.objects.seen_by(by).filter(narrowing.standing()).values("pk")})
    return rows.filter(own_days.leaning(by, narrowing.host_type, indicator)) if narrowing.host_type else rows


def _with_attribute(indicator: Indicator, rows: Any, narrowing: Narrowing) -> Any:
    one = indicator.attribute
    return rows.filter(**{one.path: one.read(narrowing.attribute)}) if one and narrowing.attribute else rows


def sides(indicator: Indicator) -> tuple[Indicator, Indicator]:
    """Of a growth: what came and what went."""
    if indicator.growth is None:
        raise ValueError(f"{indicator.id} is no growth")
    return INDICATORS[indicator.growth.came], INDICATORS[indicator.growth.went]


def evaluate(by: Actor, indicator: Indicator, node: Node, day: date, narrowing: Narrowing = Narrowing(), since: date | None = None, *, is_recounted: bool = False) -> Figure:
    """The number as of `day`, of a flow from `since` to `day`; None where the reader may not see it. Raises nothing for an empty node: that is 0.

    `is_recounted`: from the records alone, whatever is kept rolled up: what is published, and what is compared with it.
    """
    value, summed = None, organisations_of(by, node, day, since)
    is_open = since is None or bool(Period(since, day).kind)
    is_cell = bool(narrowing.attribute and indicator.attribute and indicator.attribute.is_personal)
    if _may_see_at(by, indicator, node, day, summed, since) and ((is_open and not is_cell) or may_list(by, indicator, summed)):
        value = None if is_recounted else _kept(indicator, node, day, narrowing)
        value = number(by, indicator, node, day, narrowing, since) if value is None else value
    return Figure(indicator, node, day, narrowing, value, by.at, since)


def _kept(indicator: Indicator, node: Node, day: date, narrowing: Narrowing) -> int | None:
    """The same number from what is rolled up: for everything beneath an organisation. None = count directly."""
    if indicator.kept is None or not isinstance(node.thing, Organisation) or narrowing != Narrowing():
        return None
    return engine.standing(indicator, node.thing.pk, day)


def number(by: Actor, indicator: Indicator, node: Node, day: date, narrowing: Narrowing, since: date | None) -> int:
    """The number from the records, whoever may see it."""
    if indicator.growth:
        came, went = (number(by, side, node, day, narrowing, since) for side in sides(indicator))
        return came - went
    return measure(indicator, evidence(by, indicator, node, day, narrowing, since))


def measure(indicator: Indicator, rows: Any) -> int:
    told = rows.system(f"figure {indicator.id}")
    if indicator.measure == COUNT:
        return told.count()
    return told.order_by().values(indicator.person).distinct().count()


def counter(indicator: Indicator, where: Q | None = None) -> Count:
    """The aggregate that the indicator's measure word stands for, of the rows `where` holds."""
    if indicator.measure == COUNT or indicator.person is None:
        return Count("pk", filter=where)
    return Count(indicator.person, distinct=True, filter=where)


def rows_of(by: Actor, figure: Figure) -> Any:
    """The rows that a figure counts."""
    return evidence(by, figure.indicator, figure.node, figure.as_of, figure.narrowing, figure.since)


def opened(by: Actor, figure: Figure) -> Any:
    """The same rows as a list, as far as the reader's rights of today reach."""
    return figure.indicator.lists(by, rows_of(by, figure))


def _netted(figure: Figure, read: Callable[[Figure], list[Row]], order: Sequence[str] = ()) -> list[Row]:
    """Parts of a growth: those of what came less those of what went."""
    came, went = ({row.key: row for row in read(replace(figure, indicator=side))} for side in sides(figure.indicator))
    keys = sorted(came | went, key=order.index) if order else [*came, *(key for key in went if key not in came)]

    def less(name: str, key: str) -> int:
        more, fewer = (getattr(side[key], name) if key in side else 0 for side in (came, went))
        return (more or 0) - (fewer or 0)

    has_whole = {key for side in (came, went) for key, row in side.items() if row.whole is not None}
    return [Row(key, (came | went)[key].label, less("value", key), less("whole", key) if key in has_whole else None) for key in keys]


def cut(by: Actor, figure: Figure, by_what: str) -> list[Row]:
    """The figure by `level`, `host_type`, `family`, `attribute`: rows in the order of the register, only where something counts."""
    if figure.value is None:
        return []
    if figure.indicator.growth:
        registers: dict[str, Sequence[str]] = {"level": OrganisationLevel.values, "host_type": [*HostType.values, "none"]}
        return _netted(figure, lambda side: cut(by, side, by_what), registers.get(by_what, ()))
    path = figure.indicator.path
    rows = rows_of(by, figure).system(f"figure {figure.indicator.id} by {by_what}")
    counted = counter(figure.indicator)
    if by_what == "host_type":
        return _by_host_type(by, figure, rows, counted, path) if figure.since is None else _by_host_type_then(by, figure, rows)
    if by_what == "attribute":
        return _by_attribute(by, figure, rows)
    field = {"level": f"{path}level", "family": f"{path}family__name"}[by_what]
    found = dict(rows.order_by().values_list(field).annotate(n=counted))
    labels = dict(OrganisationLevel.choices) if by_what == "level" else {name: name for name in found}
    order = [k for k in labels if k in found]
    return [Row(k, str(labels[k]), found[k]) for k in order]


def _by_host_type(by: Actor, figure: Figure, rows: Any, counted: Any, path: str) -> list[Row]:
    """Seats of that day decide; organisations without a host stand apart."""
    organisation = figure.indicator.organisation
    seats = Seat.objects.seen_by(by).filter(network.on(figure.as_of), host__isnull=False)
    parts = []
    for kind, label in HostType.choices:
        seated = seats.filter(host__host_type=kind).values("organisation_id")
        parts.append(Row(kind, str(label), measure(figure.indicator, rows.filter(**{f"{organisation}__in": seated}))))
    without = rows.exclude(**{f"{organisation}__in": seats.values("organisation_id")})
    parts.append(Row("none", _("没有依托单位"), measure(figure.indicator, without)))
    return [row for row in parts if row.value]


def _by_host_type_then(by: Actor, figure: Figure, rows: Any) -> list[Row]:
    """Of a flow: the seats of each record's own day decide."""
    found = own_days.host_types(by, figure.indicator, rows, counter(figure.indicator))
    labels = [*HostType.choices, (None, _("没有依托单位"))]
    return [Row(kind or "none", str(label), found[kind]) for kind, label in labels if kind in found]


def _by_attribute(by: Actor, figure: Figure, rows: Any) -> list[Row]:
    attribute = figure.indicator.attribute
    if attribute is None or (attribute.is_personal and not may_list(by, figure.indicator, organisations_of(by, figure.node, figure.as_of, figure.since))):
        return []
    found = sorted(rows.order_by().values_list(attribute.path).annotate(n=counter(figure.indicator)))
    return [Row(str(value), attribute.label(value), count) for value, count in found]


def by_district(by: Actor, figure: Figure, areas: Sequence[Area]) -> list[Row]:
    """The figure by the areas beneath, from seats of that day; zero rows stay: they are the gaps. One query, however many areas."""
    if figure.value is None or not areas:
        return []
    if figure.indicator.growth:
        return _netted(figure, lambda side: by_district(by, side, areas))
    indicator = figure.indicator
    rows = rows_of(by, figure).system(f"figure {indicator.id} by district").order_by()
    seat, day = f"{indicator.path}seats__", figure.as_of if figure.since is None else F(indicator.day)
    parts = {f"n{n}": counter(indicator, network.on(day, seat) & network.within(area, f"{seat}area__")) for n, area in enumerate(areas)}
    found = rows.aggregate(**parts)
    return [Row(area.key, area.name, found[f"n{n}"]) for n, area in enumerate(areas)]


def by_child(by: Actor, figure: Figure) -> list[Row]:
    """An organisation's figure by the bodies directly beneath it that day, itself alone first. Two queries, however many children.

    Of a flow: by the bodies that stood directly beneath it in the period, each with what happened while it did; what happened at it before or after is in `whole`.
    """
    if figure.value is None or not isinstance(figure.node.thing, Organisation):
        return []
    if figure.since is not None:
        return _by_child_then(by, figure, figure.node.thing, figure.since)
    top, day = figure.node.thing, figure.as_of
    placed = Placement.objects.seen_by(by).filter(network.on(day), parent=top).select_related("organisation").order_by("organisation__founded_on", "pk")
    children = [p.organisation for p in placed]
    rows = evidence(by, figure.indicator, figure.node, day, figure.narrowing).system(f"figure {figure.indicator.id} by child")
    below = f"{figure.indicator.path}lineage_above"
    near = rows.filter(
        **{f"{below}__ancestor_id__in": [c.pk for c in children], f"{below}__valid_from__lte": day, f"{below}__valid_to__gt": day}
    )
    counted = counter(figure.indicator)
    found = dict(near.order_by().values_list(F(f"{below}__ancestor_id")).annotate(n=counted))
    own = measure(figure.indicator, rows.filter(**{figure.indicator.organisation: top.pk}))
    return [Row(top.key, _("%(name)s（本级）") % {"name": top.name}, own)] + [Row(c.key, c.name, found.get(c.pk, 0)) for c in children]


def _by_child_then(by: Actor, figure: Figure, top: Organisation, since: date) -> list[Row]:
    if figure.indicator.growth:
        return _netted(figure, lambda side: by_child(by, side))
    one, period = figure.indicator, Period(since, figure.as_of)
    rows = rows_of(by, figure).system(f"figure {one.id} by child").order_by()
    anywhere = _narrowed_then(by, one, one.evidence(since, figure.as_of), figure.narrowing).system(f"figure {one.id} by child").order_by()
    shares = own_days.shares(by, one, top, period, (rows, anywhere), counter(one))
    own = measure(one, rows.filter(**{one.organisation: top.pk}))
    return [Row(top.key, _("%(name)s（本级）") % {"name": top.name}, own), *(Row(child.key, child.name, share, whole) for child, share, whole in shares)]


def top_organisation(by: Actor, level: str = OrganisationLevel.CITY) -> Organisation | None:
    """The one body of that level with nobody above it today; None if there are several or none."""
    placed = Lineage.objects.seen_by(by).on(by.today).filter(depth__gt=0).values("descendant_id")
    found = list(network.organisations(by).filter(level=level).exclude(pk__in=placed)[:2])
    return found[0] if len(found) == 1 else None
