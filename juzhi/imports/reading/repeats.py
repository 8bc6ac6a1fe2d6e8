"""Repeats and persons of one name, found while the rows go by; what an earlier row must still be told is kept for the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from juzhi.base.importers import CREATE, SAME, SKIP, Importer, Row
from juzhi.base.text import search_key


@dataclass
class Later:
    """What became known of a row after it was handed on: values that a repeat of it had, warnings."""

    values: dict[str, Any] = field(default_factory=dict)
    warn: list[Any] = field(default_factory=list)

    def tell(self, row: Row) -> None:
        row.values |= self.values
        row.warn += self.warn


class Earlier(NamedTuple):
    """A row handed on before: its place among all, its number in the file, which fields it has, and what it says where that may tell two apart."""

    place: int
    number: int
    has: frozenset[str]
    said: dict[str, str]


class Repeats:
    """Sees every row once, in order. `later` = {place: what that row must still be told}."""

    def __init__(self, importer: Importer) -> None:
        self.same = importer.same
        self.asked = tuple(dict.fromkeys(name for names in importer.same for name in names))
        self.is_nested = any(set(one) > set(other) for one in importer.same for other in importer.same)
        self.tells_namesakes = importer.tells_namesakes
        self.first: dict[tuple[Any, ...], Earlier] = {}
        self.names: dict[str, int] = {}
        self.told: set[int] = set()
        self.has: dict[frozenset[str], frozenset[str]] = {}
        self.later: dict[int, Later] = {}
        self.place = -1

    def see(self, row: Row) -> None:
        """Mark the row as the same as an earlier one (told by the importer's `same` fields), which is given what it lacks; or remember it."""
        self.place += 1
        if row.action != CREATE:
            return
        values = row.values
        said = {name: search_key(str(values[name])) for name in self.asked if values.get(name)}
        keys: list[tuple[Any, ...]] = [(n, *(said[name] for name in names)) for n, names in enumerate(self.same) if all(name in said for name in names)]
        earlier = next((self.first[key] for key in keys if key in self.first and not self._differ(key[0], self.first[key].said, said)), None)
        if earlier is None:
            self._remember(row, keys, said)
            return
        had = self.later.get(earlier.place)
        lacked = {name: value for name, value in values.items() if value is not None and name not in earlier.has and not (had and name in had.values)}
        if lacked:
            self.later.setdefault(earlier.place, Later()).values |= lacked
        row.action, row.same_as, row.warn = SAME, earlier.number, []

    def _remember(self, row: Row, keys: Sequence[tuple[Any, ...]], said: dict[str, str]) -> None:
        has = frozenset(name for name, value in row.values.items() if value is not None)
        kept = Earlier(self.place, row.row, self.has.setdefault(has, has), said if self.is_nested else {})
        for key in keys:
            self.first.setdefault(key, kept)
        if self.tells_namesakes and row.values.get("name"):
            name = said.get("name") or search_key(row.values["name"])
            first = self.names.setdefault(name, self.place)
            if first != self.place:
                row.warn.append("same_name_other_person")
                if first not in self.told:
                    self.told.add(first)
                    self.later.setdefault(first, Later()).warn.append("same_name_other_person")

    def _differ(self, number: int, one: dict[str, str], other: dict[str, str]) -> bool:
        """Whether two rows alike in a weaker way (name alone) are told apart by a stronger one (name and superior). Part of a name says no other."""
        for names in self.same[:number]:
            if set(names) > set(self.same[number]) and all(name in said for said in (one, other) for name in names):
                return not all(one[name].endswith(other[name]) or other[name].endswith(one[name]) for name in names)
        return False


def stacked(rows: Sequence[Row]) -> list[Row]:
    """Blocks side by side are read one after the other, each from top to bottom. What stands in no block (a subtotal, a footer) comes last."""
    return sorted(rows, key=lambda row: (row.action == SKIP, row.block))
