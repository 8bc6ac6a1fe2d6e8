"""The public face: organisations as of today, by level, by host and by district. Never a count of persons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count
from django.db.models.functions import Substr
from django.urls import reverse
from django.utils.translation import gettext as _

from juzhi.base.actors import Actor
from juzhi.base.text import listed
from juzhi.figures import queries as figures
from juzhi.figures.queries import Figure, Node, sheets
from juzhi.network import queries as network
from juzhi.network.figures import ORGANISATIONS
from juzhi.network.models import Organisation, Seat

CITY = 4  # digits of the code of a city
NEWEST = 6
STRIP = 4  # parts beside the whole


@dataclass(frozen=True)
class Front:
    """Everything the public home shows. `figure` None = there is no organisation yet."""

    figure: Figure | None
    href: str
    note: str
    day: date
    groups: list[dict[str, Any]]  # of the drawing: {label, count, new}
    strip: list[dict[str, Any]]  # the largest levels: {label, value, href}
    hosts: list[dict[str, Any]]
    families: list[dict[str, Any]]
    districts: list[dict[str, Any]]
    districts_note: str
    newest: list[Newest]
    others: list[dict[str, Any]]  # other bodies with nobody above them: {organisation, count, href}

    @property
    def new(self) -> int:
        return sum(group["new"] for group in self.groups)


@dataclass(frozen=True)
class Newest:
    """A body and the day it was founded, as far as it is known."""

    organisation: Organisation
    year: str
    rest: str


def front(by: Actor) -> Front:
    """A constant number of queries, however many organisations."""
    day = by.today
    tops = [node for node in network.roots(by, day) if node.is_standing]
    top = figures.top_organisation(by) or (tops[0].organisation if tops else None)
    if top is None:
        return Front(None, "", "", day, [], [], [], [], [], "", [], [])
    figure = figures.evaluate(by, ORGANISATIONS, Node("organisation", top), day)
    parts = sheets.parts(by, figure)
    levels = parts.get("level", [])
    districts, note = _districts(by, top, day)
    return Front(
        figure=figure,
        href=figures.address(ORGANISATIONS.id, figure.node),
        note=sheets.note_of(figure),
        day=day,
        groups=_groups(by, figure, levels),
        strip=sorted(levels, key=lambda row: -row["value"])[:STRIP],
        hosts=parts.get("host_type", []),
        families=parts.get("family", []),
        districts=districts,
        districts_note=note,
        newest=_newest(by, day),
        others=[_other(node) for node in tops if node.organisation != top][:12],
    )


def _groups(by: Actor, figure: Figure, levels: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One arc a level, the top itself in the middle; new = founded in this year."""
    top, day = figure.node.thing, figure.as_of
    born = Organisation.objects.seen_by(by).filter(network.standing(day), pk__in=network.subtree(by, top, day), founded_on__gte=date(day.year, 1, 1))  # type: ignore[arg-type]
    new = dict(born.exclude(founded_precision="unknown").exclude(pk=top.pk).order_by().values_list("level").annotate(n=Count("pk")))
    rows = [(row["key"], row["label"], row["value"] - (row["key"] == top.level)) for row in levels]  # type: ignore[union-attr]
    return [{"label": label, "count": count, "new": new.get(key, 0)} for key, label, count in rows if count]


def _districts(by: Actor, top: Organisation, day: date) -> tuple[list[dict[str, Any]], str]:
    """The districts of the one city in which the organisations sit, with how many sit in each; zero = a gap, named in words."""
    seats = Seat.objects.seen_by(by).filter(network.on(day), organisation__in=network.subtree(by, top, day), area__isnull=False)
    cities = set(seats.order_by().annotate(city=Substr("area__code", 1, CITY)).values_list("city", flat=True).distinct())
    area = network.areas_named(by, cities.pop()).first() if len(cities) == 1 else None
    rows = network.areas_with_counts(by, area) if area else []
    if not rows:
        return [], ""
    gaps = [row["area"].name for row in rows if not row["count"]]
    tiles = [
        {"label": row["area"].name, "value": row["count"], "href": reverse("figures:figure", kwargs={"indicator": ORGANISATIONS.id, "area": row["area"].key})}
        for row in rows
    ]
    note = _("尚无组织：%(names)s。") % {"names": listed(gaps)} if gaps else _("每个区都已有组织。")
    return tiles, note


def _newest(by: Actor, day: date) -> list[Newest]:
    found = network.organisations(by).filter(network.standing(day)).exclude(founded_precision="unknown").order_by("-founded_on", "pinyin_key", "pk")
    return [Newest(one, *_day_parts(one)) for one in found[:NEWEST]]


def _day_parts(one: Organisation) -> tuple[str, str]:
    """2024 and 05-07, no more than is known."""
    year, _dash, rest = network.founded_text(one).partition("-")
    return year, rest if "-" in rest or not rest else _("%(month)s 月") % {"month": rest}


def _other(node: Any) -> dict[str, Any]:
    return {"organisation": node.organisation, "count": node.count, "href": figures.address(ORGANISATIONS.id, Node("organisation", node.organisation))}
