"""One search over organisations and persons."""

from __future__ import annotations

from dataclasses import dataclass

from juzhi.base.access import READS_PERSONS
from juzhi.base.actors import Actor
from juzhi.base.text import listed, search_key
from juzhi.network import queries as network
from juzhi.network.models import Organisation
from juzhi.people import queries as people
from juzhi.people.models import Person, Tie

MOST = 50  # of each kind


@dataclass(frozen=True)
class Someone:
    """A person with the organisations by which the reader sees them."""

    person: Person
    places: str


@dataclass(frozen=True)
class Found:
    """What the words found. `persons` None = not for this reader."""

    organisations: list[Organisation]
    persons: list[Someone] | None
    is_cut: bool

    @property
    def is_empty(self) -> bool:
        return not self.organisations and not self.persons


def found(by: Actor, words: str) -> Found:
    """At most fifty of each kind; nothing for no words. A constant number of queries."""
    sees = by.holds_anywhere(*READS_PERSONS)
    if not search_key(words):
        return Found([], [] if sees else None, False)
    bodies = network.found_by_words(by, words, limit=MOST + 1)
    persons = list(people.persons(by, words)[: MOST + 1]) if sees else []
    return Found(bodies[:MOST], _with_places(by, persons[:MOST]) if sees else None, len(bodies) > MOST or len(persons) > MOST)


def _with_places(by: Actor, persons: list[Person]) -> list[Someone]:
    """People of one name are told apart by where they belong."""
    if not persons:
        return []
    ties = Tie.objects.seen_by(by).filter(person__in=persons, valid_from__lte=by.today).exclude(valid_to__lte=by.today)
    names: dict[int, list[str]] = {}
    for person_id, name in ties.order_by("organisation__pinyin_key").values_list("person_id", "organisation__name"):
        names.setdefault(person_id, []).append(name)
    return [Someone(one, listed(dict.fromkeys(names.get(one.pk, [])))) for one in persons]
