"""The outlet of figures: what a reader is told of groups of persons. After the number, before any formatting; never in what is kept, or sums would break.

A cell is a number of persons cut by an attribute of persons, or over a group that is not one organisation with all beneath it. Organisations, and an organisation's own
membership, are not cells. Who may open the list behind a number reads the names anyway, and is told everything.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from juzhi.base.actors import Actor
from juzhi.base.cells import INSIDE, Crowd, Hidden, Part, Sums, is_enough, sums
from juzhi.base.indicators import Indicator
from juzhi.figures.queries import evaluation
from juzhi.figures.queries.evaluation import Figure, Narrowing, Node, Row
from juzhi.network import queries as network
from juzhi.network.models import Area, Lineage, Organisation, Seat

WHY = "how many persons stand behind a number, before it is told"


def is_cell(indicator: Indicator, node: Node, narrowing: Narrowing) -> bool:
    """Whether the number is one of persons cut by an attribute, or over a group that is not one organisation."""
    if indicator.person is None:
        return False
    return bool(indicator.kinds) or not isinstance(node.thing, Organisation) or narrowing != Narrowing()


def opens_all(by: Actor, figure: Figure) -> bool:
    """Whether small numbers are no secret to the reader: no persons are counted, or he may open the whole list behind this number."""
    told = figure.indicator
    return told.person is None or by.is_system or (bool(told.list_duties) and evaluation.covers(by, told.list_duties, evaluation.organisations_of(by, figure.node, figure.as_of)))


def month_end(day: date, today: date) -> date:
    """The last day of a month that is over and not after `day`: the days between would tell by subtraction who came and went."""
    day = min(day, today)
    following = day + timedelta(days=1)
    return day if following.day == 1 else day.replace(day=1) - timedelta(days=1)


def told(by: Actor, figure: Figure) -> Figure:
    """The figure as this reader is told it: a cell as of the end of a month only, and small ones as `Hidden`. At most eight queries more."""
    if figure.value is None or not is_cell(figure.indicator, figure.node, figure.narrowing):
        return figure
    seen = lens(by, figure)
    return seen.figure if seen.is_open or seen.tells(seen.group) else replace(seen.figure, value=None if seen.figure.value is None else Hidden())


@dataclass(frozen=True)
class Lens:
    """What a reader is told of the parts of a figure. `figure` is the one whose parts may be told: on the day asked for, or as of the end of a month."""

    by: Actor
    figure: Figure
    is_open: bool
    sums: Sums = Sums({}, ())
    group: frozenset[int] = frozenset()  # organisations that the figure counts
    beneath: Callable[[str], dict[Any, set[int]]] = lambda _what: {}  # organisations by the key of a row, for a cut

    def tells(self, group: Iterable[int]) -> bool:
        return self.is_open or self.sums.tells(self.group.intersection(group))

    @property
    def is_plain(self) -> bool:
        """Whether the figure is an organisation's own membership, which is told in any case."""
        return not is_cell(self.figure.indicator, self.figure.node, self.figure.narrowing)

    def rows(self, rows: Sequence[Row], what: str) -> list[Row]:
        """The rows of a cut by `what` (level, family, host_type, district, child) as they are told. A row of all that an organisation has is its own membership."""
        if self.is_open or not rows or (what == "child" and self.is_plain):
            return list(rows)
        groups = self.beneath(what)
        is_whole = self.is_plain and sum(1 for row in rows if row.value) == 1

        def is_none(row: Row) -> bool:
            """A group of nobody is told; that nobody in it has an attribute is not: the others have it not."""
            return not row.value and not self.figure.indicator.kinds

        def is_told(row: Row) -> bool:
            return is_none(row) or is_whole or self.tells(groups.get(row.key, ()))

        return [row if is_told(row) else replace(row, value=Hidden()) for row in rows]


def lens(by: Actor, figure: Figure) -> Lens:
    """Through which a reader sees the parts of a figure."""
    if figure.value is None or opens_all(by, figure):
        return Lens(by, figure, is_open=True)
    day = month_end(figure.as_of, by.today)
    if day != figure.as_of:
        figure = evaluation.evaluate(by, figure.indicator, figure.node, day, figure.narrowing)
    counted = Organisation.objects.seen_by(by).filter(figure.narrowing.q(by, day), pk__in=evaluation.organisations_of(by, figure.node, day))
    held = dict(counted.values_list("pk", "level")), dict(counted.values_list("pk", "family__name"))
    return Lens(by, figure, False, sums_of(by, figure.indicator, day), frozenset(held[0]), lambda what: _groups(by, figure, what, *held))


def sums_of(by: Actor, indicator: Indicator, day: date, least: int = INSIDE) -> Sums:
    """What may be told of the organisations at which the reader sees the number but not the list. Those whose list he may open are known to him, so they protect nobody."""
    kinds = indicator.kinds or (indicator.evidence,)
    place, person = indicator.organisation, str(indicator.person)
    parts: dict[int, list[Crowd]] = defaultdict(lambda: [Crowd(0, frozenset())] * len(kinds))
    for number, evidence in enumerate(kinds):
        rows = _unlisted(by, indicator, evidence(day).system(WHY)).order_by()
        counts = dict(rows.values_list(place).annotate(n=Count(person, distinct=True)))
        few: dict[int, set[int]] = defaultdict(set)
        for pk, one in rows.filter(**{f"{place}__among": [pk for pk, count in counts.items() if count < least]}).values_list(place, person):
            few[pk].add(one)
        for pk, count in counts.items():
            parts[pk][number] = Crowd(count, frozenset(few[pk]) if count < least else _strangers(pk, least))
    told = [Part(pk, (pk,), tuple(crowds)) for pk, crowds in parts.items()]
    if not all(is_enough([part], least) for part in told):  # else nothing is pooled, and where they stand is not asked
        paths = _paths(by, list(parts), day)
        told = [replace(part, path=paths.get(part.key, part.path)) for part in told]
    return sums(told, least)


def _unlisted(by: Actor, indicator: Indicator, rows: Any) -> Any:
    if by.is_system:
        return rows
    if not indicator.is_public:
        rows = rows.filter(**{f"{indicator.organisation}__in": by.reach(*indicator.duties)})
    known = by.reach(*indicator.list_duties) if indicator.list_duties else ()
    return rows if known == () else rows.exclude(**{f"{indicator.organisation}__in": known})


def _strangers(pk: int, least: int) -> frozenset[int]:
    """Stand for the persons of a part that has enough of its own: who they are need not be read."""
    return frozenset(-(pk * least + number) - 1 for number in range(least))


def _paths(by: Actor, organisation_ids: list[int], day: date) -> dict[int, tuple[int, ...]]:
    """Where each stands in the tree of that day, from the top; only for as many as count anybody."""
    above: dict[int, list[int]] = defaultdict(list)
    rows = Lineage.objects.seen_by(by).on(day).filter(descendant_id__among=organisation_ids).order_by("-depth")
    for descendant, ancestor in rows.values_list("descendant_id", "ancestor_id"):
        above[descendant].append(ancestor)
    return {pk: tuple(path) for pk, path in above.items()}


def _groups(by: Actor, figure: Figure, what: str, levels: dict[int, str], families: dict[int, str]) -> dict[Any, set[int]]:
    """The organisations of each row of a cut."""
    found: dict[Any, set[int]] = defaultdict(set)
    if what in ("level", "family"):
        for pk, key in (levels if what == "level" else families).items():
            found[key].add(pk)
    elif what == "host_type":
        seated = dict(_seats(by, figure).filter(host__isnull=False).values_list("organisation_id", "host__host_type"))
        for pk in levels:
            found[seated.get(pk, "none")].add(pk)
    elif what == "district":
        codes = dict(_seats(by, figure).filter(area__isnull=False).values_list("organisation_id", "area__code"))
        for area in network.areas_beneath(by, figure.node.thing) if isinstance(figure.node.thing, Area) else ():
            found[area.key] = {pk for pk, code in codes.items() if code.startswith(area.code)}
    elif what == "child":
        children = network.on(figure.as_of, "ancestor__placements__") & Q(ancestor__placements__parent=figure.node.thing)
        near = Lineage.objects.seen_by(by).on(figure.as_of).filter(children, descendant_id__among=list(levels))
        for key, pk in near.values_list("ancestor__key", "descendant_id"):
            found[key].add(pk)
        found[figure.node.key] = {figure.node.thing.pk}
    return found


def _seats(by: Actor, figure: Figure) -> Any:
    return Seat.objects.seen_by(by).filter(network.on(figure.as_of)).order_by()


def note(seen: Lens, asked: date, values: Iterable[Any] = ()) -> str:
    """Why something is not told, or told of another day than the figure's; "" where neither is so. `values` = what was told."""
    if seen.is_open:
        return ""
    is_moved = seen.figure.as_of != asked or not seen.is_plain
    words = [_("按分组的人数只给各月月末的：这里是 %(day)s。") % {"day": seen.figure.as_of.isoformat()}] if is_moved else []
    if any(isinstance(value, Hidden) for value in values):
        words.append(_("“%(hidden)s”：这一格少于 %(least)s 人，或者由它能算出这样的一格，所以不写数；两种情形不分开写。合计仍是准数。") % {"hidden": Hidden(), "least": INSIDE})
    return "".join(words)
