"""The tree of each record's own day: which organisations a node stood for in a period, and where the organisation of a record stood on the day of the record."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, Subquery

from juzhi.base.actors import Actor
from juzhi.base.indicators import Indicator
from juzhi.base.periods import Period
from juzhi.network import queries as network
from juzhi.network.models import Area, Host, Lineage, Organisation, Placement, Seat, Sector


def organisations_within(by: Actor, thing: Organisation | Area | Host | Sector, since: date, until: date) -> Any:
    """Ids of the organisations that the node stood for on any day of the period, both days included."""
    if isinstance(thing, Organisation):
        return Lineage.objects.seen_by(by).filter(ancestor=thing, valid_from__lte=until, valid_to__gt=since).values("descendant_id")
    return seats_at(Seat.objects.seen_by(by), thing).filter(Q(valid_to__isnull=True) | Q(valid_to__gt=since), valid_from__lte=until).values("organisation_id")


def placed(by: Actor, thing: Organisation | Area | Host | Sector, indicator: Indicator) -> Exists:
    """Records whose organisation stood at the node on their own day."""
    organisation, day = OuterRef(indicator.organisation), OuterRef(indicator.day)
    if isinstance(thing, Organisation):
        return Exists(Lineage.objects.seen_by(by).filter(ancestor=thing, descendant_id=organisation, valid_from__lte=day, valid_to__gt=day))
    return Exists(seats_at(Seat.objects.seen_by(by), thing).filter(network.on(day), organisation_id=organisation))


def leaning(by: Actor, host_type: str, indicator: Indicator) -> Any:
    """Records whose organisation leant on a host of that type on their own day; "none" = on no host."""
    seats = Seat.objects.seen_by(by).filter(network.on(OuterRef(indicator.day)), organisation_id=OuterRef(indicator.organisation), host__isnull=False)
    return ~Exists(seats) if host_type == "none" else Exists(seats.filter(host__host_type=host_type))


def host_types(by: Actor, indicator: Indicator, rows: Any, counted: Count) -> dict[str | None, int]:
    """Numbers by the type of host on which the organisation leant on each record's own day; None = on no host."""
    return dict(rows.order_by().annotate(leant=leant(by, indicator)).values_list("leant").annotate(n=counted))


def leant(by: Actor, indicator: Indicator) -> Subquery:
    """The type of host on which a record's organisation leant on its own day; NULL = on no host."""
    seats = Seat.objects.seen_by(by).filter(network.on(OuterRef(indicator.day)), organisation_id=OuterRef(indicator.organisation))
    return Subquery(seats.values("host__host_type")[:1])


def shares(by: Actor, indicator: Indicator, top: Organisation, period: Period, rows: tuple[Any, Any], counted: Count) -> list[tuple[Organisation, int, int | None]]:
    """(child, its share of `top`, its own number) for each organisation that stood directly beneath `top` in the period. `rows` = those of `top`, and those of any place.

    A share is what happened while the child stood there. Its own number is told only where it is another, and where the reader may see it. Four queries.
    """
    here = Placement.objects.seen_by(by).filter(Q(valid_to__isnull=True) | Q(valid_to__gt=period.since), parent=top, valid_from__lte=period.until)
    placed = list(here.select_related("organisation").order_by("organisation__founded_on", "organisation_id"))
    children = {one.organisation_id: one.organisation for one in placed}
    stayed = {one.organisation_id for one in placed if one.valid_from <= period.since and (one.valid_to is None or one.valid_to > period.until)}
    moved = _seen_whole(by, indicator, period, [pk for pk in children if pk not in stayed])
    of_top, anywhere = rows
    share, whole = _by_ancestor(indicator, of_top, top, list(children), counted), _by_ancestor(indicator, anywhere, None, moved, counted)
    return [(one, share.get(pk, 0), whole.get(pk, 0) if pk in moved and whole.get(pk, 0) != share.get(pk, 0) else None) for pk, one in children.items()]


def _by_ancestor(indicator: Indicator, rows: Any, top: Organisation | None, ids: list[int], counted: Count) -> dict[int, int]:
    """Numbers of what stood beneath these organisations on each record's own day; with `top` only while they themselves stood directly beneath it."""
    line, day = f"{indicator.path}lineage_above__", F(indicator.day)
    condition = Q(**{f"{line}ancestor_id__in": ids, f"{line}valid_from__lte": day, f"{line}valid_to__gt": day})
    if top is not None:
        condition &= beneath_children(indicator, top)
    return dict(rows.filter(condition).order_by().values_list(F(f"{line}ancestor_id")).annotate(n=counted))


def beneath_children(indicator: Indicator, top: Organisation) -> Q:
    """Records that stood at or beneath an organisation directly beneath `top` on their own day: `<path>lineage_above__ancestor` is that organisation."""
    line, day = f"{indicator.path}lineage_above__", F(indicator.day)
    above = f"{line}ancestor__lineage_above__"
    there = Q(**{f"{line}valid_from__lte": day, f"{line}valid_to__gt": day})
    return there & Q(**{f"{above}ancestor": top, f"{above}depth": 1, f"{above}valid_from__lte": day, f"{above}valid_to__gt": day})


def _seen_whole(by: Actor, indicator: Indicator, period: Period, ids: list[int]) -> list[int]:
    """Of these organisations those whose own number over the period the reader may see: also of bodies that stood beneath them while they stood elsewhere."""
    if by.is_system or indicator.is_public:
        return ids
    beneath = Lineage.objects.seen_by(by).filter(ancestor_id__in=ids, valid_from__lte=period.until, valid_to__gt=period.since)
    closed = set(beneath.exclude(descendant_id__in=by.reach(*indicator.duties)).values_list("ancestor_id", flat=True))
    return [pk for pk in ids if pk not in closed]


def seats_at(seats: Any, thing: Area | Host | Sector) -> Any:
    """Of these seats those in the area, at the host, or in the sector."""
    if isinstance(thing, Area):
        return seats.filter(network.within(thing, "area__"))
    return seats.filter(host=thing) if isinstance(thing, Host) else seats.filter(sector=thing)
