"""Who may change what is known of a person, and who may see their contacts in full."""

from __future__ import annotations

from juzhi.base.access import MEMBER_CLERK, PROTECTION_CONTACT
from juzhi.base.actors import Actor
from juzhi.network.models import Organisation
from juzhi.people.models import Apart, Person, Tie


def may_correct(by: Actor, person: Person) -> bool:
    """The person; else a clerk of an organisation that knows the person today."""
    return by.is_system or by.person_key == person.key or _clerk_of(by, person) is not None


def may_tell_apart(by: Actor, person: Person) -> bool:
    """A clerk of an organisation that knows the person today: asked of each of those who are told apart."""
    return _clerk_of(by, person) is not None


def may_reconsider(by: Actor, apart: Apart) -> bool:
    """The clerk of both organisations as which the two were told apart."""
    return by.is_system or all(by.holds(MEMBER_CLERK, place.pk) for place in (apart.first_place, apart.second_place))


def place_of_clerk(by: Actor, person: Person) -> int | None:
    """The organisation as whose clerk `by` speaks of this person."""
    return _clerk_of(by, person)


def may_reveal(by: Actor, person: Person) -> bool:
    return by.is_system or by.person_key == person.key or _clerk_of(by, person) is not None


def may_disclose(by: Actor, organisation: Organisation) -> bool:
    """Contacts are read on behalf of an organisation by its clerk."""
    return by.is_system or by.holds(MEMBER_CLERK, organisation.pk)


def may_forget(by: Actor, person: Person) -> bool:
    """The protection contact of an organisation that knows the person today, once, and never oneself; the product when a backup is restored."""
    if person.is_forgotten:
        return False
    return by.is_system or (by.person_key != person.key and contact_of(by, person) is not None)


def contact_of(by: Actor, person: Person) -> int | None:
    """The organisation as whose protection contact `by` acts on this person."""
    return _acting_for(by, person, PROTECTION_CONTACT)


def _clerk_of(by: Actor, person: Person) -> int | None:
    """The organisation as whose clerk `by` acts on this person."""
    return _acting_for(by, person, MEMBER_CLERK)


def _acting_for(by: Actor, person: Person, duty: str) -> int | None:
    """The organisation by which `by` may act on this person: of several the one that has known them longest."""
    if by.is_system:
        rows = Tie.objects.system("on whose behalf the product acts")
    else:
        rows = Tie.objects.seen_by(by).filter(organisation_id__in=by.reach(duty))
    known = rows.filter(person=person, valid_from__lte=by.today).exclude(valid_to__lte=by.today)
    return known.order_by("valid_from", "pk").values_list("organisation_id", flat=True).first()


def organisation_of_reading(by: Actor, person: Person) -> int | None:
    """On whose behalf `by` reads this person; None for oneself."""
    return None if by.person_key == person.key else _clerk_of(by, person)
