"""Reads about persons: within the ties an actor may use, contacts masked unless revealed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from juzhi.base.actors import Actor
from juzhi.base.codes import mask_email, mask_mobile
from juzhi.base.periods import PartialDate
from juzhi.base.pinyin import sounding
from juzhi.base.text import search_key
from juzhi.network.models import Precision
from juzhi.people.models import Contact, Disclosure, Employment, Name, Person, Tie

LETTERS_AT_MOST = 40
CLERK = gettext_lazy("会员管理")  # only clerks are shown contacts in full; the person is told the duty and the organisation, never a name


def persons(by: Actor, words: str = "") -> QuerySet[Person]:
    """Persons `by` may see, by pinyin; `words` = part of a name, its letters or their initials."""
    found = Person.objects.seen_by(by).order_by("pinyin_key", "pk")
    return found.filter(named(by, words)) if words else found


def named(by: Actor, words: str, path: str = "") -> Q:
    """The condition that a person at `path` bears a name, present or former, that holds `words`, or that sounds so in any of its readings: zhangwei, zhangw, zw."""
    key = search_key(words)[:LETTERS_AT_MOST].replace("ü", "v")
    if not key:
        return Q()
    others = Name.objects.system("names of persons told elsewhere").filter(text_key__contains=key).values("person_id")
    condition = Q(**{f"{path}name_key__contains": key}) | Q(**{f"{path}pk__in": others})
    if key.isascii() and key.isalpha():
        begins = Q(**{f"{path}sounds__startswith": key[0]}) | Q(**{f"{path}sounds__contains": f"|{key[0]}"})
        condition |= begins & Q(**{f"{path}sounds__regex": sounding(key)})  # the first letter is asked first: a pattern costs four times as much
    return condition


def person(by: Actor, key: str) -> Person | None:
    contacts = Contact.objects.seen_by(by).order_by("-kind", "position", "pk")
    employments = Employment.objects.seen_by(by).order_by("-pk")
    names = Name.objects.seen_by(by).order_by("pk")
    found = Person.objects.seen_by(by).filter(key=key)
    return found.prefetch_related(Prefetch("contacts", contacts), Prefetch("employments", employments), Prefetch("names", names)).first()


def oneself(by: Actor) -> Person | None:
    return Person.objects.seen_by(by).filter(key=by.person_key).first() if by.person_key else None


def masked(contact: Contact) -> str:
    """What a list or a page shows of a contact."""
    return mask_mobile(contact.value) if contact.kind == Contact.Kind.MOBILE else mask_email(contact.value)


def facts(person: Person) -> list[tuple[str, str]]:
    """What a page says of a person, without contacts; what is not known is left out."""
    told = [
        (_("姓名"), person.name),
        *((str(one.get_kind_display()), one.text) for one in person.names.all()),
        (_("性别"), str(person.get_gender_display())),
        (_("出生日期"), day(person.born_on, person.born_precision)),
        (_("职称"), person.title),
        (_("去世日期"), day(person.deceased_on, person.deceased_precision) if person.is_deceased else ""),
    ]
    return [(what, value) for what, value in told if value]


def day(on: date | None, precision: str) -> str:
    """A date as far as it is known; "" where none was ever told."""
    return str(PartialDate(on, precision or Precision.DAY)) if on else _("未详") if precision else ""


def ties(by: Actor, person: Person) -> QuerySet[Tie]:
    """Why organisations may see this person, as far as `by` may know: the person sees all."""
    return Tie.objects.seen_by(by).filter(person=person).select_related("organisation").order_by("-valid_from", "-pk")


@dataclass(frozen=True)
class Watcher:
    """An organisation that may see a person, and why."""

    organisation: str
    key: str
    why: str
    since: date
    until: date | None
    today: bool


def watchers(by: Actor, person: Person) -> list[Watcher]:
    """Who may see this person, as far as `by` may know, those of today first."""
    found = [
        Watcher(t.organisation.name, t.organisation.key, str(t.get_kind_display()), t.valid_from, t.valid_to, t.valid_from <= by.today and (t.valid_to is None or by.today < t.valid_to))
        for t in ties(by, person)
    ]
    return sorted(found, key=lambda one: not one.today)


def disclosures(by: Actor, person_key: str) -> QuerySet[Disclosure]:
    """Who saw this person's contacts."""
    return Disclosure.objects.seen_by(by).filter(person_key=person_key).select_related("organisation").order_by("-at", "-pk")


def contact_words(person: Person) -> dict[str, str]:
    """Mobiles and e-mail in full, as a form shows them: only after `reveal`, or to the person."""
    rows = list(Contact.objects.system("already revealed, or one's own").filter(person=person).order_by("position", "pk"))
    return {kind: "、".join(one.value for one in rows if one.kind == of) for kind, of in (("mobiles", "mobile"), ("email", "email"))}


def tied_on(day: date) -> Q:
    return Q(ties__valid_from__lte=day) & (Q(ties__valid_to__isnull=True) | Q(ties__valid_to__gt=day))
