"""What is recorded about the reader, and what a member without duties sees first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from juzhi.base.actors import Actor
from juzhi.base.periods import PartialDate
from juzhi.base.privacy import Answer, answers
from juzhi.members.models import Membership
from juzhi.people import queries as people

Table = tuple[list[str], list[list[str]], list[bool]]


@dataclass(frozen=True)
class Spell:
    """One membership of the reader."""

    membership: Membership
    year: str
    rest: str
    note: str
    is_over: bool


@dataclass(frozen=True)
class Own:
    """The first page of a member: who they are here."""

    name: str
    spells: list[Spell]


@dataclass(frozen=True)
class About:
    """Everything recorded about the reader."""

    name: str
    answers: list[Answer]
    nothing: list[str]  # titles of what could be recorded and is not


def name_of(by: Actor) -> str:
    person = people.person(by, by.person_key) if by.person_key else None
    return person.name if person else ""


def own(by: Actor) -> Own:
    """The reader's memberships, running ones first."""
    found = Membership.objects.seen_by(by).filter(person__key=by.person_key).select_related("organisation__family").order_by("end_reason", "-joined_on", "pk")
    return Own(name_of(by), [_spell(one) for one in found] if by.person_key else [])


def _spell(one: Membership) -> Spell:
    known = one.joined_precision != "unknown"
    year, _dash, rest = str(PartialDate(one.joined_on, one.joined_precision)).partition("-") if known else (_("未详"), "", "")
    parts = [_("会员号 %(number)s") % {"number": one.number} if one.number else "", one.org_role, one.get_end_reason_display() if one.is_over else ""]
    return Spell(one, year, rest, " · ".join(part for part in parts if part), one.is_over)


def about_me(by: Actor) -> About:
    """The answers of every room, those with something to tell; of the others only what they are."""
    told = answers(by)
    return About(name_of(by), [one for one in told if one.items], [str(one.declared.title) for one in told if not one.items])


def as_tree(about: About) -> dict[str, Any]:
    """Everything, for a file that a program can read."""
    return {
        "name": about.name,
        "records": [
            {
                "title": str(answer.declared.title),
                "purpose": str(answer.declared.purpose),
                "retention": str(answer.declared.retention),
                "erasure": str(answer.declared.erasure),
                "items": [{"label": str(item.label), "value": _text(item.value), "note": str(item.note)} for item in answer.items],
            }
            for answer in about.answers
        ],
        "nothing": about.nothing,
    }


def as_table(about: About) -> Table:
    """Everything, one line a fact: heads, rows, and that every cell is text."""
    heads = [_("类别"), _("项目"), _("内容"), _("说明"), _("用途"), _("保留多久"), _("怎么删除")]
    rows = [
        [str(one.declared.title), str(item.label), _text(item.value), str(item.note), str(one.declared.purpose), str(one.declared.retention), str(one.declared.erasure)]
        for one in about.answers
        for item in one.items
    ]
    rows += [[title, "", _("没有"), "", "", "", ""] for title in about.nothing]
    return heads, rows, [True] * len(heads)


def _text(value: Any) -> str:
    return "" if value is None else str(value)
