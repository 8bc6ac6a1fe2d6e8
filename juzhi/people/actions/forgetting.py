"""Erase a person (PIPL article 47): the record becomes a stub without a name that still counts, and every room does its part in the same transaction."""

from __future__ import annotations

from collections.abc import Collection

from django.utils.translation import gettext as _

from juzhi.base.action import action
from juzhi.base.actors import Actor
from juzhi.base.errors import Forbidden, Refused, Stale
from juzhi.base.facts import tell
from juzhi.imports.actions import wipe
from juzhi.journal.actions import Line, record
from juzhi.journal.actions import forget as forget_values
from juzhi.network.models import Organisation
from juzhi.people import queries, rules
from juzhi.people.models import Apart, Contact, Employment, Ground, Name, Person, Tie
from juzhi.people.search import KIND as SEARCHED
from juzhi.search.actions import forget as forget_entries

EMPTIED = {"name": "", "name_key": "", "pinyin_key": "", "sounds": "", "stroke_key": "", "gender": "", "born_on": None, "born_precision": "", "title": "", "deceased_on": None, "deceased_precision": ""}


@action
def forget(*, by: Actor, person: Person, ground: str, version: int | None = None, at: Collection[int] | None = None) -> Person:
    """Erase a person as far as the organisations know them of which `by` is protection contact: their ties end, and what higher rooms keep about
    the person for them is erased (`person_forgotten`). Where nobody else knows the person, the whole record goes: names, birth, contacts, work, the
    values in the journal, rows of imports; what stays is a stub that counts, and who saw the contacts (keys alone). There is no way back; after an
    older backup is restored it is done again (then `at` = ids of the organisations for which it had been done; None = whole).

    Refuses without right, oneself, no ground, a form older than the record, twice, and whatever a follower refuses (a member, a holder of duties).
    """
    person = Person.objects.system("lock for forget").select_for_update().get(pk=person.pk)
    if not rules.may_forget(by, person):
        raise Forbidden()
    if ground not in Ground.values:
        raise Refused(_("请选择为什么抹去"), field="ground")
    if version is not None and version != person.version:
        raise Stale(_("这条记录刚被别人改过，请重新打开这一页，核对以后再抹去"))
    place, about = rules.contact_of(by, person), queries.forgetting(by, person, at)
    tell("person_forgotten", by=by, about=about)
    ties = Tie.objects.system("nobody sees the person any more").filter(person=person)
    (ties if about.is_whole else ties.filter(organisation_id__in=about.places)).delete()
    for said, known_at in (({"first": person}, "first_place__in"), ({"second": person}, "second_place__in")):
        pairs = Apart.objects.system("nobody compares the person any more").filter(**said)
        (pairs if about.is_whole else pairs.filter(**{known_at: about.places})).delete()
    if about.is_whole:
        _empty(by, person)
    else:
        forget_values(by=by, things=[("people.person", person.key), *_names(person)], at=about.places)
    places = list(Organisation.objects.system("on whose behalf").filter(pk__in=about.places).order_by("pk"))
    lines = [Line(one) for one in places]
    record(by=by, verb="people.forget", thing=person, organisation_id=place, reason=str(Ground(ground).label), lines=lines)
    return person


def _names(person: Person) -> list[tuple[str, str]]:
    return [("people.name", key) for key in Name.objects.system("forgetting").filter(person=person).values_list("key", flat=True)]


def _empty(by: Actor, person: Person) -> None:
    """Nothing personal stays in this room, in its journal and in the rows of files that became the person or resembled it."""
    gone = [("people.person", person.key), *_names(person)]
    for model in (Contact, Employment):
        gone += [(model._meta.label_lower, key) for key in model.objects.system("forgetting").filter(person=person).values_list("key", flat=True)]
    for rows in (Name.objects, Contact.objects, Employment.objects):
        rows.system("forgetting").filter(person=person).delete()
    for name, value in EMPTIED.items():
        setattr(person, name, value)
    person.forgotten_at = by.at
    person.version += 1
    person.save(update_fields=[*EMPTIED, "forgotten_at", "version"])
    wipe(by=by, things=[("people.person", person.key)], likes=[person.key])
    forget_entries(SEARCHED, [person.pk])
    forget_values(by=by, things=gone)
