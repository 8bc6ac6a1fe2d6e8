"""Published numbers that a change of the past may move: asked by the rooms beneath, before a change is confirmed; answered by the room that publishes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Affected:
    """A published number, in words, and where it stands."""

    title: str
    href: str


Answer = Callable[[Any, Sequence[int], str], list[Affected]]  # (by, organisation ids, label of the model that changes or "" for the organisations themselves)
_ANSWERS: list[Answer] = []


def declare(answer: Answer) -> None:
    """Called once by a room that publishes numbers."""
    if answer not in _ANSWERS:
        _ANSWERS.append(answer)


def affected(by: Any, organisation_ids: Sequence[int], of: str = "") -> list[Affected]:
    """What was published of numbers in which these organisations count, the latest first. `of` = label of the model whose rows change ("members.membership"): numbers of other records are left out."""
    return [one for answer in _ANSWERS for one in answer(by, organisation_ids, of)]
