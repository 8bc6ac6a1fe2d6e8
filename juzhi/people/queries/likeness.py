"""Who may be the same person: groups of those whom a clerk sees with one mobile, one name and unit, or one name and birth; never by the name alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from django.db.models import Count, Exists, F, Max, Min, OuterRef, QuerySet
from django.utils.translation import gettext as _

from juzhi.base.access import MEMBER_CLERK
from juzhi.base.actors import Actor
from juzhi.base.text import listed
from juzhi.network.models import Precision
from juzhi.people.models import Apart, Contact, Employment, Name, Person, Tie
from juzhi.people.queries.seeing import day, masked, seen

FEW = 5000  # so many persons are compared here, more by the database
SHOWN_AT_MOST = 12  # persons of one group side by side
NARROW = 3
MOBILE, UNIT, BIRTH = "mobile", "unit", "birth"
EXACT = (Precision.DAY, Precision.MONTH)  # a year alone says too little: many of one name were born in it
WHY = "who has what another has too; only those whom the reader sees are kept"

Shared = dict[tuple[str, ...], list[int]]  # what is shared, how first -> ids of the persons who share it


@dataclass(frozen=True)
class Group:
    """Persons of whom each looks like another one of them: their ids, and what is shared by whom."""

    ids: tuple[int, ...]
    shared: tuple[tuple[tuple[str, ...], tuple[int, ...]], ...]


def alike(by: Actor) -> list[Group]:
    """All groups of persons who may be the same, among those whom `by` sees as member clerk today, who entered last first. Persons told apart do not
    look alike. A constant number of statements; nobody outside the reach is in a group, and none is made by somebody outside.
    """
    if not by.holds_anywhere(MEMBER_CLERK):
        return []
    said: dict[int, set[int]] = defaultdict(set)
    for first, second in aparts(by).order_by().values_list("first_id", "second_id"):
        said[first].add(second)
    shared = [(what, one) for what, ids in _shared(by).items() for one in _not_apart(sorted(set(ids)), said)]
    head: dict[int, int] = {}
    for _what, ids in shared:
        for pk in ids[1:]:
            _join(head, ids[0], pk)
    members: dict[int, set[int]] = defaultdict(set)
    reasons: dict[int, list[tuple[tuple[str, ...], tuple[int, ...]]]] = defaultdict(list)
    for what, ids in shared:
        top = _top(head, ids[0])
        members[top].update(ids)
        reasons[top].append((what, ids))
    found = [Group(tuple(sorted(ids)), tuple(sorted(reasons[top]))) for top, ids in members.items()]
    return sorted(found, key=lambda group: group.ids[::-1], reverse=True)


def number_of_groups(by: Actor) -> int:
    return len(alike(by))


def _top(head: dict[int, int], pk: int) -> int:
    while (above := head.get(pk, pk)) != pk:
        head[pk] = pk = head.get(above, above)
    return pk


def _join(head: dict[int, int], one: int, other: int) -> None:
    one, other = _top(head, one), _top(head, other)
    if one != other:
        head[max(one, other)] = min(one, other)


def _not_apart(ids: list[int], said: dict[int, set[int]]) -> Iterator[tuple[int, ...]]:
    """Those of one shared thing who still look alike: all of them, where nobody was told apart; else what hangs together without these pairs."""
    if not any(one in said and not said[one].isdisjoint(ids) for one in ids):
        yield from [tuple(ids)] if len(ids) > 1 else []
        return
    head: dict[int, int] = {}
    for pair in combinations(ids, 2):
        if pair[1] not in said.get(pair[0], ()):
            _join(head, *pair)
    parts: dict[int, list[int]] = defaultdict(list)
    for pk in ids:
        parts[_top(head, pk)].append(pk)
    yield from (tuple(part) for part in parts.values() if len(part) > 1)


def _shared(by: Actor) -> Shared:
    """What is shared by several of the persons whom `by` sees as clerk. Of few persons everything is read and compared; of many the database is asked who
    shares anything at all, and of these alone it is asked whom the reader sees.
    """
    few = list(by.persons(MEMBER_CLERK).values_list("person_id", flat=True).distinct()[: FEW + 1])
    found: Shared = defaultdict(list)
    for what, rows in _rows(None if len(few) > FEW else few).items():
        for *key, pk in rows:
            found[what, *map(str, key)].append(pk)
    if len(few) > FEW:
        told = {pk for ids in found.values() for pk in ids}
        known = set(Person.objects.system(WHY).filter(pk__in=by.persons(MEMBER_CLERK, among=sorted(told))).values_list("pk", flat=True))
        found = {what: [pk for pk in ids if pk in known] for what, ids in found.items()}
    return {what: ids for what, ids in found.items() if len(set(ids)) > 1}


def _rows(among: Sequence[int] | None) -> dict[str, Iterable[tuple[Any, ...]]]:
    """Rows (what is compared…, person id) by how: of these persons all; without them of everybody, those alone that are not the only one."""
    mobiles = Contact.objects.system(WHY).filter(kind=Contact.Kind.MOBILE)
    units = Employment.objects.system(WHY).exclude(unit_key="").exclude(person__name_key="")
    births = Person.objects.system(WHY).filter(born_on__isnull=False, born_precision__in=EXACT).exclude(name_key="")
    if among is not None:
        mobiles, units, births = mobiles.filter(person_id__among=among), units.filter(person_id__among=among), births.filter(pk__among=among)
    else:
        several = mobiles.values("value_key").annotate(n=Count("person_id", distinct=True)).filter(n__gt=1).values("value_key")
        mobiles = Contact.objects.system(WHY).filter(kind=Contact.Kind.MOBILE, value_key__in=several)
        same = Person.objects.system(WHY).filter(name_key=OuterRef("name_key"), born_on=OuterRef("born_on"), born_precision=OuterRef("born_precision"))
        births = births.filter(Exists(same.exclude(pk=OuterRef("pk"))))
        units = _of_namesakes(units)
    return {
        MOBILE: mobiles.values_list("value_key", "person_id"),
        UNIT: units.values_list("person__name_key", "unit_key", "person_id"),
        BIRTH: births.values_list("name_key", "born_on", "born_precision", "pk"),
    }


def _of_namesakes(units: Any) -> Any:
    """Work of several persons of one name at one unit. Grouped once: to ask each row for another one costs four times as much. What is more than
    was asked for (the name of one group with the unit of another) is nobody's but its own, and falls away.
    """
    several = units.values("person__name_key", "unit_key").annotate(least=Min("person_id"), most=Max("person_id")).filter(most__gt=F("least"))
    found = list(several.values_list("person__name_key", "unit_key"))
    return units.filter(person__name_key__among={name for name, _unit in found}, unit_key__among={unit for _name, unit in found})


@dataclass(frozen=True)
class Beside:
    """A group as a page shows it: who stands side by side, the facts as rows of (what, one value for each, whether they differ), why they look alike, and how many more there are."""

    persons: list[Person]
    rows: list[tuple[str, list[str], bool]]
    why: list[str]
    more: int

    @property
    def title(self) -> str:
        return listed(dict.fromkeys(one.name for one in self.persons))

    @property
    def reasons(self) -> str:
        return _("；").join(self.why)

    @property
    def is_narrow(self) -> bool:
        """Few enough to stand side by side on a telephone."""
        return len(self.persons) <= NARROW

    @property
    def several(self) -> bool:
        """More than two: then it has to be said which of them are not the same."""
        return len(self.persons) + self.more > 2


def side_by_side(by: Actor, groups: Iterable[Group]) -> list[Beside]:
    """These groups, contacts masked. Six statements however many."""
    shown = list(groups)
    ids = [pk for group in shown for pk in group.ids[:SHOWN_AT_MOST]]
    persons = Person.objects.seen_among(by, ids).in_bulk() if ids else {}
    told = _told(by, persons)
    return [_beside([persons[pk] for pk in group.ids[:SHOWN_AT_MOST] if pk in persons], group, told) for group in shown]


def _beside(persons: list[Person], group: Group, told: dict[int, dict[str, str]]) -> Beside:
    labels = dict.fromkeys(label for one in persons for label in told[one.pk])
    order = sorted(labels, key=list(_labels()).index)
    rows = [(label, cells, len(set(cells)) > 1) for label in order for cells in [[told[one.pk].get(label, "") for one in persons]]]
    names = {one.pk: one.name for one in persons}
    why: dict[str, None] = {}
    for (how, *_key), ids in group.shared:
        who = listed(dict.fromkeys(names[pk] for pk in ids if pk in names)) if set(ids) != set(group.ids) else ""
        why[f"{_reasons()[how]}（{who}）" if who else _reasons()[how]] = None
    return Beside(persons, rows, list(why), len(group.ids) - len(persons))


def _reasons() -> dict[str, str]:
    return {MOBILE: _("手机相同"), UNIT: _("姓名和单位相同"), BIRTH: _("姓名和出生日期相同")}


def _labels() -> tuple[str, ...]:
    """The facts in the order in which they stand."""
    return (_("手机"), _("邮箱"), _("出生日期"), _("性别"), _("单位与职务"), _("职称"), _("别的姓名"), _("去世日期"), _("您从哪里看到"))


def _told(by: Actor, persons: dict[int, Person]) -> dict[int, dict[str, str]]:
    """What is known of each, by label; what is not known is left out."""
    mobile, email, birth, gender, work, title, other, died, places = _labels()
    found: dict[int, dict[str, list[str]]] = {pk: defaultdict(list) for pk in persons}
    why, ids = "of persons just seen", list(persons)
    for one in Contact.objects.system(why).filter(person_id__among=ids).order_by("position", "pk"):
        found[one.person_id][mobile if one.kind == Contact.Kind.MOBILE else email].append(masked(one))
    for pk, unit, duty in Employment.objects.system(why).filter(person_id__among=ids).order_by("-pk").values_list("person_id", "unit", "duty"):
        found[pk][work].append(" · ".join(text for text in (unit, duty) if text))
    for pk, text in Name.objects.system(why).filter(person_id__among=ids).order_by("pk").values_list("person_id", "text"):
        found[pk][other].append(text)
    ties = Tie.objects.seen_by(by).filter(organisation_id__in=by.reach(MEMBER_CLERK), person_id__among=ids, valid_from__lte=by.today).exclude(valid_to__lte=by.today)
    for tie in ties.select_related("organisation").order_by("organisation__pinyin_key", "pk"):
        found[tie.person_id][places].append(_("%(organisation)s（%(why)s，%(since)s 起）") % {"organisation": tie.organisation.name, "why": tie.get_kind_display(), "since": tie.valid_from})
    for pk, person in persons.items():
        found[pk][birth].append(day(person.born_on, person.born_precision))
        found[pk][gender].append(str(person.get_gender_display()))
        found[pk][title].append(person.title)
        found[pk][died].append(day(person.deceased_on, person.deceased_precision) if person.is_deceased else "")
    return {pk: {label: text for label, texts in told.items() if (text := "\n".join(dict.fromkeys(filter(None, texts))))} for pk, told in found.items()}


def persons_of(by: Actor, keys: Sequence[str]) -> list[Person]:
    """The persons with these keys whom `by` sees as clerk today, in the order of their entry."""
    ids = list(seen(by, keys).values_list("pk", flat=True))
    return list(Person.objects.seen_among(by, ids).filter(pk__in=by.persons(MEMBER_CLERK, among=ids)).order_by("pk"))


def pairs_apart(by: Actor) -> QuerySet[Apart]:
    """Pairs told apart, of persons whom `by` sees as clerk today, with their names and places."""
    ids = [pk for pair in aparts(by).values_list("first_id", "second_id") for pk in pair]
    known = by.persons(MEMBER_CLERK, among=ids)
    return aparts(by).filter(first__in=known, second__in=known).select_related("first", "second", "first_place", "second_place")


def apart(by: Actor, key: str) -> Apart | None:
    return pairs_apart(by).filter(key=key).first()


def aparts(by: Actor) -> QuerySet[Apart]:
    """Pairs told apart as organisations know them that are all in the reader's reach as clerk, the latest first."""
    return Apart.objects.seen_by(by).filter(withdrawn_at__isnull=True).order_by("-at", "-pk")
