"""Merge and split: organisations that come after others, with what stood beneath them. The days before stay as they were."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import F, Q
from django.utils.translation import gettext as _

from juzhi.base.action import action
from juzhi.base.actors import Actor
from juzhi.base.errors import Forbidden, Refused
from juzhi.base.facts import Merged, tell
from juzhi.base.text import listed
from juzhi.journal.actions import record
from juzhi.network import queries, rules
from juzhi.network.actions.founding import found
from juzhi.network.actions.lineage import rewrite
from juzhi.network.actions.rows import claim, known_day, need_reason
from juzhi.network.actions.succeeding import succeed
from juzhi.network.models import Organisation, Placement, Precision, Seat, Succession
from juzhi.network.queries import Handed, Plan


@action
def merge(
    *,
    by: Actor,
    organisations: Sequence[Organisation],
    successor: Organisation | None = None,
    name: str = "",
    level: str = "",
    on: date,
    precision: str = Precision.DAY,
    reason: str,
    version: int | None = None,
    mark: str = "",
) -> Organisation:
    """End `organisations` on a day and let `successor` take their place; None = a body called `name` is founded that day where the first one stood.

    What stood right beneath them stands beneath the successor from that day on; their names become its aliases; open spells of membership go over, and
    duties at them end (`organisations_merged`). No day before is touched. `version` is that of the successor, or of the first where one is founded; `mark`, of
    the plan that was shown. Refuses without right at each of them, without a reason, whatever `queries.union` and `found` refuse, and a plan other than the one shown.
    """
    held = _held([*organisations, *([successor] if successor else [])], organisations)
    ended, successor = [held[one.pk] for one in organisations], held[successor.pk] if successor else None
    _check_rights(by, [*ended, *([successor] if successor else [])])
    reason = need_reason(reason)
    plan = queries.union(by, ended, successor, on, precision)
    _check_shown(plan, held, mark)
    first = successor or plan.ended[0]
    claim(first, version, [(_("名称"), first.name, first.name)])
    _end(plan, precision, first)
    made = successor or _founded(by, plan, plan.ended[0], name, level, precision, reason)
    if successor:
        made.save(update_fields=["version"])
    _hand_over(by, plan.handed, made, reason)
    succeed(by=by, predecessors=plan.ended, successor=made, on=on, precision=precision)
    for one in plan.ended:
        changes = {"dissolved_on": (None, known_day(on, precision)), "successor": (None, made.name)}
        record(by=by, verb="network.merge", thing=one, organisation_id=one.pk, changes=changes, reason=reason)
    told = {"predecessors": (None, "、".join(one.name for one in plan.ended)), "valid_from": (None, known_day(on, precision))}
    record(by=by, verb="network.merge", thing=made, organisation_id=made.pk, changes=told, reason=reason)
    tell("organisations_merged", by=by, about=Merged(tuple(plan.ended), made, on, precision, reason))
    return made


@action
def split(
    *,
    by: Actor,
    organisation: Organisation,
    name: str,
    level: str = "",
    children: Sequence[Organisation] = (),
    on: date,
    precision: str = Precision.DAY,
    reason: str,
    version: int | None = None,
    mark: str = "",
) -> Organisation:
    """Found a body called `name` out of `organisation` on a day, beside it, and place `children` beneath it from that day on. Returns the new body.

    Members and duties stay where they are. No day before is touched. Refuses without right there and at the superior, without a reason, whatever
    `queries.division` and `found` refuse, and a plan other than the one shown.
    """
    held = _held([organisation], [organisation])
    organisation = held[organisation.pk]
    _check_rights(by, [organisation])
    reason = need_reason(reason)
    plan = queries.division(by, organisation, children, on, precision)
    _check_shown(plan, held, mark)
    claim(organisation, version, [(_("名称"), organisation.name, organisation.name)])
    organisation.save(update_fields=["version"])
    made = _founded(by, plan, organisation, name, level, precision, reason)
    _hand_over(by, plan.handed, made, reason)
    Succession.objects.create(predecessor=organisation, successor=made, kind=Succession.Kind.SPLIT, on=on, precision=precision)
    told = {"successor": (None, made.name), "valid_from": (None, known_day(on, precision))}
    record(by=by, verb="network.split", thing=organisation, organisation_id=organisation.pk, changes=told, reason=reason)
    return made


def _held(bodies: Sequence[Organisation], parents: Sequence[Organisation]) -> dict[int, Organisation]:
    """These bodies and all that ever stood right beneath `parents`, as they are now, held until the transaction ends. By ascending id, so that two verbs wait for each
    other instead of both. (A no-op on SQLite, where the transaction is the lock.)"""
    below = Placement.objects.system("lock for a verb").filter(parent__in=parents).values("organisation_id")
    rows = Organisation.objects.system("lock for a verb").select_for_update(of=("self",)).filter(Q(pk__in=[one.pk for one in bodies]) | Q(pk__in=below))
    return {one.pk: one for one in rows.select_related("family").order_by("pk")}


def _check_rights(by: Actor, bodies: Sequence[Organisation]) -> None:
    if lacking := [one.name for one in bodies if not rules.may_unite(by, one)]:
        raise Forbidden(_("合并、分立要在每个组织（或它的上级）有「组织管理」职责，您在这里没有：%(names)s") % {"names": listed(lacking)})


def _check_shown(plan: Plan, held: dict[int, Organisation], mark: str) -> None:
    """What is done is what was shown, and only what is held."""
    if (mark and mark != plan.mark) or not {one.pk for one in plan.moving} <= held.keys():
        raise Refused(_("您看过以后，这些组织又有改动；请重新核对下面列出的后果，再确认"), code="stale")


def _end(plan: Plan, precision: str, claimed: Organisation) -> None:
    for one in plan.ended:
        if one is not claimed:
            one.version += 1
        if plan.on < one.founded_on:  # its founding day is unknown: it counts on no day, as when it is dissolved
            one.founded_on = plan.on
        one.dissolved_on, one.dissolved_precision = plan.on, precision
        one.save(update_fields=["founded_on", "dissolved_on", "dissolved_precision", "version"])


def _founded(by: Actor, plan: Plan, like: Organisation, name: str, level: str, precision: str, reason: str) -> Organisation:
    """The new body: superior, family and seat as `like` had them that day."""
    seats = Seat.objects.system("seat of a day").select_related("area", "host", "sector").filter(queries.on(plan.on), organisation=like)
    seat = seats.first()
    where: dict[str, Any] = {"area": seat.area, "host": seat.host, "sector": seat.sector} if seat else {}
    return found(by=by, name=name, family=like.family, level=level or like.level, parent=plan.parent, founded_on=plan.on, founded_precision=precision, reason=reason, **where)


def _hand_over(by: Actor, handed: Sequence[Handed], successor: Organisation, reason: str) -> None:
    """Place bodies beneath the successor: what is before the day is cut off and stays."""
    for one in handed:
        placed = one.placement
        changes: dict[str, tuple[Any, Any]] = {"parent": (placed.parent.name, successor.name), "valid_from": (None, one.since.isoformat())}
        until = placed.valid_to
        if placed.valid_from == one.since:
            placed.delete()
        else:
            placed.valid_to = one.since
            placed.save(update_fields=["valid_to"])
        Placement.objects.create(organisation_id=placed.organisation_id, parent=successor, valid_from=one.since, valid_to=until)
        record(by=by, verb="network.move", thing=one.organisation, organisation_id=one.organisation.pk, changes=changes, reason=reason)
    moved = {one.organisation.pk for one in handed}
    Organisation.objects.system("forms of before are stale").filter(pk__in=moved).update(version=F("version") + 1)
    rewrite(moved)
