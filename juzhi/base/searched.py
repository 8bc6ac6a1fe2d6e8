"""What is searchable of a room's nouns: each room declares its own in `search.py`; the room of search keeps the entries and finds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Searched:
    """A kind of thing that is searched.

    `tokens(ids, today)`: the tokens of each of these things, of those that exist. `after(id, most)`: ids of things beyond `id`, in order.
    `beneath(organisation_id, today, id, most)`: the same of those that concern an organisation or one beneath it; None = the tree is nothing to it.
    """

    kind: str
    tokens: Callable[[Sequence[int], date], dict[int, set[str]]]
    after: Callable[[int, int], list[int]]
    beneath: Callable[[int, date, int, int], list[int]] | None = None


SEARCHED: dict[str, Searched] = {}


def declare(*searched: Searched) -> None:
    """Called once by a room's `search.py`. Raises ValueError for a kind declared twice."""
    for one in searched:
        if SEARCHED.get(one.kind, one) is not one:
            raise ValueError(f"{one.kind!r} is declared twice")
        SEARCHED[one.kind] = one
