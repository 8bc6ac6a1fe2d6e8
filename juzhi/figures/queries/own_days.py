"""The tree of each record's own day: which organisations a node stood for in a period, and where the organisation of a record stood on the day of the record."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Exists, F, OuterRef, Q

from juzhi.base.actors import Actor
from juzhi.base.indicators import Indicator
from juzhi.network import queries as network
from juzhi.network.models import Area, Host, Lineage, Organisation, Seat


def organisations_within(by: Actor, thing: Organisation | Area | Host, since: date, until: date) -> Any:
    """Ids of the organisations that the node stood for on any day of the period, both days included."""
    if isinstance(thing, Organisation):
        return Lineage.objects.seen_by(by).filter(ancestor=thing, valid_from__lte=until, valid_to__gt=since).values("descendant_id")
    return seats_at(Seat.objects.seen_by(by), thing).filter(Q(valid_to__isnull=True) | Q(valid_to__gt=since), valid_from__lte=until).values("organisation_id")


def placed(by: Actor, thing: Organisation | Area | Host, indicator: Indicator) -> Exists:
    """Records whose organisation stood at the node on their own day."""
    organisation, day = OuterRef(indicator.organisation), OuterRef(indicator.day)
    if isinstance(thing, Organisation):
        return Exists(Lineage.objects.seen_by(by).filter(ancestor=thing, descendant_id=organisation, valid_from__lte=day, valid_to__gt=day))
    return Exists(seats_at(Seat.objects.seen_by(by), thing).filter(network.on(day), organisation_id=organisation))


def leaning(by: Actor, host_type: str, indicator: Indicator) -> Any:
    """Records whose organisation leant on a host of that type on their own day; "none" = on no host."""
    seats = Seat.objects.seen_by(by).filter(network.on(OuterRef(indicator.day)), organisation_id=OuterRef(indicator.organisation), host__isnull=False)
    return ~Exists(seats) if host_type == "none" else Exists(seats.filter(host__host_type=host_type))


def beneath(path: str, indicator: Indicator, top: Organisation, child_ids: list[int], *, is_clipped: bool) -> Q:
    """Records that stood beneath one of the children (at `<path>lineage_above__ancestor`) on their own day; `is_clipped` = only while the child itself stood directly beneath `top`."""
    line, day = f"{path}lineage_above__", F(indicator.day)
    condition = Q(**{f"{line}ancestor_id__in": child_ids, f"{line}valid_from__lte": day, f"{line}valid_to__gt": day})
    if is_clipped:
        above = f"{line}ancestor__lineage_above__"
        condition &= Q(**{f"{above}ancestor": top, f"{above}depth": 1, f"{above}valid_from__lte": day, f"{above}valid_to__gt": day})
    return condition


def seats_at(seats: Any, thing: Area | Host) -> Any:
    """Of these seats those in the area, or at the host."""
    return seats.filter(network.within(thing, "area__")) if isinstance(thing, Area) else seats.filter(host=thing)
