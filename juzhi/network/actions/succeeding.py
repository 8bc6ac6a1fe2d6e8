"""What a merge leaves on record: who came after whom, and under whose names the successor is found; and how that is taken back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from juzhi.base.actors import Actor
from juzhi.network import queries
from juzhi.network.models import Organisation, OrganisationName, Succession
from juzhi.network.search import KIND as SEARCHED
from juzhi.search.actions import renew

ALIAS = OrganisationName.Kind.ALIAS


def succeed(*, by: Actor, predecessors: Sequence[Organisation], successor: Organisation, on: date, precision: str) -> None:
    """Note that these were merged into the successor. What they were called that day it is found by from that day on. Inside the action that merges them."""
    names = OrganisationName.objects.system("aliases of a merge").filter(queries.on(on))
    there = set(names.filter(organisation=successor).values_list("text_key", flat=True))
    for one in names.filter(organisation__in=predecessors).order_by("-kind", "pk"):
        if one.text_key not in there:
            there.add(one.text_key)
            OrganisationName.objects.create(organisation=successor, text=one.text, text_key=one.text_key, kind=ALIAS, valid_from=on)
    for predecessor in predecessors:
        Succession.objects.create(predecessor=predecessor, successor=successor, kind=Succession.Kind.MERGED, on=on, precision=precision)
    renew(SEARCHED, [successor.pk], by.today)


def take_back(*, by: Actor, organisation: Organisation) -> list[str]:
    """A body that was merged stands again: nothing came after it, and its names are its own. Returns the names of the successors. Inside the action that reopens it."""
    why = "a merge taken back"
    rows = list(Succession.objects.system(why).select_related("successor").filter(predecessor=organisation, kind=Succession.Kind.MERGED))
    own = OrganisationName.objects.system(why).filter(organisation=organisation).values_list("text_key", flat=True)
    for one in rows:
        OrganisationName.objects.system(why).filter(organisation=one.successor, kind=ALIAS, valid_from=one.on, text_key__in=list(own)).delete()
        one.delete()
    renew(SEARCHED, [one.successor_id for one in rows], by.today)
    return [one.successor.name for one in rows]
