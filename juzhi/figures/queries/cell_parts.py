"""What a reader's sums of persons are made of: the persons of one organisation, of one attribute where records are parted by one; and which of these a number takes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count, F, Q

from juzhi.base.actors import Actor
from juzhi.base.cells import INSIDE, Crowd, Part, Pool, Sums, is_enough, is_enough_of_both, sums
from juzhi.base.indicators import INDICATORS, Indicator
from juzhi.figures.queries import evaluation, own_days
from juzhi.figures.queries.evaluation import Figure
from juzhi.network import queries as network
from juzhi.network.models import Area, Lineage, Organisation, Seat

WHY = "how many persons stand behind a number, before it is told"
Key = tuple[int, Any]  # an organisation, and the attribute of the records if they have one
Taken = dict[Any, frozenset[Key] | None]  # by the key of a row: the parts that it takes whole; None = of some only what happened on some days


@dataclass(frozen=True)
class Whole:
    """What may be told of a reader's parts, and how many records each has, by kind."""

    sums: Sums
    records: dict[Key, tuple[int, ...]]


def sides_of(indicator: Indicator) -> tuple[Indicator, Indicator]:
    """Of a flow: those who came and those who went, of whom it is one, or the difference."""
    for one in INDICATORS.values():
        if one.growth and indicator.evidence in (one.evidence, *(side.evidence for side in evaluation.sides(one))):
            return evaluation.sides(one)
    raise ValueError(f"{indicator.id} is no flow of persons that has its counterpart")


def whole(by: Actor, figure: Figure, least: int = INSIDE) -> Whole:
    """The parts of all that the reader may count on the figure's day or in its period, and what may be told of them.

    Organisations whose list he may open are known to him, so they protect nobody and are left out. Three queries for each kind of persons, and one.
    """
    told = figure.indicator
    kinds = _kinds(figure)
    crowds: dict[Key, list[Crowd]] = defaultdict(lambda: [Crowd(0, frozenset())] * len(kinds))
    records: dict[Key, list[int]] = defaultdict(lambda: [0] * len(kinds))
    for number, rows in enumerate(kinds):
        for key, count, persons, spells in _crowds(_unlisted(by, told, rows.system(WHY)).order_by(), told, least):
            crowds[key][number], records[key][number] = Crowd(count, persons), spells
    suffices: Callable[[Pool, int], bool] = is_enough_of_both if told.is_flow else is_enough
    parts = [Part(key, (key[0],), tuple(found)) for key, found in crowds.items()]
    if not all(suffices([part], least) for part in parts):  # else nothing is pooled, and where they stand is not asked
        paths = _paths(by, sorted({pk for pk, _value in crowds}), figure)
        parts = [replace(part, path=paths.get(part.key[0], part.path)) for part in parts]
    return Whole(sums(parts, least, suffices), {key: tuple(found) for key, found in records.items()})


def _kinds(figure: Figure) -> list[Any]:
    """The query sets into which a reader's parts are cut."""
    if figure.since is not None:
        return [side.evidence(figure.since, figure.as_of) for side in sides_of(figure.indicator)]
    return [kind(figure.as_of) for kind in figure.indicator.kinds or (figure.indicator.evidence,)]


def _crowds(rows: Any, told: Indicator, least: int) -> Iterator[tuple[Key, int, frozenset[int], int]]:
    """Part by part: how many persons, who (no more than the least number), and how many records."""
    place, person = told.organisation, str(told.person)
    cut = [told.attribute.path] if _is_parted(told) and told.attribute else []
    counted = list(rows.values_list(place, *cut).annotate(n=Count(person, distinct=True), spells=Count("pk")))
    few: dict[Key, set[int]] = defaultdict(set)
    for pk, *value, one in rows.filter(**{f"{place}__among": sorted({one[0] for one in counted if one[-2] < least})}).values_list(place, *cut, person):
        few[pk, value[0] if value else None].add(one)
    for number, (pk, *value, count, spells) in enumerate(counted):
        key = pk, value[0] if value else None
        yield key, count, frozenset(few[key]) if count < least else _strangers(number, least), spells


def _is_parted(told: Indicator) -> bool:
    """Whether a number may be asked for by an attribute of the records. Of a flow only by who opens the list, to whom everything is told."""
    return told.attribute is not None and not told.is_flow


def _strangers(number: int, least: int) -> frozenset[int]:
    """Stand for the persons of a part that has enough of its own: who they are need not be read."""
    return frozenset(-(number * least + one) - 1 for one in range(least))


def _unlisted(by: Actor, indicator: Indicator, rows: Any) -> Any:
    if by.is_system:
        return rows
    if not indicator.is_public:
        rows = rows.filter(**{f"{indicator.organisation}__in": by.reach(*indicator.duties)})
    known = by.reach(*indicator.list_duties) if indicator.list_duties else ()
    return rows if known == () else rows.exclude(**{f"{indicator.organisation}__in": known})


def _paths(by: Actor, organisation_ids: list[int], figure: Figure) -> dict[int, tuple[int, ...]]:
    """Where each stands in the tree of that day, from the top; only for as many as count anybody."""
    above: dict[int, list[int]] = defaultdict(list)
    rows = Lineage.objects.seen_by(by).on(figure.as_of).filter(descendant_id__among=organisation_ids).order_by("-depth")
    for descendant, ancestor in rows.values_list("descendant_id", "ancestor_id"):
        above[descendant].append(ancestor)
    return {pk: tuple(path) for pk, path in above.items()}


# What the number and its rows take


def taken(by: Actor, figure: Figure, found: Whole, what: str = "") -> Taken:
    """The parts of each row of a cut by `what` (level, family, host_type, district, child, attribute); of the figure itself under "" with no cut."""
    if figure.since is not None:
        return {key: _wholly(rows, found) for key, rows in _happened(by, figure, what).items()}
    wanted = figure.indicator.attribute.read(figure.narrowing.attribute) if figure.narrowing.attribute and figure.indicator.attribute else None
    here = dict(_counted(by, figure).values_list("pk", "level"))
    keys: dict[int, set[Key]] = defaultdict(set)
    for key in found.records:
        if key[0] in here and wanted in (None, key[1]):
            keys[key[0]].add(key)
    if what == "attribute":
        values = {key[1] for held in keys.values() for key in held}
        return {str(value): frozenset(key for held in keys.values() for key in held if key[1] == value) for value in values}
    groups = _groups(by, figure, what, here) if what else {"": set(here)}
    return {row: frozenset(key for pk in group if pk in here for key in keys[pk]) for row, group in groups.items()}


def _counted(by: Actor, figure: Figure) -> Any:
    return Organisation.objects.seen_by(by).filter(figure.narrowing.q(by, figure.as_of), pk__in=evaluation.organisations_of(by, figure.node, figure.as_of))


def _groups(by: Actor, figure: Figure, what: str, levels: dict[int, str]) -> dict[Any, set[int]]:
    """The organisations of each row of a cut of a stock."""
    found: dict[Any, set[int]] = defaultdict(set)
    if what in ("level", "family"):
        for pk, key in (levels if what == "level" else dict(_counted(by, figure).values_list("pk", "family__name"))).items():
            found[key].add(pk)
    elif what == "host_type":
        seated = dict(_seats(by, figure).filter(host__isnull=False).values_list("organisation_id", "host__host_type"))
        for pk in levels:
            found[seated.get(pk, "none")].add(pk)
    elif what == "district":
        codes = dict(_seats(by, figure).filter(area__isnull=False).values_list("organisation_id", "area__code"))
        for area in _districts(by, figure):
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


def _districts(by: Actor, figure: Figure) -> Iterable[Area]:
    return network.areas_beneath(by, figure.node.thing) if isinstance(figure.node.thing, Area) else ()


# Of flows: each record on its own day


def _wholly(rows: dict[int, list[int]], found: Whole) -> frozenset[Key] | None:
    """The parts of which a number takes every record; None where of one it takes only some: it stood elsewhere on other days."""
    keys = {pk: (pk, None) for pk in rows if (pk, None) in found.records}
    if any(found.records[key] != tuple(rows[pk]) for pk, key in keys.items()):
        return None
    return frozenset(keys.values())


def _happened(by: Actor, figure: Figure, what: str) -> dict[Any, dict[int, list[int]]]:
    """How many records of those who came and of those who went each row takes of each organisation."""
    found: dict[Any, dict[int, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    for number, side in enumerate(sides_of(figure.indicator)):
        rows = evaluation.rows_of(by, replace(figure, indicator=side)).system(WHY).order_by()
        for key, pk, count in _keyed(by, figure, side, rows, what):
            found[key][pk][number] += count
    return found


def _keyed(by: Actor, figure: Figure, side: Indicator, rows: Any, what: str) -> Iterator[tuple[Any, int, int]]:
    """(key of a row, organisation, records)."""
    place, path, day = side.organisation, side.path, F(side.day)
    if what in ("", "level", "family", "child"):
        field = {"level": f"{path}level", "family": f"{path}family__name"}.get(what, f"{path}key")
        for key, pk, count in rows.values_list(field, place).annotate(n=Count("pk")):
            if what != "child" or pk == figure.node.thing.pk:
                yield key if what else "", pk, count
    if what == "child" and isinstance(figure.node.thing, Organisation):
        yield from rows.filter(own_days.beneath_children(side, figure.node.thing)).values_list(f"{path}lineage_above__ancestor__key", place).annotate(n=Count("pk"))
    elif what == "host_type":
        for kind, pk, count in rows.annotate(leant=own_days.leant(by, side)).values_list("leant", place).annotate(n=Count("pk")):
            yield kind or "none", pk, count
    elif what == "district":
        seat, areas = f"{path}seats__", list(_districts(by, figure))
        for code, pk, count in rows.filter(network.on(day, seat), **{f"{seat}area__isnull": False}).values_list(f"{seat}area__code", place).annotate(n=Count("pk")):
            yield from ((area.key, pk, count) for area in areas if code.startswith(area.code))
