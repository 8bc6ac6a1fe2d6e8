"""Reads about the federation: the tree as of a day, an organisation with its dated edges, its history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from juzhi.base.actors import Actor
from juzhi.base.text import search_key
from juzhi.network.models import (
    BEGINNING,
    Area,
    Family,
    GuidanceLink,
    Host,
    Lineage,
    Organisation,
    OrganisationContact,
    OrganisationName,
    Placement,
    Seat,
)


def on(day: date, prefix: str = "") -> Q:
    """Rows whose [valid_from, valid_to) holds on `day`; `prefix` reaches them through a relation."""
    return Q(**{f"{prefix}valid_from__lte": day}) & (Q(**{f"{prefix}valid_to__isnull": True}) | Q(**{f"{prefix}valid_to__gt": day}))


def standing(day: date) -> Q:
    """Organisations that existed on `day`."""
    return Q(founded_on__lte=day) & (Q(dissolved_on__isnull=True) | Q(dissolved_on__gt=day))


def organisations(by: Actor) -> QuerySet[Organisation]:
    return Organisation.objects.seen_by(by).select_related("family").order_by("pinyin_key", "pk")


def organisation(by: Actor, key: str) -> Organisation | None:
    return Organisation.objects.seen_by(by).select_related("family", "founding").filter(key=key).first()


def families(by: Actor) -> QuerySet[Family]:
    return Family.objects.seen_by(by).order_by("pk")


@dataclass(frozen=True)
class Node:
    """One line of the tree on a day."""

    organisation: Organisation
    children: int  # bodies directly beneath that day
    count: int  # bodies of the subtree standing that day, itself included
    is_standing: bool
    is_new: bool  # founded within the year before the day


def roots(by: Actor, day: date) -> list[Node]:
    """Organisations with nobody above them on `day` that stood then, or stand beneath nothing and have standing bodies below."""
    placed = Placement.objects.seen_by(by).filter(on(day)).values("organisation_id")
    found = Organisation.objects.seen_by(by).filter(founded_on__lte=day).exclude(pk__in=placed)
    return _nodes(by, found, day)


def children(by: Actor, parent: Organisation, day: date) -> list[Node]:
    """Bodies directly beneath `parent` on `day`, dissolved ones too (struck through)."""
    placed = Placement.objects.seen_by(by).filter(on(day), parent=parent).values("organisation_id")
    return _nodes(by, Organisation.objects.seen_by(by).filter(pk__in=placed, founded_on__lte=day), day)


def _nodes(by: Actor, found: QuerySet[Organisation], day: date) -> list[Node]:
    """Three queries, however many lines."""
    rows = list(found.select_related("family").order_by("founded_on", "pinyin_key", "pk"))
    ids = [o.pk for o in rows]
    below = Lineage.objects.seen_by(by).on(day).filter(ancestor_id__in=ids)
    below = below.filter(Q(descendant__founded_on__lte=day) & (Q(descendant__dissolved_on__isnull=True) | Q(descendant__dissolved_on__gt=day)))
    counts = dict(below.order_by().values_list("ancestor_id").annotate(n=Count("pk")))
    direct = Placement.objects.seen_by(by).filter(on(day), parent_id__in=ids, organisation__founded_on__lte=day)
    kids = dict(direct.order_by().values_list("parent_id").annotate(n=Count("pk")))
    return [
        Node(o, kids.get(o.pk, 0), counts.get(o.pk, 0), o.stands_on(day), (day - o.founded_on).days < 366 and o.stands_on(day)) for o in rows
    ]


def path_to(by: Actor, organisation: Organisation, day: date) -> list[Organisation]:
    """The organisation and all above it on `day`, from the top."""
    rows = Lineage.objects.seen_by(by).on(day).filter(descendant=organisation).order_by("-depth").select_related("ancestor__family")
    return [row.ancestor for row in rows]


def found_by_words(by: Actor, words: str, day: date | None = None, limit: int = 50) -> list[Organisation]:
    """Organisations any of whose names, past and alias included, contains `words`, or whose pinyin begins with them."""
    key = search_key(words)
    if not key:
        return []
    named = OrganisationName.objects.seen_by(by).filter(text_key__contains=key).values("organisation_id")
    found = Organisation.objects.seen_by(by).filter(Q(pk__in=named) | Q(pinyin_key__startswith=key))
    if day is not None:
        found = found.filter(founded_on__lte=day)
    return list(found.select_related("family").order_by("pinyin_key", "pk")[:limit])


@dataclass(frozen=True)
class Edges:
    """The five dated edges of an organisation on a day."""

    parent: Placement | None
    seat: Seat | None
    guidance: list[GuidanceLink]


def edges(by: Actor, organisation: Organisation, day: date) -> Edges:
    placed = Placement.objects.seen_by(by).filter(on(day), organisation=organisation).select_related("parent__family").first()
    seats = Seat.objects.seen_by(by).filter(on(day), organisation=organisation)
    seat = seats.select_related("area__parent", "host__area", "host__owner", "sector").first()
    open_start = Q(valid_from__isnull=True) | Q(valid_from__lte=day)
    guidance = GuidanceLink.objects.seen_by(by).filter(open_start, Q(valid_to__isnull=True) | Q(valid_to__gt=day), organisation=organisation)
    return Edges(placed, seat, list(guidance.select_related("authority").order_by("pk")))


def names(by: Actor, organisation: Organisation) -> QuerySet[OrganisationName]:
    return OrganisationName.objects.seen_by(by).filter(organisation=organisation).order_by("kind", "-valid_from")


def contacts(by: Actor, organisation: Organisation) -> QuerySet[OrganisationContact]:
    return OrganisationContact.objects.seen_by(by).filter(organisation=organisation, valid_to__isnull=True).order_by("pk")


@dataclass(frozen=True)
class Moment:
    """One dated fact of an organisation's life."""

    on: date | None
    precision: str
    title: str
    text: str


def history(by: Actor, organisation: Organisation) -> list[Moment]:
    """Founding, names, superiors, seats, dissolution: what was true when, not who typed it (that is the journal)."""
    moments = [Moment(organisation.founded_on, organisation.founded_precision, "成立", organisation.name)]
    for name in OrganisationName.objects.seen_by(by).filter(organisation=organisation, kind="official", valid_from__gt=BEGINNING):
        moments.append(Moment(name.valid_from, "day", "更名", name.text))
    for placed in Placement.objects.seen_by(by).filter(organisation=organisation).select_related("parent"):
        if placed.valid_from > BEGINNING:
            moments.append(Moment(placed.valid_from, "day", "改隶", placed.parent.name))
    for seat in Seat.objects.seen_by(by).filter(organisation=organisation, valid_from__gt=BEGINNING).select_related("area", "host", "sector"):
        moments.append(Moment(seat.valid_from, "day", "迁址", " · ".join(str(x) for x in (seat.area, seat.host, seat.sector) if x)))
    if organisation.dissolved_on:
        moments.append(Moment(organisation.dissolved_on, organisation.dissolved_precision, "终止", ""))
    return sorted(moments, key=lambda m: (m.on or BEGINNING, m.title != "成立"))


def area(by: Actor, key: str) -> Area | None:
    return Area.objects.seen_by(by).filter(key=key).first()


def areas_beneath(by: Actor, parent: Area) -> QuerySet[Area]:
    return Area.objects.seen_by(by).filter(parent=parent).order_by("code")


def host(by: Actor, key: str) -> Host | None:
    return Host.objects.seen_by(by).select_related("area", "owner").filter(key=key).first()


def after_code(code: str) -> str:
    """The least code that is outside the subtree of `code`: a range instead of LIKE, so that the index serves on both databases."""
    return code + ":"  # ":" follows "9"


def seated_in_area(by: Actor, area: Area, day: date) -> Any:
    """Ids of organisations seated in the area or beneath it on `day`."""
    seats = Seat.objects.seen_by(by).filter(on(day), area__code__gte=area.code, area__code__lt=after_code(area.code))
    return seats.values("organisation_id")


def seated_at_host(by: Actor, host: Host, day: date) -> Any:
    return Seat.objects.seen_by(by).filter(on(day), host=host).values("organisation_id")


def subtree(by: Actor, organisation: Organisation, day: date) -> Any:
    """Ids of organisations beneath on `day`, itself included."""
    return Lineage.objects.seen_by(by).on(day).filter(ancestor=organisation).values("descendant_id")


def founding_days(by: Actor, day_from: date) -> list[date]:
    """Days on which something was founded since `day_from`, for the timeline beside the as-of field."""
    found = Organisation.objects.seen_by(by).filter(founded_on__gte=day_from).order_by("founded_on")
    return list(found.values_list("founded_on", flat=True).distinct()[:400])


def parent_founded_later(organisation: Organisation, parent: Organisation | None) -> bool:
    """Worth a warning, not a refusal: branches are often older than the body that later took them in."""
    return parent is not None and parent.founded_on > organisation.founded_on
