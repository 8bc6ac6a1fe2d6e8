"""Reads about persons: within the ties an actor may use, contacts masked unless revealed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from juzhi.base.access import MEMBER_CLERK, PROTECTION_CONTACT, READS_PERSONS
from juzhi.base.actors import Actor
from juzhi.base.codes import mask_email, mask_mobile
from juzhi.base.facts import Forgotten, asks
from juzhi.base.periods import PartialDate
from juzhi.base.pinyin import sounding
from juzhi.base.text import is_han, search_key
from juzhi.base.tokens import BELOW, HERE, MOBILE, NAME, TAIL, Question, Term, at, meets, pieces_of_words, scoped, steps
from juzhi.journal.models import Named
from juzhi.network.models import Lineage, Organisation, Precision
from juzhi.people.models import Contact, Disclosure, Employment, Name, Person, Tie
from juzhi.search import queries as search

LETTERS_AT_MOST = 40
CANDIDATES_AT_MOST = 20_000  # by the search; beyond it a name is looked for in every row
KIND = "people.person"  # as the search knows it
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


def seen(by: Actor, keys: Iterable[str]) -> QuerySet[Person]:
    """The persons with these keys whom `by` may see. It costs what they cost, however many persons are in reach: their ids are read first."""
    known = [key for key in keys if key.isascii() and key.isalnum()]
    ids = list(Person.objects.system("which ids the keys mean; whom the reader sees is asked next").filter(key__in=known).values_list("pk", flat=True)) if known else []
    return Person.objects.seen_among(by, ids)


def person(by: Actor, key: str) -> Person | None:
    """The person with this key, with contacts, work and other names."""
    why = "of a person just seen"
    contacts = Contact.objects.system(why).order_by("-kind", "position", "pk")
    employments = Employment.objects.system(why).order_by("-pk")
    names = Name.objects.system(why).order_by("pk")
    found = seen(by, [key])
    return found.prefetch_related(Prefetch("contacts", contacts), Prefetch("employments", employments), Prefetch("names", names)).first()


def oneself(by: Actor) -> Person | None:
    return Person.objects.system("everybody sees himself").filter(key=by.person_key).first() if by.person_key else None


def masked(contact: Contact) -> str:
    """What a list or a page shows of a contact."""
    return mask_mobile(contact.value) if contact.kind == Contact.Kind.MOBILE else mask_email(contact.value)


def masked_all(text: str) -> str:
    """What the journal shows of contacts written one after the other with 、: in full they are read by `reveal` alone, which the person sees."""
    return "、".join(mask_email(one) if "@" in one else mask_mobile(one) for one in text.split("、"))


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


def persons_named(by: Actor, keys: Sequence[str]) -> dict[str, Named]:
    """What the journal calls persons: those whom the reader may see, with their page for whoever may open it."""
    opens = by.holds_anywhere(*READS_PERSONS)
    found = seen(by, keys).values_list("key", "name")
    return {key: Named(name, reverse("people:person", args=[key]) if opens else "") for key, name in found if name}


def names_named(by: Actor, keys: Sequence[str]) -> dict[str, Named]:
    """What the journal calls other names: the person's present one."""
    rows = list(Name.objects.system("whose names these are; only of those whom the reader sees they are told").filter(key__in=keys).values_list("key", "person_id"))
    told = dict(Person.objects.seen_among(by, [pk for _key, pk in rows]).values_list("pk", "name"))
    return {key: Named(told[pk]) for key, pk in rows if told.get(pk)}


def forgetting(by: Actor, person: Person, at: Collection[int] | None = None) -> Forgotten:
    """How far `by` erases the person: for every organisation in reach that is or was tied to them; whole where no other is, and nobody else holds on
    to them. The product itself erases whole, or for the organisations `at`.
    """
    ties = Tie.objects.system("who else knows the person").filter(person=person)
    if by.is_system:
        places = frozenset(ties.values_list("organisation_id", flat=True)) if at is None else frozenset(at)
        return Forgotten(person, places, at is None)
    places = frozenset(ties.filter(organisation_id__in=by.reach(PROTECTION_CONTACT)).values_list("organisation_id", flat=True))
    others = ties.exclude(organisation_id__in=places).exclude(valid_to__lte=by.today)
    about = Forgotten(person, places, True)
    return about if not others.exists() and not asks("person_held", by=by, about=about) else Forgotten(person, places, False)


def found_by_words(by: Actor, words: str, most: int = search.COUNTED_AT_MOST) -> search.Hits:
    """The nearest `most` persons `by` may see whose names, units, sounds or initials answer `words`; for clerks also the end of a mobile, or a whole one.

    Scope tokens keep the search within the reader's reach and may say too much (a tie that ended, a move to come); what is found is asked for again.
    """
    plain, by_phone = steps(words), steps(words, by_phone=True)
    found = _among_the_known(by, plain, READS_PERSONS, (), most)
    if by_phone != plain and len(found) <= most:
        found |= _among_the_known(by, by_phone, (MEMBER_CLERK,), mobiles_in(words), most)
    if plain and by.person_key:
        found |= _oneself(by, plain[-1])
    return search.ranked(found, words, most)


def _oneself(by: Actor, asked: Question) -> dict[int, tuple[str, str]]:
    """The reader, tied to something or not, if the words mean him."""
    own = Person.objects.system("everybody finds himself").filter(key=by.person_key)
    ids = [pk for pk, tokens in search.tokens_of(KIND, own.values("pk")) if meets(tokens, asked)]
    return {pk: (name, sound) for pk, name, sound in own.filter(pk__in=ids).values_list("pk", "name_key", "pinyin_key")} if ids else {}


def may_be_named(by: Actor, words: str) -> list[int] | None:
    """Ids of persons within reach as clerk of whom some name holds each of these Han characters: too many rather than too few, so that `named` has to be
    asked of these alone. None where the entries of the search cannot say: letters sound in more ways than they hold, and too many hits help nobody.
    """
    key = search_key(words)[:LETTERS_AT_MOST]
    scope = _scope(by, (MEMBER_CLERK,)) if key and all(map(is_han, key)) else set()
    if not scope or not search.has_entries(KIND):
        return None
    asked = tuple(((Term(NAME + character),),) for character in dict.fromkeys(key))
    found = search.hits(KIND, scoped(asked, scope), CANDIDATES_AT_MOST + 1)
    return found if len(found) <= CANDIDATES_AT_MOST else None


def mobiles_in(words: str) -> tuple[str, ...]:
    """Whole mobile numbers that were asked for."""
    return tuple(piece for word in pieces_of_words(words) for piece in word if len(piece) == MOBILE and piece.isdigit())


def _among_the_known(by: Actor, asked: Sequence[Question], duties: tuple[str, ...], mobiles: tuple[str, ...], most: int) -> dict[int, tuple[str, str]]:
    """Id, name and sound of those who answer and whom `by` may see by one of these duties, the nearest; one more than `most`, if there are more."""
    found: dict[int, tuple[str, str]] = {}
    if not asked or not (scope := _scope(by, duties)):
        return found
    for ids in search.streamed(KIND, asked, scope, most + 1, holds_nearly_all=_reaches_from_the_top(by, duties)):
        rows = Person.objects.seen_among(by, ids)
        if duties != READS_PERSONS:
            rows = rows.filter(pk__in=by.persons(*duties, among=ids))
        if mobiles:
            has_it = Contact.objects.system("whose number it is, among those told").filter(person=OuterRef("pk"), value_key__in=mobiles)
            rows = rows.filter(Exists(has_it))
        found |= {pk: (name, sound) for pk, name, sound in rows.values_list("pk", "name_key", "pinyin_key")}
        if len(found) > most:
            break
    return found


def _reaches_from_the_top(by: Actor, duties: tuple[str, ...]) -> bool:
    """Whether one of `duties` is held over a whole tree, where it matters to the search."""
    if not search.scope_is_dear():
        return False
    below = set(by.roots(*duties).below)
    return bool(below - set(Lineage.objects.seen_by(by).on(by.today).filter(descendant_id__in=below, depth__gt=0).values_list("descendant_id", flat=True)))


def _scope(by: Actor, duties: tuple[str, ...]) -> set[str]:
    """Tokens of where one of `duties` is held; of bodies in reach that were moved and are not entered anew yet, by themselves."""
    roots = by.roots(*duties)
    scope = at(HERE, roots.here) | at(BELOW, roots.below)
    if roots.below and (moved := search.moved(KIND)):
        beneath = Organisation.objects.seen_by(by).filter(pk__in=moved).filter(pk__in=by.reach(*duties))
        scope |= at(BELOW, beneath.values_list("pk", flat=True))
    return scope


@dataclass(frozen=True)
class Someone:
    """A person with what tells people of one name apart: the organisations by which the reader sees them, units, other names, and the mobile, masked,
    where it was asked for."""

    person: Person
    places: str
    others: str = ""
    units: str = ""
    mobile: str = ""


def someones(by: Actor, ids: list[int], words: str) -> list[Someone]:
    """These persons, in this order, with what tells them apart."""
    by_id = Person.objects.seen_among(by, ids).in_bulk() if ids else {}
    if not by_id:
        return []
    known = list(by_id)
    ties = Tie.objects.seen_by(by).filter(person_id__in=known, valid_from__lte=by.today).exclude(valid_to__lte=by.today)
    places = _joined(ties.order_by("organisation__pinyin_key").values_list("person_id", "organisation__name"))
    units = _joined(Employment.objects.system("of persons just seen").filter(person_id__in=known).exclude(unit="").order_by("-pk").values_list("person_id", "unit"))
    others = _joined(Name.objects.system("of persons just seen").filter(person_id__in=known).order_by("pk").values_list("person_id", "text"))
    mobiles = _mobiles(by, known, words)
    return [Someone(by_id[pk], places.get(pk, ""), others.get(pk, ""), units.get(pk, ""), mobiles.get(pk, "")) for pk in ids if pk in by_id]


def _joined(rows: Iterable[tuple[int, str]]) -> dict[int, str]:
    told: dict[int, dict[str, None]] = defaultdict(dict)
    for pk, text in rows:
        told[pk][text] = None
    return {pk: "、".join(texts) for pk, texts in told.items()}


def _mobiles(by: Actor, ids: list[int], words: str) -> dict[int, str]:
    """The masked mobile that ends in the digits asked for, of persons whose clerk the reader is."""
    tails = {piece[-TAIL:] for word in pieces_of_words(words) for piece in word if piece.isdigit() and len(piece) in (TAIL, MOBILE)}
    if not tails:
        return {}
    rows = Contact.objects.system("masked, of persons whose clerk it is").filter(person_id__in=ids, person__in=by.persons(MEMBER_CLERK, among=ids), kind=Contact.Kind.MOBILE)
    return _joined((one.person_id, masked(one)) for one in rows.order_by("position", "pk") if one.value_key[-TAIL:] in tails)
