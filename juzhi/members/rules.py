"""Who may keep a roster."""

from __future__ import annotations

from juzhi.base.access import MEMBER_CLERK
from juzhi.base.actors import Actor
from juzhi.members.models import Membership
from juzhi.network.models import Organisation


def may_admit(by: Actor, organisation: Organisation) -> bool:
    return by.holds(MEMBER_CLERK, organisation.pk)


def may_end(by: Actor, membership: Membership) -> bool:
    return by.holds(MEMBER_CLERK, membership.organisation_id)


def may_correct(by: Actor, membership: Membership) -> bool:
    return by.holds(MEMBER_CLERK, membership.organisation_id)
