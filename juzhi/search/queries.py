"""Finding by tokens: ids and nothing else. Who calls asks for the things themselves with the reader's rights."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.db import connection

from juzhi.base import indexes
from juzhi.base.searched import SEARCHED
from juzhi.base.text import search_key
from juzhi.base.tokens import Question, for_postgresql, for_sqlite
from juzhi.search.models import Renewal, SearchEntry

COUNTED_AT_MOST = 1000  # beyond it no number is told
FIRST = COUNTED_AT_MOST + 1  # so many hits are fetched at first
GROWS = 10
SAMPLE = 200

SQLITE = """select e.thing_id from search_searchentry_words w cross join search_searchentry e on e.id = w.rowid
where w.search_searchentry_words match %s and e.kind = %s limit %s offset %s"""
# The bitmap of the index is read whole in either case; reading the table through, or walking it backwards, is many times slower.
POSTGRESQL = """with found as materialized (select thing_id, kind from search_searchentry where tokens @@ %s::tsquery)
select thing_id from found where kind = %s limit %s offset %s"""


@dataclass(frozen=True)
class Hits:
    """Ids of what words found, the nearest name first. `is_cut` = there are more than COUNTED_AT_MOST, and nobody counts them."""

    ids: list[int]
    is_cut: bool = False

    @property
    def number(self) -> str:
        """How many, as a page writes it."""
        return f"{COUNTED_AT_MOST}+" if self.is_cut else str(len(self.ids))


def ranked(found: Mapping[int, tuple[str, str]], words: str) -> Hits:
    """Hits of {id: (name as it is compared, how it sounds)}: the very name first, then names that begin so, then the others; each by sound."""
    key = search_key(words)
    ordered = sorted(found, key=lambda pk: (found[pk][0] != key, not found[pk][0].startswith(key), found[pk][1], pk))
    return Hits(ordered[:COUNTED_AT_MOST], len(ordered) > COUNTED_AT_MOST)


def hits(kind: str, asked: Question, most: int = FIRST, skip: int = 0) -> list[int]:
    """Ids of things of this kind that answer the question, in no particular order. The question carries the scope (`tokens.scoped`, `tokens.public`)."""
    if not asked:
        return []
    is_postgresql = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        cursor.execute(POSTGRESQL if is_postgresql else SQLITE, [for_postgresql(asked) if is_postgresql else for_sqlite(asked), kind, most, skip])
        return [row[0] for row in cursor.fetchall()]


def streamed(kind: str, asked: Question) -> Iterator[list[int]]:
    """All hits in growing pieces: who leaves out what the reader may not see asks for more until there is enough."""
    skip, most = 0, FIRST
    while found := hits(kind, asked, most, skip):
        yield found
        if len(found) < most:
            return
        skip, most = skip + most, most * GROWS


def moved(kind: str) -> list[int]:
    """Organisations whose things are still entered at an old place."""
    return list(Renewal.objects.system("which places are not written anew yet").filter(kind=kind).order_by("organisation_id").values_list("organisation_id", flat=True))


def entry(kind: str, thing_id: int) -> SearchEntry | None:
    return SearchEntry.objects.system("what one thing is found by").filter(kind=kind, thing_id=thing_id).first()


def has_entries(kind: str) -> bool:
    return SearchEntry.objects.system("is there anything").filter(kind=kind).exists()


def number_of_entries(kind: str) -> int:
    return SearchEntry.objects.system("how many there are").filter(kind=kind).count()


def untrue(kind: str, ids: Iterable[int], today: date) -> list[int]:
    """Of these things those whose entry is missing, or says other than it should."""
    wanted = list(ids)
    right = SEARCHED[kind].tokens(wanted, today)
    there = dict(SearchEntry.objects.system("is it true").filter(kind=kind, thing_id__in=wanted).values_list("thing_id", "tokens"))
    return sorted(pk for pk in {*right, *there} if there.get(pk) != (frozenset(right[pk]) if pk in right else None))


def faults(today: date) -> list[str]:
    """What is wrong with the search, in plain words: index gone, entries missing or untrue. Looks at the first and the newest things of each kind."""
    if lost := indexes.missing():
        return [f"检索索引不在（{lost[0]}）"]
    said = []
    for kind, searched in sorted(SEARCHED.items()):
        entries = SearchEntry.objects.system("how it fares").filter(kind=kind)
        ids = {*searched.after(0, SAMPLE), *entries.order_by("-thing_id").values_list("thing_id", flat=True)[:SAMPLE]}
        newest = max(ids, default=0)
        ids.update(searched.after(newest, SAMPLE))
        if wrong := untrue(kind, ids, today):
            said.append(f"{kind} 有 {len(wrong)} 条检索条目不对")
    return said
