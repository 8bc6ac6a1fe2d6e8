"""Who may keep a roster."""

from __future__ import annotations

from juzhi.base.access import MEMBER_CLERK
from juzhi.base.actors import Actor
from juzhi.members.models import Membership
from juzhi.network.models import Organisation
from juzhi.people.models import Person, Tie


def may_admit(by: Actor, organisation: Organisation) -> bool:
    return by.holds(MEMBER_CLERK, organisation.pk)


def may_admit_person(by: Actor, person: Person) -> bool:
    """Somebody whom `by` may see, or whom nobody knows yet: a clerk cannot draw in a person known elsewhere only."""
    if Person.objects.seen_among(by, [person.pk]).exists():
        return True
    return not Tie.objects.system("does anybody know the person").filter(person=person).exists()


def may_end(by: Actor, membership: Membership) -> bool:
    return by.holds(MEMBER_CLERK, membership.organisation_id)


def may_correct(by: Actor, membership: Membership) -> bool:
    return by.holds(MEMBER_CLERK, membership.organisation_id)


def may_export(by: Actor, organisation: Organisation) -> bool:
    return by.holds(MEMBER_CLERK, organisation.pk)
