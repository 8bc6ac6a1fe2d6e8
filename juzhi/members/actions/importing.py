"""Rows of the kind `roster` become persons and spells of membership, in bulk: a dozen statements however many rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from juzhi.base.actors import Actor
from juzhi.base.codes import mask_mobile
from juzhi.base.errors import Refused
from juzhi.base.importers import CREATE, REFUSE, SAME, SUSPECT, UPDATE, Became, Like, Row, writes
from juzhi.base.periods import PartialDate
from juzhi.base.text import search_key
from juzhi.journal.actions import Line, Noted, forget
from juzhi.members import queries
from juzhi.members.actions.joining import Entered, admit, enter, sought_by
from juzhi.members.actions.matching import Register, anew, hindrance, impossible, in_future, likeness, other_places, register
from juzhi.members.actions.matching import pieces as parted
from juzhi.members.actions.membership import BATCHES_AT_MOST, source_of
from juzhi.members.actions.rejoining import ask_again, begins_again
from juzhi.members.actions.renewing import KIND, SAYS, Renewed, close_batches, death_of, delete, restore, revive
from juzhi.members.imports import REASONS, tally, tally_batches
from juzhi.members.models import EndReason, Membership
from juzhi.network.models import Organisation
from juzhi.people.actions import mark_deceased
from juzhi.people.models import Contact, Employment, Person, Tie
from juzhi.people.queries import seen
from juzhi.people.search import KIND as SEARCHED
from juzhi.people.search import tied_at
from juzhi.search.actions import enter as enter_search
from juzhi.search.actions import renew

HELD = gettext_noop("别的记录还要用到这个人，人留下，只撤销会籍")


class RosterWriter:
    """How rows of a roster become persons and memberships."""

    def match(self, *, by: Actor, into: int | None, rows: Sequence[Row]) -> None:
        """Somebody already in this organisation with the same name and number is the same; otherwise a likeness by mobile, by name and unit, or
        by name and birth waits for a person. A name alone is no likeness: 张伟 twice stays two. Whose membership here has ended waits too when the list has them as
        a member: nobody joins again unasked."""
        organisation = Organisation.objects.system("what a roster goes into").filter(pk=into or 0).first()
        if organisation is None:
            return
        there, elsewhere = register(by, organisation.pk, rows), other_places(by, organisation, rows)
        for row in rows:
            if reason := wrong(row, elsewhere) or in_future(by, row):
                row.action, row.reason = REFUSE, reason
                continue
            person, how = likeness(there, row)
            is_here = person is not None and person.pk in there.spells and search_key(row.values["name"]) == person.name_key
            if reason := "" if is_here else impossible(by, organisation, row):
                row.action, row.reason = REFUSE, reason
            if person is None and row.action != REFUSE and search_key(row.values["name"]) in there.names_here:
                row.warn.append("namesake_here")
            if person is None or row.action == REFUSE:
                continue
            reason, new = hindrance(by, there, row, person), anew(there, row, person) if is_here else {}
            if reason and is_here:
                row.action, row.reason = REFUSE, reason
                continue
            row.like_key, row.like_by = person.key, how
            row.action = SUSPECT if not is_here else UPDATE if new else SAME
            if reason:
                row.warn.append(_told_hindrance(reason))
            if "end" in new:
                row.warn.append(_told_end(*new["end"]))
            if is_here and there.spells[person.pk].is_over and row.values.get("state") == "active":
                ask_again(by, organisation, row, person, there.spells[person.pk])

    def describe(self, *, by: Actor, keys: Sequence[str]) -> dict[str, Like]:
        """Name, gender, month of birth, employment, title and masked number of each: enough to tell two people apart."""
        persons = {one.pk: one for one in seen(by, keys)}
        facts: dict[int, list[tuple[str, str]]] = defaultdict(list)
        for employment in Employment.objects.system("of persons just seen").filter(person_id__in=persons).order_by("pk"):
            facts[employment.person_id] += [(_("单位"), employment.unit), (_("职务"), employment.duty)]
        for contact in Contact.objects.system("of persons just seen").filter(person_id__in=persons, kind=Contact.Kind.MOBILE).order_by("position"):
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
        tied = tied_at(organisation.pk, by.today)
        own: set[int] = set()  # who came in with this very file: no likeness for the rows behind
        for rows in pieces:
            there = register(by, organisation.pk, rows, but=own)
            rows = leave_out(by, there, rows)
            fresh = [row for row in rows if row.action == CREATE or row.decision == "new"]
            entered, told = enter(organisation, fresh, example)
            own.update(one.pk for one in entered)
            joining = list(zip(fresh, entered, strict=True))
            renewed = _renew(by, organisation, there, rows, joining, batch_key)
            lines: list[Line | Noted] = [*told, *renewed.lines, *admit(by, organisation, joining)]
            enter_search(SEARCHED, ((one.pk, sought_by(row) | tied) for row, one in zip(fresh, entered, strict=True)))
            renew(SEARCHED, [*(one.pk for _row, one in joining if not one.is_new), *(person.pk for person in renewed.persons)], by.today)
            yield lines

    def became(self, *, by: Actor, rows: Sequence[Row]) -> dict[str, Became]:
        """The member as the roster shows them, and what was written of them."""
        spells: dict[str, Membership] = {}
        for keys in parted({row.thing_key for row in rows}):
            spells |= {one.key: one for one in queries.known(by).filter(key__in=keys)}
        return {
            row.thing_key: Became(spell.person.name, ("members:membership", (spell.organisation.key, spell.key)), _written(row, spell))
            for row in rows
            if (spell := spells.get(row.thing_key)) is not None
        }

    def undo(self, *, by: Actor, into: int | None, rows: Sequence[Row], batch_key: str) -> None:
        """Spells and the persons made for them go; whoever was edited since, or is known elsewhere, stays and says so."""
        spells: dict[str, Membership] = {}
        for keys in parted(row.thing_key for row in rows):
            spells |= {one.key: one for one in Membership.objects.system("undo").select_related("person").filter(key__in=keys)}
        removed: list[tuple[Row, Membership]] = []
        restored: list[tuple[Row, Membership]] = []
        for row in rows:
            spell = spells.get(row.thing_key)
            if spell is None:
                row.kept = gettext_noop("会籍已经不在了")
            elif (spell.version, spell.person.version) != (row.before.get("spell"), row.before.get("person")):
                row.kept = gettext_noop("导入之后有人改过")
            else:
                (restored if "was" in row.before else removed).append((row, spell))
        restore(restored)
        gone = _remove(removed)
        gone += close_batches({row.before["opened"] for row, _spell in (*restored, *removed) if row.before.get("opened")})
        if gone:
            forget(by=by, things=gone, reason="撤销导入")
        renew(SEARCHED, [spell.person_id for _row, spell in (*restored, *removed)], by.today)

    def figures(self, *, rows: Sequence[Row], as_of: date) -> dict[str, Any]:
        return tally(rows, as_of)


class BatchWriter(RosterWriter):
    """A roster of those who were admitted together: the same records, counted by batch."""

    def figures(self, *, rows: Sequence[Row], as_of: date) -> dict[str, Any]:
        return tally_batches(rows, as_of)


writes("roster", RosterWriter())
writes("batch", BatchWriter())


def wrong(row: Row, elsewhere: set[str]) -> str:
    """Why a row does not belong here, as the code of a reason; "" if it may."""
    if elsewhere and search_key(row.values.get("organisation") or "") in elsewhere:
        return "other_organisation"
    return "unknown_batch" if (row.values.get("batch") or 1) > BATCHES_AT_MOST else ""


def _told_end(reason: str, ended: PartialDate | None) -> dict[str, list[str]]:
    """The warning that a row ends a spell: told in Chinese, shown in the reader's language."""
    with override(settings.LANGUAGE_CODE):
        return {"ends_and_died" if reason == EndReason.DECEASED else "ends_membership": [str(EndReason(reason).label), str(ended) if ended and ended.on else _("未详")]}


def _told_hindrance(reason: str) -> dict[str, str]:
    """The warning that a suspect cannot be written as the same person: told in Chinese, shown in the reader's language."""
    with override(settings.LANGUAGE_CODE):
        return {"not_the_same": str(REASONS[reason])}


def _written(row: Row, spell: Membership) -> tuple[str, ...]:
    """What an import wrote of somebody, in words."""
    if "was" not in row.before:
        return (queries.spell_note(spell), _("新登记的人") if row.before.get("made") else _("已在册的人，加一段会籍"))
    names = {"gender": _("性别"), "born_on": _("出生年月"), "title": _("职称"), "employment": _("单位及职务"), "contacts": _("联系方式"), "org_role": _("会内职务"), "number": _("会员号"), "batch": _("入会批次"), "end": _("离会")}
    told = [word for name, word in names.items() if name in row.before["was"] or row.before.get(name) is not None]
    return (_("更新：%(what)s") % {"what": "、".join(told)},) if told else ()


def _renew(by: Actor, organisation: Organisation, there: Register, rows: Sequence[Row], joining: list[tuple[Row, Entered]], batch_key: str) -> Renewed:
    """Rows that mean somebody in the register: a member's record takes what is new; who is no member here joins."""
    renewed = Renewed()
    by_key = {person.key: person for person in there.persons.values()}
    for row in rows:
        if row.action == CREATE or row.decision == "new":
            continue
        person = by_key[row.like_key]
        if person.pk in there.spells and not begins_again(row, there.spells[person.pk]):
            renewed.renew(there, row, person)
            continue
        if row.values.get("state") == "deceased" and not person.is_deceased:
            on, precision = death_of(row)
            person = mark_deceased(by=by, person=person, on=on, precision=precision if on else "", reason=SAYS)
            row.before["died"] = True
        joining.append((row, Entered(person.pk, person.key, person.version, is_new=False)))
    renewed.save(by, organisation, batch_key)
    return renewed


def leave_out(by: Actor, there: Register, rows: Sequence[Row]) -> list[Row]:
    """The rows that can be written as the register is now; the others are refused with their reason, so that they come back and all else is written.
    Two imports of one file never make anybody twice: whoever has come in since the plan was made is left out as well."""
    by_key = {person.key: person for person in there.persons.values()}
    for row in rows:
        if row.action == CREATE:
            reason = "changed_since" if there.persons and likeness(there, row)[0] is not None else ""
        elif row.decision == "new":
            reason = ""
        else:
            person = by_key.get(row.like_key)
            reason = hindrance(by, there, row, person) if person is not None else "person_gone"
        if reason:
            row.action, row.reason = REFUSE, reason
    return [row for row in rows if row.action != REFUSE]


def _remove(removed: Sequence[tuple[Row, Membership]]) -> list[tuple[str, str]]:
    """Take spells back, and the persons made for them unless something else holds on to them. Returns what the journal must forget."""
    delete(Tie, "source", [source_of(spell) for _row, spell in removed])
    gone = [(KIND, spell.key) for _row, spell in removed]
    delete(Membership, "key", [spell.key for _row, spell in removed])
    revive([spell.person for row, spell in removed if row.before.get("died")])
    made = {spell.person_id: (row, spell.person) for row, spell in removed if row.before.get("made")}
    held: set[int] = set()
    for ids in parted(made):
        for model in (Membership, Tie):
            held.update(model.objects.system("undo").filter(person_id__in=ids).values_list("person_id", flat=True))
    for ids in parted(made.keys() - held, 200):
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
