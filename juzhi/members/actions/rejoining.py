"""Somebody whose membership here has ended and whom a roster has as a member: asked, and on a yes a new spell."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from juzhi.base.actors import Actor
from juzhi.base.importers import REFUSE, SUSPECT, Row
from juzhi.base.periods import PartialDate, parse_date
from juzhi.members.imports import OVER
from juzhi.members.models import EndReason, Membership
from juzhi.network.models import Organisation
from juzhi.people.models import Person


def ask_again(by: Actor, organisation: Organisation, row: Row, person: Person, spell: Membership) -> None:
    """Turn the row into the question whether they join again. Who died is refused; where the body itself is over nothing is asked, only told."""
    if person.is_deceased:
        row.action, row.reason = REFUSE, "is_deceased"
    elif organisation.dissolved_on and organisation.dissolved_on <= by.today:
        row.warn.append({"was_member": _told(spell)})
    else:
        row.action, row.like_by = SUSPECT, OVER
        row.warn.append({OVER: _told(spell)})


def _told(spell: Membership) -> list[str]:
    """Why and when it ended: told in Chinese, shown in the reader's language."""
    with override(settings.LANGUAGE_CODE):
        return [str(EndReason(spell.end_reason).label), str(PartialDate(spell.ended_on, spell.ended_precision)) if spell.ended_on else _("时间未详")]


def begins_again(row: Row, spell: Membership) -> bool:
    """Whether a new spell is to be opened for somebody who was a member here. A joining day that belongs to the spell before is dropped: the new one
    begins today, with its day unknown.
    """
    if row.decision != "again" or not spell.is_over:
        return False
    day = parse_date(row.values["joined"]) if row.values.get("joined") else None
    if day is not None and day.on is not None and (day.on <= spell.joined_on or (spell.ended_on is not None and day.on < spell.ended_on)):
        row.values["joined"] = None
    return True
