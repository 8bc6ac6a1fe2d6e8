"""Reads about membership: rosters, spells of a person, batches. A roster leaves out those whose time of retention is over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from juzhi.access.queries import AccountActor, valid_on
from juzhi.base.access import MEMBER_CLERK
from juzhi.base.actors import Actor
from juzhi.base.codes import mask_mobile, read_mobiles
from juzhi.base.text import search_key
from juzhi.members.models import AdmissionBatch, Membership
from juzhi.network.models import Organisation
from juzhi.network.queries import subtree
from juzhi.people.models import Contact, Employment, Person, Tie
from juzhi.people.queries import Someone, day, found_by_words, named, someones

IN, OVER, ALL = "in", "over", "all"
SUSPECTS_AT_MOST = 20
FOUND_AT_MOST = 20


def organisation(by: Actor, key: str) -> Organisation | None:
    return Organisation.objects.seen_by(by).filter(key=key).first()


def known(by: Actor) -> QuerySet[Membership]:
    """Spells in organisations where `by` is clerk, of persons whom that very organisation may still see today."""
    tie = Tie.objects.system("is the time of retention over").filter(valid_on(by.today), person=OuterRef("person"), organisation=OuterRef("organisation"))
    found = Membership.objects.seen_by(by).filter(Exists(tie), organisation_id__in=by.reach(MEMBER_CLERK))
    return found.select_related("person", "organisation", "batch")


def roster(by: Actor, asked: dict[str, Any], organisation: Organisation | None = None) -> QuerySet[Membership]:
    """Spells as a list shows them, with `mobile`, `email` and `unit` of the person; by pinyin.

    `asked` = words (part of a name, letters, initials), state (IN, OVER, ALL), organisation, beneath (with those below it), batch (its key),
    nothing (the question made no sense).
    """
    found = known(by).none() if asked.get("nothing") else known(by)
    place = organisation or asked.get("organisation")
    if place is not None:
        found = found.filter(organisation_id__in=subtree(by, place, by.today)) if asked.get("beneath") else found.filter(organisation=place)
    if asked.get("state") == OVER:
        found = found.exclude(end_reason="")
    elif asked.get("state") != ALL:
        found = found.filter(end_reason="")
    if asked.get("batch"):
        found = found.filter(batch__key=asked["batch"])
    if asked.get("words"):
        found = found.filter(named(by, asked["words"], "person__"))
    contacts = Contact.objects.system("contacts of the roster's own persons").filter(person=OuterRef("person")).order_by("position", "pk")
    units = Employment.objects.system("units of the roster's own persons").filter(person=OuterRef("person")).order_by("-pk")
    found = found.annotate(
        mobile=Subquery(contacts.filter(kind=Contact.Kind.MOBILE).values("value")[:1]),
        email=Subquery(contacts.filter(kind=Contact.Kind.EMAIL).values("value")[:1]),
        unit=Subquery(units.values("unit")[:1]),
    )
    return found.order_by("person__pinyin_key", "pk")


def distinct_persons(rows: QuerySet[Membership]) -> int:
    return rows.order_by().aggregate(n=Count("person", distinct=True))["n"]


def spell(by: Actor, organisation: Organisation, key: str) -> Membership | None:
    return known(by).filter(organisation=organisation, key=key).first()


def spells(by: Actor, person: Person) -> QuerySet[Membership]:
    """A person's spells where `by` is clerk, the latest first."""
    return known(by).filter(person=person).order_by("-joined_on", "-pk")


def own_spells(by: Actor) -> QuerySet[Membership]:
    """All spells of the person behind `by`."""
    return Membership.objects.seen_by(by).filter(person__key=by.person_key).select_related("organisation", "batch").order_by("joined_on", "pk")


def person(by: Actor, key: str) -> Person | None:
    return Person.objects.seen_by(by).filter(key=key).first()


@dataclass(frozen=True)
class Known:
    """Somebody found, and whether a spell here goes on."""

    someone: Someone
    is_member: bool


def found_to_admit(by: Actor, place: Organisation, words: str) -> list[Known]:
    """The nearest twenty persons whom `by` may see, for words; whoever is a member here is said to be one."""
    ids = found_by_words(by, words).ids[:FOUND_AT_MOST]
    here = set(Membership.objects.seen_by(by).filter(organisation=place, person_id__in=ids, end_reason="").values_list("person_id", flat=True))
    return [Known(one, one.person.pk in here) for one in someones(by, ids, words)]


def _same(by: Actor, name: str, mobiles: Sequence[str]) -> QuerySet[Person]:
    """Persons whom `by` may see with one of these mobiles or this very name."""
    same = Q(name_key=search_key(name)) if search_key(name) else Q(pk__in=())
    if mobiles:
        same |= Q(pk__in=Contact.objects.seen_by(by).filter(value_key__in=mobiles).values("person_id"))
    return Person.objects.seen_by(by).filter(same).order_by("pinyin_key", "pk")


def has_suspects(by: Actor, name: str, mobiles: Sequence[str]) -> bool:
    return _same(by, name, mobiles).exists()


def suspects(by: Actor, name: str, mobiles: Sequence[str]) -> list[Person]:
    """Persons who may be meant, with what tells them apart: units, and spells within reach."""
    units = Employment.objects.seen_by(by).order_by("-pk")
    told = (Prefetch("memberships", known(by).order_by("organisation__pinyin_key", "pk")), Prefetch("employments", units), Prefetch("contacts", Contact.objects.seen_by(by)))
    return list(_same(by, name, mobiles).prefetch_related(*told)[:SUSPECTS_AT_MOST])


def suspect_words(person: Person, mobiles: Sequence[str]) -> str:
    """Why somebody may be the same, and what tells them apart."""
    same = _("手机相同") if any(one.value_key in mobiles for one in person.contacts.all()) else _("同名")
    units = [one.unit for one in person.employments.all()[:1] if one.unit]
    places = [one.organisation.name for one in person.memberships.all()[:3]]
    return " · ".join([same, *units, *places])


def batches(by: Actor, organisation: Organisation) -> QuerySet[AdmissionBatch]:
    """Batches with `cohort` = members admitted in each, whatever became of them."""
    return AdmissionBatch.objects.seen_by(by).filter(organisation=organisation).annotate(cohort=Count("memberships")).order_by("number")


def batch(by: Actor, organisation: Organisation, key: str) -> AdmissionBatch | None:
    return AdmissionBatch.objects.seen_by(by).filter(organisation=organisation, key=key).first()


def knows_password(by: Actor, password: str) -> bool:
    """Whether the account behind `by` proves itself anew."""
    return bool(password) and isinstance(by, AccountActor) and by.account.check_password(password)


def joined_words(membership: Membership) -> str:
    return _words(membership.joined_on, membership.joined_precision)


def ended_words(membership: Membership) -> str:
    """The first day outside, as far as it is known; "" for a member."""
    return _words(membership.ended_on, membership.ended_precision)


def _words(on: date | None, precision: str) -> str:
    return _("未详") if precision == "unknown" else day(on, precision)


def state_words(membership: Membership) -> str:
    """在会, or why no more. Somebody who died while the spell is still open is told so."""
    if membership.is_over:
        return _("已离会（%(reason)s）") % {"reason": membership.get_end_reason_display()}
    return _("在会（已登记去世）") if membership.person.is_deceased else _("在会")


def masked_mobile(row: Any) -> str:
    return mask_mobile(row.mobile) if row.mobile else ""


def spell_facts(membership: Membership) -> list[tuple[str, str]]:
    """What a page says of a spell; what is not known is left out."""
    told = [
        (_("组织"), membership.organisation.name),
        (_("会员号"), membership.number),
        (_("入会时间"), joined_words(membership)),
        (_("入会批次"), str(membership.batch or "")),
        (_("会内职务"), membership.org_role),
        (_("离会时间"), ended_words(membership)),
        (_("离会原因"), str(membership.get_end_reason_display())),
    ]
    return [(what, value) for what, value in told if value]


def spell_note(membership: Membership) -> str:
    """One line about a spell."""
    joined, ended = joined_words(membership), ended_words(membership)
    parts = [_("入会 %(day)s") % {"day": joined}, _("离会 %(day)s") % {"day": ended} if ended else "", membership.org_role, membership.number]
    return " · ".join(part for part in parts if part)


def alike(by: Actor, given: dict[str, Any]) -> list[tuple[Person, str]]:
    """Suspects for what a form said, each with why; [] where the form said nothing of use."""
    found, _faults = read_mobiles(given.get("mobiles") or "")
    return [(one, suspect_words(one, found)) for one in suspects(by, given.get("name") or "", found)]


def standing(by: Actor, organisation: Organisation, person: Person) -> list[str]:
    """The person's spells at this organisation in words, for who is about to admit them."""
    return [_("%(spell)s（%(state)s）") % {"spell": spell_note(one), "state": state_words(one)} for one in spells(by, person).filter(organisation=organisation)]
