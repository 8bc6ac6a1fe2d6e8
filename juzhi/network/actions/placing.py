"""Move and relocate: the dated edges of an organisation. Neither rewrites the past before its day."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from juzhi.base.action import action
from juzhi.base.actors import Actor
from juzhi.base.errors import Forbidden, Refused
from juzhi.journal.actions import record
from juzhi.network import rules
from juzhi.network.actions.lineage import rewrite
from juzhi.network.actions.rows import check_name_free, claim, locked, need_reason, placement_on
from juzhi.network.models import BEGINNING, FOREVER, Area, Host, Lineage, Organisation, Placement, Seat, Sector
from juzhi.network.queries import dissolved_text


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
    parent, an unchanged parent, a parent that does not stand then (or ends before the organisation leaves it), a name that is taken
    beneath the new parent, and a day before 1900 or more than ten years ahead.
    """
    organisation = locked(organisation)
    before = placement_on(organisation, valid_from)
    if not rules.may_move(by, organisation, before.parent if before else None, parent):
        raise Forbidden(_("改隶要在原上级和新上级两处都有「组织管理」职责"))
    claim(organisation, version, _told(organisation, by.today, parent))
    reason = need_reason(reason)
    _check_move(by, organisation, before, parent, valid_from)
    until = _next_change(organisation, before, valid_from)
    if parent is not None:
        _check_parent_lasts(organisation, parent, valid_from, until)
        _check_cycle(organisation, parent, valid_from, until or FOREVER)
        if until is None or until > by.today:
            check_name_free(organisation.name, parent, by.today, but=organisation)
    _place(organisation, before, parent, valid_from, until)
    rewrite([organisation.pk])
    organisation.save(update_fields=["version"])
    changes: dict[str, tuple[Any, Any]] = {
        "parent": (before.parent.name if before else None, parent.name if parent else None),
        "valid_from": (None, valid_from.isoformat()),
    }
    record(by=by, verb="network.move", thing=organisation, organisation_id=organisation.pk, changes=changes, reason=reason)
    return organisation


def _told(organisation: Organisation, today: date, parent: Organisation | None) -> list[tuple[str, Any, Any]]:
    """What a stale form is shown: the name may have changed too."""
    placed = placement_on(organisation, today)
    return [(_("上级组织"), parent.name if parent else None, placed.parent.name if placed else None), (_("名称"), organisation.name, organisation.name)]


def _place(organisation: Organisation, before: Placement | None, parent: Organisation | None, since: date, until: date | None) -> None:
    """Cut the placement of the day, then write the new one."""
    if before is not None and before.valid_from == since:
        before.delete()
    elif before is not None:
        before.valid_to = since
        before.save(update_fields=["valid_to"])
    if parent is not None:
        Placement.objects.create(organisation=organisation, parent=parent, valid_from=since, valid_to=until)


def _next_change(organisation: Organisation, before: Placement | None, day: date) -> date | None:
    """The next recorded move after `day`: the end of the placement that covers it, else the start of a later one."""
    if before is not None:
        return before.valid_to
    later = Placement.objects.system("next placement").filter(organisation=organisation, valid_from__gt=day).order_by("valid_from").first()
    return later.valid_from if later else None


def _check_move(by: Actor, organisation: Organisation, before: Placement | None, parent: Organisation | None, day: date) -> None:
    if day < BEGINNING:
        raise Refused(_("起始日期早于 1900 年，请核对"), field="valid_from")
    if (day - by.today).days > 3653:
        raise Refused(_("起始日期在十年以后，请核对"), field="valid_from")
    if parent is not None and parent.pk == organisation.pk:
        raise Refused(_("组织不能做自己的上级"), field="parent")
    if (before.parent_id if before else None) == (parent.pk if parent else None):
        raise Refused(_("那一天它的上级本来就是这个组织") if parent else _("那一天它本来就没有上级"), field="parent")


def _check_parent_lasts(organisation: Organisation, parent: Organisation, since: date, until: date | None) -> None:
    """A superior stands as long as what is beneath it does."""
    ends = min(until or FOREVER, organisation.dissolved_on or FOREVER)
    if parent.dissolved_on is None or ends <= parent.dissolved_on and since < parent.dissolved_on:
        return
    if parent.dissolved_on <= since:
        raise Refused(_("「%(parent)s」在那一天已经终止，不能做上级") % {"parent": parent.name}, field="parent")
    raise Refused(_("「%(parent)s」到 %(day)s 就终止了，请先写好那天以后的上级") % {"parent": parent.name, "day": dissolved_text(parent)}, field="parent")


def _check_cycle(organisation: Organisation, parent: Organisation, since: date, until: date) -> None:
    below = Lineage.objects.system("cycle check").filter(ancestor=organisation, descendant=parent, valid_from__lt=until, valid_to__gt=since)
    if found := below.order_by("valid_from").first():
        raise Refused(
            _("「%(parent)s」自 %(day)s 起在「%(organisation)s」之下，不能又做它的上级，否则成了循环") % {"parent": parent.name, "day": max(found.valid_from, since), "organisation": organisation.name},
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

    Refuses without right or reason, an unchanged seat, and a day before 1900 or more than ten years ahead.
    """
    organisation = locked(organisation)
    if not rules.may_relocate(by, organisation):
        raise Forbidden()
    new = (area, host, sector)
    claim(organisation, version, _seat_told(organisation, by.today, new))
    reason = need_reason(reason)
    if valid_from < BEGINNING:
        raise Refused(_("起始日期早于 1900 年，请核对"), field="valid_from")
    if (valid_from - by.today).days > 3653:
        raise Refused(_("起始日期在十年以后，请核对"), field="valid_from")
    seats = Seat.objects.system("seat of a day").select_related("area", "host", "sector").filter(organisation=organisation)
    before = _seat_on(organisation, valid_from)
    later = seats.filter(valid_from__gt=valid_from).order_by("valid_from").first()
    if (before.area, before.host, before.sector) == new if before else new == (None, None, None):
        raise Refused(_("所在地、依托单位、系统都没有变"), field="area")
    until = before.valid_to if before else later.valid_from if later else None
    if before is not None and before.valid_from == valid_from:
        before.delete()
    elif before is not None:
        before.valid_to = valid_from
        before.save(update_fields=["valid_to"])
    if new != (None, None, None):
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


def _seat_on(organisation: Organisation, day: date) -> Seat | None:
    seats = Seat.objects.system("seat of a day").select_related("area", "host", "sector").filter(organisation=organisation, valid_from__lte=day)
    return seats.exclude(valid_to__lte=day).first()


def _seat_told(organisation: Organisation, today: date, new: tuple[Area | None, Host | None, Sector | None]) -> list[tuple[str, Any, Any]]:
    """What a stale form is shown."""
    now = _seat_on(organisation, today)
    theirs = (now.area, now.host, now.sector) if now else (None, None, None)
    return list(zip((_("所在区划"), _("依托单位"), _("系统")), map(_word, new), map(_word, theirs), strict=True))


def _word(thing: Area | Host | Sector | None) -> str | None:
    return str(thing) if thing else None
