"""Finding by tokens: ids and nothing else. Who calls asks for the things themselves with the reader's rights."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from juzhi.base import indexes
from juzhi.base.searched import SEARCHED
from juzhi.base.text import search_key
from juzhi.base.tokens import Question, for_postgresql, for_sqlite, scoped
from juzhi.search.models import SearchEntry

COUNTED_AT_MOST = 100  # beyond it no number is told: each one counted is asked for with the reader's rights
GROWS = 10
PIECE = 1000
SAMPLE = 200

SQLITE = """select e.thing_id from search_searchentry_words w cross join search_searchentry e on e.id = w.rowid
where w.search_searchentry_words match %s and e.kind = %s limit %s"""
# A function, because it must never read the table through, however common the planner takes the words to be.
POSTGRESQL = "select search_searchentry_words_found(%s::tsquery, %s, %s)"


@dataclass(frozen=True)
class Hits:
    """Ids of what words found, the nearest name first. `is_cut` = there are more, and nobody counts them."""

    ids: list[int]
    is_cut: bool = False

    @property
    def number(self) -> str:
        """How many, as a page writes it."""
        return f"{len(self.ids)}+" if self.is_cut else str(len(self.ids))


def ranked(found: Mapping[int, tuple[str, str]], words: str, most: int = COUNTED_AT_MOST) -> Hits:
    """The first `most` hits of {id: (name as it is compared, how it sounds)}: the very name first, then names that begin so, then the others; each by sound."""
    key = search_key(words)
    ordered = sorted(found, key=lambda pk: (found[pk][0] != key, not found[pk][0].startswith(key), found[pk][1], pk))
    return Hits(ordered[:most], len(ordered) > most)


def hits(kind: str, asked: Question, most: int) -> list[int]:
    """Ids of at most so many things of this kind that answer the question, in no particular order. The question carries the scope (`tokens.scoped`,
    `tokens.public`)."""
    if not asked:
        return []
    is_postgresql = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        cursor.execute(POSTGRESQL if is_postgresql else SQLITE, [for_postgresql(asked) if is_postgresql else for_sqlite(asked), kind, most])
        return [row[0] for row in cursor.fetchall()]


def streamed(kind: str, steps: Sequence[Question], scope: Iterable[str], most: int, *, holds_nearly_all: bool = False) -> Iterator[list[int]]:
    """All that answers within the scope, each once, in pieces: the nearest first, step by step. Whoever leaves out what the reader may not see asks for more
    until there is enough. With `holds_nearly_all` the first piece of a step is looked for without the scope: to find by a token that nearly
    everything has costs more than to leave out the little that lacks it.
    """
    told: set[int] = set()
    for step in steps:
        asked, limit = step if holds_nearly_all else scoped(step, scope), most + len(told)
        while True:
            found = hits(kind, asked, limit)
            fresh = [pk for pk in found if pk not in told]
            told.update(fresh)
            yield from (fresh[start : start + PIECE] for start in range(0, len(fresh), PIECE))
            if len(found) < limit:
                break
            asked, limit = scoped(step, scope), limit * GROWS


def moved(kind: str) -> list[int]:
    """Organisations whose things are still entered at an old place."""
    with connection.cursor() as cursor:
        cursor.execute("select organisation_id from search_renewal where kind = %s order by organisation_id", [kind])
        return [row[0] for row in cursor.fetchall()]


def entry(kind: str, thing_id: int) -> SearchEntry | None:
    return SearchEntry.objects.system("what one thing is found by").filter(kind=kind, thing_id=thing_id).first()


def tokens_of(kind: str, ids: QuerySet[Any]) -> list[tuple[int, frozenset[str]]]:
    """Of these things, given as a subquery of their ids, the tokens."""
    return list(SearchEntry.objects.system("what things are found by").filter(kind=kind, thing_id__in=ids).values_list("thing_id", "tokens"))


def scope_is_dear() -> bool:
    """Whether a token that nearly everything has costs a search something: GIN reads all of it, FTS5 goes along with the rarer one."""
    return connection.vendor == "postgresql"


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
