"""Enter and correct persons, their contacts and employment; open and close ties; note who saw contacts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from juzhi.base import bulk
from juzhi.base.action import action
from juzhi.base.actors import Actor
from juzhi.base.codes import parse_mobiles
from juzhi.base.errors import Forbidden, Refused
from juzhi.base.names import normalise_name
from juzhi.base.pinyin import sort_key
from juzhi.base.text import clean_text, search_key
from juzhi.journal.actions import record
from juzhi.network.models import Organisation, Precision
from juzhi.people import rules
from juzhi.people.models import Contact, Disclosure, Employment, Person, Tie

CORRECTABLE = ("name", "gender", "born_on", "born_precision", "title")


@action
def enter(
    *,
    by: Actor,
    name: str,
    gender: str = "",
    born_on: date | None = None,
    born_precision: str = "",
    title: str = "",
    mobiles: Sequence[str] = (),
    email: str = "",
    unit: str = "",
    duty: str = "",
    source: str = "",
    example: str = "",
    organisation_id: int | None = None,
) -> Person:
    """Enter a person. The caller (membership, invitation) ties them to an organisation in the same transaction and holds the right to.

    The name is kept as typed. Refuses an empty name, control characters, and a birth in the future.
    """
    name = person_name(name)
    if born_on is not None and born_on > by.today:
        raise Refused("出生日期在将来，请核对", field="born_on")
    person = Person.objects.create(
        name=name,
        name_key=search_key(name),
        pinyin_key=sort_key(name),
        gender=gender,
        born_on=born_on,
        born_precision=born_precision or (Precision.DAY if born_on else ""),
        title=clean_text(title, field="title", label="职称", limit=60),
        example=example,
    )
    bulk.insert(contact_rows(person, mobiles, email))
    if unit or duty:
        Employment.objects.create(**employment_values(person, unit, duty, source))
    record(by=by, verb="people.enter", thing=person, organisation_id=organisation_id, changes={"name": (None, name)})
    return person


def person_name(raw: str) -> str:
    """The name as it is kept. Refuses an empty one."""
    name = normalise_name(clean_text(raw, field="name", label="姓名", limit=100)).text
    if not name:
        raise Refused("请填写姓名", field="name")
    return name


def contact_rows(person: Person, mobiles: Sequence[str], email: str) -> list[Contact]:
    """Unsaved contacts, the first mobile first."""
    rows = [Contact(person=person, kind=Contact.Kind.MOBILE, value=m, value_key=m, position=n) for n, m in enumerate(mobiles)]
    if email:
        rows.append(Contact(person=person, kind=Contact.Kind.EMAIL, value=email, value_key=email.lower()))
    return rows


def employment_values(person: Person, unit: str, duty: str, source: str) -> dict[str, Any]:
    unit = clean_text(unit, field="unit", label="单位", limit=160)
    return {
        "person": person,
        "unit": unit,
        "unit_key": search_key(unit),
        "duty": clean_text(duty, field="duty", label="职务", limit=120),
        "source": source[:60],
    }


@action
def correct(*, by: Actor, person: Person, version: int | None = None, reason: str = "", **values: Any) -> Person:
    """Correct what is known of a person (CORRECTABLE fields). Refuses without right, nothing changed, and a form older than the record."""
    person = Person.objects.system("lock for correct").select_for_update().get(pk=person.pk)
    if not rules.may_correct(by, person):
        raise Forbidden()
    if set(values) - set(CORRECTABLE):
        raise Refused("有不能在这里更正的栏目")
    person.claim(version, values)
    if "name" in values:
        values["name"] = person_name(values["name"])
    if "title" in values:
        values["title"] = clean_text(values["title"], field="title", label="职称", limit=60)
    if values.get("born_on") and values["born_on"] > by.today:
        raise Refused("出生日期在将来，请核对", field="born_on")
    changes = {f: (_plain(getattr(person, f)), _plain(v)) for f, v in values.items() if getattr(person, f) != v}
    if not changes:
        raise Refused("没有任何改动")
    for field, value in values.items():
        setattr(person, field, value)
    person.name_key, person.pinyin_key = search_key(person.name), sort_key(person.name)
    person.save(update_fields=[*values, "name_key", "pinyin_key", "version"])
    place = rules.organisation_of_reading(by, person)
    record(by=by, verb="people.correct", thing=person, organisation_id=place, changes=changes, reason=reason)
    return person


@action
def change_contacts(*, by: Actor, person: Person, mobiles: str, email: str, version: int | None = None) -> Person:
    """Replace a person's mobiles and e-mail. Refuses what is no mobile and what is no address."""
    person = Person.objects.system("lock for contacts").select_for_update().get(pk=person.pk)
    if not rules.may_correct(by, person):
        raise Forbidden()
    person.claim(version, {})
    numbers = parse_mobiles(mobiles) if mobiles.strip() else []
    if mobiles.strip() and not numbers:
        raise Refused("手机号认不出来：请填 11 位手机号，多个用顿号隔开", field="mobiles")
    old = list(Contact.objects.system("replace contacts").filter(person=person).order_by("kind", "position").values_list("value", flat=True))
    Contact.objects.system("replace contacts").filter(person=person).delete()
    made = bulk.insert(contact_rows(person, numbers, clean_text(email, field="email", label="邮箱", limit=200)))
    person.save(update_fields=["version"])
    place = rules.organisation_of_reading(by, person)
    new = [c.value for c in made]
    record(by=by, verb="people.change_contacts", thing=person, organisation_id=place, changes={"contacts": ("、".join(old), "、".join(new))})
    return person


@action
def mark_deceased(*, by: Actor, person: Person, on: date | None, precision: str = "", reason: str = "") -> Person:
    """Note that a person died. Nothing more is sent to them; their spells are ended by the membership verb that calls this."""
    person = Person.objects.system("lock for deceased").select_for_update().get(pk=person.pk)
    if not rules.may_correct(by, person):
        raise Forbidden()
    if person.is_deceased:
        raise Refused("已经登记去世", code="state")
    person.deceased_on, person.deceased_precision = on, precision or (Precision.DAY if on else Precision.UNKNOWN)
    person.version += 1
    person.save(update_fields=["deceased_on", "deceased_precision", "version"])
    record(by=by, verb="people.mark_deceased", thing=person, changes={"deceased_on": (None, _plain(on))}, reason=reason)
    return person


def open_tie(*, person: Person, organisation: Organisation, kind: str, source: str, valid_from: date, valid_to: date | None = None) -> Tie:
    """Let an organisation see a person, inside the action whose record this stands for."""
    return Tie.objects.create(
        person=person, organisation=organisation, kind=kind, source=source, valid_from=valid_from, valid_to=valid_to
    )


def close_ties(*, source: str, on: date) -> None:
    """The record `source` no longer lets anybody see the person from `on` on."""
    for tie in Tie.objects.system("close").filter(source=source, valid_to__isnull=True):
        tie.valid_to = max(on, tie.valid_from)
        tie.save(update_fields=["valid_to"])


@action
def disclose(*, by: Actor, persons: Iterable[Person], organisation: Organisation, fields: Sequence[str], way: str, purpose: str = "") -> list[Disclosure]:
    """Note that contact fields of `persons` were shown unmasked, printed or exported on behalf of `organisation`; each of them will see it.

    Showing a person their own contacts is no disclosure.
    """
    seen = [p for p in persons if p.key != by.person_key]
    if not seen:
        return []
    entry = record(by=by, verb="people.disclose", thing=organisation, organisation_id=organisation.pk, changes={"fields": (None, "、".join(fields))})
    return bulk.insert(
        Disclosure(
            person_key=p.key,
            organisation=organisation,
            entry_key=entry.key,
            actor_key=by.key,
            fields="、".join(fields),
            way=way,
            purpose=purpose,
            at=by.at,
        )
        for p in seen
    )


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
