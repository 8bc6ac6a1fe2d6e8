"""The verbs of a roll-out: open, plan waves and units, confirm what no founding tells, drop with a reason, close."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils.translation import gettext as _

from juzhi.base.action import action
from juzhi.base.actors import Actor
from juzhi.base.errors import Forbidden, Refused
from juzhi.base.periods import PartialDate
from juzhi.base.text import clean_text
from juzhi.journal.actions import record
from juzhi.network.models import Area, AreaLevel, Family, Host, HostType, Organisation, OrganisationLevel
from juzhi.programmes import rules
from juzhi.programmes.models import PlannedUnit, Programme, UnitKind, Wave
from juzhi.programmes.queries import is_derived

DEPTHS = [level.value for level in AreaLevel]
UNITS_AT_MOST = 2_000


@action
def open_programme(
    *, by: Actor, organisation: Organisation, title: str, begun_on: PartialDate, purpose: str = "", family: Family | None = None, level: str = "", host_type: str = ""
) -> Programme:
    """Open a roll-out that the organisation leads, to a level or a type of hosts; with neither, being done is said with a source.

    Refuses without right, no title, one of the same title that still runs, both level and type, no beginning, and one to come.
    """
    if not rules.may_open_programme(by, organisation):
        raise Forbidden(_("铺开计划由牵头组织的「组织管理」开设"))
    title = clean_text(title, field="title", label=_("名称"), limit=80)
    if not title:
        raise Refused(_("请填写名称"), field="title")
    purpose = clean_text(purpose, field="purpose", label=_("目的"), limit=300)
    if level not in ("", *OrganisationLevel.values) or host_type not in ("", *HostType.values) or (level and host_type):
        raise Refused(_("层级和依托单位类型只选一种"), field="level")
    if begun_on.on is None or begun_on.on > by.today:
        raise Refused(_("请写已经开始的时间，至少写到年"), field="begun_on")
    Organisation.objects.system("one at a time").select_for_update().get(pk=organisation.pk)
    if Programme.objects.system("twice").filter(organisation=organisation, title=title, closed_on__isnull=True).exists():
        raise Refused(_("「%(title)s」已经在进行了") % {"title": title}, field="title", code="conflict")
    kind = {"family": family or organisation.family, "level": level, "host_type": host_type}
    made = Programme.objects.create(organisation=organisation, title=title, purpose=purpose, begun_on=begun_on.on, begun_precision=begun_on.precision, **kind)
    changes = {"title": title, "purpose": purpose, "family": made.family.name, "level": level, "host_type": host_type, "begun_on": str(begun_on)}
    record(by=by, verb="programmes.open_programme", thing=made, organisation_id=organisation.pk, changes={name: (None, value) for name, value in changes.items() if value})
    return made


@action
def plan_wave(*, by: Actor, programme: Programme, planned_from: date, planned_until: date, title: str = "") -> Wave:
    """Add the next wave, from its first day to `planned_until`, its last. Waves may overlap.

    Refuses without right, when the programme is over, days the wrong way round, and more than 99 waves.
    """
    found = _running(by, programme, rules.may_plan_wave(by, programme))
    title = clean_text(title, field="title", label=_("名称"), limit=60)
    if planned_until < planned_from:
        raise Refused(_("计划结束早于计划开始，请核对"), field="planned_until")
    number = Wave.objects.system("next").filter(programme=found).count() + 1
    if number > 99:
        raise Refused(_("一个计划最多 99 批"), code="limit")
    made = Wave.objects.create(programme=found, number=number, title=title, planned_from=planned_from, planned_to=planned_until + timedelta(days=1))
    changes = {"number": number, "title": title, "planned_from": planned_from, "planned_to": made.planned_to}
    record(by=by, verb="programmes.plan_wave", thing=made, organisation_id=found.organisation.pk, changes={name: (None, value) for name, value in changes.items() if value})
    return made


@action
def plan_unit(*, by: Actor, wave: Wave, place: Area | Host | Organisation, kind: str = UnitKind.ROLLED, planned_on: date | None = None) -> PlannedUnit:
    """Put an area, a host or an organisation into a wave, by a day of that wave (none = its last).

    Refuses without right, when the programme is over, a day outside the wave, a place that is in the programme already, a host of another type than the programme's,
    and an area beneath the level the programme goes to.
    """
    found = _running(by, wave.programme, rules.may_plan_unit(by, wave.programme))
    if kind not in UnitKind.values:
        raise Refused(_("请选试点或铺开"), field="kind")
    if planned_on is not None and not wave.planned_from <= planned_on < wave.planned_to:
        raise Refused(_("计划日期不在这一批的时间里，请改日期或换一批"), field="planned_on")
    _check_place(found, place)
    here = PlannedUnit.objects.system("plan").filter(wave__programme=found, dropped_on__isnull=True)
    named = {type(place).__name__.lower(): place}
    if (same := here.filter(**named).select_related("wave").first()) is not None:
        raise Refused(_("「%(place)s」已经在%(wave)s里，要换批请先移出") % {"place": place, "wave": same.wave}, field=next(iter(named)), code="conflict")
    if here.count() >= UNITS_AT_MOST:
        raise Refused(_("一个计划最多排 %(most)s 个对象") % {"most": UNITS_AT_MOST}, code="limit")
    made = PlannedUnit.objects.create(wave=wave, kind=kind, planned_on=planned_on, **named)
    changes = {"wave": (None, wave.number), "kind": (None, kind), **{name: (None, str(one)) for name, one in named.items()}}
    changes |= {"planned_on": (None, planned_on)} if planned_on else {}
    record(by=by, verb="programmes.plan_unit", thing=made, organisation_id=found.organisation.pk, changes=changes)
    return made


def _check_place(programme: Programme, place: Area | Host | Organisation) -> None:
    if isinstance(place, Host) and programme.host_type and place.host_type != programme.host_type:
        raise Refused(_("「%(place)s」不是%(kind)s") % {"place": place, "kind": programme.reach}, field="host")
    if isinstance(place, Area) and programme.level in DEPTHS and DEPTHS.index(place.level) > DEPTHS.index(programme.level):
        raise Refused(_("「%(place)s」比铺开到的层级还低，请写那一级或以上的区划") % {"place": place}, field="area")


@action
def confirm_unit(*, by: Actor, unit: PlannedUnit, done_on: PartialDate, source: str) -> PlannedUnit:
    """Say when a unit was done, by which source, where no founding tells.

    Refuses without right, no source, no day or one to come, what the founding of a body tells, and a unit that is confirmed or dropped.
    """
    found = _held(by, unit, rules.may_confirm_unit(by, unit.wave.programme))
    if is_derived(found.wave.programme, found):
        raise Refused(_("完成与否由那里的组织成立得出，不用填。请登记组织的成立"), code="state")
    source = clean_text(source, field="source", label=_("来源"), limit=200)
    if not source:
        raise Refused(_("请写明来源，例如批文号或会议纪要"), field="source")
    if done_on.on is None or done_on.on > by.today:
        raise Refused(_("请写已经完成的日期，至少写到年"), field="done_on")
    if found.confirmed_on is not None:
        raise Refused(_("已经登记过完成，登记错了请移出后重新排入"), code="state")
    found.confirmed_on, found.confirmed_precision, found.source = done_on.on, done_on.precision, source
    found.save(update_fields=["confirmed_on", "confirmed_precision", "source"])
    changes = {"confirmed_on": (None, str(done_on)), "source": (None, source)}
    record(by=by, verb="programmes.confirm_unit", thing=found, organisation_id=found.wave.programme.organisation.pk, changes=changes)
    return found


@action
def drop_unit(*, by: Actor, unit: PlannedUnit, reason: str) -> PlannedUnit:
    """Take a unit out of the plan from today on; as of earlier days it is in. Refuses without right or reason, and one that is out already."""
    found = _held(by, unit, rules.may_drop_unit(by, unit.wave.programme))
    reason = _reason(reason)
    found.dropped_on, found.why = by.today, reason
    found.save(update_fields=["dropped_on", "why"])
    record(by=by, verb="programmes.drop_unit", thing=found, organisation_id=found.wave.programme.organisation.pk, changes={"dropped_on": (None, by.today)}, reason=reason)
    return found


@action
def close_programme(*, by: Actor, programme: Programme, closed_on: date, reason: str, version: int | None = None) -> Programme:
    """End the programme from a day on; what was planned and done stays. Refuses without right or reason, one that is over, a day to come or before it began."""
    found = _running(by, programme, rules.may_close_programme(by, programme))
    reason = _reason(reason)
    if not found.begun_on < closed_on <= by.today:
        raise Refused(_("结束时间要在开始之后、今天或以前"), field="closed_on")
    found.claim(version)
    found.closed_on = closed_on
    found.save(update_fields=["closed_on", "version"])
    record(by=by, verb="programmes.close_programme", thing=found, organisation_id=found.organisation.pk, changes={"closed_on": (None, closed_on)}, reason=reason)
    return found


def _running(by: Actor, programme: Programme, may: bool) -> Programme:
    """The programme, held until the transaction ends. Refuses without right, and one that is over."""
    if not may:
        raise Forbidden(_("这个计划由牵头组织的「组织管理」安排"))
    found = Programme.objects.system("one at a time").select_for_update(of=("self",)).select_related("organisation", "family").get(pk=programme.pk)
    if found.closed_on is not None:
        raise Refused(_("这个计划已经结束了"), code="state")
    return found


def _held(by: Actor, unit: PlannedUnit, may: bool) -> PlannedUnit:
    """A unit of a programme that runs, itself still in the plan."""
    _running(by, unit.wave.programme, may)
    found = PlannedUnit.objects.system("one at a time").select_related("wave__programme__organisation", "area", "host", "organisation").get(pk=unit.pk)
    if found.dropped_on is not None:
        raise Refused(_("它已经移出计划了"), code="state")
    return found


def _reason(reason: str) -> str:
    reason = clean_text(reason, field="reason", label=_("理由"), limit=300)
    if not reason:
        raise Refused(_("请写明理由，理由会记入日志"), field="reason")
    return reason
