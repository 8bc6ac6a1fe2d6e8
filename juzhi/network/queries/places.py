"""Where organisations sit: areas, hosts with their owners, sectors, and bodies outside the federation."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Substr

from juzhi.base.actors import Actor
from juzhi.base.text import search_key
from juzhi.network.models import Area, ExternalBody, Host, Organisation, Seat, Sector
from juzhi.network.queries.bodies import organisations
from juzhi.network.queries.days import on, standing


def area(by: Actor, key: str) -> Area | None:
    return Area.objects.seen_by(by).select_related("parent__parent__parent__parent").filter(key=key).first()


def areas_above(area: Area) -> list[Area]:
    """The divisions that hold `area`, from the top."""
    above: list[Area] = []
    while area.parent is not None:
        area = area.parent
        above.insert(0, area)
    return above


def areas_beneath(by: Actor, parent: Area) -> QuerySet[Area]:
    return Area.objects.seen_by(by).filter(parent=parent).order_by("code")


def areas_named(by: Actor, text: str) -> QuerySet[Area]:
    """Divisions by code, key or name."""
    return Area.objects.seen_by(by).filter(Q(code=text) | Q(key=text) | Q(name=text)).order_by("code")


def areas_with_counts(by: Actor, parent: Area | None) -> list[dict[str, Any]]:
    """Areas beneath one (None = provinces) with how many organisations sit there today, beneath included: two queries, however many areas."""
    areas = list(Area.objects.seen_by(by).filter(parent=parent).order_by("code"))
    if not areas:
        return []
    length = len(areas[0].code)
    here = Organisation.objects.seen_by(by).filter(standing(by.today)).values("pk")
    seats = Seat.objects.seen_by(by).filter(on(by.today), area__isnull=False, organisation_id__in=here).annotate(prefix=Substr("area__code", 1, length))
    counts = dict(seats.order_by().values_list("prefix").annotate(n=Count("organisation_id", distinct=True)))
    return [{"area": area, "count": counts.get(area.code, 0)} for area in areas]


def host(by: Actor, key: str) -> Host | None:
    return Host.objects.seen_by(by).select_related("area", "owner").filter(key=key).first()


def hosts(by: Actor) -> QuerySet[Host]:
    """Hosts with how many standing organisations lean on them today (`bodies`)."""
    here = Seat.objects.seen_by(by).filter(on(by.today), standing(by.today, "organisation__"), host=OuterRef("pk"))
    counted = here.order_by().values("host").annotate(n=Count("pk")).values("n")
    return Host.objects.seen_by(by).select_related("area", "owner").annotate(bodies=Subquery(counted)).order_by("name_key", "pk")


def hosts_named(by: Actor, text: str) -> QuerySet[Host]:
    return Host.objects.seen_by(by).filter(Q(key=text) | Q(name_key=search_key(text))).order_by("pk")


def sectors_named(by: Actor, text: str) -> QuerySet[Sector]:
    return Sector.objects.seen_by(by).filter(Q(key=text) | Q(name=text)).order_by("pk")


def external_bodies(by: Actor) -> QuerySet[ExternalBody]:
    """Bodies outside the federation: references only."""
    return ExternalBody.objects.seen_by(by).select_related("host").order_by("name", "pk")


def seated(by: Actor, place: Area | Host) -> QuerySet[Organisation]:
    """Organisations that sit in an area (or beneath it), or lean on a host, today."""
    ids = seated_in_area(by, place, by.today) if isinstance(place, Area) else seated_at_host(by, place, by.today)
    return organisations(by).filter(standing(by.today), pk__in=ids)


def after_code(code: str) -> str:
    """The least code that is outside the subtree of `code`: a range instead of LIKE, so that the index serves on both databases."""
    return code + ":"  # ":" follows "9"


def seated_in_area(by: Actor, area: Area, day: date) -> Any:
    """Ids of organisations seated in the area or beneath it on `day`."""
    seats = Seat.objects.seen_by(by).filter(on(day), area__code__gte=area.code, area__code__lt=after_code(area.code))
    return seats.values("organisation_id")


def seated_at_host(by: Actor, host: Host, day: date) -> Any:
    return Seat.objects.seen_by(by).filter(on(day), host=host).values("organisation_id")
