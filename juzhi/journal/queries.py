"""What the journal can be asked: entries of a thing or an organisation, and whether the chain holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce
from operator import or_
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.models import Q
from django.db.models.expressions import RawSQL

from juzhi.base.models import ScopedQuerySet
from juzhi.journal.models import FIRST, Entry, EntryValue

CHAIN = "the chain of the journal"


def head_file() -> Path:
    """Where the last seal is kept outside the database."""
    return Path(settings.DATA_FOLDER) / "journal-head.json"


def head() -> tuple[int, str]:
    """Number and seal of the last sealed entry; (0, FIRST) before the first."""
    last = Entry.objects.system(CHAIN).exclude(number=None).order_by("-number").values_list("number", "seal").first()
    return last or (0, FIRST)


def ready_to_seal() -> ScopedQuerySet:
    """Entries without a number which no running transaction can precede, in the order they are numbered.

    A number of a transaction that has not begun yet comes from another cluster (a restored backup): its writer has ended.
    """
    waiting = Entry.objects.system(CHAIN).filter(number=None).order_by("transaction", "id")
    if connection.vendor != "postgresql":
        return waiting
    ended = RawSQL("pg_snapshot_xmin(pg_current_snapshot())::text::bigint", [])
    begun = RawSQL("pg_snapshot_xmax(pg_current_snapshot())::text::bigint", [])
    return waiting.filter(Q(transaction__lt=ended) | Q(transaction__gte=begun))


def values_of(things: Sequence[tuple[str, str]]) -> ScopedQuerySet:
    """Values about `things` (pairs of kind and key), whether of an entry itself or of one of its lines."""
    return EntryValue.objects.system("forgetting").filter(reduce(or_, _about(things)))


def _about(things: Iterable[tuple[str, str]]) -> Iterable[Q]:
    for kind, key in things:
        yield Q(line=None, entry__kind=kind, entry__thing_key=key)
        yield Q(line__kind=kind, line__thing_key=key)
