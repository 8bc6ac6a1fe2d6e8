"""Who may change the federation. Superior nodes and guidance carry no right by themselves: each is a grant."""

from __future__ import annotations

from juzhi.base.access import OPERATOR, SECRETARY
from juzhi.base.actors import Actor
from juzhi.network.models import Area, Claim, Host, Organisation, Statistic
from juzhi.network.queries import leaning_on, of_own_level


def may_found(by: Actor, parent: Organisation | None) -> bool:
    """Beneath an organisation one is secretary of; a body with no superior is founded by the operator."""
    return by.holds_anywhere(OPERATOR) if parent is None else by.holds(SECRETARY, parent.pk)


def may_rename(by: Actor, organisation: Organisation) -> bool:
    return by.holds(SECRETARY, organisation.pk)


def may_correct(by: Actor, organisation: Organisation) -> bool:
    return by.holds(SECRETARY, organisation.pk)


def may_relocate(by: Actor, organisation: Organisation) -> bool:
    return by.holds(SECRETARY, organisation.pk)


def may_move(by: Actor, organisation: Organisation, old: Organisation | None, new: Organisation | None) -> bool:
    """Only who is secretary at both ends: the place it leaves and the place it comes to. To or from the top: the operator as well."""
    if old is None and new is None:  # moves nothing: the verb says so
        return by.holds(SECRETARY, organisation.pk)
    ends = [by.holds(SECRETARY, end.pk) if end else by.holds_anywhere(OPERATOR) for end in (old, new)]
    return all(ends) and (old is not None or by.holds(SECRETARY, organisation.pk))


def may_dissolve(by: Actor, organisation: Organisation, parent: Organisation | None) -> bool:
    """The superior dissolves, not the body itself; a body at the top: its own secretary."""
    return by.holds(SECRETARY, (parent or organisation).pk)


def may_reopen(by: Actor, organisation: Organisation, parent: Organisation | None) -> bool:
    """Who may dissolve it may say that it was not."""
    return may_dissolve(by, organisation, parent)


def may_unite(by: Actor, organisation: Organisation) -> bool:
    """At each body that a merge or a split concerns; a superior's duty reaches down. Who may found the new one, `may_found` says."""
    return by.holds(SECRETARY, organisation.pk)


def may_see_contacts(by: Actor, organisation: Organisation) -> bool:
    return by.holds(SECRETARY, organisation.pk)


def may_register_host(by: Actor) -> bool:
    return by.holds_anywhere(SECRETARY, OPERATOR)


def verbs(by: Actor, organisation: Organisation, parent: Organisation | None) -> list[str]:
    """The verbs this actor may use here, in the order a page offers them; each verb asks its own rule again. `parent` = today's."""
    if not by.holds(SECRETARY, organisation.pk):
        return []
    leaves = by.holds(SECRETARY, parent.pk) if parent else by.holds_anywhere(OPERATOR)
    move = ["move"] if leaves else []
    if organisation.dissolved_on is not None:
        return ["correct", *move, *(["reopen"] if may_reopen(by, organisation, parent) else [])]
    last = ["dissolve"] if may_dissolve(by, organisation, parent) else []
    split = ["split"] if may_found(by, parent) else []
    return ["found", "correct", "rename", *move, "relocate", "merge", *split, "guide", "add_contact", "record_claim", *last]


def may_attest(by: Actor) -> bool:
    return by.holds_anywhere(OPERATOR)


def may_register_measure(by: Actor) -> bool:
    return by.holds_anywhere(SECRETARY, OPERATOR)


def may_profile(by: Actor, area: Area) -> bool:
    """Who is secretary of an organisation that sits today in the area, or in one above it, and is of that division's own level: a district's secretary
    for the district and its subdistricts, the city's for the whole city; a building's for none."""
    return by.is_system or (by.holds_anywhere(SECRETARY) and of_own_level(area, by.today).filter(pk__in=by.reach(SECRETARY)).exists())


def may_record_statistic(by: Actor, area: Area) -> bool:
    return may_profile(by, area)


def may_correct_statistic(by: Actor, statistic: Statistic) -> bool:
    return may_profile(by, statistic.area)


def may_record_claim(by: Actor, about: Area | Organisation | Host) -> bool:
    """Of an area: who keeps its profile. Of an organisation: its secretary. Of a host: who keeps its area's profile, and who is secretary of one that leans on it today."""
    if isinstance(about, Organisation):
        return by.holds(SECRETARY, about.pk)
    if isinstance(about, Area):
        return may_profile(by, about)
    leaning = by.is_system or (by.holds_anywhere(SECRETARY) and leaning_on(about, by.today).filter(pk__in=by.reach(SECRETARY)).exists())
    return leaning or (about.area is not None and may_profile(by, about.area))


def may_withdraw_claim(by: Actor, claim: Claim) -> bool:
    return may_record_claim(by, claim.about)


def may_record_slogan(by: Actor, area: Area) -> bool:
    return may_profile(by, area)


def may_name_landmark(by: Actor, area: Area) -> bool:
    return may_profile(by, area)


def may_drop_landmark(by: Actor, area: Area) -> bool:
    return may_profile(by, area)


def area_verbs(by: Actor, area: Area) -> list[str]:
    """The verbs this actor may use on an area's page; each asks its own rule again."""
    keeps = ["record_statistic", "record_claim", "record_slogan"] if may_profile(by, area) else []
    return keeps + (["attest"] if may_attest(by) else [])
