"""Rows of a roster on their way into the tables: persons, contacts, employment, spells, ties and their lines in the journal, as plain values.

An object for each row would cost more than the database does; what the columns mean stands in the models.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from juzhi.base import bulk
from juzhi.base.actors import Actor
from juzhi.base.firms import order_key
from juzhi.base.ids import new_keys
from juzhi.base.importers import Row
from juzhi.base.names import person_keys
from juzhi.base.periods import parse_date
from juzhi.base.text import search_key
from juzhi.journal.actions import Noted
from juzhi.journal.models import canonical, quoted
from juzhi.members.actions.matching import ENDS, GENDERS, mobiles_of
from juzhi.members.actions.membership import RETENTION, source_of_key
from juzhi.members.actions.renewing import KIND, batches_of, death_of
from juzhi.members.models import AdmissionBatch, Membership
from juzhi.network.models import Organisation, Precision
from juzhi.people.models import Contact, Employment, Person, Tie
from juzhi.people.search import tokens_of_new

SOURCE = "花名册"
AT_ONCE = 1000
KEYS = ("name_key", "pinyin_key", "sounds", "stroke_key")
PERSON = ("id", "key", "version", "name", *KEYS, "gender", "born_on", "born_precision", "title", "deceased_on", "deceased_precision", "forgotten_at", "example")
CONTACT = ("key", "version", "person_id", "kind", "value", "value_key", "position")
EMPLOYMENT = ("key", "version", "person_id", "unit", "unit_key", "unit_order", "duty", "source", "valid_from", "valid_to")
SPELL = ("key", "version", "person_id", "organisation_id", "number", "batch_id", "joined_on", "joined_precision", "ended_on", "ended_precision", "end_reason", "org_role")
TIE = ("key", "person_id", "organisation_id", "kind", "source", "valid_from", "valid_to")
MEMBER, FORMER = Tie.Kind.MEMBERSHIP.value, Tie.Kind.FORMER_MEMBERSHIP.value
told = lru_cache(maxsize=50_000)(parse_date)  # a roster says the same days again and again
key_of = lru_cache(maxsize=50_000)(search_key)  # and the same units
order_of = lru_cache(maxsize=50_000)(order_key)
said = lru_cache(maxsize=50_000)(canonical)


class Entered(NamedTuple):
    """A person who is to be a member: just entered, or in the register before."""

    pk: int
    key: str
    version: int
    is_new: bool


def enter(organisation: Organisation, rows: Sequence[Row], example: str) -> tuple[list[Entered], list[Noted]]:
    """Persons with contacts and employment, in the order of `rows`, and their lines."""
    ids, keys = bulk.allocate(Person, len(rows)), new_keys(len(rows))
    entered = [Entered(pk, key, 1, is_new=True) for pk, key in zip(ids, keys, strict=True)]
    for some in range(0, len(rows), AT_ONCE):  # the database has something to do while the next are prepared
        bulk.insert_values(Person, PERSON, [_person(one, row, example) for one, row in zip(entered[some : some + AT_ONCE], rows[some : some + AT_ONCE], strict=True)])
    contacts = [value for one, row in zip(entered, rows, strict=True) for value in _contacts(one.pk, row)]
    bulk.insert_values(Contact, CONTACT, [(key, *value) for key, value in zip(new_keys(len(contacts)), contacts, strict=True)])
    employed = [(one.pk, row.values.get("unit") or "", row.values.get("duty") or "") for one, row in zip(entered, rows, strict=True) if row.values.get("unit") or row.values.get("duty")]
    bulk.insert_values(Employment, EMPLOYMENT, [(key, 1, pk, unit[:160], key_of(unit[:160]), order_of(unit[:160]), duty[:120], SOURCE, None, None) for key, (pk, unit, duty) in zip(new_keys(len(employed)), employed, strict=True)])
    sort = Person.classes["name"]
    return entered, [Noted("people.person", one.key, organisation.pk, [("name", sort, "null", quoted(row.values["name"]))]) for one, row in zip(entered, rows, strict=True)]


def _person(one: Entered, row: Row, example: str) -> tuple[Any, ...]:
    values = row.values
    name, birth = values["name"], told(values["birth"]) if values.get("birth") else None
    born = (birth.on, birth.precision) if birth and birth.on else (None, "")
    died_on, died_precision = death_of(row)
    gender = str(GENDERS.get(values.get("gender") or "", ""))
    keys = person_keys(name)
    return (one.pk, one.key, 1, name, *(keys[key] for key in KEYS), gender, *born, (values.get("title") or "")[:60], died_on, str(died_precision), None, example)


def _contacts(person: int, row: Row) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = [(1, person, "mobile", mobile, mobile, place) for place, mobile in enumerate(mobiles_of(row))]
    email = row.values.get("email") or ""
    return [*found, (1, person, "email", email, email.lower(), 0)] if email else found


def sought_by(row: Row) -> set[str]:
    """What somebody entered from a row is found by, beside where they are tied."""
    return tokens_of_new(row.values["name"], (row.values.get("unit") or "")[:160], mobiles_of(row))


def admit(by: Actor, organisation: Organisation, joining: Sequence[tuple[Row, Entered]]) -> list[Noted]:
    """Spells and the ties that stand for them, and their lines. Sets what the rows became."""
    batches, opened = batches_of(by, organisation, [row for row, _one in joining])
    keys = new_keys(len(joining))
    spells = [_spell(by, organisation, key, row, one, batches) for key, (row, one) in zip(keys, joining, strict=True)]
    bulk.insert_values(Membership, SPELL, spells)
    bulk.insert_values(Tie, TIE, [(key, *_tie(by, spell)) for key, spell in zip(new_keys(len(spells)), spells, strict=True)])
    lines = []
    sorts = Membership.classes
    for (row, one), spell in zip(joining, spells, strict=True):
        row.thing_kind, row.thing_key = KIND, spell[0]
        row.before |= {"spell": 1, "person": one.version, "made": one.is_new}
        if row.values.get("batch") in opened:
            row.before["opened"] = opened[row.values["batch"]]
        changes = [("joined_on", sorts["joined_on"], "null", said(spell[6]))]
        if spell[-1]:
            changes.append(("org_role", sorts["org_role"], '""', quoted(spell[-1])))
        lines.append(Noted(KIND, spell[0], organisation.pk, changes))
    return lines


def _spell(by: Actor, organisation: Organisation, key: str, row: Row, one: Entered, batches: dict[int, AdmissionBatch]) -> tuple[Any, ...]:
    """The values of SPELL. An unknown joining day is today, or the day before the end."""
    values = row.values
    joined = told(values["joined"]) if values.get("joined") else None
    ended = told(values["ended"]) if values.get("ended") else None
    reason = str(ENDS.get(values.get("state") or "", ""))
    until = ended.on if ended and reason else None
    since = joined.on if joined and joined.on else min(by.today, until - timedelta(days=1)) if until else by.today
    precision = joined.precision if joined and joined.on else Precision.UNKNOWN.value
    end = (max(until, since) if until else None, (ended.precision if ended and ended.on else Precision.UNKNOWN.value) if reason else "", reason)
    batch = batches.get(values.get("batch") or 0)
    return (key, 1, one.pk, organisation.pk, (values.get("number") or "")[:40], batch.pk if batch else None, since, precision, *end, (values.get("org_role") or "")[:40])


def _tie(by: Actor, spell: tuple[Any, ...]) -> tuple[Any, ...]:
    """A member's tie from the joining day; a former member's for the time of retention."""
    key, person, organisation, since, over = spell[0], spell[2], spell[3], spell[6], bool(spell[10])
    days: tuple[date, date | None] = (by.today, by.today + RETENTION) if over else (min(since, by.today), None)
    return (person, organisation, FORMER if over else MEMBER, source_of_key(key), *days)
