"""Enter somebody new and admit them at once."""

from __future__ import annotations

from datetime import date

from juzhi.base.action import action
from juzhi.base.actors import Actor
from juzhi.base.errors import Forbidden, Refused
from juzhi.members import queries, rules
from juzhi.members.actions.membership import admit
from juzhi.members.models import AdmissionBatch, Membership
from juzhi.network.models import Organisation
from juzhi.people.actions import email_of, enter, mobiles_of


@action
def admit_new(
    *,
    by: Actor,
    organisation: Organisation,
    name: str,
    mobiles: str = "",
    email: str = "",
    gender: str = "",
    born_on: date | None = None,
    born_precision: str = "",
    title: str = "",
    unit: str = "",
    duty: str = "",
    joined_on: date | None = None,
    joined_precision: str = "",
    number: str = "",
    org_role: str = "",
    batch: AdmissionBatch | None = None,
    somebody_else: bool = False,
) -> Membership:
    """Enter a person and begin their spell, both or neither. Persons whom `by` may see with the same mobile or the same name have to be looked at
    first (`members.queries.suspects`); `somebody_else` says that it is none of them. Persons beyond one's reach are not looked at.

    Refuses without right, suspects not looked at, and whatever `people.enter` and `admit` refuse.
    """
    if not rules.may_admit(by, organisation):
        raise Forbidden("您不能在这个组织登记会员：需要「会员管理」职责")
    numbers, address = mobiles_of(mobiles), email_of(email)
    if not somebody_else and queries.has_suspects(by, name, numbers):
        raise Refused("可能已经登记过同一个人，请先看一看列出的人", code="conflict")
    person = enter(
        by=by,
        name=name,
        gender=gender,
        born_on=born_on,
        born_precision=born_precision,
        title=title,
        mobiles=numbers,
        email=address,
        unit=unit,
        duty=duty,
        source="会员登记",
        organisation_id=organisation.pk,
    )
    return admit(
        by=by,
        person=person,
        organisation=organisation,
        joined_on=joined_on,
        joined_precision=joined_precision,
        number=number,
        org_role=org_role,
        batch=batch,
    )
