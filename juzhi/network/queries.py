"""Reads about the federation: the tree as of a day, an organisation with its dated edges, its history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Substr
from django.utils.translation import gettext as _

from juzhi.base.actors import Actor
from juzhi.base.periods import PartialDate
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
    Sector,
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


# What forms ask: things of a register by what people write.


def by_name(by: Actor, text: str) -> list[Organisation]:
    """Organisations that bear exactly this name or alias today, or have this key; at most six."""
    named = OrganisationName.objects.seen_by(by).filter(on(by.today), text_key=search_key(text)).values("organisation_id")
    found = Organisation.objects.seen_by(by).filter(Q(pk__in=named) | Q(key=text))
    return list(found.select_related("family").order_by("pinyin_key", "pk")[:6])


def areas_named(by: Actor, text: str) -> QuerySet[Area]:
    """Divisions by code, key or name."""
    return Area.objects.seen_by(by).filter(Q(code=text) | Q(key=text) | Q(name=text)).order_by("code")


def hosts_named(by: Actor, text: str) -> QuerySet[Host]:
    return Host.objects.seen_by(by).filter(Q(key=text) | Q(name_key=search_key(text))).order_by("pk")


def sectors_named(by: Actor, text: str) -> QuerySet[Sector]:
    return Sector.objects.seen_by(by).filter(Q(key=text) | Q(name=text)).order_by("pk")


def seat_words(by: Actor, organisation: Organisation) -> dict[str, str]:
    """Today's territory, host and sector as a form shows them: the code of the area, which is unique, and the names of the others."""
    seat = edges(by, organisation, by.today).seat
    if seat is None:
        return {}
    return {"area": seat.area.code if seat.area else "", "host": seat.host.name if seat.host else "", "sector": seat.sector.name if seat.sector else ""}


# What pages show.


def founded_text(organisation: Organisation) -> str:
    """The founding day as far as it is known; "" where nothing is."""
    if organisation.founded_precision == "unknown":
        return ""
    return str(PartialDate(organisation.founded_on, organisation.founded_precision))


def state_words(organisation: Organisation) -> str:
    """存续, or since when it no longer stands."""
    if organisation.dissolved_on is None:
        return _("存续")
    precision = organisation.dissolved_precision or "day"
    return _("%(day)s 终止") % {"day": PartialDate(organisation.dissolved_on, precision) if precision != "unknown" else _("未详")}


def listed(by: Actor, day: date, asked: dict[str, Any]) -> QuerySet[Organisation]:
    """Organisations entered by `day`, narrowed by family (key), level and words of a name."""
    found = organisations(by).filter(founded_on__lte=day)
    if asked.get("family"):
        found = found.filter(family__key=asked["family"])
    if asked.get("level"):
        found = found.filter(level=asked["level"])
    key = search_key(asked.get("q") or "")
    if key:
        named = OrganisationName.objects.seen_by(by).filter(text_key__contains=key).values("organisation_id")
        found = found.filter(Q(pk__in=named) | Q(pinyin_key__startswith=key))
    return found


@dataclass(frozen=True)
class Branch:
    """A node of the tree with those of its children that are open."""

    node: Node
    children: list[Branch]
    is_open: bool


@dataclass(frozen=True)
class Tree:
    """The federation on a day: its roots, or what the words found; how many bodies stand in all."""

    branches: list[Branch]
    found: list[Organisation]
    count: int
    days: list[date]


def tree(by: Actor, day: date, words: str = "", opened: list[str] | None = None) -> Tree:
    """Roots with one level beneath a lone root, and the branches named in `opened` (keys). With words: the flat list of what they find."""
    count = Organisation.objects.seen_by(by).filter(standing(day)).count()
    days = founding_days(by, day.replace(day=1, year=max(day.year - 3, 1900)))
    if words:
        return Tree([], found_by_words(by, words, day), count, days)
    top = roots(by, day)
    keys = set(opened or ())
    if len(top) == 1:
        keys.add(top[0].organisation.key)
    return Tree([_branch(by, node, day, keys) for node in top], [], count, days)


def _branch(by: Actor, node: Node, day: date, keys: set[str]) -> Branch:
    is_open = node.organisation.key in keys and node.children > 0
    below = children(by, node.organisation, day) if is_open else []
    return Branch(node, [_branch(by, one, day, keys) for one in below], is_open)


@dataclass(frozen=True)
class About:
    """Everything the page of an organisation shows on a day."""

    path: list[Organisation]
    edges: Edges
    aliases: list[OrganisationName]
    name_then: str  # what it was called that day
    nodes: list[Node]
    contacts: list[OrganisationContact]
    count: int
    is_standing: bool


def about(by: Actor, organisation: Organisation, day: date) -> About:
    """A constant number of queries."""
    called = list(OrganisationName.objects.seen_by(by).filter(on(day), organisation=organisation).order_by("pk"))
    official = next((one.text for one in called if one.kind == OrganisationName.Kind.OFFICIAL), organisation.name)
    below = Lineage.objects.seen_by(by).on(day).filter(ancestor=organisation)
    count = below.filter(descendant__founded_on__lte=day).exclude(descendant__dissolved_on__lte=day).count()
    return About(
        path=path_to(by, organisation, day),
        edges=edges(by, organisation, day),
        aliases=[one for one in called if one.kind == OrganisationName.Kind.ALIAS],
        name_then=official,
        nodes=children(by, organisation, day),
        contacts=list(contacts(by, organisation)),
        count=count,
        is_standing=organisation.stands_on(day),
    )


def told_history(by: Actor, organisation: Organisation) -> list[dict[str, Any]]:
    """The history as a life-line: the last thing that was true is now."""
    moments = history(by, organisation)
    rows = [{"title": one.title, "at": _day_words(one), "text": one.text, "state": "next" if one.on and one.on > by.today else "done"} for one in moments]
    past = [row for row in rows if row["state"] == "done"]
    if past:
        past[-1]["state"] = "now"
    return rows


def _day_words(moment: Moment) -> str:
    return str(PartialDate(moment.on, moment.precision)) if moment.on and moment.precision != "unknown" else _("未详")


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


def seated(by: Actor, place: Area | Host) -> QuerySet[Organisation]:
    """Organisations that sit in an area (or beneath it), or lean on a host, today."""
    ids = seated_in_area(by, place, by.today) if isinstance(place, Area) else seated_at_host(by, place, by.today)
    return organisations(by).filter(standing(by.today), pk__in=ids)


def hosts(by: Actor) -> QuerySet[Host]:
    """Hosts with how many organisations lean on them today (`bodies`)."""
    here = Seat.objects.seen_by(by).filter(on(by.today), host=OuterRef("pk")).order_by().values("host").annotate(n=Count("pk")).values("n")
    return Host.objects.seen_by(by).select_related("area").annotate(bodies=Subquery(here)).order_by("name_key", "pk")
