"""One search over organisations and persons."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from juzhi.base.access import MEMBER_CLERK, READS_PERSONS
from juzhi.base.actors import Actor
from juzhi.base.text import search_key
from juzhi.base.tokens import MOBILE, TAIL, pieces_of_words
from juzhi.network import queries as network
from juzhi.network.models import Organisation
from juzhi.people import queries as people
from juzhi.people.models import Contact, Employment, Name, Person, Tie
from juzhi.search.queries import Hits

SHOWN_AT_MOST = 20  # of each kind


@dataclass(frozen=True)
class Someone:
    """A person with what tells people of one name apart: the organisations by which the reader sees them, units, other names, and the mobile, masked,
    where it was asked for."""

    person: Person
    places: str
    others: str = ""
    units: str = ""
    mobile: str = ""


@dataclass(frozen=True)
class Found:
    """What the words found. `persons` None = not for this reader."""

    organisations: list[Organisation]
    persons: list[Someone] | None
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
    shown = someones(by, persons.ids[:SHOWN_AT_MOST], words) if sees else None
    return Found(network.shown(by, bodies.ids[:SHOWN_AT_MOST]), shown, bodies, persons)


def someones(by: Actor, ids: list[int], words: str) -> list[Someone]:
    """These persons, in this order, with what tells them apart."""
    by_id = Person.objects.seen_among(by, ids).in_bulk() if ids else {}
    if not by_id:
        return []
    known = list(by_id)
    ties = Tie.objects.seen_by(by).filter(person_id__in=known, valid_from__lte=by.today).exclude(valid_to__lte=by.today)
    places = _joined(ties.order_by("organisation__pinyin_key").values_list("person_id", "organisation__name"))
    units = _joined(Employment.objects.system("of persons just seen").filter(person_id__in=known).exclude(unit="").order_by("-pk").values_list("person_id", "unit"))
    others = _joined(Name.objects.system("of persons just seen").filter(person_id__in=known).order_by("pk").values_list("person_id", "text"))
    mobiles = _mobiles(by, known, words)
    return [Someone(by_id[pk], places.get(pk, ""), others.get(pk, ""), units.get(pk, ""), mobiles.get(pk, "")) for pk in ids if pk in by_id]


def _joined(rows: Iterable[tuple[int, str]]) -> dict[int, str]:
    told: dict[int, dict[str, None]] = defaultdict(dict)
    for pk, text in rows:
        told[pk][text] = None
    return {pk: "、".join(texts) for pk, texts in told.items()}


def _mobiles(by: Actor, ids: list[int], words: str) -> dict[int, str]:
    """The masked mobile that ends in the digits asked for, of persons whose clerk the reader is."""
    tails = {piece[-TAIL:] for word in pieces_of_words(words) for piece in word if piece.isdigit() and len(piece) in (TAIL, MOBILE)}
    if not tails:
        return {}
    rows = Contact.objects.system("masked, of persons whose clerk it is").filter(person_id__in=ids, person__in=by.persons(MEMBER_CLERK, among=ids), kind=Contact.Kind.MOBILE)
    return _joined((one.person_id, people.masked(one)) for one in rows.order_by("position", "pk") if one.value_key[-TAIL:] in tails)
