"""What persons are found by: names and former names by their characters, sounds and initials, units, the end of a mobile; and whom they concern."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import Q, QuerySet

from juzhi.base import tokens
from juzhi.base.searched import Searched, declare
from juzhi.network.models import Lineage
from juzhi.people.models import Contact, Employment, Name, Person, Tie
from juzhi.people.queries import KIND

WHY = "what a search finds by; who may see it is asked with what was found"


def tokens_of_new(name: str, unit: str, mobiles: Iterable[str]) -> set[str]:
    """Those of a person just made, of what the file says of them. Where they are tied comes to it: `tied_at`."""
    found = {*tokens.of_name(name), *(tokens.of_text(tokens.UNIT, unit) if unit else ())}
    return found.union(*map(tokens.of_mobile, mobiles))


def tied_at(organisation_id: int, today: date) -> set[str]:
    """The tokens of a tie there, which lasts."""
    above = Lineage.objects.system(WHY).filter(descendant_id=organisation_id, valid_to__gt=today).values_list("ancestor_id", flat=True)
    return tokens.at(tokens.HERE, [organisation_id]) | tokens.at(tokens.BELOW, above)


def tokens_of(ids: Sequence[int], today: date) -> dict[int, set[str]]:
    """Six statements however many persons. Ties and places of a day to come are entered too: what is too much is left out when somebody searches."""
    found = {pk: set(tokens.of_name(name)) for pk, name in Person.objects.system(WHY).filter(pk__among=ids).values_list("pk", "name")}
    for pk, text in Name.objects.system(WHY).filter(person_id__among=ids).values_list("person_id", "text"):
        found[pk] |= tokens.of_name(text)
    for pk, unit in Employment.objects.system(WHY).filter(person_id__among=ids).exclude(unit="").values_list("person_id", "unit"):
        found[pk] |= tokens.of_text(tokens.UNIT, unit)
    for pk, number in Contact.objects.system(WHY).filter(person_id__among=ids, kind=Contact.Kind.MOBILE).values_list("person_id", "value_key"):
        found[pk] |= tokens.of_mobile(number)
    ties = list(_lasting(today).filter(person_id__among=ids).values_list("person_id", "organisation_id"))
    above: dict[int, set[int]] = defaultdict(set)
    places = {place for _pk, place in ties}
    for place, ancestor in Lineage.objects.system(WHY).filter(descendant_id__among=places, valid_to__gt=today).values_list("descendant_id", "ancestor_id"):
        above[place].add(ancestor)
    for pk, place in ties:
        found[pk] |= tokens.at(tokens.HERE, [place]) | tokens.at(tokens.BELOW, above[place])
    return found


def _lasting(today: date) -> QuerySet[Tie]:
    """Ties that hold today or will."""
    return Tie.objects.system(WHY).filter(Q(valid_to__isnull=True) | Q(valid_to__gt=today))


def after(pk: int, most: int) -> list[int]:
    return list(Person.objects.system(WHY).filter(pk__gt=pk).order_by("pk").values_list("pk", flat=True)[:most])


def beneath(organisation_id: int, today: date, pk: int, most: int) -> list[int]:
    """Persons tied there or beneath, today or later."""
    places = Lineage.objects.system(WHY).filter(ancestor_id=organisation_id, valid_to__gt=today).values("descendant_id")
    ties = _lasting(today).filter(organisation_id__in=places, person_id__gt=pk)
    return list(ties.order_by("person_id").values_list("person_id", flat=True).distinct()[:most])


declare(Searched(KIND, tokens_of, after, beneath))
