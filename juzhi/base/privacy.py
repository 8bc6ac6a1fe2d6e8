"""Answers to a person about himself: what is recorded, why, how long, and how it is erased. Each room declares its own in `privacy.py`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from juzhi.base.actors import Actor


@dataclass(frozen=True)
class Item:
    """One recorded fact, as the person sees it."""

    label: Any
    value: Any
    note: str = ""  # when, by whom (role and organisation, never a name)


@dataclass(frozen=True)
class Declared:
    """What a room keeps about a person. `columns` = "people.Person.name" …: the personal columns it answers for (a house test compares them with the models).

    `erasure` says how it is erased, and what of it goes. `items(by)` gives the facts about the person behind `by`, without names of others.
    """

    name: str
    title: Any
    purpose: Any
    retention: Any
    erasure: Any
    columns: tuple[str, ...]
    items: Callable[[Actor], list[Item]]
    kept: Any = ""  # what stays after an erasure, and why; "" = nothing


PRIVACY: dict[str, Declared] = {}


def declare(*declared: Declared) -> None:
    """Called once by a room's `privacy.py`. Raises ValueError if a name is taken by another declaration."""
    for one in declared:
        if PRIVACY.get(one.name, one) is not one:
            raise ValueError(f"privacy {one.name!r} is declared twice")
        PRIVACY[one.name] = one


@dataclass(frozen=True)
class Answer:
    """One declaration with what it says about one person."""

    declared: Declared
    items: list[Item]


def answers(by: Actor) -> list[Answer]:
    """Everything recorded about the person behind `by`: the lowest room (who one is) first, within a room as declared. [] for somebody who is no person here."""
    if not by.person_key:
        return []
    rooms = list(dict.fromkeys(name.partition(".")[0] for name in PRIVACY))  # as discovered: the highest floor first
    ordered = sorted(PRIVACY.values(), key=lambda one: -rooms.index(one.name.partition(".")[0]))
    return [Answer(one, one.items(by)) for one in ordered]
