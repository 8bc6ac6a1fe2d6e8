"""Reads about membership: rosters and their orders, the printed list of names, spells of a person, batches. A roster leaves out those whose time of retention is over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Prefetch, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Replace
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from juzhi.access.queries import AccountActor, valid_on
from juzhi.base import strokes
from juzhi.base.access import MEMBER_CLERK, STATISTICIAN
from juzhi.base.actors import Actor
from juzhi.base.codes import mask_mobile, read_mobiles
from juzhi.base.consequences import Consequence
from juzhi.base.names import aligned
from juzhi.base.text import search_key
from juzhi.journal.models import Named
from juzhi.members.models import AdmissionBatch, Membership
from juzhi.network.models import Organisation
from juzhi.network.queries import subtree
from juzhi.people.models import Contact, Employment, Person, Tie
from juzhi.people.queries import Someone, day, found_by_words, may_be_named, named, seen, someones

IN, OVER, ALL = "in", "over", "all"
SUSPECTS_AT_MOST = 20
FOUND_AT_MOST = 20

# Posts as lists of members name them, in the order of such lists. Other words stand behind them, no post last.
POSTS = tuple(
    "会长 主席 理事长 主任 执行会长 常务副会长 常务副主席 常务副主任 副会长 副主席 副理事长 副主任 监事长 秘书长 常务副秘书长 副秘书长 常务理事 理事 常务监事 监事 名誉会长 名誉主席 名誉副会长 荣誉会长 名誉理事 顾问 委员".split()
)
# Orders of a roster beside those of its columns: name in the address -> the fields it goes by, and the rule as a printed list says it.
ORDERS = {
    "strokes": (("person__stroke_key",), gettext_lazy("按姓氏笔画为序（单名补位）")),
    "strokes_unpadded": (("unpadded", "person__stroke_key"), gettext_lazy("按姓氏笔画为序（单名不补位）")),
    "name": (("person__pinyin_key",), gettext_lazy("按姓名拼音为序")),
    "post": (("post", "org_role_beyond", "person__stroke_key"), gettext_lazy("按会内职务、姓氏笔画为序（单名补位）")),
}


def organisation(by: Actor, key: str) -> Organisation | None:
    return Organisation.objects.seen_by(by).filter(key=key).first()


def known(by: Actor) -> QuerySet[Membership]:
    """Spells in organisations where `by` is clerk, of persons whom that very organisation may still see today."""
    tie = Tie.objects.system("is the time of retention over").filter(valid_on(by.today), person=OuterRef("person"), organisation=OuterRef("organisation"))
    found = Membership.objects.seen_by(by).filter(Exists(tie), organisation_id__in=by.reach(MEMBER_CLERK))
    return found.select_related("person", "organisation", "batch")


def roster(by: Actor, asked: dict[str, Any], organisation: Organisation | None = None) -> QuerySet[Membership]:
    """Spells as a list shows them, with `mobile`, `email` and `unit` of the person, orderable by `unit_order`; by pinyin.

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
        candidates = may_be_named(by, asked["words"])
        found = (found if candidates is None else found.filter(person_id__among=candidates)).filter(named(by, asked["words"], "person__"))
    contacts = Contact.objects.system("contacts of the roster's own persons").filter(person=OuterRef("person")).order_by("position", "pk")
    units = Employment.objects.system("units of the roster's own persons").filter(person=OuterRef("person")).order_by("-pk")
    found = found.annotate(
        mobile=Subquery(contacts.filter(kind=Contact.Kind.MOBILE).values("value")[:1]),
        email=Subquery(contacts.filter(kind=Contact.Kind.EMAIL).values("value")[:1]),
        unit=Subquery(units.values("unit")[:1]),
    ).alias(unit_order=Subquery(units.values("unit_order")[:1]))
    return orderable(found).order_by("person__pinyin_key", "pk")


def orderable(found: QuerySet[Membership]) -> QuerySet[Membership]:
    """With `unpadded`, the stroke key as people's congresses print their lists, `post`, the place of the post among POSTS, and `org_role_beyond`, the words of a post that is not there."""
    places = [When(_holds(post), then=Value(place)) for place, post in enumerate(POSTS)]
    post = Case(*places, When(org_role__in=("", "会员"), then=Value(len(POSTS) + 1)), default=Value(len(POSTS)), output_field=IntegerField())
    beyond = Case(When(post=len(POSTS), then="org_role"), default=Value(""))
    return found.annotate(unpadded=Replace("person__stroke_key", Value(strokes.PAD), Value("")), post=post).annotate(org_role_beyond=beyond)


def _holds(post: str) -> Q:
    """The post by itself, or the first of several: 副会长兼秘书长, 理事、秘书长."""
    return Q(org_role=post) | Q(*(("org_role__startswith", f"{post}{mark}") for mark in "兼、，,（(/ "), _connector=Q.OR)


@dataclass(frozen=True)
class NameList:
    """The members of one organisation on one day as a list is printed: groups of (heading, names), names of two characters spread to three places."""

    groups: list[tuple[str, list[str]]]
    rule: str
    count: int
    unknown: list[tuple[str, str]]  # (name, its characters whose strokes are not known): these stand last
    counted: list[tuple[str, str]]  # (name, its characters of which only the number of strokes is known)
    deceased: int  # noted as deceased while the spell is open: not on the list


def name_list(by: Actor, organisation: Organisation, order: str) -> NameList:
    """Members of today in one of ORDERS, each person once, with what a clerk has to look at before it is printed."""
    fields, rule = ORDERS[order]
    rows = list(orderable(known(by).filter(organisation=organisation, end_reason="", joined_on__lte=by.today)).order_by(*fields, "pk"))
    living = [one for one in rows if not one.person.is_deceased]
    grouped = groupby(living, _post_of) if order == "post" else [((0, ""), iter(living))]
    groups = [(_post_words(*place) if order == "post" else "", [aligned(one.person.name) for one in some]) for place, some in grouped]
    names = [one.person.name for one in living] if order != "name" else []
    unknown = [(name, "".join(strange)) for name in names if (strange := strokes.unknown(name))]
    counted = [(name, "".join(strange)) for name in names if (strange := strokes.counted_only(name))]
    return NameList([group for group in groups if group[1]], str(rule), len(living), unknown, counted, len(rows) - len(living))


def _post_of(row: Any) -> tuple[int, str]:
    return row.post, row.org_role if row.post == len(POSTS) else ""


def _post_words(post: int, words: str) -> str:
    return POSTS[post] if post < len(POSTS) else words or "会员"


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
    return seen(by, [key]).first()


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
    why, ids = "who has them; whom the reader sees is asked next", set[int]()
    if search_key(name):
        ids.update(Person.objects.system(why).filter(name_key=search_key(name)).values_list("pk", flat=True))
    if mobiles:
        ids.update(Contact.objects.system(why).filter(value_key__in=mobiles).values_list("person_id", flat=True))
    return Person.objects.seen_among(by, sorted(ids)).order_by("pinyin_key", "pk")


def has_suspects(by: Actor, name: str, mobiles: Sequence[str]) -> bool:
    return _same(by, name, mobiles).exists()


def suspects(by: Actor, name: str, mobiles: Sequence[str]) -> list[Person]:
    """Persons who may be meant, with what tells them apart: units, and spells within reach."""
    why = "of persons just seen"
    units = Employment.objects.system(why).order_by("-pk")
    told = (Prefetch("memberships", known(by).order_by("organisation__pinyin_key", "pk")), Prefetch("employments", units), Prefetch("contacts", Contact.objects.system(why)))
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
        (pgettext("一个", "组织"), membership.organisation.name),
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


def spells_named(by: Actor, keys: Sequence[str]) -> dict[str, Named]:
    """What the journal calls spells: the person's name, for clerks of the organisation while it may still see the person."""
    rows = known(by).filter(key__in=keys)
    return {one.key: Named(one.person.name, reverse("members:membership", args=[one.organisation.key, one.key])) for one in rows}


def batches_named(by: Actor, keys: Sequence[str]) -> dict[str, Named]:
    """What the journal calls batches of admission."""
    return {one.key: Named(str(one)) for one in AdmissionBatch.objects.seen_by(by).filter(key__in=keys)}


def carried(by: Any, ended: Sequence[Organisation]) -> list[Consequence]:
    """How many spells go over when these organisations are merged, each number for whoever may see it; that they go over, for everybody."""
    counts = dict(Membership.objects.system("spells that go over").filter(organisation__in=ended, end_reason="").values_list("organisation_id").annotate(n=Count("pk")).order_by())
    told = [one for one in ended if any(by.holds(duty, one.pk) for duty in (MEMBER_CLERK, STATISTICIAN))]
    lines = tuple(_("%(place)s：%(count)s 人在会") % {"place": one.name, "count": counts.get(one.pk, 0)} for one in told)
    return [Consequence(_("会员"), _("在会的会员那天起转到承继的组织，会员号照旧，会内职务不带过去；已经是那里会员的不重复登记"), lines)]
