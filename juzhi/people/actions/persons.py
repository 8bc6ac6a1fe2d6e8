"""Enter and correct persons, their names, contacts and employment; open and close ties; show contacts and note who saw them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from juzhi.base import bulk
from juzhi.base.action import action
from juzhi.base.actors import Actor
from juzhi.base.codes import mask_email, mask_mobile, parse_email, read_mobiles
from juzhi.base.errors import Forbidden, Refused, Stale
from juzhi.base.firms import order_key
from juzhi.base.names import normalise_name, person_keys
from juzhi.base.periods import PartialDate
from juzhi.base.text import clean_text, search_key
from juzhi.journal.actions import record
from juzhi.network.models import Organisation, Precision
from juzhi.people import rules
from juzhi.people.models import Contact, Disclosure, Employment, Gender, Name, Person, Tie
from juzhi.people.search import KIND as SEARCHED
from juzhi.search.actions import renew

CORRECTABLE = ("name", "gender", "born_on", "born_precision", "title")
MOBILES_AT_MOST = 5
KIND_WORDS = {"mobile": "手机", "email": "邮箱"}  # as a Disclosure keeps them, whatever language the clerk reads


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

    The name is kept as typed. Refuses an empty name, control characters, an unknown gender, and a birth in the future.
    """
    name = person_name(name)
    _check_known(by, gender, born_on, born_precision)
    person = Person.objects.create(
        name=name,
        **person_keys(name),
        gender=gender,
        born_on=born_on,
        born_precision=born_precision or (Precision.DAY if born_on else ""),
        title=clean_text(title, field="title", label=_("职称"), limit=60),
        example=example,
    )
    bulk.insert(contact_rows(person, mobiles, email))
    if unit or duty:
        Employment.objects.create(**employment_values(person, unit, duty, source))
    renew(SEARCHED, [person.pk], by.today)
    record(by=by, verb="people.enter", thing=person, organisation_id=organisation_id, changes={"name": (None, name)})
    return person


def person_name(raw: str) -> str:
    """The name as it is kept. Refuses an empty one."""
    text = clean_text(raw, field="name", label=_("姓名"), limit=100)
    if not text:
        raise Refused(_("请填写姓名"), field="name")
    return normalise_name(text).text


def _check_known(by: Actor, gender: str, born_on: date | None, precision: str) -> None:
    if gender and gender not in Gender.values:
        raise Refused(_("性别请选「女」或「男」，也可以不填"), field="gender")
    if born_on is not None and born_on > by.today:
        raise Refused(_("出生日期在将来，请核对"), field="born_on")
    partial_date(born_on, precision, "born_on")


def partial_date(on: date | None, precision: str, field: str) -> PartialDate | None:
    """The date that day and precision mean together, None where nothing was told. Refuses what does not fit together."""
    if on is None and not precision:
        return None
    try:
        return PartialDate(on, precision or Precision.DAY)
    except ValueError as error:
        raise Refused(_("日期和它的精度对不上：只知道年或月时，请写 2016 或 2016-09"), field=field) from error


def mobiles_of(text: str) -> list[str]:
    """The mobiles a person typed, [] for nothing. Refuses the whole when one part is no mobile, so that nothing typed is lost unseen."""
    text = clean_text(text, field="mobiles", label=_("手机"), limit=200, lines=True)
    found, faults = read_mobiles(text)
    if text and (faults or not found):
        raise Refused(_("手机号认不出来：请填 11 位手机号，多个用顿号隔开"), field="mobiles")
    if len(found) > MOBILES_AT_MOST:
        raise Refused(_("手机号最多 %(most)s 个") % {"most": MOBILES_AT_MOST}, field="mobiles")
    return found


def email_of(text: str) -> str:
    """The mail address a person typed, "" for nothing. Refuses what is no address."""
    text = clean_text(text, field="email", label=_("邮箱"), limit=200)
    return parse_email(text) if text else ""


def contact_rows(person: Person, mobiles: Sequence[str], email: str) -> list[Contact]:
    """Unsaved contacts, the first mobile first."""
    rows = [Contact(person=person, kind=Contact.Kind.MOBILE, value=m, value_key=m, position=n) for n, m in enumerate(mobiles)]
    if email:
        rows.append(Contact(person=person, kind=Contact.Kind.EMAIL, value=email, value_key=email.lower()))
    return rows


def employment_values(person: Person, unit: str, duty: str, source: str) -> dict[str, Any]:
    unit = clean_text(unit, field="unit", label=_("单位"), limit=160)
    return {
        "person": person,
        "unit": unit,
        "unit_key": search_key(unit),
        "unit_order": order_key(unit),
        "duty": clean_text(duty, field="duty", label=_("职务"), limit=120),
        "source": source[:60],
    }


@action
def correct(*, by: Actor, person: Person, version: int | None = None, reason: str = "", **values: Any) -> Person:
    """Correct what is known of a person (CORRECTABLE fields). Refuses without right, nothing changed, and a form older than the record."""
    person = Person.objects.system("lock for correct").select_for_update().get(pk=person.pk)
    if not rules.may_correct(by, person):
        raise Forbidden()
    if set(values) - set(CORRECTABLE):
        raise Refused(_("有不能在这里更正的栏目"))
    if "name" in values:
        values["name"] = person_name(values["name"])
    if "title" in values:
        values["title"] = clean_text(values["title"], field="title", label=_("职称"), limit=60)
    after = {name: values.get(name, getattr(person, name)) for name in CORRECTABLE}
    _check_known(by, after["gender"], after["born_on"], after["born_precision"])
    if version is not None and version != person.version:
        raise Stale(_("这条记录刚被别人改过，请对照后再保存"), details=_both(person, values))
    person.claim(version)
    changes = {f: (_plain(getattr(person, f)), _plain(v)) for f, v in values.items() if getattr(person, f) != v}
    if not changes:
        raise Refused(_("没有任何改动"))
    for field, value in values.items():
        setattr(person, field, value)
    person.save(update_fields=[*values, *_key(person), "version"])
    renew(SEARCHED, [person.pk], by.today)
    _record(by, "people.correct", person, changes, reason)
    return person


def _key(person: Person) -> list[str]:
    """Set what is computed from the name, and give the columns. A person's own spelling in letters, the latest one, wins over the readings."""
    spelled = Name.objects.system("how the person spells it").filter(person=person, kind=Name.Kind.PINYIN).order_by("-pk").values_list("text", flat=True).first()
    keys = person_keys(person.name, spelled or "")
    for column, value in keys.items():
        setattr(person, column, value)
    return list(keys)


def _both(person: Person, values: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Rows of (label, yours, theirs) for the fields of a form."""
    yours = _words(Person(**{name: getattr(person, name) for name in CORRECTABLE} | values))
    theirs = _words(person)
    told = {"name": _("姓名"), "gender": _("性别"), "born_on": _("出生日期"), "title": _("职称")}
    return [(label, yours[name], theirs[name]) for name, label in told.items() if name in values]


def _words(person: Person) -> dict[str, str]:
    """The correctable fields as people read them."""
    born = partial_date(person.born_on, person.born_precision, "born_on")
    return {"name": person.name, "gender": str(person.get_gender_display()), "born_on": str(born or ""), "title": person.title}


def _record(by: Actor, verb: str, person: Person, changes: dict[str, tuple[Any, Any]], reason: str = "") -> None:
    """One entry, at the organisation by which `by` may act on the person; at none when people change their own."""
    reason = clean_text(reason, field="reason", label=_("说明"), limit=300)
    record(by=by, verb=verb, thing=person, organisation_id=rules.organisation_of_reading(by, person), changes=changes, reason=reason)


@action
def change_contacts(*, by: Actor, person: Person, mobiles: str, email: str, version: int | None = None) -> Person:
    """Replace a person's mobiles and e-mail. Refuses without right, what is no mobile, what is no address, nothing changed, and a form older than
    the record: then the other's contacts are shown masked, in full only to the person.
    """
    person = Person.objects.system("lock for contacts").select_for_update().get(pk=person.pk)
    if not rules.may_correct(by, person):
        raise Forbidden()
    numbers, address = mobiles_of(mobiles), email_of(email)
    rows = Contact.objects.system("replace contacts").filter(person=person).order_by("kind", "position", "pk")
    old = {kind: [one.value for one in rows if one.kind == kind] for kind in Contact.Kind.values}
    new = {"mobile": numbers, "email": [address] if address else []}
    if version is not None and version != person.version:
        own = by.person_key == person.key
        told = ((_("手机"), "mobile", mask_mobile), (_("邮箱"), "email", mask_email))
        raise Stale(_("联系方式刚被别人改过，请对照后再保存"), details=[(label, "、".join(new[k]), "、".join(v if own else mask(v) for v in old[k])) for label, k, mask in told])
    if new == old:
        raise Refused(_("没有任何改动"))
    person.claim(version)
    rows.delete()
    bulk.insert(contact_rows(person, numbers, address))
    person.save(update_fields=["version"])
    renew(SEARCHED, [person.pk], by.today)
    before, after = ("、".join([*one["mobile"], *one["email"]]) for one in (old, new))
    _record(by, "people.change_contacts", person, {"contacts": (before, after)})
    return person


@action
def add_name(*, by: Actor, person: Person, text: str, kind: str = Name.Kind.FORMER) -> Name:
    """Keep another name of a person, a former one or a spelling in letters, so that they are found by it; by their spelling they are ordered too.

    Refuses without right, an empty name, the present name as a former one, and one that is kept already.
    """
    person = Person.objects.system("lock for add_name").select_for_update().get(pk=person.pk)
    if not rules.may_correct(by, person):
        raise Forbidden()
    if kind not in Name.Kind.values:
        raise Refused(_("请选择是曾用名还是拼音"), field="kind")
    try:
        text = person_name(text)
    except Refused as refused:
        raise Refused(refused.message, field="text") from refused
    if kind == Name.Kind.FORMER and text == person.name:
        raise Refused(_("这就是现在的姓名"), field="text")
    if Name.objects.system("twice").filter(person=person, kind=kind, text=text).exists():
        raise Refused(_("这个名字已经登记过"), field="text", code="conflict")
    made = Name.objects.create(person=person, text=text, text_key=search_key(text)[:100], kind=kind)
    if kind == Name.Kind.PINYIN:
        person.save(update_fields=_key(person))
    renew(SEARCHED, [person.pk], by.today)
    record(by=by, verb="people.add_name", thing=made, organisation_id=rules.organisation_of_reading(by, person), changes={"text": (None, text)})
    return made


@action
def mark_deceased(*, by: Actor, person: Person, on: date | None, precision: str = "", reason: str = "") -> Person:
    """Note that a person died. Nothing more is sent to them; their spells are ended by the membership verb that calls this.

    Refuses without right, twice, a day in the future and one before birth.
    """
    person = Person.objects.system("lock for deceased").select_for_update().get(pk=person.pk)
    if not rules.may_correct(by, person):
        raise Forbidden()
    if person.is_deceased:
        raise Refused(_("已经登记去世"), code="state")
    if on is not None and on > by.today:
        raise Refused(_("去世日期在将来，请核对"), field="on")
    died = partial_date(on, precision, "on")
    if died is not None and died.last is not None and person.born_on is not None and died.last < person.born_on:
        raise Refused(_("去世日期早于出生日期，请核对"), field="on")
    person.deceased_on, person.deceased_precision = on, (precision or Precision.DAY) if on else Precision.UNKNOWN
    person.version += 1
    person.save(update_fields=["deceased_on", "deceased_precision", "version"])
    _record(by, "people.mark_deceased", person, {"deceased_on": (None, _plain(on)), "deceased_precision": ("", person.deceased_precision)}, reason)
    return person


def open_tie(*, by: Actor, person: Person, organisation: Organisation, kind: str, source: str, valid_from: date, valid_to: date | None = None) -> Tie:
    """Let an organisation see a person, inside the action whose record this stands for."""
    tie = Tie.objects.create(person=person, organisation=organisation, kind=kind, source=source, valid_from=valid_from, valid_to=valid_to)
    renew(SEARCHED, [person.pk], by.today)
    return tie


def close_ties(*, by: Actor, source: str, on: date) -> None:
    """The record `source` no longer lets anybody see the person from `on` on."""
    ties = list(Tie.objects.system("close").filter(source=source, valid_to__isnull=True))
    for tie in ties:
        tie.valid_to = max(on, tie.valid_from)
        tie.save(update_fields=["valid_to"])
    renew(SEARCHED, [tie.person_id for tie in ties], by.today)


def redate_ties(*, source: str, valid_from: date) -> None:
    """The record `source` began on another day than was thought; what has ended by then keeps its day."""
    for tie in Tie.objects.system("redate").filter(source=source, kind=Tie.Kind.MEMBERSHIP):
        tie.valid_from = valid_from if tie.valid_to is None else min(valid_from, tie.valid_to)
        tie.save(update_fields=["valid_from"])


@action
def reveal(*, by: Actor, person: Person, purpose: str = "") -> list[Contact]:
    """Give a person's contacts in full, and note it for them on behalf of the organisation by which `by` knows them; nothing is noted of one's own.

    Refuses without right.
    """
    if not rules.may_reveal(by, person):
        raise Forbidden()
    contacts = list(Contact.objects.system("shown in full, and noted").filter(person=person).order_by("-kind", "position", "pk"))
    place = rules.organisation_of_reading(by, person)
    if place is not None and contacts:
        organisation = Organisation.objects.system("on whose behalf").get(pk=place)
        kinds = list(dict.fromkeys(KIND_WORDS[one.kind] for one in contacts))
        disclose(by=by, persons=[person], organisation=organisation, fields=kinds, way=Disclosure.Way.SHOWN, purpose=purpose)
    return contacts


@action
def disclose(*, by: Actor, persons: Iterable[Person], organisation: Organisation, fields: Sequence[str], way: str, purpose: str = "") -> list[Disclosure]:
    """Note that contact fields of `persons` were shown unmasked, printed or exported on behalf of `organisation`; each of them will see it.

    Showing a person their own contacts is no disclosure. Refuses who may not read contacts on behalf of that organisation.
    """
    if not rules.may_disclose(by, organisation):
        raise Forbidden()
    purpose = clean_text(purpose, field="purpose", label=_("用途"), limit=120)
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
