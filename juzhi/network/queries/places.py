"""Where organisations sit: areas, hosts with their owners, sectors, and bodies outside the federation."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery

from juzhi.base.actors import Actor
from juzhi.base.text import search_key
from juzhi.network.models import Area, ExternalBody, Host, Organisation, Register, Seat, Sector
from juzhi.network.queries.bodies import organisations
from juzhi.network.queries.days import on, standing

LENGTHS = (2, 4, 6, 9, 12)  # digits of an area's code, level by level


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


def sectors_named(by: Actor, text: str) -> QuerySet[Sector]:
    return Sector.objects.seen_by(by).filter(Q(key=text) | Q(name=text)).order_by("pk")


def external_bodies(by: Actor) -> QuerySet[ExternalBody]:
    """Bodies outside the federation: references only."""
    return ExternalBody.objects.seen_by(by).select_related("host").order_by("name", "pk")


def seated(by: Actor, place: Area | Host, day: date | None = None) -> QuerySet[Organisation]:
    """Organisations that sit in an area (or beneath it), or lean on a host, on `day`, today if none."""
    day = day or by.today
    ids = seated_in_area(by, place, day) if isinstance(place, Area) else seated_at_host(by, place, day)
    return organisations(by).filter(standing(day), pk__in=ids)


def after_code(code: str) -> str:
    """The least code that is outside the subtree of `code`: a range instead of LIKE, so that the index serves on both databases."""
    return code + ":"  # ":" follows "9"


def seated_in_area(by: Actor, area: Area, day: date) -> Any:
    """Ids of organisations seated in the area or beneath it on `day`."""
    seats = Seat.objects.seen_by(by).filter(on(day), area__code__gte=area.code, area__code__lt=after_code(area.code))
    return seats.values("organisation_id")


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
