"""Who may give and take rights: never more than one has, never outside one's own subtree, never to oneself."""

from __future__ import annotations

from juzhi.access.models import Account, Grant, Reach
from juzhi.access.queries import AccountActor
from juzhi.base.access import MEMBER_CLERK, OPERATOR, SECRETARY
from juzhi.base.actors import Actor
from juzhi.network.models import Organisation
from juzhi.people.models import Person


def may_grant(by: Actor, account: Account, duty: str, organisation: Organisation, reach: str) -> bool:
    """The secretary of the organisation, for duties that the secretary holds there at least as far."""
    if by.is_system:
        return True
    if not isinstance(by, AccountActor) or by.key == account.key:
        return False
    return by.covers(SECRETARY, organisation.pk, reach) and by.covers(duty, organisation.pk, reach)


def may_bootstrap(by: Actor, organisation: Organisation, duty: str, orphaned: bool) -> bool:
    """The operator names the first secretary of a body that has none and nobody above it."""
    return orphaned and duty == SECRETARY and by.holds_anywhere(OPERATOR)


def may_revoke(by: Actor, grant: Grant) -> bool:
    """The secretary there (a superior's reaches down), or the holder handing it back."""
    return by.is_system or by.holds(SECRETARY, grant.organisation_id) or (bool(by.key) and grant.account.key == by.key)


def may_see_grants(by: Actor, organisation: Organisation) -> bool:
    return by.holds(SECRETARY, organisation.pk)


def may_invite(by: Actor, organisation: Organisation, person: Person) -> bool:
    """The clerk invites persons tied to the organisation."""
    return by.is_system or by.holds(MEMBER_CLERK, organisation.pk) or by.holds(SECRETARY, organisation.pk)


def may_disable(by: Actor, account: Account) -> bool:
    return by.is_system or by.holds_anywhere(OPERATOR)


def is_far(reach: str) -> bool:
    return reach == Reach.SUBTREE
