"""The tree as of a day: roots, children, the branches that are open, and what words find."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, F, Func, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Replace
from django.utils.translation import gettext as _

from juzhi.base.actors import Actor
from juzhi.base.text import search_key
from juzhi.network.models import BEGINNING, FOREVER, Lineage, Organisation, OrganisationLevel, OrganisationName, Placement, Root
from juzhi.network.queries.days import dissolved_text, founded_text, names_on, on, standing

LEVELS = dict(OrganisationLevel.choices)
NEW = timedelta(days=366)  # a body younger than this is marked as new


@dataclass(frozen=True)
class Node:
    """One line of the tree on a day."""

    organisation: Organisation
    name: str  # what it was called that day
    children: int  # bodies directly beneath that day
    count: int  # bodies of the subtree standing that day, itself included
    is_standing: bool
    is_early: bool  # not founded yet, shown because bodies beneath it stood already
    is_new: bool  # founded within the year before the day

    @property
    def kind(self) -> Any:
        """The word for its level; a look-up, since a tree asks it of every line."""
        return LEVELS.get(self.organisation.level, self.organisation.level)

    @property
    def is_gone(self) -> bool:
        return not self.is_standing and not self.is_early

    @property
    def note(self) -> str:
        """When it began, or that it no longer or not yet stood."""
        if self.is_early:
            return _("当时尚未成立")
        return founded_text(self.organisation) if self.is_standing else _("%(day)s 终止") % {"day": dissolved_text(self.organisation)}


@dataclass(frozen=True)
class Branch:
    """A node of the tree with those of its children that are open."""

    node: Node
    children: list[Branch]
    is_open: bool


@dataclass(frozen=True)
class Tree:
    """The federation on a day: its roots, or what the words found; how many bodies stand in all; days on which bodies were founded."""

    branches: list[Branch]
    found: list[Node]
    count: int
    days: list[date]
    span: tuple[date, date]  # first and last day of the timeline


def roots(by: Actor, day: date) -> list[Node]:
    """Organisations with nobody above them on `day`; dissolved ones too (struck through)."""
    is_any_late = _is_any_late(by, day)
    return [branch.node for branch in _grown(by, _top(by, day, is_any_late), day, (), is_any_late)]


def children(by: Actor, parent: Organisation, day: date) -> list[Node]:
    """Bodies directly beneath `parent` on `day`, dissolved ones too (struck through)."""
    is_any_late = _is_any_late(by, day)
    beneath = _beneath(by, [parent.pk], day, is_any_late).get(parent.pk, [])
    return [branch.node for branch in _grown(by, beneath, day, (), is_any_late)]


def tree(by: Actor, day: date, words: str = "", opened: Sequence[str] = ()) -> Tree:
    """Roots with one level beneath the only one that has any, and the branches named in `opened` (keys). With words: the flat list of what they find."""
    days, is_any_late = founding_days(by, day), _is_any_late(by, day)
    if words:
        count = Organisation.objects.seen_by(by).filter(standing(day)).count()
        found = found_by_words(by, words, day)
        return Tree([], [branch.node for branch in _grown(by, found, day, (), is_any_late)], count, days, timeline(by, day))
    branches = _grown(by, _top(by, day, is_any_late), day, set(opened), is_any_late, is_whole=True)
    return Tree(branches, [], sum(branch.node.count for branch in branches), days, timeline(by, day))


def _is_any_late(by: Actor, day: date) -> bool:
    """Whether any body was founded after `day`: today hardly ever, and then the tree asks nothing about it."""
    return Organisation.objects.seen_by(by).filter(founded_on__gt=day).exists()


def _entered(by: Actor, day: date, is_any_late: bool, prefix: str = "") -> Q:
    """Bodies that the tree of `day` shows: founded by then, or with a standing body beneath them (a superior may be younger)."""
    if not is_any_late:
        return Q()
    below = Lineage.objects.seen_by(by).on(day).filter(standing(day, "descendant__"), ancestor=OuterRef(f"{prefix}pk"), depth__gt=0)
    return Q(**{f"{prefix}founded_on__lte": day}) | Q(Exists(below))


def _top(by: Actor, day: date, is_any_late: bool) -> list[Organisation]:
    alone = Root.objects.seen_by(by).filter(valid_from__lte=day, valid_to__gt=day).values("organisation_id")  # type: ignore[misc]
    found = Organisation.objects.seen_by(by).filter(_entered(by, day, is_any_late), pk__in=alone)
    return list(found.select_related("family").order_by("founded_on", "pinyin_key", "pk"))


def _placed(by: Actor, parent_ids: Collection[int], day: date, is_any_late: bool) -> QuerySet[Placement]:
    return Placement.objects.seen_by(by).filter(on(day), _entered(by, day, is_any_late, "organisation__"), parent_id__in=parent_ids)


def _beneath(by: Actor, parent_ids: Collection[int], day: date, is_any_late: bool) -> dict[int, list[Organisation]]:
    """Bodies directly beneath each of these, oldest first. One query."""
    found: dict[int, list[Organisation]] = {}
    order = ("organisation__founded_on", "organisation__pinyin_key", "organisation_id")
    for placed in _placed(by, parent_ids, day, is_any_late).select_related("organisation__family").order_by(*order):
        found.setdefault(placed.parent_id, []).append(placed.organisation)
    return found


def _grown(by: Actor, top: list[Organisation], day: date, keys: Collection[str], is_any_late: bool, *, is_whole: bool = False) -> list[Branch]:
    """`top` with the branches whose key is in `keys`: two queries a level and at most three in all. An open branch is counted as the sum of what it shows.

    `is_whole`: the only root that has children is open.
    """
    shown, level, kids, beneath = list(top), list(top), dict[int, int](), dict[int, list[Organisation]]()
    while level:
        placed = _placed(by, [one.pk for one in level], day, is_any_late)
        kids |= dict(placed.order_by().values_list("parent_id").annotate(n=Count("pk")))
        opened = [one.pk for one in level if kids.get(one.pk) and (one.key in keys or (is_whole and level[0] is top[0] and len(kids) == 1))]
        beneath |= _beneath(by, opened, day, is_any_late) if opened else {}
        level = [one for pk in opened for one in beneath[pk]]
        shown += level
    counts = _counts(by, [one.pk for one in shown if one.pk not in beneath], day)
    names = names_on(by, [one.pk for one in shown], day) if shown else {}

    def branch(one: Organisation) -> Branch:
        inner = [branch(child) for child in beneath.get(one.pk, ())]
        is_standing = one.stands_on(day)
        count = sum(child.node.count for child in inner) + is_standing if inner else counts.get(one.pk, 0)
        is_new = is_standing and day - one.founded_on < NEW and bool(founded_text(one))
        return Branch(Node(one, names.get(one.pk, one.name), kids.get(one.pk, 0), count, is_standing, one.founded_on > day, is_new), inner, bool(inner))

    return [branch(one) for one in top]


def _counts(by: Actor, organisation_ids: list[int], day: date) -> dict[int, int]:
    """Bodies standing beneath each, itself included. Today few do not stand: all that are placed there (an index alone answers), without those."""
    if not organisation_ids:
        return {}
    if day < by.today:
        below = Lineage.objects.seen_by(by).on(day).filter(ancestor_id__in=organisation_ids).order_by()
        return dict(below.filter(standing(day, "descendant__")).values_list("ancestor_id").annotate(n=Count("*")))
    absent = Organisation.objects.seen_by(by).filter(Q(founded_on__gt=day) | Q(dissolved_on__lte=day)).values("pk")
    away = Lineage.objects.seen_by(by).on(day).annotate(top=F("ancestor_id") + 0)  # from the few absent upwards: the sum keeps the index of ancestors out of it
    missing = dict(away.filter(descendant_id__in=absent, top__in=organisation_ids).order_by().values_list("ancestor_id").annotate(n=Count("*")))
    placed = Organisation.objects.seen_by(by).filter(pk__in=organisation_ids).order_by().values_list("pk", _placed_beneath(by, day))
    return {one: count - missing.get(one, 0) for one, count in placed}


def _placed_beneath(by: Actor, day: date) -> Any:
    """How many rows of the closure hold on `day` beneath the organisation of the row: nearly all hold since ever and for ever, one range of the index."""
    below = Lineage.objects.seen_by(by).filter(ancestor=OuterRef("pk")).order_by()
    ever = below.filter(valid_from=BEGINNING, valid_to=FOREVER)
    ended = below.filter(valid_from=BEGINNING, valid_to__gt=day, valid_to__lt=FOREVER)
    begun = below.filter(valid_from__gt=BEGINNING, valid_from__lte=day, valid_to__gt=day)
    number = Func(template="COUNT(*)", output_field=IntegerField())  # an aggregate of Django's would group, and count slower
    first, second, third = (Subquery(part.annotate(n=number).values("n")) for part in (ever, ended, begun))
    return first + second + third


def path_to(by: Actor, organisation: Organisation, day: date) -> list[Organisation]:
    """The organisation and all above it on `day`, from the top."""
    rows = Lineage.objects.seen_by(by).on(day).filter(descendant=organisation).order_by("-depth").select_related("ancestor__family")
    return [row.ancestor for row in rows]


def path_named(by: Actor, organisation: Organisation, day: date) -> list[tuple[Organisation, str]]:
    """The same, each with what it was called that day."""
    path = path_to(by, organisation, day)
    names = names_on(by, [one.pk for one in path], day)
    return [(one, names.get(one.pk, one.name)) for one in path]


def subtree(by: Actor, organisation: Organisation, day: date) -> Any:
    """Ids of organisations beneath on `day`, itself included."""
    return Lineage.objects.seen_by(by).on(day).filter(ancestor=organisation).values("descendant_id")


def found_by_words(by: Actor, words: str, day: date | None = None, limit: int = 50) -> list[Organisation]:
    """Organisations that `bearing` finds; with `day`, those founded by then."""
    bears = bearing(by, words)
    if bears is None:
        return []
    found = Organisation.objects.seen_by(by).filter(bears)
    if day is not None:
        found = found.filter(founded_on__lte=day)
    return list(found.select_related("family").order_by("pinyin_key", "pk")[:limit])


def bearing(by: Actor, words: str) -> Q | None:
    """Organisations any of whose names, past and alias included, contains `words`, or whose pinyin begins with them; None without words."""
    key = search_key(words)
    if not key:
        return None
    named = Q(pk__in=OrganisationName.objects.seen_by(by).filter(text_key__contains=key).values("organisation_id"))
    if not key.isascii():
        return named
    sounding = Organisation.objects.seen_by(by).annotate(sounds=Replace("pinyin_key", Value(" "), Value("")))
    return named | Q(pk__in=sounding.filter(sounds__startswith=key).values("pk"))


def founding_days(by: Actor, day: date) -> list[date]:
    """Days on which something was founded, for the timeline beside the as-of field: those of the years round `day` and today."""
    since, until = timeline(by, day)
    found = Organisation.objects.seen_by(by).filter(founded_on__gte=since, founded_on__lte=until).exclude(founded_precision="unknown")
    return list(found.order_by("founded_on").values_list("founded_on", flat=True).distinct())


def timeline(by: Actor, day: date) -> tuple[date, date]:
    """The first and last day that the timeline shows: nine years that end today, or round a day long past or far ahead."""
    last = by.today.year if by.today.year - 8 <= day.year <= by.today.year else min(max(day.year + 4, 1908), 9999)
    return date(last - 8, 1, 1), date(last, 12, 31)
