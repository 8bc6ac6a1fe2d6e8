"""Where organisations sit: areas, hosts with their owners, sectors, and bodies outside the federation."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from juzhi.base.actors import Actor
from juzhi.base.text import search_key
from juzhi.network.models import Area, ExternalBody, GuidanceLink, Host, Organisation, OrganisationLevel, Register, Seat, Sector
from juzhi.network.queries.bodies import organisations
from juzhi.network.queries.days import on, standing

LENGTHS = (2, 4, 6, 9, 12)  # digits of an area's code, level by level
DISTRICT = LENGTHS[2]


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


def areas_with_counts(by: Actor, parent: Area | None, day: date | None = None) -> list[dict[str, Any]]:
    """Areas beneath one (None = provinces) with how many organisations sit there on `day` (today if none), beneath included: two queries, however many areas."""
    areas = list(Area.objects.seen_by(by).filter(parent=parent).order_by("code"))
    return _counted(areas, _seats_by_code(by, day or by.today)) if areas else []


def first_areas(by: Actor, day: date) -> tuple[list[Area], list[dict[str, Any]]]:
    """Where a walk through the divisions begins: the first level at which several hold organisations on `day`, with counts, and the divisions above it.

    With organisations in one division only, the level it stands at; with none, the first level that has several divisions. Three queries, or
    one for each level.
    """
    counts = _seats_by_code(by, day)
    top = _common(counts) if counts else _alone(by)
    areas = list(Area.objects.seen_by(by).filter(**({"parent__code": top} if top else {"parent__isnull": True})).order_by("code"))
    above = Area.objects.seen_by(by).filter(code__in=[top[:length] for length in LENGTHS if length <= len(top)]).order_by("code")
    return list(above) if top else [], _counted(areas, counts)


def _common(counts: dict[str, int]) -> str:
    """The code of the division beneath which organisations sit in several, or in the only one there is; "" = the provinces differ already."""
    above = ""
    for length in LENGTHS:
        found = {code[:length] for code in counts if len(code) >= length}
        if len(found) > 1:
            return above
        if not found:
            break
        last, above = above, found.pop()
    return last


def _alone(by: Actor) -> str:
    """The code of the division above the first level that has several; "" = the provinces are several, or there is nothing beneath the only one."""
    above, level = "", list(Area.objects.seen_by(by).filter(parent__isnull=True)[:2])
    while len(level) == 1:
        beneath = list(Area.objects.seen_by(by).filter(parent=level[0])[:2])
        if not beneath:
            break
        above, level = level[0].code, beneath
    return above


def _seats_by_code(by: Actor, day: date) -> dict[str, int]:
    """How many organisations that stand on `day` sit right in each division that has any; an organisation has one seat a day."""
    here = Organisation.objects.seen_by(by).filter(standing(day)).values("pk")
    seats = Seat.objects.seen_by(by).filter(on(day), area__isnull=False, organisation_id__in=here)
    return dict(seats.order_by().values_list("area__code").annotate(n=Count("pk")))


def _counted(areas: list[Area], counts: dict[str, int]) -> list[dict[str, Any]]:
    """Areas of one level with their counts, beneath included: a code begins with the codes above it."""
    sums: Counter[str] = Counter()
    for code, count in counts.items():
        sums[code[: len(areas[0].code) if areas else 0]] += count
    return [{"area": area, "count": sums[area.code]} for area in areas]


def host(by: Actor, key: str) -> Host | None:
    return Host.objects.seen_by(by).select_related("area", "owner").filter(key=key).first()


def hosts(by: Actor, day: date | None = None) -> QuerySet[Host]:
    """Hosts with how many standing organisations lean on them on `day`, today if none (`bodies`)."""
    day = day or by.today
    here = Seat.objects.seen_by(by).filter(on(day), standing(day, "organisation__"), host=OuterRef("pk"))
    counted = here.order_by().values("host").annotate(n=Count("pk")).values("n")
    return Host.objects.seen_by(by).select_related("area", "owner").annotate(bodies=Subquery(counted)).order_by("name_key", "pk")


def hosts_named(by: Actor, text: str) -> QuerySet[Host]:
    return Host.objects.seen_by(by).filter(Q(key=text) | Q(name_key=search_key(text))).order_by("pk")


def sector(by: Actor, key: str) -> Sector | None:
    return Sector.objects.seen_by(by).filter(key=key).first()


def sectors(by: Actor, day: date) -> QuerySet[Sector]:
    """Sector systems with how many standing organisations are in them on `day` (`bodies`)."""
    here = Seat.objects.seen_by(by).filter(on(day), standing(day, "organisation__"), sector=OuterRef("pk"))
    counted = here.order_by().values("sector").annotate(n=Count("pk")).values("n")
    return Sector.objects.seen_by(by).annotate(bodies=Coalesce(Subquery(counted), 0)).order_by("name", "pk")


def sectors_named(by: Actor, text: str) -> QuerySet[Sector]:
    return Sector.objects.seen_by(by).filter(Q(key=text) | Q(name=text)).order_by("pk")


def external_bodies(by: Actor) -> QuerySet[ExternalBody]:
    """Bodies outside the federation: references only."""
    return ExternalBody.objects.seen_by(by).select_related("host").order_by("name", "pk")


def seated(by: Actor, place: Area | Host | Sector, day: date | None = None) -> QuerySet[Organisation]:
    """Organisations that sit in an area (or beneath it), lean on a host, or belong to a sector, on `day`, today if none."""
    day = day or by.today
    if isinstance(place, Area):
        ids = seated_in_area(by, place, day)
    elif isinstance(place, Host):
        ids = seated_at_host(by, place, day)
    else:
        ids = seated_in_sector(by, place, day)
    return organisations(by).filter(standing(day), pk__in=ids)


@dataclass(frozen=True)
class Part:
    """Some of the organisations of a sector: what tells them apart, and how many."""

    key: str
    label: str
    count: int


def sector_parts(by: Actor, sector: Sector, day: date) -> tuple[list[Part], list[Part]]:
    """The organisations of a sector on `day` by level, and by the division of the third level in which they sit (those that sit higher by that one). Three queries."""
    rows = seated(by, sector, day).order_by()
    levels = dict(rows.values_list("level").annotate(n=Count("pk")))
    seats = Seat.objects.seen_by(by).filter(on(day), standing(day, "organisation__"), sector=sector, area__isnull=False)
    codes = Counter[str]()
    for code, count in seats.order_by().values_list("area__code").annotate(n=Count("pk")):
        codes[code[:DISTRICT]] += count
    areas = Area.objects.seen_by(by).filter(code__in=codes).order_by("code")
    by_level = [Part(level, str(label), levels[level]) for level, label in OrganisationLevel.choices if level in levels]
    return by_level, [Part(area.key, area.name, codes[area.code]) for area in areas]


def in_sector(by: Actor, sector: Sector, day: date, level: str = "", area: Area | None = None) -> QuerySet[Organisation]:
    """The organisations of a sector on `day`; of one level, in one area, if asked."""
    found = seated(by, sector, day)
    found = found.filter(level=level) if level else found
    return found.filter(pk__in=seated_in_area(by, area, day)) if area else found


def external_body(by: Actor, key: str) -> ExternalBody | None:
    return ExternalBody.objects.seen_by(by).select_related("host").filter(key=key).first()


def guided(by: Actor, body: ExternalBody, day: date) -> QuerySet[Organisation]:
    """Standing organisations that the body guides on `day`; a link without a first day holds since ever."""
    holds = (Q(valid_from__isnull=True) | Q(valid_from__lte=day)) & (Q(valid_to__isnull=True) | Q(valid_to__gt=day))
    links = GuidanceLink.objects.seen_by(by).filter(holds, authority=body)
    return organisations(by).filter(standing(day), pk__in=links.values("organisation_id"))


def guided_before(by: Actor, body: ExternalBody, day: date) -> list[GuidanceLink]:
    """Links of the body that were over by `day`, or whose organisation was, the latest first; at most fifty."""
    gone = Q(valid_to__lte=day) | Q(organisation__dissolved_on__lte=day)
    return list(GuidanceLink.objects.seen_by(by).filter(gone, authority=body).select_related("organisation").order_by("-valid_to", "-pk")[:50])


def within(area: Area, path: str = "") -> Q:
    """Rows whose area, at `path` ("" = the rows are areas themselves), is `area` or beneath it: a range of codes instead of LIKE, so that the index serves on both databases."""
    return Q(**{f"{path}code__gte": area.code, f"{path}code__lt": area.code + ":"})  # ":" follows "9"


def seated_in_area(by: Actor, area: Area, day: date) -> Any:
    """Ids of organisations seated in the area or beneath it on `day`."""
    return Seat.objects.seen_by(by).filter(on(day), within(area, "area__")).values("organisation_id")


def seated_in_sector(by: Actor, sector: Sector, day: date) -> Any:
    return Seat.objects.seen_by(by).filter(on(day), sector=sector).values("organisation_id")


def seated_at_host(by: Actor, host: Host, day: date) -> Any:
    return Seat.objects.seen_by(by).filter(on(day), host=host).values("organisation_id")


def of_own_level(area: Area, day: date) -> QuerySet[Organisation]:
    """Organisations standing on `day` that sit in the area or one above it and are of that division's level. For rules: not narrowed to a reader."""
    codes = [area.code[:length] for length in LENGTHS if length <= len(area.code)]
    seats = Seat.objects.system("whose area it is").filter(on(day), area__code__in=codes, organisation__level=F("area__level"))
    return Organisation.objects.system("whose area it is").filter(standing(day), pk__in=seats.values("organisation_id"))


def leaning_on(host: Host, day: date) -> QuerySet[Organisation]:
    """Organisations standing on `day` that lean on the host. For rules: not narrowed to a reader."""
    seats = Seat.objects.system("who leans on it").filter(on(day), host=host)
    return Organisation.objects.system("who leans on it").filter(standing(day), pk__in=seats.values("organisation_id"))


def registers(by: Actor, area: Area, day: date) -> QuerySet[Register]:
    """What is attested whole beneath the area on `day`."""
    return Register.objects.seen_by(by).filter(on(day), area=area).order_by("-level", "host_type")
