"""Move and relocate: the dated edges of an organisation. Neither rewrites the past before its day."""

from __future__ import annotations

from datetime import date
from typing import Any

from juzhi.base.action import action
from juzhi.base.actors import Actor
from juzhi.base.errors import Forbidden, Refused
from juzhi.journal.actions import record
from juzhi.network import rules
from juzhi.network.actions.lineage import rewrite
from juzhi.network.models import BEGINNING, FOREVER, Area, Host, Lineage, Organisation, Placement, Seat, Sector


@action
def move(
    *,
    by: Actor,
    organisation: Organisation,
    parent: Organisation | None,
    valid_from: date,
    reason: str,
    version: int | None = None,
) -> Organisation:
    """Put an organisation beneath `parent` (None = at the top) from `valid_from` until its next recorded move.

    Days before stay as they were; figures of those days do not change. Refuses without right or reason, a cycle on any day, itself as
    parent, an unchanged parent, a parent that does not stand then, and a day before 1900.
    """
    organisation = Organisation.objects.system("lock for move").select_for_update().get(pk=organisation.pk)
    before = _covering(organisation, valid_from)
    if not rules.may_move(by, organisation, before.parent if before else None, parent):
        raise Forbidden("移动组织需要在原上级和新上级两处都有「组织管理」职责")
    if not reason.strip():
        raise Refused("请写明理由，理由会记入日志", field="reason")
    organisation.claim(version, {})
    _check_move(organisation, before, parent, valid_from)
    until = _next_change(organisation, valid_from)
    if before is not None:
        if before.valid_from == valid_from:
            before.delete()
        else:
            before.valid_to = valid_from
            before.save(update_fields=["valid_to"])
    if parent is not None:
        _check_cycle(organisation, parent, valid_from, until or FOREVER)
        Placement.objects.create(organisation=organisation, parent=parent, valid_from=valid_from, valid_to=until)
    rewrite([organisation.pk])
    organisation.save(update_fields=["version"])
    changes: dict[str, tuple[Any, Any]] = {
        "parent": (before.parent.name if before else None, parent.name if parent else None),
        "valid_from": (None, valid_from.isoformat()),
    }
    record(by=by, verb="network.move", thing=organisation, organisation_id=organisation.pk, changes=changes, reason=reason)
    return organisation


def _covering(organisation: Organisation, day: date) -> Placement | None:
    placed = Placement.objects.system("placement of a day").select_related("parent").filter(organisation=organisation, valid_from__lte=day)
    return placed.exclude(valid_to__lte=day).first()


def _next_change(organisation: Organisation, day: date) -> date | None:
    """The first later placement's start, or the end of the covering one when nothing follows it."""
    later = Placement.objects.system("next placement").filter(organisation=organisation, valid_from__gt=day).order_by("valid_from").first()
    if later is not None:
        return later.valid_from
    covering = _covering(organisation, day)
    return covering.valid_to if covering else None


def _check_move(organisation: Organisation, before: Placement | None, parent: Organisation | None, day: date) -> None:
    if day < BEGINNING:
        raise Refused("起始日期早于 1900 年，请核对", field="valid_from")
    if parent is not None and parent.pk == organisation.pk:
        raise Refused("组织不能做自己的上级", field="parent")
    if (before.parent_id if before else None) == (parent.pk if parent else None):
        raise Refused("那一天它的上级本来就是这个组织", field="parent")
    if parent is not None and parent.dissolved_on is not None and parent.dissolved_on <= day:
        raise Refused(f"「{parent.name}」在那一天已经终止，不能做上级", field="parent")


def _check_cycle(organisation: Organisation, parent: Organisation, since: date, until: date) -> None:
    below = Lineage.objects.system("cycle check").filter(
        ancestor=organisation, descendant=parent, valid_from__lt=until, valid_to__gt=since
    )
    if found := below.first():
        raise Refused(
            f"「{parent.name}」自 {max(found.valid_from, since)} 起在「{organisation.name}」之下，不能又做它的上级，否则成了循环",
            field="parent",
            code="conflict",
        )


@action
def relocate(
    *,
    by: Actor,
    organisation: Organisation,
    area: Area | None,
    host: Host | None,
    sector: Sector | None,
    valid_from: date,
    reason: str,
    version: int | None = None,
) -> Organisation:
    """Seat an organisation in another territory, at another host or in another sector from `valid_from` until its next recorded seat.

    Refuses without right or reason, and an unchanged seat.
    """
    organisation = Organisation.objects.system("lock for relocate").select_for_update().get(pk=organisation.pk)
    if not rules.may_relocate(by, organisation):
        raise Forbidden()
    if not reason.strip():
        raise Refused("请写明理由，理由会记入日志", field="reason")
    organisation.claim(version, {})
    seats = Seat.objects.system("seat of a day").filter(organisation=organisation)
    before = seats.filter(valid_from__lte=valid_from).exclude(valid_to__lte=valid_from).first()
    later = seats.filter(valid_from__gt=valid_from).order_by("valid_from").first()
    new = (area, host, sector)
    if before is not None and (before.area, before.host, before.sector) == new:
        raise Refused("所在地、依托单位、系统都没有变", field="area")
    until = later.valid_from if later else (before.valid_to if before else None)
    if before is not None and before.valid_from == valid_from:
        before.delete()
    elif before is not None:
        before.valid_to = valid_from
        before.save(update_fields=["valid_to"])
    Seat.objects.create(organisation=organisation, area=area, host=host, sector=sector, valid_from=valid_from, valid_to=until)
    organisation.save(update_fields=["version"])
    olds = (before.area, before.host, before.sector) if before else (None, None, None)
    changes = {
        name: (str(o) if o else None, str(n) if n else None)
        for name, o, n in zip(("area", "host", "sector"), olds, new, strict=True)
        if o != n
    }
    record(by=by, verb="network.relocate", thing=organisation, organisation_id=organisation.pk, changes=changes, reason=reason)
    return organisation
