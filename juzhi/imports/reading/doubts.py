"""Cells that may mean one of two dates: what a row is told of them ({"ambiguous_date": two dates, "field": name}), and what was chosen since."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

CODE = "ambiguous_date"
TENTH, ORDER = "tenth", "order"  # 1985.1 kept as a number: January or October; 01/02/2024: month or day first
READINGS = 2


def doubts(warn: Iterable[Any]) -> list[dict[str, Any]]:
    """The parts of a row's `warn` that are about such a cell. `chosen` = the date that was chosen, `was` = what the field held before."""
    return [told for told in warn if isinstance(told, dict) and CODE in told and "field" in told]


def sort_of(choices: Sequence[str]) -> str:
    """In which way the cell is ambiguous: its dates are months (TENTH) or days (ORDER). The order of the two readings is the same in every row."""
    return TENTH if len(choices[0]) == len("1985-01") else ORDER
