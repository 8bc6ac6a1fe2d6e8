"""What higher rooms do when organisations end into another: asked by the page before it is confirmed, answered by the rooms that follow the fact."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Consequence:
    """One thing that will happen, and to whom, in words; no more than the asker may see."""

    about: str  # what it concerns, in one word
    title: str
    lines: tuple[str, ...] = ()


Answer = Callable[[Any, Sequence[Any]], list[Consequence]]  # (by, organisations that end)
_ANSWERS: list[Answer] = []


def declare(answer: Answer) -> None:
    """Called once by a room that follows `organisations_merged`."""
    if answer not in _ANSWERS:
        _ANSWERS.append(answer)


def consequences(by: Any, ended: Sequence[Any]) -> list[Consequence]:
    """What the end of these organisations brings with it in the rooms above, in the order of the rooms."""
    return [one for answer in _ANSWERS for one in answer(by, ended)]
