"""One search over organisations and persons."""

from __future__ import annotations

from dataclasses import dataclass, field

from juzhi.base.access import READS_PERSONS
from juzhi.base.actors import Actor
from juzhi.base.text import search_key
from juzhi.network import queries as network
from juzhi.network.models import Organisation
from juzhi.people import queries as people
from juzhi.search.queries import Hits

SHOWN_AT_MOST = 20  # of each kind


@dataclass(frozen=True)
class Found:
    """What the words found. `persons` None = not for this reader."""

    organisations: list[Organisation]
    persons: list[people.Someone] | None
    bodies: Hits = field(default_factory=lambda: Hits([]))
    people: Hits = field(default_factory=lambda: Hits([]))

    @property
    def is_empty(self) -> bool:
        return not self.organisations and not self.persons

    @property
    def is_cut(self) -> bool:
        return max(len(self.bodies.ids), len(self.people.ids)) > SHOWN_AT_MOST


def found(by: Actor, words: str) -> Found:
    """The nearest twenty of each kind; nothing for no words. A constant number of queries."""
    sees = by.holds_anywhere(*READS_PERSONS)
    if not search_key(words):
        return Found([], [] if sees else None)
    bodies, persons = network.found(by, words), people.found_by_words(by, words) if sees else Hits([])
    shown = people.someones(by, persons.ids[:SHOWN_AT_MOST], words) if sees else None
    return Found(network.shown(by, bodies.ids[:SHOWN_AT_MOST]), shown, bodies, persons)
