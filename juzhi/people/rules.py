"""Who may change what is known of a person, and who may see their contacts in full."""

from __future__ import annotations

from juzhi.base.access import MEMBER_CLERK
from juzhi.base.actors import Actor
from juzhi.people.models import Person, Tie


def may_correct(by: Actor, person: Person) -> bool:
    """The person; else a clerk of an organisation the person belongs to today."""
    return by.is_system or by.person_key == person.key or _clerk_of(by, person) is not None


def may_reveal(by: Actor, person: Person) -> bool:
    return by.is_system or by.person_key == person.key or _clerk_of(by, person) is not None


def _clerk_of(by: Actor, person: Person) -> int | None:
    """The organisation by which `by` may act on this person."""
    rows = Tie.objects.seen_by(by).filter(person=person, valid_from__lte=by.today).exclude(valid_to__lte=by.today)
    return next((o for o in rows.values_list("organisation_id", flat=True) if by.holds(MEMBER_CLERK, o)), None)


def organisation_of_reading(by: Actor, person: Person) -> int | None:
    """On whose behalf `by` reads this person; None for oneself."""
    return None if by.person_key == person.key else _clerk_of(by, person)
