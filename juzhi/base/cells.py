"""Small cells: which sums of persons a reader may be told, so that no number of few persons follows from those that are shown.

The method is one that holds over every table, cut and place at once, not only over one page. The smallest parts that a reader's questions are made of (the own persons of
one organisation) are pooled until each pool has enough persons. A sum is told if it takes every pool whole or not at all. Whatever is told is then a sum of pools, and so is
everything that can be added and subtracted from it; what parts a pool can never be worked out, however many tables are put side by side.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

INSIDE, PUBLIC = 5, 10  # persons: the least that is told to a reader with the duty, and to everybody (house.md 8)


@dataclass(frozen=True)
class Hidden:
    """Stands where a number is not told: it counts fewer than `least` persons, or such a number would follow from it. Which of the two is not said, else that would tell."""

    least: int = INSIDE

    def __str__(self) -> str:
        return _("涉及少于 %(least)s 人") % {"least": self.least}


def in_words(value: int | Hidden | None) -> int | str | None:
    """As a program reads it: a number, or why there is none."""
    return str(value) if isinstance(value, Hidden) else value


@dataclass(frozen=True)
class Crowd:
    """Persons of one kind in one part: how many, and who, of whom no more than the least number need be named."""

    count: int
    persons: frozenset[int]


@dataclass(frozen=True)
class Part:
    """The smallest thing that sums are made of. `path` = where it stands, from the top: parts that stand near each other are pooled first. One crowd for each kind of persons."""

    key: Any
    path: tuple[int, ...]
    crowds: tuple[Crowd, ...]


Pool = list[Part]


def is_enough(pool: Pool, least: int) -> bool:
    """Whether the sums of a pool may be told.

    One kind: at least `least` distinct persons, and, in a pool of several parts, more persons than parts: five parts of five persons would be one each. Several kinds: the
    first two (those that have it and those that have not) at least `least` each, else a share of all or of none tells of everybody; any other kind also nobody.
    """
    kinds = [[part.crowds[kind] for part in pool] for kind in range(len(pool[0].crowds))]
    persons = [len(frozenset[int]().union(*(crowd.persons for crowd in crowds))) for crowds in kinds]
    if len(kinds) == 1:
        return persons[0] >= least and (len(pool) == 1 or sum(crowd.count for crowd in kinds[0]) > len(pool))
    return min(persons[:2]) >= least and all(number == 0 or number >= least for number in persons[2:])


def is_enough_of_both(pool: Pool, least: int) -> bool:
    """The same of a flow: those who came, those who went.

    Of one part nobody or enough on each side. Of several enough on both: where nobody went, what a part has more at the end than at the beginning, which stocks tell, is who came.
    """
    persons = [len(frozenset[int]().union(*(part.crowds[side].persons for part in pool))) for side in (0, 1)]
    return all(number >= least or (number == 0 and len(pool) == 1) for number in persons)


def pooled(parts: Iterable[Part], enough: Callable[[Pool], bool]) -> list[Pool]:
    """Pools of parts, from the bottom of the tree upwards: what is too few goes together with its nearest. A pool that is not enough is the only one.

    Deterministic: the same parts give the same pools, whoever asks and whatever for.
    """
    levels: dict[int, dict[tuple[int, ...], list[Pool]]] = defaultdict(lambda: defaultdict(list))
    for part in sorted(parts, key=lambda one: (one.path, one.key)):
        levels[len(part.path)][part.path].append([part])
    for depth in range(max(levels, default=0), 0, -1):
        for path, pools in levels.pop(depth, {}).items():
            levels[depth - 1][path[:-1]] += _settled(pools, enough)
    return _settled(levels[0][()], enough)


def _settled(pools: list[Pool], enough: Callable[[Pool], bool]) -> list[Pool]:
    """The same parts with as few as possible in pools that are not enough: one such pool, or none."""
    done, made = list[Pool](), list[Pool]()
    rest: Pool = []
    for pool in pools:
        if enough(pool):
            done.append(pool)
            continue
        rest = rest + pool
        if enough(rest):
            made.append(rest)
            rest = []
    others = sorted(made, key=len) + sorted(done, key=len)
    while rest and not enough(rest) and others:
        rest = others.pop(0) + rest
    return [*others, rest] if rest else others


@dataclass(frozen=True)
class Sums:
    """Which sums of parts may be told."""

    place: dict[Any, int]  # the pool of each part
    sizes: tuple[int, ...]  # how many parts each pool has; 0 = never told

    def tells(self, keys: Iterable[Any]) -> bool:
        """Whether the sum of these parts is told; keys that are no part count nobody. A sum of nobody is told: it is 0."""
        taken: dict[int, int] = defaultdict(int)
        for key in set(keys):
            if key in self.place:
                taken[self.place[key]] += 1
        return all(self.sizes[pool] == number for pool, number in taken.items())


def sums(parts: Sequence[Part], least: int = INSIDE, suffices: Callable[[Pool, int], bool] = is_enough) -> Sums:
    """What may be told of these parts."""

    def enough(pool: Pool) -> bool:
        return suffices(pool, least)

    pools = pooled(parts, enough)
    place = {part.key: number for number, pool in enumerate(pools) for part in pool}
    return Sums(place, tuple(len(pool) if enough(pool) else 0 for pool in pools))
