"""Named facts: what a lower room tells, and higher rooms follow in the same transaction. A follower that refuses stops the whole verb."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

FACTS = ("person_forgotten", "person_held", "organisations_merged", "lineage_changed")
_FOLLOWERS: dict[str, list[Callable[..., Any]]] = {name: [] for name in FACTS}


@dataclass(frozen=True)
class Forgotten:
    """A person is erased as far as the organisations `places` (ids) know them; `is_whole` = nobody else knows them, so the record becomes a
    stub without a name. `person` is the locked row, still as it was.
    """

    person: Any
    places: frozenset[int]
    is_whole: bool


@dataclass(frozen=True)
class Merged:
    """The organisations `ended` (locked rows, dissolved by now) went into `successor` on the day `on`, known to `precision`, for `reason`."""

    ended: tuple[Any, ...]
    successor: Any
    on: date
    precision: str
    reason: str


@dataclass(frozen=True)
class LineageChanged:
    """Rows of the dated closure that went and came, told after they were written: (ancestor, descendant, from, to), ids and half-open days."""

    gone: tuple[tuple[int, int, date, date], ...]
    came: tuple[tuple[int, int, date, date], ...]


def follow(fact: str, follower: Callable[..., Any]) -> None:
    """Enter who follows a fact; called once, by a room's `facts.py` or `actions`. Raises ValueError for a fact nobody tells."""
    if fact not in _FOLLOWERS:
        raise ValueError(f"nobody tells {fact!r}")
    if follower not in _FOLLOWERS[fact]:
        _FOLLOWERS[fact].append(follower)


def tell(fact: str, *, by: Any, about: Any) -> None:
    """Let every follower do its part, in the order of their rooms, inside the teller's transaction."""
    for follower in _FOLLOWERS[fact]:
        follower(by=by, about=about)


def asks(fact: str, *, by: Any, about: Any) -> bool:
    """Whether any follower says yes."""
    return any(follower(by=by, about=about) for follower in _FOLLOWERS[fact])


def followers(fact: str) -> Iterable[Callable[..., Any]]:
    return tuple(_FOLLOWERS[fact])
