"""Rows of the kind `roster` become persons and spells of membership, in bulk: a dozen statements however many rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import ProtectedError

from juzhi.base import bulk
from juzhi.base.actors import Actor
from juzhi.base.errors import Refused
from juzhi.base.importers import CREATE, SAME, SUSPECT, UPDATE, Like, Row, writes
from juzhi.base.periods import parse_date
from juzhi.base.pinyin import sort_key
from juzhi.base.text import search_key
from juzhi.journal.actions import Line, forget
from juzhi.members.actions.membership import RETENTION, source_of
from juzhi.members.imports import tally
from juzhi.members.models import AdmissionBatch, EndReason, Membership
from juzhi.network.models import Organisation, Precision
from juzhi.people.actions import contact_rows, employment_values
from juzhi.people.models import Contact, Employment, Gender, Person, Tie

KIND = "members.membership"
GENDERS = {str(label): value for value, label in Gender.choices}


@dataclass
class Register:
    """The persons an actor may see, by what a row can be compared with."""

    persons: dict[int, Person] = field(default_factory=dict)
    by_mobile: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    by_unit: dict[tuple[str, str], set[int]] = field(default_factory=lambda: defaultdict(set))
    by_birth: dict[tuple[str, date], set[int]] = field(default_factory=lambda: defaultdict(set))
    spells: dict[int, Membership] = field(default_factory=dict)  # person -> latest spell here
    units: dict[int, tuple[str, str]] = field(default_factory=dict)
    contacts: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))


def register(by: Actor, into: int, rows: Sequence[Row]) -> Register:
    """What `by` may see and the rows could mean. Nobody outside the actor's reach is looked at, so nothing is learned of them."""
    found = Register()
    mobiles = {one for row in rows for one in mobiles_of(row)}
    names = {search_key(row.values["name"]) for row in rows if row.values.get("name")}
    ids: set[int] = set()
    for piece in _pieces(mobiles):
        ids.update(Contact.objects.seen_by(by).filter(value_key__in=piece).values_list("person_id", flat=True))
    for piece in _pieces(names):
        ids.update(Person.objects.seen_by(by).filter(name_key__in=piece).values_list("pk", flat=True))
    for ids_piece in _pieces(ids):
        for person in Person.objects.seen_by(by).filter(pk__in=ids_piece):
            found.persons[person.pk] = person
            if person.born_on:
                found.by_birth[person.name_key, person.born_on].add(person.pk)
        for contact in Contact.objects.seen_by(by).filter(person_id__in=ids_piece):
            found.contacts[contact.person_id].add(contact.value_key)
            if contact.kind == Contact.Kind.MOBILE:
                found.by_mobile[contact.value_key].add(contact.person_id)
        for employment in Employment.objects.seen_by(by).filter(person_id__in=ids_piece).order_by("pk"):
            found.units[employment.person_id] = (employment.unit, employment.duty)
            if employment.unit_key and employment.person_id in found.persons:
                found.by_unit[found.persons[employment.person_id].name_key, employment.unit_key].add(employment.person_id)
        for spell in Membership.objects.seen_by(by).filter(organisation_id=into, person_id__in=ids_piece).order_by("joined_on"):
            found.spells[spell.person_id] = spell
    return found


def _pieces(values: Iterable[Any], size: int = 400) -> list[list[Any]]:
    ordered = sorted(values)
    return [ordered[start : start + size] for start in range(0, len(ordered), size)]


def mobiles_of(row: Row) -> list[str]:
    """Every mobile of a row, the first one first."""
    values = row.values
    return [one for one in [values.get("mobile"), *(values.get("mobiles") or [])] if one]


class RosterWriter:
    """How rows of a roster become persons and memberships."""

    def match(self, *, by: Actor, into: int | None, rows: Sequence[Row]) -> None:
        """Somebody already in this organisation with the same name and number is the same; otherwise a likeness by mobile, by name and unit, or
        by name and birth waits for a person. A name alone is no likeness: 张伟 twice stays two."""
        if into is None:
            return
        there = register(by, into, rows)
        for row in rows:
            person, how = _likeness(there, row)
            if person is None:
                continue
            row.like_key, row.like_by = person.key, how
            if person.pk in there.spells and search_key(row.values["name"]) == person.name_key:
                row.action = UPDATE if _changes(there, row, person) else SAME
            else:
                row.action = SUSPECT

    def describe(self, *, by: Actor, keys: Sequence[str]) -> dict[str, Like]:
        """Name, unit, month of birth and masked number of each: enough to tell two people apart."""
        persons = {one.pk: one for one in Person.objects.seen_by(by).filter(key__in=keys)}
        facts: dict[int, list[tuple[str, str]]] = defaultdict(list)
        for employment in Employment.objects.seen_by(by).filter(person_id__in=persons).order_by("pk"):
            facts[employment.person_id].append(("单位", employment.unit))
        for contact in Contact.objects.seen_by(by).filter(person_id__in=persons, kind=Contact.Kind.MOBILE).order_by("position"):
            facts[contact.person_id].append(("手机", f"{contact.value[:3]}****{contact.value[-4:]}"))
        for pk, person in persons.items():
            if person.born_on:
                facts[pk].append(("出生", person.born_on.isoformat()[:7]))
        return {person.key: Like(person.name, tuple(facts[pk])) for pk, person in persons.items()}

    def write(self, *, by: Actor, into: int | None, rows: Sequence[Row], batch_key: str, example: str = "") -> Sequence[Any]:
        organisation = Organisation.objects.system("lock for import").select_for_update().filter(pk=into).first()
        if organisation is None:
            raise Refused("花名册要导入到一个组织，请先选择组织", field="into")
        there = register(by, organisation.pk, rows)
        by_key = {person.key: person for person in there.persons.values()}
        fresh = [row for row in rows if row.action == CREATE or row.decision == "new"]
        known = [row for row in rows if row not in fresh]
        persons = dict(zip([row.position for row in fresh], _enter(by, fresh, example), strict=True))
        joining = [(row, persons[row.position]) for row in fresh]
        lines = [Line(person, {"name": (None, person.name)}, organisation.pk) for _, person in joining]
        for row in known:
            person = by_key.get(row.like_key)
            if person is None:
                raise Refused(f"第 {row.row} 行「{row.values.get('name')}」像的那个人现在看不到了，请重新裁定", code="conflict")
            if person.pk in there.spells:
                lines += _update(by, there, row, person)
            else:
                joining.append((row, person))
        return [*lines, *_admit(by, organisation, joining, {row.position for row in fresh})]

    def undo(self, *, by: Actor, into: int | None, rows: Sequence[Row], batch_key: str) -> None:
        """Spells and the persons made for them go; whoever was edited since, or is known elsewhere, stays and says so."""
        spells = {one.key: one for one in Membership.objects.system("undo").select_related("person").filter(key__in=[row.thing_key for row in rows])}
        gone: list[tuple[str, str]] = []
        for row in rows:
            spell = spells.get(row.thing_key)
            if spell is None:
                row.kept = "会籍已经不在了"
            elif (spell.version, spell.person.version) != (row.before.get("spell"), row.before.get("person")):
                row.kept = "导入之后有人改过"
            elif "was" in row.before:
                _restore(row, spell.person)
            else:
                gone += _remove(row, spell)
        if gone:
            forget(by=by, things=gone, reason="撤销导入")

    def figures(self, *, rows: Sequence[Row], as_of: date) -> dict[str, Any]:
        return tally(rows, as_of)


writes("roster", RosterWriter())


def _likeness(there: Register, row: Row) -> tuple[Person | None, str]:
    """The one person the row resembles and by what, strongest first. Two that fit equally: the one who is already here."""
    name = search_key(row.values["name"])
    birth = _birth(row)
    unit = search_key(row.values.get("unit") or "")
    tests: list[tuple[str, set[int]]] = [("mobile", {pk for mobile in mobiles_of(row) for pk in there.by_mobile.get(mobile, ())})]
    tests.append(("name_unit", there.by_unit.get((name, unit), set()) if unit else set()))
    tests.append(("name_birth", there.by_birth.get((name, birth[0]), set()) if birth else set()))
    for how, found in tests:
        here = [pk for pk in sorted(found) if pk in there.persons and (how == "mobile" or not _other_mobile(there, row, pk))]
        here.sort(key=lambda pk: (pk not in there.spells, there.persons[pk].name_key != name))
        if here:
            return there.persons[here[0]], how
    return None, ""


def _other_mobile(there: Register, row: Row, pk: int) -> bool:
    """Same name, same unit, but both have a mobile and they differ: two people until somebody says otherwise elsewhere."""
    theirs = {mobile for mobile, pks in there.by_mobile.items() if pk in pks}
    return bool(theirs) and bool(mobiles_of(row)) and theirs.isdisjoint(mobiles_of(row)) and pk in there.spells


def _birth(row: Row) -> tuple[date, str] | None:
    if not row.values.get("birth"):
        return None
    day = parse_date(row.values["birth"])
    return (day.on, day.precision) if day.on else None


def _changes(there: Register, row: Row, person: Person) -> dict[str, Any]:
    """What the row says that the record does not. An empty cell says nothing."""
    values, new = row.values, {}
    birth = _birth(row)
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
    if spell is not None and values.get("org_role") and values["org_role"] != spell.org_role:
        new["org_role"] = values["org_role"]
    return new


def _enter(by: Actor, rows: Sequence[Row], example: str) -> list[Person]:
    """Persons with contacts and employment."""
    persons = []
    for row in rows:
        values, birth = row.values, _birth(row)
        deceased = values.get("state") == "deceased"
        persons.append(
            Person(
                name=values["name"],
                name_key=search_key(values["name"]),
                pinyin_key=sort_key(values["name"]),
                gender=GENDERS.get(values.get("gender") or "", ""),
                born_on=birth[0] if birth else None,
                born_precision=birth[1] if birth else "",
                title=(values.get("title") or "")[:60],
                deceased_precision=Precision.UNKNOWN if deceased else "",
                example=example,
            )
        )
    bulk.insert(persons)
    contacts = [contact for row, person in zip(rows, persons, strict=True) for contact in contact_rows(person, mobiles_of(row), row.values.get("email") or "")]
    bulk.insert(contacts)
    employed = [(row, person) for row, person in zip(rows, persons, strict=True) if row.values.get("unit") or row.values.get("duty")]
    bulk.insert(Employment(**employment_values(person, row.values.get("unit") or "", row.values.get("duty") or "", "花名册")) for row, person in employed)
    return persons


def _admit(by: Actor, organisation: Organisation, joining: Sequence[tuple[Row, Person]], fresh: set[int]) -> list[Line]:
    """Spells and the ties that stand for them."""
    batches = _batches(organisation, {row.values["batch"] for row, _ in joining if row.values.get("batch")})
    spells = [_spell(by, organisation, row, person, batches) for row, person in joining]
    bulk.insert(spells)
    bulk.insert(_tie(by, organisation, spell) for spell in spells)
    for (row, person), spell in zip(joining, spells, strict=True):
        row.thing_kind, row.thing_key = KIND, spell.key
        row.before = {"spell": 1, "person": person.version, "made": row.position in fresh}
    return [Line(spell, {"joined_on": (None, spell.joined_on.isoformat()), "org_role": ("", spell.org_role)}, organisation.pk) for spell in spells]


def _spell(by: Actor, organisation: Organisation, row: Row, person: Person, batches: dict[int, AdmissionBatch]) -> Membership:
    values = row.values
    joined = parse_date(values["joined"]) if values.get("joined") else None
    ended = parse_date(values["ended"]) if values.get("ended") else None
    reason = {"deceased": EndReason.DECEASED, "left": EndReason.LEFT}.get(values.get("state") or "", "")
    if joined is not None and joined.on is not None and joined.on > by.today:
        raise Refused(f"第 {row.row} 行「{person.name}」：入会时间在将来，请核对", field="joined")
    return Membership(
        person=person,
        organisation=organisation,
        number=(values.get("number") or "")[:40],
        batch=batches.get(values.get("batch") or 0),
        joined_on=joined.on if joined and joined.on else by.today,
        joined_precision=joined.precision if joined and joined.on else Precision.UNKNOWN,
        ended_on=ended.on if ended and reason else None,
        ended_precision=(ended.precision if ended and ended.on else Precision.UNKNOWN) if reason else "",
        end_reason=reason,
        org_role=(values.get("org_role") or "")[:40],
    )


def _tie(by: Actor, organisation: Organisation, spell: Membership) -> Tie:
    """A member's tie from the joining day; a former member's for the time of retention."""
    over = spell.is_over
    return Tie(
        person=spell.person,
        organisation=organisation,
        kind=Tie.Kind.FORMER_MEMBERSHIP if over else Tie.Kind.MEMBERSHIP,
        source=source_of(spell),
        valid_from=by.today if over else min(spell.joined_on, by.today),
        valid_to=by.today + RETENTION if over else None,
    )


def _batches(organisation: Organisation, numbers: set[int]) -> dict[int, AdmissionBatch]:
    there = {one.number: one for one in AdmissionBatch.objects.system("import").filter(organisation=organisation, number__in=numbers)}
    made = bulk.insert(AdmissionBatch(organisation=organisation, number=number) for number in sorted(numbers - there.keys()))
    return there | {one.number: one for one in made}


def _update(by: Actor, there: Register, row: Row, person: Person) -> list[Line]:
    """Write what the row says anew; a settled suspect who is a member already is updated too."""
    new, spell = _changes(there, row, person), there.spells[person.pk]
    plain = {name: value for name, value in new.items() if name not in ("employment", "contacts", "org_role")}
    row.before = {"was": {name: _plain(getattr(person, name)) for name in plain}}
    for name, value in plain.items():
        setattr(person, name, value)
    person.version += 1
    person.save(update_fields=[*plain, "version"])
    changes: dict[str, tuple[Any, Any]] = {name: (row.before["was"][name], _plain(value)) for name, value in plain.items()}
    if "employment" in new:
        made = Employment.objects.create(**employment_values(person, *new["employment"], "花名册"))
        row.before["employment"] = made.key
    if "contacts" in new:
        mobiles, emails = [one for one in new["contacts"] if "@" not in one], [one for one in new["contacts"] if "@" in one]
        row.before["contacts"] = [one.key for one in bulk.insert(contact_rows(person, mobiles, emails[0] if emails else ""))]
    lines = [Line(person, changes, spell.organisation_id)]
    if "org_role" in new:
        row.before["org_role"] = spell.org_role
        lines.append(Line(spell, {"org_role": (spell.org_role, new["org_role"])}, spell.organisation_id))
        spell.org_role = new["org_role"]
        spell.version += 1
        spell.save(update_fields=["org_role", "version"])
    row.thing_kind, row.thing_key = KIND, spell.key
    row.before |= {"spell": spell.version, "person": person.version}
    return lines


def _restore(row: Row, person: Person) -> None:
    was = row.before["was"]
    for name, value in was.items():
        setattr(person, name, date.fromisoformat(value) if name.endswith("_on") and value else value)
    person.version += 1
    person.save(update_fields=[*was, "version"])
    Employment.objects.system("undo").filter(key=row.before.get("employment", "")).delete()
    Contact.objects.system("undo").filter(key__in=row.before.get("contacts", [])).delete()
    if "org_role" in row.before:
        Membership.objects.system("undo").filter(key=row.thing_key).update(org_role=row.before["org_role"])


def _remove(row: Row, spell: Membership) -> list[tuple[str, str]]:
    """Take a spell back, and the person made for it unless somebody else knows them. Returns what the journal must forget."""
    person = spell.person
    Tie.objects.system("undo").filter(source=source_of(spell)).delete()
    gone = [("members.membership", spell.key)]
    spell.delete()
    if not row.before.get("made"):
        return gone
    if Membership.objects.system("undo").filter(person=person).exists() or Tie.objects.system("undo").filter(person=person).exists():
        row.kept = "这个人在别处也有记录，人留下，只撤销会籍"
        return gone
    try:
        key = person.key
        person.delete()
    except ProtectedError:
        row.kept = "这个人已有账号，人留下，只撤销会籍"
        return gone
    return [*gone, ("people.person", key)]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
