"""What becomes of spells when organisations are merged: those that go on are carried to the successor, the day before untouched."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from itertools import groupby

from juzhi.base import bulk
from juzhi.base.actors import Actor
from juzhi.base.facts import Merged, follow
from juzhi.journal.actions import Ledger, Line
from juzhi.members.actions.membership import RETENTION, source_of
from juzhi.members.models import EndReason, Membership
from juzhi.people.models import Tie
from juzhi.people.search import KIND as SEARCHED
from juzhi.search.actions import renew

WHY = "spells of organisations that are merged"


def carry_over(*, by: Actor, about: Merged) -> None:
    """End every spell that goes on at an organisation that ended, on the day of the merge (or its own first day, if that is later), as 转会, and begin one at
    the successor on the same day, with the same number; the post there ends. Who is a member of the successor already gets no second spell, who was one
    later than that day begins when that spell ended; who was in several that ended gets one. The dead are carried as they stand: their spell is the clerk's to end.
    """
    places = [one.pk for one in about.ended]
    going = Membership.objects.system(WHY).select_for_update(of=("self",)).filter(organisation_id__in=places, end_reason="").order_by("person_id", "joined_on", "pk")
    spells = list(going)
    there, free = _at_successor(about)
    begun = []
    for person, own in groupby(spells, lambda one: one.person_id):
        first = next(own)
        if person not in there:
            begun.append(_next(first, about, max(about.on, first.joined_on, free[person])))
    for one in spells:
        one.ended_precision = about.precision if one.joined_on <= about.on else one.joined_precision
        one.ended_on, one.end_reason, one.version = max(about.on, one.joined_on), EndReason.TRANSFERRED, one.version + 1
    bulk.update(spells, ["ended_on", "ended_precision", "end_reason", "version"])
    begun = bulk.insert(begun)
    _tie(by, about, spells, begun)
    ledger = Ledger(by=by, verb="members.transfer", thing=about.successor)
    ledger.add(Line(one, {"ended_on": (None, one.ended_on), "end_reason": ("", one.end_reason)}, one.organisation_id) for one in spells)
    ledger.add(Line(one, {"joined_on": (None, one.joined_on), "number": ("", one.number)}, one.organisation_id) for one in begun)
    ledger.close()


def _at_successor(about: Merged) -> tuple[set[int], dict[int, date]]:
    """Persons whose spell at the successor goes on; and until when the others were members there."""
    rows = Membership.objects.system(WHY).filter(organisation=about.successor).values_list("person_id", "end_reason", "ended_on")
    there, free = set[int](), defaultdict[int, date](lambda: about.on)
    for person, reason, ended_on in rows:
        if not reason:
            there.add(person)
        elif ended_on is not None:
            free[person] = max(free[person], ended_on)
    return there, free


def _next(spell: Membership, about: Merged, since: date) -> Membership:
    precision = about.precision if since == about.on else spell.joined_precision if since == spell.joined_on else "day"
    return Membership(person_id=spell.person_id, organisation_id=about.successor.pk, number=spell.number, joined_on=since, joined_precision=precision)


def _tie(by: Actor, about: Merged, spells: list[Membership], begun: list[Membership]) -> None:
    """Ties follow their spells, as when one is ended and another begun by hand."""
    sources = {source_of(one) for one in spells}
    held = Tie.objects.system(WHY).filter(organisation_id__in=[one.pk for one in about.ended], kind=Tie.Kind.MEMBERSHIP, valid_to__isnull=True)
    ties = [one for one in held if one.source in sources]
    for tie in ties:
        tie.valid_to = max(by.today, tie.valid_from)
    bulk.update(ties, ["valid_to"])
    former = {"kind": Tie.Kind.FORMER_MEMBERSHIP, "valid_from": by.today, "valid_to": by.today + RETENTION}
    bulk.insert(Tie(person_id=one.person_id, organisation_id=one.organisation_id, source=source_of(one), **former) for one in spells)
    member = Tie.Kind.MEMBERSHIP
    bulk.insert(Tie(person_id=one.person_id, organisation_id=one.organisation_id, source=source_of(one), kind=member, valid_from=min(one.joined_on, by.today)) for one in begun)
    renew(SEARCHED, sorted({one.person_id for one in spells}), by.today)


follow("organisations_merged", carry_over)
