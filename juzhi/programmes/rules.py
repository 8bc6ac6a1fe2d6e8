"""Who may plan: the secretary of the organisation that leads the programme. To be planned in gives nobody a right."""

from __future__ import annotations

from juzhi.base.access import SECRETARY
from juzhi.base.actors import Actor
from juzhi.network.models import Organisation
from juzhi.programmes.models import Programme


def may_open_programme(by: Actor, organisation: Organisation) -> bool:
    return by.holds(SECRETARY, organisation.pk)


def may_plan_wave(by: Actor, programme: Programme) -> bool:
    return by.holds(SECRETARY, programme.organisation.pk)


def may_plan_unit(by: Actor, programme: Programme) -> bool:
    return by.holds(SECRETARY, programme.organisation.pk)


def may_confirm_unit(by: Actor, programme: Programme) -> bool:
    return by.holds(SECRETARY, programme.organisation.pk)


def may_drop_unit(by: Actor, programme: Programme) -> bool:
    return by.holds(SECRETARY, programme.organisation.pk)


def may_close_programme(by: Actor, programme: Programme) -> bool:
    return by.holds(SECRETARY, programme.organisation.pk)


def verbs(by: Actor, programme: Programme) -> list[str]:
    """The verbs this actor may use on its page; each asks its own rule again."""
    if programme.closed_on is not None or not may_plan_wave(by, programme):
        return []
    return ["plan_wave", "plan_unit", "close_programme"]
