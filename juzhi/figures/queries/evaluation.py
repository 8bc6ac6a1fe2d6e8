"""Evaluate indicators: a number, its cuts and its evidence for a node as of a day, exact, straight from the records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, Q
from django.utils.translation import gettext as _

from juzhi.base.actors import Actor
from juzhi.base.indicators import COUNT, INDICATORS, Indicator
from juzhi.figures.queries import engine
from juzhi.network import queries as network
from juzhi.network.models import Area, Family, Host, HostType, Lineage, Organisation, OrganisationLevel, Placement, Seat

KINDS = ("organisation", "area", "host")


@dataclass(frozen=True)
class Node:
    """Where a figure is asked: an organisation's subtree, an area, a host."""

    kind: str
    thing: Organisation | Area | Host

    @property
    def key(self) -> str:
        return self.thing.key

    @property
    def name(self) -> str:
        return self.thing.name


@dataclass(frozen=True)
class Narrowing:
    """Cuts a reader chose: only these organisations count."""

    family: Family | None = None
    level: str = ""
    host_type: str = ""  # "none" = organisations without a host

    def q(self, by: Actor, day: date) -> Q:
        condition = Q()
        if self.family:
            condition &= Q(family=self.family)
        if self.level:
            condition &= Q(level=self.level)
        if self.host_type:
            seated = Seat.objects.seen_by(by).filter(network.on(day), host__isnull=False)
            if self.host_type == "none":
                condition &= ~Q(pk__in=seated.values("organisation_id"))
            else:
                condition &= Q(pk__in=seated.filter(host__host_type=self.host_type).values("organisation_id"))
        return condition


@dataclass(frozen=True)
class Row:
    """One part of a figure. `value` None = not for this reader."""

    key: str
    label: str
    value: int | None


@dataclass(frozen=True)
class Figure:
    """A number with all that makes it one. `value` None = the reader may not see it here."""

    indicator: Indicator
    node: Node
    as_of: date
    narrowing: Narrowing
    value: int | None
    computed_at: datetime


def indicator(id: str) -> Indicator | None:
    return INDICATORS.get(id)


def node(by: Actor, kind: str, key: str) -> Node | None:
    """The node of this kind and key; all three kinds are public."""
    read = {"organisation": network.organisation, "area": network.area, "host": network.host}.get(kind)
    thing = read(by, key) if read else None
    return Node(kind, thing) if thing else None


def organisations_of(by: Actor, node: Node, day: date) -> Any:
    """Ids of the organisations the node stands for on `day`."""
    if isinstance(node.thing, Organisation):
        return network.subtree(by, node.thing, day)
    if isinstance(node.thing, Area):
        return network.seated_in_area(by, node.thing, day)
    return network.seated_at_host(by, node.thing, day)


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


def evidence(by: Actor, indicator: Indicator, node: Node, day: date, narrowing: Narrowing = Narrowing()) -> Any:
    """The rows the number counts, not yet narrowed to what a reader may open."""
    counted = Organisation.objects.seen_by(by).filter(narrowing.q(by, day), pk__in=organisations_of(by, node, day))
    return indicator.evidence(day).filter(**{f"{indicator.organisation}__in": counted.values("pk")})


def evaluate(by: Actor, indicator: Indicator, node: Node, day: date, narrowing: Narrowing = Narrowing()) -> Figure:
    """The number, or None where the reader may not see it. Raises nothing for an empty node: that is 0."""
    value = None
    if may_see(by, indicator, organisations_of(by, node, day)):
        value = _kept(indicator, node, day, narrowing)
        if value is None:
            value = measure(indicator, evidence(by, indicator, node, day, narrowing))
    return Figure(indicator, node, day, narrowing, value, by.at)


def _kept(indicator: Indicator, node: Node, day: date, narrowing: Narrowing) -> int | None:
    """The same number from what is rolled up: for everything beneath an organisation. None = count directly."""
    if indicator.kept is None or not isinstance(node.thing, Organisation) or narrowing != Narrowing():
        return None
    return engine.standing(indicator, node.thing.pk, day)


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


def opened(by: Actor, figure: Figure) -> Any:
    """The same rows as a list, as far as the reader's rights of today reach."""
    return figure.indicator.lists(by, evidence(by, figure.indicator, figure.node, figure.as_of, figure.narrowing))


def cut(by: Actor, figure: Figure, by_what: str) -> list[Row]:
    """The figure by `level`, `host_type`, `family`: rows in the order of the register, only where something counts."""
    if figure.value is None:
        return []
    path = "" if figure.indicator.organisation == "pk" else "organisation__"
    rows = evidence(by, figure.indicator, figure.node, figure.as_of, figure.narrowing).system(f"figure {figure.indicator.id} by {by_what}")
    counted = counter(figure.indicator)
    if by_what == "host_type":
        return _by_host_type(by, figure, rows, counted, path)
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


def by_district(by: Actor, figure: Figure, areas: Sequence[Area]) -> list[Row]:
    """The figure by the areas beneath, from seats of that day; zero rows stay: they are the gaps. One query, however many areas."""
    if figure.value is None or not areas:
        return []
    indicator = figure.indicator
    rows = evidence(by, indicator, figure.node, figure.as_of, figure.narrowing).system(f"figure {indicator.id} by district").order_by()
    seat = "seats__" if indicator.organisation == "pk" else "organisation__seats__"
    parts = {f"n{n}": counter(indicator, network.on(figure.as_of, seat) & _in_area(area, seat)) for n, area in enumerate(areas)}
    found = rows.aggregate(**parts)
    return [Row(area.key, area.name, found[f"n{n}"]) for n, area in enumerate(areas)]


def _in_area(area: Area, seat: str) -> Q:
    """Seats in the area or beneath it; `seat` = the path to them."""
    return Q(**{f"{seat}area__code__gte": area.code, f"{seat}area__code__lt": network.after_code(area.code)})


def by_child(by: Actor, figure: Figure) -> list[Row]:
    """An organisation's figure by the bodies directly beneath it that day, itself alone first. Two queries, however many children."""
    if figure.value is None or not isinstance(figure.node.thing, Organisation):
        return []
    top, day = figure.node.thing, figure.as_of
    placed = Placement.objects.seen_by(by).filter(network.on(day), parent=top).select_related("organisation").order_by("organisation__founded_on", "pk")
    children = [p.organisation for p in placed]
    rows = evidence(by, figure.indicator, figure.node, day, figure.narrowing).system(f"figure {figure.indicator.id} by child")
    below = "lineage_above" if figure.indicator.organisation == "pk" else "organisation__lineage_above"
    near = rows.filter(
        **{f"{below}__ancestor_id__in": [c.pk for c in children], f"{below}__valid_from__lte": day, f"{below}__valid_to__gt": day}
    )
    counted = counter(figure.indicator)
    found = dict(near.order_by().values_list(F(f"{below}__ancestor_id")).annotate(n=counted))
    own = measure(figure.indicator, rows.filter(**{figure.indicator.organisation: top.pk}))
    return [Row(top.key, _("%(name)s（本级）") % {"name": top.name}, own)] + [Row(c.key, c.name, found.get(c.pk, 0)) for c in children]


def top_organisation(by: Actor, level: str = OrganisationLevel.CITY) -> Organisation | None:
    """The one body of that level with nobody above it today; None if there are several or none."""
    placed = Lineage.objects.seen_by(by).on(by.today).filter(depth__gt=0).values("descendant_id")
    found = list(network.organisations(by).filter(level=level).exclude(pk__in=placed)[:2])
    return found[0] if len(found) == 1 else None
