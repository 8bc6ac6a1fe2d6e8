"""Who may give and take rights: never more than one has, never outside one's own subtree, never to oneself."""

from __future__ import annotations

from datetime import date

from juzhi.access import queries
from juzhi.access.models import Account, Grant, Reach
from juzhi.access.queries import AccountActor
from juzhi.base.access import MEMBER_CLERK, OPERATOR, SECRETARY
from juzhi.base.actors import Actor
from juzhi.network.models import Organisation


def may_grant(by: Actor, account: Account, duty: str, organisation: Organisation, reach: str) -> bool:
    """The secretary of the organisation, for duties that the secretary holds there at least as far."""
    if by.is_system:
        return True
    if not isinstance(by, AccountActor) or by.key == account.key:
        return False
    return by.covers(SECRETARY, organisation.pk, reach) and by.covers(duty, organisation.pk, reach)


def may_grant_until(by: Actor, duty: str, organisation: Organisation, reach: str) -> date | None:
    """The first day on which the giver has it no longer; None = no end in sight. The operator's first secretary has no end."""
    if not isinstance(by, AccountActor) or not by.covers(SECRETARY, organisation.pk, reach):
        return None
    ends = [by.covers_until(one, organisation.pk, reach) for one in (SECRETARY, duty)]
    return min((end for end in ends if end is not None), default=None)


def may_bootstrap(by: Actor, account: Account, organisation: Organisation, duty: str) -> bool:
    """The operator names the first secretary of a body that has none and nobody above it; not himself."""
    return duty == SECRETARY and by.key != account.key and may_name_first(by, organisation)


def may_name_first(by: Actor, organisation: Organisation) -> bool:
    """Whether the body is without a secretary and without a superior, and `by` an operator."""
    return by.holds_anywhere(OPERATOR) and queries.is_alone(organisation, by.today)


def may_revoke(by: Actor, grant: Grant) -> bool:
    """The secretary there (a superior's reaches down), or the holder handing it back."""
    return by.is_system or by.holds(SECRETARY, grant.organisation_id) or (bool(by.key) and grant.account.key == by.key)


def may_take_over(by: Actor, organisation: Organisation) -> bool:
    """The secretary there; a superior's reaches down."""
    return by.is_system or by.holds(SECRETARY, organisation.pk)


def may_invite(by: Actor, organisation: Organisation) -> bool:
    """The clerk or the secretary of the organisation; whom, the verb checks: a person tied to it."""
    return by.is_system or by.holds(MEMBER_CLERK, organisation.pk) or by.holds(SECRETARY, organisation.pk)


def may_disable(by: Actor, account: Account) -> bool:
    """The operator, as far as the operator's reach covers every duty of the account."""
    return by.is_system or (by.holds_anywhere(OPERATOR) and all(by.holds(OPERATOR, place) for place in queries.places_held(account, by.today)))


def is_far(reach: str) -> bool:
    return reach == Reach.SUBTREE
