"""Which person a row of a roster means: somebody already here, somebody alike whom a clerk has to judge, or nobody yet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from juzhi.base.actors import Actor
from juzhi.base.importers import Row
from juzhi.base.periods import parse_date
from juzhi.base.text import search_key
from juzhi.members.models import EndReason, Membership
from juzhi.network.models import Organisation, OrganisationName, Precision
from juzhi.people import rules as of_persons
from juzhi.people.models import Contact, Employment, Gender, Person

ENDS = {"left": EndReason.LEFT, "deceased": EndReason.DECEASED, "transferred": EndReason.TRANSFERRED, "ended": EndReason.EXPELLED, "dissolved": EndReason.DISSOLVED}
GENDERS = {"男": Gender.MALE, "女": Gender.FEMALE}  # as files are read, whatever language the reader's pages are in


@dataclass
class Register:
    """The persons an actor may see, by what a row can be compared with."""

    persons: dict[int, Person] = field(default_factory=dict)
    by_mobile: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    by_unit: dict[tuple[str, str], set[int]] = field(default_factory=lambda: defaultdict(set))
    by_birth: dict[tuple[str, date], set[int]] = field(default_factory=lambda: defaultdict(set))
    by_number: dict[tuple[str, str], set[int]] = field(default_factory=lambda: defaultdict(set))  # name and member number here
    spells: dict[int, Membership] = field(default_factory=dict)  # person -> latest spell here
    earlier: dict[int, list[Membership]] = field(default_factory=lambda: defaultdict(list))  # person -> spells here before the latest
    names_here: set[str] = field(default_factory=set)
    units: dict[int, tuple[str, str]] = field(default_factory=dict)
    contacts: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    mobiles: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))


def register(by: Actor, into: int, rows: Sequence[Row], but: Set[int] = frozenset()) -> Register:
    """What `by` may see and the rows could mean, without the persons of `but`. Of nobody outside the actor's reach more than the id is read, so nothing is learned of them."""
    found = Register()
    mobiles = {one for row in rows for one in mobiles_of(row)}
    names = {search_key(row.values["name"]) for row in rows if row.values.get("name")}
    why = "who could be meant; whom the reader sees is asked at once"
    ids = {*Contact.objects.system(why).filter(value_key__among=mobiles).values_list("person_id", flat=True)}
    ids.update(Person.objects.system(why).filter(name_key__among=names).values_list("pk", flat=True))
    persons = list(Person.objects.seen_among(by, sorted(ids - but))) if ids - but else []
    wanted, why = {person.pk for person in persons}, "of persons just seen"
    if not wanted:
        return found
    for person in persons:
        found.persons[person.pk] = person
        if person.born_on:
            found.by_birth[person.name_key, person.born_on].add(person.pk)
    for contact in Contact.objects.system(why).filter(person_id__among=wanted):
        found.contacts[contact.person_id].add(contact.value_key)
        if contact.kind == Contact.Kind.MOBILE:
            found.by_mobile[contact.value_key].add(contact.person_id)
            found.mobiles[contact.person_id].add(contact.value_key)
    for employment in Employment.objects.system(why).filter(person_id__among=wanted).order_by("pk"):
        found.units[employment.person_id] = (employment.unit, employment.duty)
        if employment.unit_key and employment.person_id in found.persons:
            found.by_unit[found.persons[employment.person_id].name_key, employment.unit_key].add(employment.person_id)
    for spell in Membership.objects.seen_by(by).select_related("batch").filter(organisation_id=into, person_id__among=wanted).order_by("joined_on"):
        if spell.person_id in found.spells:
            found.earlier[spell.person_id].append(found.spells[spell.person_id])
        found.spells[spell.person_id] = spell
        if spell.person_id in found.persons:
            found.names_here.add(found.persons[spell.person_id].name_key)
            if spell.number:
                found.by_number[found.persons[spell.person_id].name_key, spell.number].add(spell.person_id)
    return found


def pieces(values: Iterable[Any], size: int = 400) -> list[list[Any]]:
    ordered = sorted(values)
    return [ordered[start : start + size] for start in range(0, len(ordered), size)]


def mobiles_of(row: Row) -> list[str]:
    """Every mobile of a row, the first one first."""
    values = row.values
    if not values.get("mobiles"):
        return [values["mobile"]] if values.get("mobile") else []
    return list(dict.fromkeys(one for one in [values.get("mobile"), *(values.get("mobiles") or [])] if one))


def likeness(there: Register, row: Row) -> tuple[Person | None, str]:
    """The one person the row resembles and by what, strongest first. Two that fit equally: the one who is already here."""
    name = search_key(row.values["name"])
    birth = birth_of(row)
    unit = search_key(row.values.get("unit") or "")
    tests: list[tuple[str, set[int]]] = [("mobile", {pk for mobile in mobiles_of(row) for pk in there.by_mobile.get(mobile, ())})]
    tests.append(("name_number", there.by_number.get((name, row.values.get("number") or ""), set())))
    tests.append(("name_unit", there.by_unit.get((name, unit), set()) if unit else set()))
    tests.append(("name_birth", there.by_birth.get((name, birth[0]), set()) if birth else set()))
    for how, found in tests:
        here = [pk for pk in sorted(found) if pk in there.persons and (how in ("mobile", "name_number") or not _other_mobile(there, row, pk))]
        here.sort(key=lambda pk: (pk not in there.spells, there.persons[pk].name_key != name))
        if here:
            return there.persons[here[0]], how
    return None, ""


def _other_mobile(there: Register, row: Row, pk: int) -> bool:
    """Same name, same unit, but both have a mobile and they differ: two people until somebody says otherwise elsewhere."""
    theirs, own = there.mobiles.get(pk, set()), mobiles_of(row)
    return bool(theirs) and bool(own) and theirs.isdisjoint(own) and pk in there.spells


def birth_of(row: Row) -> tuple[date, str] | None:
    if not row.values.get("birth"):
        return None
    day = parse_date(row.values["birth"])
    return (day.on, day.precision) if day.on else None


def changes(there: Register, row: Row, person: Person) -> dict[str, Any]:
    """What the row says that the record does not. An empty cell says nothing."""
    values = row.values
    new: dict[str, Any] = {}
    birth = birth_of(row)
    if birth and birth != (person.born_on, person.born_precision):
        new |= {"born_on": birth[0], "born_precision": birth[1]}
    if values.get("title") and values["title"] != person.title:
        new["title"] = values["title"]
    if values.get("gender") and GENDERS.get(values["gender"], "") != person.gender:
        new["gender"] = GENDERS.get(values["gender"], "")
    unit, duty = there.units.get(person.pk, ("", ""))
    if (values.get("unit") and values["unit"] != unit) or (values.get("duty") and values["duty"] != duty):
        new["employment"] = (values.get("unit") or unit, values.get("duty") or duty)
    known = there.contacts.get(person.pk, set())
    if more := [one for one in [*mobiles_of(row), (values.get("email") or "").lower()] if one and one not in known]:
        new["contacts"] = more
    spell = there.spells.get(person.pk)
    return new if spell is None else new | _changes_of_spell(values, spell)


def means_earlier(there: Register, row: Row, person: Person) -> bool:
    """Whether a row that says somebody left speaks of a spell before the latest one: it ended, and the row's days are its days."""
    values = row.values
    if values.get("state") not in ENDS or person.pk not in there.earlier:
        return False
    joined, ended = (parse_date(values[name]).on if values.get(name) else None for name in ("joined", "ended"))
    return any(joined in (None, one.joined_on) and ended in (None, one.ended_on) and (joined or ended) for one in there.earlier[person.pk])


def _changes_of_spell(values: dict[str, Any], spell: Membership) -> dict[str, Any]:
    """What a row says anew of the spell here: `end` = (reason, day or None) where it says that an open one is over."""
    if spell.is_over and values.get("state") == "active":
        return {}  # it speaks of a membership that goes on: nothing of it belongs to the one that ended
    new: dict[str, Any] = {name: values[name] for name in ("org_role", "number") if values.get(name) and values[name] != getattr(spell, name)}
    if values.get("batch") and values["batch"] != (spell.batch.number if spell.batch else None):
        new["batch"] = values["batch"]
    if not spell.is_over and values.get("state") in ENDS:
        new["end"] = (ENDS[values["state"]], parse_date(values["ended"]) if values.get("ended") else None)
    return new


def anew(there: Register, row: Row, person: Person) -> dict[str, Any]:
    """What is to be taken from the row of somebody who is a member here; nothing where it speaks of a spell before the latest."""
    return {} if means_earlier(there, row, person) else changes(there, row, person)


def hindrance(by: Actor, there: Register, row: Row, person: Person) -> str:
    """Why what the row says cannot be written of this person, as the code of a reason; "" if it can. What the verbs would refuse is told here first:
    one row of a list must not cost all the others."""
    spell = there.spells.get(person.pk)
    if spell is not None and not (row.decision == "again" and spell.is_over):
        return _impossible_end(by, there, anew(there, row, person), spell, person)
    if row.values.get("state") == "active":
        return "is_deceased" if person.is_deceased else ""
    if row.values.get("state") != "deceased" or person.is_deceased:
        return ""
    died = parse_date(row.values["ended"]) if row.values.get("ended") else None
    if died is not None and died.last is not None and person.born_on is not None and died.last < person.born_on:
        return "ended_before_birth"
    return "" if of_persons.may_correct(by, person) else "death_elsewhere"


def _impossible_end(by: Actor, there: Register, new: dict[str, Any], spell: Membership, person: Person) -> str:
    """Why a spell here cannot end as the row says; "" if it can, or goes on. Of an unknown joining day no more is known than that it was before the end."""
    reason, ended = new.get("end", ("", None))
    if ended is None or ended.on is None:
        return ""
    if ended.on > by.today:
        return "future_date"
    born = new.get("born_on", person.born_on)
    if reason == EndReason.DECEASED and not person.is_deceased and born and ended.last < born:
        return "ended_before_birth"
    if ended.on >= spell.joined_on:
        return ""
    if spell.joined_precision != Precision.UNKNOWN:
        return "ended_before"
    since = ended.on - timedelta(days=1)
    return "overlaps" if any(one.joined_on < ended.on and one.ended_on and one.ended_on > since for one in there.earlier.get(person.pk, ())) else ""


def in_future(by: Actor, row: Row) -> str:
    """Whether a day of the row is still to come, as the code of a reason; "" if none is."""
    days = (parse_date(row.values[name]).on if row.values.get(name) else None for name in ("joined", "ended", "birth"))
    return "future_date" if any(day is not None and day > by.today for day in days) else ""


def other_places(by: Actor, organisation: Organisation, rows: Sequence[Row]) -> set[str]:
    """Names in the column of organisations that mean another one: its rows are not brought in here."""
    told = {row.values["organisation"] for row in rows if row.values.get("organisation")}
    if not told:
        return set()
    own = {search_key(text) for text in OrganisationName.objects.seen_by(by).filter(organisation=organisation).values_list("text", flat=True)}
    strange = {search_key(name): name for name in told if search_key(name) not in own}
    found: set[str] = set()
    for piece in pieces(strange):
        found.update(Organisation.objects.seen_by(by).filter(name_key__in=piece).values_list("name_key", flat=True))
    return found


def impossible(by: Actor, organisation: Organisation, row: Row) -> str:
    """Why no membership can have the days of this row, as the code of a reason; "" if one can."""
    joined, ended, born = (parse_date(row.values[name]) if row.values.get(name) else None for name in ("joined", "ended", "birth"))
    if born is not None and born.on is not None and ended is not None and ended.last is not None and ended.last < born.on:
        return "ended_before_birth"
    if joined is None or joined.on is None:
        return "organisation_over" if organisation.dissolved_on and organisation.dissolved_on <= by.today and row.values.get("state") == "active" else ""
    if ended is not None and ended.last is not None and ended.last < joined.on:
        return "ended_before"
    if born is not None and born.on is not None and joined.last is not None and joined.last < born.on:
        return "born_later"
    return "organisation_over" if organisation.dissolved_on and joined.on >= organisation.dissolved_on else ""
