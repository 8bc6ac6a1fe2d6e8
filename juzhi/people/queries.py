"""Reads about persons: within the ties an actor may use, contacts masked unless revealed."""

from __future__ import annotations

from datetime import date

from django.db.models import Prefetch, Q, QuerySet

from juzhi.base.actors import Actor
from juzhi.base.text import search_key
from juzhi.people.models import Contact, Disclosure, Employment, Person, Tie


def persons(by: Actor, words: str = "") -> QuerySet[Person]:
    """Persons `by` may see, by pinyin; `words` = part of a name."""
    found = Person.objects.seen_by(by).order_by("pinyin_key", "pk")
    return found.filter(Q(name_key__contains=search_key(words)) | Q(pinyin_key__startswith=search_key(words))) if words else found


def person(by: Actor, key: str) -> Person | None:
    contacts = Contact.objects.seen_by(by).order_by("kind", "position")
    employments = Employment.objects.seen_by(by).order_by("-pk")
    found = Person.objects.seen_by(by).filter(key=key)
    return found.prefetch_related(Prefetch("contacts", contacts), Prefetch("employments", employments)).first()


def ties(by: Actor, person: Person) -> QuerySet[Tie]:
    """Why organisations may see this person, as far as `by` may know: the person sees all."""
    return Tie.objects.seen_by(by).filter(person=person).select_related("organisation").order_by("-valid_from", "-pk")


def disclosures(by: Actor, person_key: str) -> QuerySet[Disclosure]:
    """Who saw this person's contacts."""
    return Disclosure.objects.seen_by(by).filter(person_key=person_key).select_related("organisation").order_by("-at", "-pk")


def tied_on(day: date) -> Q:
    return Q(ties__valid_from__lte=day) & (Q(ties__valid_to__isnull=True) | Q(ties__valid_to__gt=day))
