"""Enter somebody new and admit them at once."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from juzhi.base.action import action
from juzhi.base.actors import Actor
from juzhi.base.errors import Forbidden, Refused
from juzhi.members import queries, rules
from juzhi.members.actions.membership import admit
from juzhi.members.models import Membership
from juzhi.network.models import Organisation
from juzhi.people.actions import email_of, enter, mobiles_of

SOURCE = "会员登记"  # where an employment was read


@action
def admit_new(*, by: Actor, organisation: Organisation, name: str, mobiles: str = "", email: str = "", somebody_else: bool = False, spell: dict[str, Any] | None = None, **about: Any) -> Membership:
    """Enter a person and begin their spell, both or neither. Persons whom `by` may see with the same mobile or the same name have to be looked at
    first (`members.queries.suspects`); `somebody_else` says that it is none of them. Persons beyond one's reach are not looked at.
    `spell` = what `admit` takes (joined_on, joined_precision, number, org_role, batch); `about` = what `people.enter` takes.

    Refuses without right, suspects not looked at, and whatever `people.enter` and `admit` refuse.
    """
    if not rules.may_admit(by, organisation):
        raise Forbidden(_("您不能在这个组织登记会员：需要「会员管理」职责"))
    numbers, address = mobiles_of(mobiles), email_of(email)
    if not somebody_else and queries.has_suspects(by, name, numbers):
        raise Refused(_("可能已经登记过同一个人，请先看一看列出的人"), code="conflict")
    person = enter(by=by, name=name, mobiles=numbers, email=address, source=SOURCE, organisation_id=organisation.pk, **about)
    return admit(by=by, person=person, organisation=organisation, **(spell or {}))
