"""A reader who puts every answer he was given side by side and works out what was not told: exact elimination over fractions, and bounds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

Row = dict[Any, Fraction]  # coefficients by unknown


@dataclass
class Attacker:
    """What he knows: sums of unknown numbers of persons, none below zero; and sums that were hidden, of some of which he knows that they are not 0."""

    sums: list[tuple[frozenset[Any], int]] = field(default_factory=list)
    hidden: list[frozenset[Any]] = field(default_factory=list)
    not_none: list[frozenset[Any]] = field(default_factory=list)

    def told(self, unknowns: Iterable[Any], value: int) -> None:
        self.sums.append((frozenset(unknowns), value))

    def not_told(self, unknowns: Iterable[Any], *, is_some: bool) -> None:
        """`is_some` = he knows that it is not 0, for 0 would have been told."""
        self.hidden.append(frozenset(unknowns))
        if is_some:
            self.not_none.append(frozenset(unknowns))

    def recovered(self) -> dict[frozenset[Any], int]:
        """Hidden sums that follow from what was told, with their numbers."""
        basis = _reduced(self.sums)
        low, high = self._bounds()
        found = {}
        for group in set(self.hidden):
            rest, value = _reduce({one: Fraction(1) for one in group}, Fraction(0), basis)
            if not rest:
                found[group] = int(-value)
            elif sum(low[one] for one in group) == sum(high[one] for one in group):
                found[group] = sum(low[one] for one in group)
        return found

    def _bounds(self) -> tuple[dict[Any, int], dict[Any, float]]:
        """The least and the most of each unknown, by passing on what each sum leaves to one when the others are as large or small as they can be."""
        known = {one for group, _value in self.sums for one in group} | {one for group in self.hidden for one in group}
        low, high = dict.fromkeys(known, 0), dict.fromkeys(known, float("inf"))
        at_least = [(group, 1) for group in set(self.not_none)]
        for _round in range(60):
            before = dict(low), dict(high)
            for group, value in self.sums:
                least, most = sum(low[one] for one in group), sum(high[one] for one in group)
                for one in group:
                    high[one] = min(high[one], value - (least - low[one]))
                    if most - high[one] < float("inf"):
                        low[one] = max(low[one], int(value - (most - high[one])))
            for group, value in at_least:
                for one in group:
                    most = sum(high[other] for other in group if other != one)
                    if most < value:
                        low[one] = max(low[one], int(value - most))
            if before == (low, high):
                break
        return low, high


def _reduced(told: list[tuple[frozenset[Any], int]]) -> dict[Any, tuple[Row, Fraction]]:
    """The sums as rows with one leading unknown each, by that unknown."""
    basis: dict[Any, tuple[Row, Fraction]] = {}
    for group, value in dict.fromkeys(told):
        row, left = _reduce({one: Fraction(1) for one in group}, Fraction(value), basis)
        if not row:
            assert left == 0, "what was told contradicts itself"
            continue
        lead = min(row, key=str)
        scale = row[lead]
        row, left = {one: part / scale for one, part in row.items()}, left / scale
        for other, (old, number) in basis.items():
            if lead in old:
                basis[other] = _minus(old, number, row, left, old[lead])
        basis[lead] = row, left
    return basis


def _reduce(row: Row, value: Fraction, basis: dict[Any, tuple[Row, Fraction]]) -> tuple[Row, Fraction]:
    for lead in [one for one in row if one in basis]:
        if lead in row:
            row, value = _minus(row, value, *basis[lead], row[lead])
    return row, value


def _minus(row: Row, value: Fraction, other: Row, number: Fraction, times: Fraction) -> tuple[Row, Fraction]:
    left = {one: row.get(one, Fraction(0)) - times * other.get(one, Fraction(0)) for one in row.keys() | other.keys()}
    return {one: part for one, part in left.items() if part}, value - times * number
