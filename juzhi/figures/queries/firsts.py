"""Firsts (首家) and first batches (首批), derived from founding days as far as they are known; what cannot be decided is said so, never guessed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import F, Q
from django.utils.translation import gettext as _

from juzhi.base.actors import Actor
from juzhi.base.periods import UNKNOWN, PartialDate
from juzhi.network import queries as network
from juzhi.network.models import Area, Family, FoundingEvent, HostType, Organisation, OrganisationLevel, Placement, Seat, Sector

FIRST, TIED, UNDECIDED = "first", "tied", "undecided"
KINDS = ("level", "host_type", "sector")
UNPLACED = 20  # named of those whose place is not known


@dataclass(frozen=True)
class Founded:
    """What was founded when: `since` and `until` are the first and last day that the date may mean, both None where nothing is known."""

    ids: tuple[int, ...]  # of organisations: one, or those of a batch
    since: date | None
    until: date | None
    batch: int | None = None
    event: int | None = None

    @property
    def is_exact(self) -> bool:
        return self.since is not None and self.since == self.until


@dataclass(frozen=True)
class Decision:
    """Who was first: one (`first`), several on one day (`tied`), or whoever may have been (`undecided`). Then whoever followed, or may have."""

    outcome: str
    holders: list[Founded]
    runners: list[Founded] = field(default_factory=list)


def contenders(rows: Sequence[Founded]) -> list[Founded]:
    """Those that may have been the first, as far as the days are known: nobody else is certain to have been earlier. An unknown day may be any."""
    ends = [row.until for row in rows if row.until is not None]
    first = min(ends) if ends else None
    return [row for row in rows if row.since is None or first is None or row.since <= first]


def decide(rows: Sequence[Founded]) -> Decision:
    """The first of `rows` (not empty). An unknown day is never first, and leaves open whether another was."""
    near = contenders(rows)
    is_open = near[0].since is None if len(near) == 1 else not all(row.is_exact for row in near)
    if is_open:
        return Decision(UNDECIDED, near)
    rest = list(set(rows) - set(near))
    return Decision(FIRST if len(near) == 1 else TIED, near, contenders(rest) if rest else [])


@dataclass(frozen=True)
class Group:
    """Among whom: organisations of one family of one level, type of host, or sector."""

    family: int
    kind: str
    value: str


@dataclass(frozen=True)
class First:
    group: Group
    family: str
    label: str
    count: int  # organisations of the group
    decision: Decision
    batches: Decision | None  # None = no founding was shared


@dataclass(frozen=True)
class Firsts:
    """All firsts of an area, as far as records of organisations founded by `day` tell."""

    area: Area
    family: Family | None
    day: date
    rows: list[First]
    named: dict[int, Organisation]  # every organisation that the rows show
    events: dict[int, FoundingEvent]
    unplaced: int  # organisations of which nobody knows where they were founded
    unplaced_named: list[Organisation]


Candidate = tuple[int, int, str, str | None, int | None, date, str, int | None, int | None]  # as `_candidates` lists them


def firsts(by: Actor, area: Area, family: Family | None, day: date) -> Firsts:
    """Nine queries at most, however many organisations. Bodies that stand no more were first all the same."""
    candidates = list(_candidates(by, area, family, day))
    sectors = {str(one.pk): one.name for one in Sector.objects.seen_by(by)}
    families = {one.pk: one.name for one in network.families(by)}
    batches = _batches(by, candidates)
    groups: dict[Group, list[Candidate]] = defaultdict(list)
    for row in candidates:
        for kind, value in zip(KINDS, row[2:5], strict=True):
            if value:
                groups[Group(row[1], kind, str(value))].append(row)
    labels: dict[str, dict[str, Any]] = {"level": dict(OrganisationLevel.choices), "host_type": dict(HostType.choices), "sector": sectors}
    order = {(kind, value): n for n, (kind, value) in enumerate((kind, value) for kind in KINDS for value in labels[kind])}
    rows: list[First] = []
    told: set[tuple[int, str, frozenset[int]]] = set()  # the level 楼宇 and the type of hosts 楼宇 are mostly the same bodies: said once
    for group in sorted(groups, key=lambda one: (one.family, order[(one.kind, one.value)])):
        members = groups[group]
        same = (group.family, str(labels[group.kind][group.value]), frozenset(row[0] for row in members))
        if same in told:
            continue
        told.add(same)
        decision = decide([dated((row[0],), row[5], row[6]) for row in members])
        shared = _shared(batches, {row[0] for row in members})
        rows.append(First(group, families[group.family], str(labels[group.kind][group.value]), len(members), decision, decide(shared) if shared else None))
    return Firsts(area, family, day, rows, *_named(by, rows), *_unplaced(by, family, day))


def dated(ids: tuple[int, ...], on: date | None, precision: str, batch: int | None = None, event: int | None = None) -> Founded:
    if on is None or precision == UNKNOWN:
        return Founded(ids, None, None, batch, event)
    known = PartialDate(on, precision or "day")
    return Founded(ids, known.on, known.last, batch, event)


def founded_by(day: date, prefix: str = "") -> Q:
    """Founded by `day`; a body of which nobody knows when may have been, whenever it was entered."""
    return Q(**{f"{prefix}founded_on__lte": day}) | Q(**{f"{prefix}founded_precision": UNKNOWN})


def seats_at_founding(by: Actor) -> Any:
    """Where each organisation sat on the day it was founded: a first stays with the place in which it was one."""
    ends = Q(valid_to__isnull=True) | Q(valid_to__gt=F("organisation__founded_on"))
    return Seat.objects.seen_by(by).filter(ends, valid_from__lte=F("organisation__founded_on"))


def _candidates(by: Actor, area: Area, family: Family | None, day: date) -> Any:
    seats = seats_at_founding(by).filter(founded_by(day, "organisation__"), network.within(area, "area__"))
    seats = seats.filter(organisation__family=family) if family else seats
    fields = ("family_id", "level", "founded_on", "founded_precision", "founding_id", "founding_batch")
    own = [f"organisation__{name}" for name in fields]
    return seats.order_by("organisation_id").values_list("organisation_id", *own[:2], "host__host_type", "sector_id", *own[2:])


def members(by: Actor, area: Area, kind: str, value: str, day: date) -> Any:
    """Ids of the organisations among whom a first was sought; of the whole area without `kind`."""
    here = seats_at_founding(by).filter(founded_by(day, "organisation__"), network.within(area, "area__"))
    path = {"level": "organisation__level", "host_type": "host__host_type", "sector": "sector_id"}
    return (here.filter(**{path[kind]: value}) if kind else here).values("organisation_id")


def _batches(by: Actor, candidates: Iterable[Candidate]) -> list[tuple[set[int], Founded]]:
    """Foundings that several may share: by the founding event, or, where none is registered, beneath one parent on one day with one number of batch."""
    together: dict[tuple[Any, ...], set[int]] = defaultdict(set)
    numbered = {row[0] for row in candidates if row[7] is None and row[8] is not None and row[6] == "day"}
    parents = _parents_at_founding(by) if numbered else {}
    for row in candidates:
        if row[7] is not None:
            together[("event", row[7])].add(row[0])
        elif row[0] in numbered and row[0] in parents:
            together[("batch", parents[row[0]], row[5], row[8])].add(row[0])
    shared = {key: ids for key, ids in together.items() if len(ids) > 1}
    events = FoundingEvent.objects.seen_by(by).in_bulk([key[1] for key in shared if key[0] == "event"])
    found = []
    for key, ids in shared.items():
        event = events[key[1]] if key[0] == "event" else None
        found.append((ids, dated((), event.on, event.precision, event.batch, event.pk) if event else dated((), key[2], "day", key[3])))
    return found


def _parents_at_founding(by: Actor) -> dict[int, int]:
    ends = Q(valid_to__isnull=True) | Q(valid_to__gt=F("organisation__founded_on"))
    placed = Placement.objects.seen_by(by).filter(ends, valid_from__lte=F("organisation__founded_on"), organisation__founding_batch__isnull=False)
    return dict(placed.values_list("organisation_id", "parent_id"))


def _shared(batches: Iterable[tuple[set[int], Founded]], ids: set[int]) -> list[Founded]:
    """The foundings that several of these organisations share, each with those of them."""
    found = [(sorted(shared & ids), one) for shared, one in batches]
    return [Founded(tuple(here), one.since, one.until, one.batch, one.event) for here, one in found if len(here) > 1]


def _named(by: Actor, rows: Iterable[First]) -> tuple[dict[int, Organisation], dict[int, FoundingEvent]]:
    """Every organisation and founding event that the rows show: at most `SHOWN` of each part."""
    parts = [part for row in rows for one in (row.decision, row.batches) if one for part in (one.holders, one.runners)]
    ids = {pk for part in parts for founded in shown(part) for pk in founded.ids}
    events = {founded.event for part in parts for founded in part if founded.event}
    return Organisation.objects.seen_by(by).in_bulk(ids), FoundingEvent.objects.seen_by(by).in_bulk(events)


SHOWN = 5  # organisations or batches named in one cell; the list behind it holds all


def shown(part: Sequence[Founded]) -> list[Founded]:
    """The first few of a part, by day; the unknown ones last."""
    return sorted(part, key=lambda one: (one.since is None, one.since, one.ids))[:SHOWN]


def _unplaced(by: Actor, family: Family | None, day: date) -> tuple[int, list[Organisation]]:
    placed = seats_at_founding(by).filter(area__isnull=False).values("organisation_id")
    without = network.organisations(by).filter(founded_by(day)).exclude(pk__in=placed)
    without = without.filter(family=family) if family else without
    return without.count(), list(without[:UNPLACED])


def why(decision: Decision) -> str:
    """What kept the first from being decided, in words; "" where it was."""
    if decision.outcome == TIED:
        return _("同一天成立，并列")
    if decision.outcome == FIRST:
        return ""
    if any(one.since is None for one in decision.holders):
        return _("不能判定：有的成立时间未详")
    return _("不能判定：成立时间的精度不够，分不出先后")
