"""An organisation: found by key or name, its dated edges, its history, everything its page shows on a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from juzhi.base.actors import Actor
from juzhi.base.text import listed as joined
from juzhi.base.text import search_key
from juzhi.network.models import (
    BEGINNING,
    Family,
    FoundingEvent,
    GuidanceLink,
    Organisation,
    OrganisationContact,
    OrganisationName,
    Placement,
    Seat,
    Succession,
)
from juzhi.network.queries.branches import Node, bearing, children, path_named, subtree
from juzhi.network.queries.days import day_text, dissolved_text, founded_text, on, standing
from juzhi.network.queries.unions import successions


def organisations(by: Actor) -> QuerySet[Organisation]:
    return Organisation.objects.seen_by(by).select_related("family").order_by("pinyin_key", "pk")


def organisation(by: Actor, key: str) -> Organisation | None:
    return Organisation.objects.seen_by(by).select_related("family", "founding").filter(key=key).first()


def families(by: Actor) -> QuerySet[Family]:
    return Family.objects.seen_by(by).order_by("pk")


def by_name(by: Actor, text: str) -> list[Organisation]:
    """Organisations that bear exactly this name or alias today, or have this key; at most six."""
    named = OrganisationName.objects.seen_by(by).filter(on(by.today), text_key=search_key(text)).values("organisation_id")
    found = Organisation.objects.seen_by(by).filter(Q(pk__in=named) | Q(key=text))
    return list(found.select_related("family").order_by("pinyin_key", "pk")[:6])


def listed(by: Actor, day: date, asked: dict[str, Any]) -> QuerySet[Organisation]:
    """Organisations entered by `day`, narrowed by family (key), level, words of a name, those that stood then, and the subtree of one (key) then.
    Each with `superior`, the name of its legal superior on `day`."""
    above = Placement.objects.seen_by(by).filter(on(day), organisation=OuterRef("pk"))
    found = organisations(by).filter(standing(day) if asked.get("state") == "standing" else Q(founded_on__lte=day))
    if asked.get("family"):
        found = found.filter(family__key=asked["family"])
    if asked.get("level"):
        found = found.filter(level=asked["level"])
    if asked.get("under"):
        found = found.filter(pk__in=subtree(by, asked["under"], day))
    bears = bearing(by, asked.get("q") or "")
    found = found if bears is None else found.filter(bears)
    return found.annotate(superior=Subquery(above.values("parent__name")[:1]))


def parent(by: Actor, organisation: Organisation, day: date) -> Organisation | None:
    """Its legal superior on a day."""
    placed = Placement.objects.seen_by(by).filter(on(day), organisation=organisation).select_related("parent").first()
    return placed.parent if placed else None


@dataclass(frozen=True)
class Edges:
    """The five dated edges of an organisation on a day."""

    parent: Placement | None
    seat: Seat | None
    guidance: list[GuidanceLink]

    @property
    def since(self) -> dict[str, str]:
        """From when parent and seat hold; "" where they hold since ever."""
        starts = {"parent": self.parent, "seat": self.seat}
        return {name: one.valid_from.isoformat() if one and one.valid_from > BEGINNING else "" for name, one in starts.items()}


def edges(by: Actor, organisation: Organisation, day: date) -> Edges:
    placed = Placement.objects.seen_by(by).filter(on(day), organisation=organisation).select_related("parent__family").first()
    seats = Seat.objects.seen_by(by).filter(on(day), organisation=organisation)
    seat = seats.select_related("area__parent", "host__area", "host__owner", "sector").first()
    open_start = Q(valid_from__isnull=True) | Q(valid_from__lte=day)
    guidance = GuidanceLink.objects.seen_by(by).filter(open_start, Q(valid_to__isnull=True) | Q(valid_to__gt=day), organisation=organisation)
    return Edges(placed, seat, list(guidance.select_related("authority").order_by("pk")))


def seat_words(by: Actor, organisation: Organisation) -> dict[str, str]:
    """Today's territory, host and sector as a form shows them: the code of the area, which is unique, and the names of the others."""
    seat = edges(by, organisation, by.today).seat
    if seat is None:
        return {}
    return {"area": seat.area.code if seat.area else "", "host": seat.host.name if seat.host else "", "sector": seat.sector.name if seat.sector else ""}


def contacts(by: Actor, organisation: Organisation) -> QuerySet[OrganisationContact]:
    return OrganisationContact.objects.seen_by(by).filter(organisation=organisation, valid_to__isnull=True).order_by("pk")


def foundings_near(by: Actor, parent: Organisation) -> QuerySet[FoundingEvent]:
    """Foundings that a new body beneath `parent` may share: those of bodies beneath it, its own, and those that founded nothing yet; newest first."""
    near = Organisation.objects.seen_by(by).filter(Q(pk__in=subtree(by, parent, by.today)), founding__isnull=False).values("founding_id")
    found = FoundingEvent.objects.seen_by(by).annotate(bodies=Count("organisations"))
    return found.filter(Q(pk__in=near) | Q(bodies=0)).order_by("-on", "-pk")[:50]


def founding_words(founding: FoundingEvent) -> str:
    """首批成立大会 · 2024-05-31 · 第 1 批"""
    batch = _("第 %(batch)d 批") % {"batch": founding.batch} if founding.batch else ""
    return " · ".join(one for one in (founding.title, day_text(founding.on, founding.precision), batch) if one)


@dataclass(frozen=True)
class About:
    """Everything the page of an organisation shows on a day."""

    path: list[tuple[Organisation, str]]  # from the top, each with its name that day; itself last
    edges: Edges
    aliases: list[str]
    former: list[OrganisationName]  # official names that ended by the day, newest first
    name_then: str  # what it was called that day
    nodes: list[Node]
    contacts: list[OrganisationContact]
    together: list[Organisation]  # others of the same founding
    origins: list[Succession]  # what had come into it or founded it by the day
    followers: list[Succession]  # what had come of it
    founding: str
    count: int
    state: str  # standing, early (not founded yet) or over
    founded: str
    dissolved: str

    @property
    def parent_name(self) -> str:
        """What the legal parent was called that day."""
        return self.path[-2][1] if len(self.path) > 1 else ""


def about(by: Actor, organisation: Organisation, day: date) -> About:
    """A constant number of queries."""
    called = list(OrganisationName.objects.seen_by(by).filter(organisation=organisation, valid_from__lte=day).order_by("-valid_from", "pk"))
    path = path_named(by, organisation, day)
    nodes = children(by, organisation, day)
    is_standing = organisation.stands_on(day)
    founding = organisation.founding
    followed = list(successions(by, organisation).filter(on__lte=day))
    together = organisations(by).filter(founding=founding).exclude(pk=organisation.pk)[:50] if founding else ()
    return About(
        path=path,
        edges=edges(by, organisation, day),
        aliases=[one.text for one in called if one.kind == OrganisationName.Kind.ALIAS and (one.valid_to is None or one.valid_to > day)],
        former=[one for one in called if one.kind == OrganisationName.Kind.OFFICIAL and one.valid_to is not None and one.valid_to <= day],
        name_then=path[-1][1],
        nodes=nodes,
        contacts=list(contacts(by, organisation)),
        together=list(together),
        origins=[one for one in followed if one.successor_id == organisation.pk],
        followers=[one for one in followed if one.predecessor_id == organisation.pk],
        founding=founding_words(founding) if founding else "",
        count=sum(node.count for node in nodes) + is_standing,
        state="standing" if is_standing else "early" if organisation.founded_on > day else "over",
        founded=founded_text(organisation),
        dissolved=dissolved_text(organisation),
    )


@dataclass(frozen=True)
class Moment:
    """One dated fact of an organisation's life."""

    on: date
    precision: str
    title: str
    text: str


def history(by: Actor, organisation: Organisation) -> list[Moment]:
    """Founding, names, superiors, seats, dissolution: what was true when, not who typed it (that is the journal)."""
    names = list(OrganisationName.objects.seen_by(by).filter(organisation=organisation, kind=OrganisationName.Kind.OFFICIAL).order_by("valid_from"))
    founding = founding_words(organisation.founding) if organisation.founding else ""
    first = names[0].text if names else organisation.name
    moments = [Moment(organisation.founded_on, organisation.founded_precision, _("成立"), " · ".join(one for one in (first, founding) if one))]
    moments += [Moment(one.valid_from, "day", _("更名"), one.text) for one in names[1:]]
    placed = Placement.objects.seen_by(by).filter(organisation=organisation).select_related("parent").order_by("valid_from")
    moments += list(_changes([(one.valid_from, one.valid_to, one.parent.name) for one in placed], _("改隶"), _("不再有上级")))
    seats = Seat.objects.seen_by(by).filter(organisation=organisation).select_related("area", "host", "sector").order_by("valid_from")
    told = [(one.valid_from, one.valid_to, " · ".join(str(part) for part in (one.area, one.host, one.sector) if part)) for one in seats]
    moments += list(_changes(told, _("迁址"), _("所在地未详")))
    followed = list(successions(by, organisation))
    moments += _succeeded(organisation, followed)
    if organisation.dissolved_on:
        into = [one.successor.name for one in followed if one.predecessor_id == organisation.pk and one.kind == Succession.Kind.MERGED]
        text = _("并入%(name)s") % {"name": joined(into)} if into else ""
        moments.append(Moment(organisation.dissolved_on, organisation.dissolved_precision, pgettext("时刻", "终止"), text))
    return sorted(moments, key=lambda one: one.on)


def _succeeded(organisation: Organisation, followed: list[Succession]) -> Iterable[Moment]:
    """Bodies that came into it or out of it, those of one day together; that it was merged itself is told with its end."""
    came = [(one, one.predecessor.name, _("由%(names)s并入") if one.kind == Succession.Kind.MERGED else _("由%(names)s分立")) for one in followed if one.successor_id == organisation.pk]
    left = [(one, one.successor.name, _("分出%(names)s")) for one in followed if one.predecessor_id == organisation.pk and one.kind == Succession.Kind.SPLIT]
    for (on_, precision, kind, text), rows in groupby([*came, *left], lambda row: (row[0].on, row[0].precision, row[0].get_kind_display(), row[2])):
        yield Moment(on_, precision, kind, text % {"names": joined([name for _one, name, _text in rows])})


def _changes(rows: list[tuple[date, date | None, str]], title: str, nothing: str) -> Iterable[Moment]:
    """Each start that changes something, and each end that no start follows."""
    starts, ended = {since for since, _until, _text in rows}, (BEGINNING, "")
    for since, until, text in rows:
        if since > BEGINNING and (since, text) != ended:
            yield Moment(since, "day", title, text or nothing)
        if until is not None and until not in starts:
            yield Moment(until, "day", title, nothing)
        ended = (until or BEGINNING, text)


def told_history(by: Actor, organisation: Organisation) -> list[dict[str, Any]]:
    """The history as a life-line: the last thing that was true is now."""
    rows = [
        {"title": one.title, "at": day_text(one.on, one.precision), "text": one.text, "state": "next" if one.on > by.today else "done"}
        for one in history(by, organisation)
    ]
    past = [row for row in rows if row["state"] == "done"]
    if past:
        past[-1]["state"] = "now"
    return rows
