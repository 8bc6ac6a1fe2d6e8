"""What a roster says anew of somebody who is a member already: taken over, ended, and put back again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Model

from juzhi.base import bulk
from juzhi.base.actors import Actor
from juzhi.base.importers import Row
from juzhi.base.periods import PartialDate, parse_date
from juzhi.journal.actions import Line
from juzhi.members.actions.matching import Register, anew, pieces
from juzhi.members.actions.membership import end, open_batch, source_of
from juzhi.members.models import AdmissionBatch, EndReason, Membership
from juzhi.network.models import Organisation, Precision
from juzhi.people.actions import contact_rows, employment_values, redate_ties
from juzhi.people.models import Contact, Employment, Person, Tie

KIND = "members.membership"
PERSONAL = ("gender", "born_on", "born_precision", "title")  # what a roster may say anew of a person
OF_SPELL = ("org_role", "number")  # and of the spell
SAYS = "导入的名单写明"


def death_of(row: Row) -> tuple[date | None, str]:
    """When somebody died whom the row calls deceased: day and precision as `people.mark_deceased` keeps them; (None, "") for the living."""
    if row.values.get("state") != "deceased":
        return None, ""
    ended = parse_date(row.values["ended"]) if row.values.get("ended") else None
    return (ended.on, ended.precision) if ended and ended.on else (None, Precision.UNKNOWN)


def batches_of(by: Actor, organisation: Organisation, rows: Sequence[Row]) -> tuple[dict[int, AdmissionBatch], dict[int, str]]:
    """Admission batches by number, and the keys of those that had to be opened."""
    numbers = {row.values["batch"] for row in rows if row.values.get("batch")}
    if not numbers:
        return {}, {}
    there = {one.number: one for one in AdmissionBatch.objects.system("import").filter(organisation=organisation, number__in=numbers)}
    opened: dict[int, str] = {}
    for number in sorted(numbers - there.keys()):
        day = common_day([row.values.get("joined") or "" for row in rows if row.values.get("batch") == number])
        there[number] = open_batch(by=by, organisation=organisation, number=number, on=day.on if day else None, precision=day.precision if day and day.on else "")
        opened[number] = there[number].key
    return there, opened


def common_day(texts: Sequence[str]) -> PartialDate | None:
    """The one day that all dates may mean: 2018-06 and 2018-06-22 are one, two days are none."""
    longest = max({*texts}, key=lambda text: (len(text), text), default="")
    return parse_date(longest) if longest and all(longest.startswith(text) for text in texts) else None


def close_batches(keys: Iterable[str]) -> list[tuple[str, str]]:
    """Take away batches that an import opened and in which nobody is left. Returns what the journal must forget."""
    empty = AdmissionBatch.objects.system("undo").filter(key__in=list(keys), memberships=None)
    gone = [("members.admissionbatch", key) for key in empty.values_list("key", flat=True)]
    AdmissionBatch.objects.system("undo").filter(key__in=[key for _kind, key in gone]).delete()
    return gone


@dataclass
class Renewed:
    """Persons and spells that a roster says more of, gathered so that each table is written once."""

    persons: list[Person] = field(default_factory=list)
    employments: list[Employment] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    spells: list[Membership] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    batched: list[tuple[Row, Membership]] = field(default_factory=list)
    ending: list[tuple[Row, Membership, Person, str, PartialDate | None]] = field(default_factory=list)

    def renew(self, there: Register, row: Row, person: Person) -> None:
        """Take what the row says anew; a settled suspect who is a member already is renewed too."""
        new, spell = anew(there, row, person), there.spells[person.pk]
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
        self._renew_spell(row, spell, new)
        if "end" in new:
            self.ending.append((row, spell, person, *new["end"]))
        row.thing_kind, row.thing_key = KIND, spell.key
        row.before |= {"spell": spell.version, "person": person.version}

    def _renew_spell(self, row: Row, spell: Membership, new: dict[str, Any]) -> None:
        said = {name: (getattr(spell, name), new[name]) for name in OF_SPELL if name in new}
        for name, (was, now) in said.items():
            row.before[name] = was
            setattr(spell, name, now)
        if "batch" in new:
            row.before["batch"] = spell.batch.key if spell.batch else ""
            self.batched.append((row, spell))
        if said:
            self.lines.append(Line(spell, said, spell.organisation_id))
        if said or "batch" in new:
            spell.version += 1
            self.spells.append(spell)

    def save(self, by: Actor, organisation: Organisation, batch_key: str) -> None:
        """Write what was gathered; spells that are over are ended by the verb itself, one after the other."""
        batches, opened = batches_of(by, organisation, [row for row, _spell in self.batched])
        for row, spell in self.batched:
            number = row.values["batch"]
            self.lines.append(Line(spell, {"batch": (str(spell.batch or ""), str(batches[number]))}, spell.organisation_id))
            spell.batch = batches[number]
            if number in opened:
                row.before["opened"] = opened[number]
        bulk.update(self.persons, [*PERSONAL, "version"])
        bulk.insert(self.employments)
        bulk.insert(self.contacts)
        bulk.update(self.spells, [*OF_SPELL, "batch", "version"])
        for row, spell, person, reason, day in self.ending:
            on, precision = (day.on, day.precision) if day and day.on else (None, "")
            began = spell.joined_on
            over = end(by=by, membership=spell, reason_code=reason, ended_on=on, ended_precision=precision, reason=SAYS, batch_key=batch_key)
            died = reason == EndReason.DECEASED and not person.is_deceased
            row.before |= {"end": reason, "died": died, "spell": over.version, "person": person.version + (1 if died else 0)}
            if over.joined_on != began:
                row.before["began"] = began.isoformat()


def restore(restored: Sequence[tuple[Row, Membership]]) -> None:
    """Give persons and spells back what stood there before; take away what was added."""
    was_in = {one.key: one for one in AdmissionBatch.objects.system("undo").filter(key__in={row.before["batch"] for row, _ in restored if row.before.get("batch")})}
    persons, spells = [], []
    for row, spell in restored:
        for name, value in row.before["was"].items():
            setattr(spell.person, name, date.fromisoformat(value) if name.endswith("_on") and value else value)
        spell.person.version += 1
        persons.append(spell.person)
        for name in OF_SPELL:
            if name in row.before:
                setattr(spell, name, row.before[name])
        if "batch" in row.before:
            spell.batch = was_in.get(row.before["batch"])
        if row.before.get("end"):
            spell.ended_on, spell.ended_precision, spell.end_reason = None, "", ""
            spell.joined_on = date.fromisoformat(row.before["began"]) if row.before.get("began") else spell.joined_on
        if any(name in row.before for name in (*OF_SPELL, "batch", "end")):
            spell.version += 1
            spells.append(spell)
    bulk.update(persons, [*PERSONAL, "version"])
    bulk.update(spells, [*OF_SPELL, "batch", "joined_on", "ended_on", "ended_precision", "end_reason", "version"])
    revive([spell.person for row, spell in restored if row.before.get("died")])
    _open_ties([source_of(spell) for row, spell in restored if row.before.get("end")])
    for row, spell in restored:
        if row.before.get("began"):
            redate_ties(source=source_of(spell), valid_from=spell.joined_on)
    delete(Employment, "key", [row.before["employment"] for row, _ in restored if row.before.get("employment")])
    delete(Contact, "key", [key for row, _ in restored for key in row.before.get("contacts", ())])


def _open_ties(sources: Sequence[str]) -> None:
    """The organisation sees its members again as members, not as former ones."""
    for some in pieces(sources):
        Tie.objects.system("undo").filter(source__in=some, kind=Tie.Kind.FORMER_MEMBERSHIP).delete()
        Tie.objects.system("undo").filter(source__in=some, kind=Tie.Kind.MEMBERSHIP).update(valid_to=None)


def revive(persons: Sequence[Person]) -> None:
    """Those whom a file called deceased live again."""
    for one in persons:
        one.deceased_on, one.deceased_precision = None, ""
    bulk.update(persons, ["deceased_on", "deceased_precision"])


def delete(model: type[Model], name: str, values: Iterable[str]) -> None:
    for some in pieces(values):
        model._default_manager.system("undo").filter(**{f"{name}__in": some}).delete()  # type: ignore[attr-defined]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
