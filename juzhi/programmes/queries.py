"""A programme as of a day: its waves beside each other, what of each is planned, done and late, and the units behind every number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.apps import apps
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Substr
from django.urls import reverse
from django.utils.translation import gettext as _

from juzhi.base.actors import Actor
from juzhi.base.periods import DAY, PartialDate
from juzhi.journal.models import Named, Namer
from juzhi.network.models import Organisation, Precision, Seat
from juzhi.network.queries import LENGTHS, day_text, on, standing
from juzhi.programmes.models import PlannedUnit, Programme, UnitKind, Wave

STATES = ("planned", "achieved", "late", "open")


@dataclass(frozen=True)
class Unit:
    """One planned unit as of a day: by when, whether and when it was done, and how that is known."""

    unit: PlannedUnit
    wave: Wave
    due: date  # the last day on which it is still in time
    done: PartialDate | None  # precision unknown = done, nobody knows when
    by: Organisation | None  # whose founding tells
    day: date

    @property
    def name(self) -> str:
        return str(self.unit.place)

    @property
    def what(self) -> str:
        """区划, 依托单位 or 组织."""
        return _("区划") if self.unit.area else _("依托单位") if self.unit.host else _("组织")

    @property
    def is_pilot(self) -> bool:
        return self.unit.kind == UnitKind.PILOT

    @property
    def state(self) -> str:
        if self.done is not None:
            return "achieved"
        return "late" if self.due < self.day else "open"

    @property
    def delay(self) -> int:
        """Days after the plan: of what is done, and of what is late by now; 0 = in time, or not known to the day."""
        last = self.day if self.done is None else self.done.on if self.done.precision == DAY else None
        return max((last - self.due).days, 0) if last is not None else 0

    @property
    def words(self) -> str:
        """已完成, 逾期 12 天 …"""
        if self.done is not None:
            return _("已完成，晚了 %(days)s 天") % {"days": self.delay} if self.delay else _("已完成")
        return _("逾期 %(days)s 天") % {"days": self.delay} if self.state == "late" else _("未到期")

    @property
    def ground(self) -> str:
        """How it is known to be done."""
        if self.by is not None:
            return _("「%(organisation)s」成立") % {"organisation": self.by.name}
        return self.unit.source if self.done else ""


@dataclass(frozen=True)
class Part:
    """A wave with its units, and the numbers that open into them."""

    wave: Wave
    units: list[Unit]

    def of(self, state: str) -> list[Unit]:
        return [one for one in self.units if state in ("planned", one.state)]

    @property
    def last(self) -> date:
        """The last day of the wave."""
        return self.wave.planned_to - timedelta(days=1)

    @property
    def planned(self) -> int:
        return len(self.units)

    @property
    def achieved(self) -> int:
        return len(self.of("achieved"))

    @property
    def late(self) -> int:
        return len(self.of("late"))

    @property
    def pilots(self) -> list[Unit]:
        return [one for one in self.units if one.is_pilot]

    @property
    def pilots_done(self) -> int:
        return sum(1 for one in self.pilots if one.done is not None)


def programmes(by: Actor, organisation: Organisation) -> QuerySet[Programme]:
    """Programmes that the organisation leads, the latest first."""
    return Programme.objects.seen_by(by).select_related("organisation", "family").filter(organisation=organisation).order_by("-begun_on", "-pk")


def programme(by: Actor, key: str) -> Programme | None:
    return Programme.objects.seen_by(by).select_related("organisation", "family").filter(key=key).first()


def waves(by: Actor, programme: Programme) -> list[Wave]:
    return list(Wave.objects.seen_by(by).filter(programme=programme).order_by("number"))


def planned_unit(by: Actor, key: str) -> PlannedUnit | None:
    related = ("wave__programme__organisation", "wave__programme__family", "area", "host", "organisation")
    return PlannedUnit.objects.seen_by(by).select_related(*related).filter(key=key).first()


def parts(by: Actor, programme: Programme, day: date) -> list[Part]:
    """The waves of a programme with their units as of a day. Three queries, however many units."""
    here = PlannedUnit.objects.seen_by(by).filter(Q(dropped_on__isnull=True) | Q(dropped_on__gt=day), wave__programme=programme)
    rows = list(here.select_related("wave", "area", "host", "organisation").order_by("wave__number", F("planned_on").asc(nulls_last=True), "pk"))
    told = founded(by, programme, rows)
    shown = [_as_of(programme, one, told.get(one.pk), day) for one in rows]
    return [Part(wave, [one for one in shown if one.wave == wave]) for wave in waves(by, programme)]


def units(found: Sequence[Part], wave: str = "", state: str = "", kind: str = "") -> list[Unit]:
    """The units behind one number: of a wave by its number, in a state, of a kind; "" = all."""
    return [one for part in found if wave in ("", str(part.wave.number)) for one in part.of(state or "planned") if kind in ("", one.unit.kind)]


def _as_of(programme: Programme, one: PlannedUnit, body: Organisation | None, day: date) -> Unit:
    due = one.planned_on or one.wave.planned_to - timedelta(days=1)
    if is_derived(programme, one):
        known = body if body is not None and body.founded_on <= day else None
        done = _founding_day(known) if known else None
        return Unit(one, one.wave, due, done, known, day)
    said = one.confirmed
    return Unit(one, one.wave, due, said if said and said.on is not None and said.on <= day else None, None, day)


def is_derived(programme: Programme, unit: PlannedUnit) -> bool:
    """Whether the founding of a body tells that it is done: then nobody may type it."""
    return programme.founds and unit.organisation is None


def _founding_day(body: Organisation) -> PartialDate:
    """When it was founded. What is not known counts from the day of its registration, which is no founding day."""
    return PartialDate(None, Precision.UNKNOWN) if body.founded_precision == Precision.UNKNOWN else PartialDate(body.founded_on, body.founded_precision)


def founded(by: Actor, programme: Programme, rows: Sequence[PlannedUnit]) -> dict[int, Organisation]:
    """By the units' ids the earliest founded body of the programme's kind at each place, by its seat on the day of its founding. One query."""
    wanted = [one for one in rows if is_derived(programme, one)]
    if not wanted:
        return {}
    here = F("organisation__founded_on")
    seats = Seat.objects.seen_by(by).filter(Q(valid_to__isnull=True) | Q(valid_to__gt=here), valid_from__lte=here, organisation__family=programme.family)
    if programme.level:
        seats = seats.filter(organisation__level=programme.level)
    if programme.host_type:
        seats = seats.filter(host__host_type=programme.host_type)
    lengths = sorted({len(one.area.code) for one in wanted if one.area})
    places = Q(host__in=[one.host for one in wanted if one.host])
    for length in lengths:
        seats = seats.annotate(**{f"cut_{length}": Substr("area__code", Value(1), Value(length))})
        places |= Q(**{f"cut_{length}__in": [one.area.code for one in wanted if one.area and len(one.area.code) == length]})
    found: dict[Any, Organisation] = {}
    for seat in seats.filter(places).select_related("organisation", "area").order_by(here, "organisation_id"):
        cuts = [seat.area.code[:length] for length in lengths] if seat.area else []
        for place in (seat.host_id, *cuts):  # type: ignore[attr-defined]
            found.setdefault(place, seat.organisation)
    keyed = [(one.pk, found.get(one.area.code if one.area else one.host.pk if one.host else None)) for one in wanted]
    return {pk: body for pk, body in keyed if body is not None}


def coarse(by: Actor, programme: Programme, found: Sequence[Part], day: date) -> int:
    """Bodies of the programme's kind that stand on `day` and whose seat is only known to a division above one that is not done: they may be the ones that are missed. One query at most."""
    waiting = [one.unit.area.code for part in found for one in part.units if one.done is None and one.unit.area and programme.founds]
    above = {code[:length] for code in waiting for length in LENGTHS if length < len(code)}
    if not above:
        return 0
    seats = Seat.objects.seen_by(by).filter(on(day), standing(day, "organisation__"), organisation__family=programme.family, area__code__in=above)
    seats = seats.filter(organisation__level=programme.level) if programme.level else seats.filter(host__host_type=programme.host_type)
    return seats.count()


def since_words(programme: Programme) -> str:
    """2024-03 起；2025-01-01 结束"""
    begun = _("%(day)s 起") % {"day": day_text(programme.begun_on, programme.begun_precision)}
    return begun + (_("；%(day)s 结束") % {"day": programme.closed_on.isoformat()} if programme.closed_on else "")


def namers() -> dict[str, Namer]:
    """What the journal calls the things of this room: they are public."""

    def named(kind: str, page: str) -> Namer:
        def names(by: Any, keys: Sequence[str]) -> dict[str, Named]:
            rows = apps.get_model(kind).objects.seen_by(by).filter(key__in=keys)
            return {one.key: Named(str(one), reverse(page, args=[one.key]) if page else "") for one in rows}

        return names

    return {"programmes.programme": named("programmes.programme", "programmes:programme"), "programmes.wave": named("programmes.wave", ""), "programmes.plannedunit": named("programmes.plannedunit", "")}
