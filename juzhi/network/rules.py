"""Who may change the federation. Superior nodes and guidance carry no right by themselves: each is a grant."""

from __future__ import annotations

from juzhi.base.access import OPERATOR, SECRETARY
from juzhi.base.actors import Actor
from juzhi.network.models import Organisation


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
    return ["found", "correct", "rename", *move, "relocate", "merge", *split, "guide", "add_contact", *last]
