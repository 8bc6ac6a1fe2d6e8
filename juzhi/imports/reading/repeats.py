"""What is seen only when all rows of a file are there: blocks side by side, repeats, persons of one name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from juzhi.base.importers import CREATE, SAME, SKIP, Importer, Row
from juzhi.base.text import search_key


def stack_blocks(rows: list[Row]) -> None:
    """Blocks side by side are read one after the other, each from top to bottom. What stands in no block (a subtotal, a footer) comes last."""
    if all(row.block == 1 for row in rows):
        return
    order = {sheet: place for place, sheet in enumerate(dict.fromkeys(row.sheet for row in rows))}
    rows.sort(key=lambda row: (order[row.sheet], row.action == SKIP, row.block))


def find_repeats(importer: Importer, rows: Sequence[Row]) -> None:
    """Mark rows that repeat an earlier one (told by the importer's `same` fields), giving it what it lacks."""
    first: dict[tuple[Any, ...], Row] = {}
    asked = tuple(dict.fromkeys(name for names in importer.same for name in names))
    for row in rows:
        if row.action != CREATE:
            continue
        values = row.values
        said = {name: search_key(str(values[name])) for name in asked if values.get(name)}
        keys = [(n, *(said[name] for name in names)) for n, names in enumerate(importer.same) if all(name in said for name in names)]
        earlier = next((first[key] for key in keys if key in first and not _differ(importer.same, key[0], first[key], row)), None)
        if earlier is None:
            for key in keys:
                first.setdefault(key, row)
            continue
        for name, value in values.items():
            if value is not None and earlier.values.get(name) is None:
                earlier.values[name] = value
        row.action, row.same_as, row.warn = SAME, earlier.row, []


def _differ(same: Sequence[tuple[str, ...]], number: Any, one: Row, other: Row) -> bool:
    """Whether two rows alike in a weaker way (name alone) are told apart by a stronger one (name and superior). Part of a name says no other."""
    for names in same[:number]:
        if set(names) > set(same[number]) and all(row.values.get(name) for row in (one, other) for name in names):
            pairs = [(search_key(str(one.values[name])), search_key(str(other.values[name]))) for name in names]
            return not all(first.endswith(second) or second.endswith(first) for first, second in pairs)
    return False


def tell_namesakes(rows: Sequence[Row]) -> None:
    """Two persons of one name stay two, and both rows say so."""
    by_name: dict[str, Row] = {}
    told: set[int] = set()
    for row in rows:
        if row.action != CREATE or not row.values.get("name"):
            continue
        earlier = by_name.setdefault(search_key(row.values["name"]), row)
        if earlier is row:
            continue
        for one in (earlier, row):
            if id(one) not in told:
                told.add(id(one))
                one.warn.append("same_name_other_person")
