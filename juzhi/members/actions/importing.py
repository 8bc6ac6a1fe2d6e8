"""Rows of the kind `roster` become persons and spells of membership, in bulk: a dozen statements however many rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Model, ProtectedError
from django.utils.translation import gettext as _

from juzhi.base import bulk
from juzhi.base.actors import Actor
from juzhi.base.codes import mask_mobile
from juzhi.base.errors import Refused
from juzhi.base.importers import CREATE, REFUSE, SAME, SUSPECT, UPDATE, Like, Row, writes
from juzhi.base.text import search_key
from juzhi.journal.actions import Line, Noted, forget
from juzhi.members.actions.joining import KIND, Entered, admit, enter
from juzhi.members.actions.matching import Register, changes, impossible, likeness, pieces, register
from juzhi.members.actions.membership import source_of
from juzhi.members.imports import tally
from juzhi.members.models import Membership
from juzhi.network.models import Organisation
from juzhi.people.actions import contact_rows, employment_values
from juzhi.people.models import Contact, Employment, Person, Tie
from juzhi.people.search import KIND as SEARCHED
from juzhi.search.actions import renew

PERSONAL = ("gender", "born_on", "born_precision", "title")  # what a roster may say anew of a person
HELD = "别的记录还要用到这个人，人留下，只撤销会籍"


class RosterWriter:
    """How rows of a roster become persons and memberships."""

    def match(self, *, by: Actor, into: int | None, rows: Sequence[Row]) -> None:
        """Somebody already in this organisation with the same name and number is the same; otherwise a likeness by mobile, by name and unit, or
        by name and birth waits for a person. A name alone is no likeness: 张伟 twice stays two."""
        organisation = Organisation.objects.system("what a roster goes into").filter(pk=into or 0).first()
        if organisation is None:
            return
        there = register(by, organisation.pk, rows)
        for row in rows:
            person, how = likeness(there, row)
            is_here = person is not None and person.pk in there.spells and search_key(row.values["name"]) == person.name_key
            if reason := "" if is_here else impossible(by, organisation, row):
                row.action, row.reason = REFUSE, reason
            if person is None or row.action == REFUSE:
                continue
            row.like_key, row.like_by = person.key, how
            row.action = SUSPECT if not is_here else UPDATE if changes(there, row, person) else SAME

    def describe(self, *, by: Actor, keys: Sequence[str]) -> dict[str, Like]:
        """Name, gender, month of birth, employment, title and masked number of each: enough to tell two people apart."""
        persons = {one.pk: one for one in Person.objects.seen_by(by).filter(key__in=keys)}
        facts: dict[int, list[tuple[str, str]]] = defaultdict(list)
        for employment in Employment.objects.seen_by(by).filter(person_id__in=persons).order_by("pk"):
            facts[employment.person_id] += [(_("单位"), employment.unit), (_("职务"), employment.duty)]
        for contact in Contact.objects.seen_by(by).filter(person_id__in=persons, kind=Contact.Kind.MOBILE).order_by("position"):
            facts[contact.person_id].append((_("手机"), mask_mobile(contact.value)))
        for pk, person in persons.items():
            if person.born_on:
                facts[pk].append((_("出生年月"), person.born_on.isoformat()[:7]))
            facts[pk] += [(_("性别"), str(person.get_gender_display())), (_("职称"), person.title)]
        return {person.key: Like(person.name, tuple(facts[pk])) for pk, person in persons.items()}

    def write(self, *, by: Actor, into: int | None, pieces: Iterable[Sequence[Row]], batch_key: str, example: str = "") -> Iterator[Sequence[Line | Noted]]:
        organisation = Organisation.objects.system("lock for import").select_for_update().filter(pk=into or 0).first()
        if organisation is None:
            raise Refused(_("花名册要导入到一个组织，请先选择组织"), field="into")
        own: set[int] = set()  # who came in with this very file: no likeness for the rows behind
        for rows in pieces:
            there = register(by, organisation.pk, rows, but=own)
            fresh = [row for row in rows if row.action == CREATE or row.decision == "new"]
            _still_as_planned(there, fresh)
            entered, told = enter(organisation, fresh, example)
            own.update(one.pk for one in entered)
            joining = list(zip(fresh, entered, strict=True))
            renewed = _renew(there, rows, joining)
            lines: list[Line | Noted] = [*told, *renewed.lines, *admit(by, organisation, joining)]
            renew(SEARCHED, [*(one.pk for _row, one in joining), *(person.pk for person in renewed.persons)], by.today)
            yield lines

    def undo(self, *, by: Actor, into: int | None, rows: Sequence[Row], batch_key: str) -> None:
        """Spells and the persons made for them go; whoever was edited since, or is known elsewhere, stays and says so."""
        spells: dict[str, Membership] = {}
        for keys in pieces(row.thing_key for row in rows):
            spells |= {one.key: one for one in Membership.objects.system("undo").select_related("person").filter(key__in=keys)}
        removed: list[tuple[Row, Membership]] = []
        restored: list[tuple[Row, Membership]] = []
        for row in rows:
            spell = spells.get(row.thing_key)
            if spell is None:
                row.kept = "会籍已经不在了"
            elif (spell.version, spell.person.version) != (row.before.get("spell"), row.before.get("person")):
                row.kept = "导入之后有人改过"
            else:
                (restored if "was" in row.before else removed).append((row, spell))
        _restore(restored)
        if gone := _remove(removed):
            forget(by=by, things=gone, reason="撤销导入")
        renew(SEARCHED, [spell.person_id for _row, spell in (*restored, *removed)], by.today)

    def figures(self, *, rows: Sequence[Row], as_of: date) -> dict[str, Any]:
        return tally(rows, as_of)


writes("roster", RosterWriter())


def _renew(there: Register, rows: Sequence[Row], joining: list[tuple[Row, Entered]]) -> Renewed:
    """Rows that mean somebody in the register: a member's record takes what is new; who is no member here joins."""
    renewed = Renewed()
    by_key = {person.key: person for person in there.persons.values()}
    for row in rows:
        if row.action == CREATE or row.decision == "new":
            continue
        person = by_key.get(row.like_key)
        if person is None:
            raise Refused(_("第 %(row)s 行「%(name)s」像的那个人现在看不到了，请重新试运行") % {"row": row.row, "name": row.values.get("name")}, code="conflict")
        if person.pk in there.spells:
            renewed.renew(there, row, person)
        else:
            joining.append((row, Entered(person.pk, person.key, person.version, is_new=False)))
    renewed.save()
    return renewed


@dataclass
class Renewed:
    """Persons and spells that a roster says more of, gathered so that each table is written once."""

    persons: list[Person] = field(default_factory=list)
    employments: list[Employment] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    spells: list[Membership] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)

    def renew(self, there: Register, row: Row, person: Person) -> None:
        """Take what the row says anew; a settled suspect who is a member already is renewed too."""
        new, spell = changes(there, row, person), there.spells[person.pk]
        told: dict[str, tuple[Any, Any]] = {}
        row.before = {"was": {}}
        for name in PERSONAL:
            if name in new:
                was, now = _plain(getattr(person, name)), _plain(new[name])
                row.before["was"][name], told[name] = was, (was, now)
                setattr(person, name, new[name])
        person.version += 1
        self.persons.append(person)
        if "employment" in new:
            unit, duty = new["employment"]
            made = Employment(**employment_values(person, unit, duty, "花名册"))
            row.before["employment"] = made.key
            self.employments.append(made)
        if "contacts" in new:
            mobiles, emails = [one for one in new["contacts"] if "@" not in one], [one for one in new["contacts"] if "@" in one]
            added = contact_rows(person, mobiles, emails[0] if emails else "")
            row.before["contacts"] = [one.key for one in added]
            self.contacts += added
        self.lines.append(Line(person, told, spell.organisation_id))
        if "org_role" in new:
            row.before["org_role"] = spell.org_role
            self.lines.append(Line(spell, {"org_role": (spell.org_role, new["org_role"])}, spell.organisation_id))
            spell.org_role = new["org_role"]
            spell.version += 1
            self.spells.append(spell)
        row.thing_kind, row.thing_key = KIND, spell.key
        row.before |= {"spell": spell.version, "person": person.version}

    def save(self) -> None:
        bulk.update(self.persons, [*PERSONAL, "version"])
        bulk.insert(self.employments)
        bulk.insert(self.contacts)
        bulk.update(self.spells, ["org_role", "version"])


def _still_as_planned(there: Register, fresh: Sequence[Row]) -> None:
    """Refuses when somebody alike has come into the register since the plan was made: two imports of one file never make anybody twice."""
    late = [row for row in fresh if there.persons and row.action == CREATE and likeness(there, row)[0] is not None]
    if late:
        names = "、".join(_("第 %(row)s 行「%(name)s」") % {"row": row.row, "name": row.values["name"]} for row in late[:3])
        raise Refused(_("试运行之后名册有了变化：%(names)s等 %(number)s 行现在已在册或疑似重复。请重新试运行再写入") % {"names": names, "number": len(late)}, code="conflict")


def _restore(restored: Sequence[tuple[Row, Membership]]) -> None:
    """Give persons and spells back what stood there before; take away what was added."""
    persons, spells = [], []
    for row, spell in restored:
        for name, value in row.before["was"].items():
            setattr(spell.person, name, date.fromisoformat(value) if name.endswith("_on") and value else value)
        spell.person.version += 1
        persons.append(spell.person)
        if "org_role" in row.before:
            spell.org_role = row.before["org_role"]
            spell.version += 1
            spells.append(spell)
    bulk.update(persons, [*PERSONAL, "version"])
    bulk.update(spells, ["org_role", "version"])
    _delete(Employment, "key", [row.before["employment"] for row, _ in restored if row.before.get("employment")])
    _delete(Contact, "key", [key for row, _ in restored for key in row.before.get("contacts", ())])


def _remove(removed: Sequence[tuple[Row, Membership]]) -> list[tuple[str, str]]:
    """Take spells back, and the persons made for them unless something else holds on to them. Returns what the journal must forget."""
    _delete(Tie, "source", [source_of(spell) for _row, spell in removed])
    gone = [(KIND, spell.key) for _row, spell in removed]
    _delete(Membership, "key", [spell.key for _row, spell in removed])
    made = {spell.person_id: (row, spell.person) for row, spell in removed if row.before.get("made")}
    held: set[int] = set()
    for ids in pieces(made):
        for model in (Membership, Tie):
            held.update(model.objects.system("undo").filter(person_id__in=ids).values_list("person_id", flat=True))
    for ids in pieces(made.keys() - held, 200):
        held |= _delete_persons([made[pk][1] for pk in ids])
    for pk in held:
        made[pk][0].kept = HELD
    return [*gone, *(("people.person", person.key) for pk, (_row, person) in made.items() if pk not in held)]


def _delete_persons(persons: Sequence[Person]) -> set[int]:
    """Delete persons together; where something protects one, each by itself. Returns the ids of those that stay."""
    try:
        with transaction.atomic():
            Person.objects.system("undo").filter(pk__in=[one.pk for one in persons]).delete()
        return set()
    except ProtectedError:
        if len(persons) == 1:
            return {persons[0].pk}
    return {pk for one in persons for pk in _delete_persons([one])}


def _delete(model: type[Model], name: str, values: Iterable[str]) -> None:
    for some in pieces(values):
        model._default_manager.system("undo").filter(**{f"{name}__in": some}).delete()  # type: ignore[attr-defined]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
