"""Many rows at once: the only place where bulk inserts are made."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import TypeVar

from django.db import models

M = TypeVar("M", bound=models.Model)


def insert(rows: Iterable[M], *, chunk: int = 1000) -> list[M]:
    """Insert `rows` (all of one model) in chunks, inside the caller's transaction. Returns them with ids."""
    made: list[M] = []
    iterator = iter(rows)
    while piece := list(islice(iterator, chunk)):
        made += type(piece[0])._base_manager.bulk_create(piece)
    return made


def update(rows: Sequence[M], fields: Sequence[str], *, chunk: int = 500) -> None:
    """Write `fields` of `rows` (all of one model) in chunks, inside the caller's transaction."""
    for start in range(0, len(rows), chunk):
        piece = list(rows[start : start + chunk])
        if piece:
            type(piece[0])._base_manager.bulk_update(piece, list(fields))
