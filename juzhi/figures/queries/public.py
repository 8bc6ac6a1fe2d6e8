"""Which numbers of persons are never published: few persons, and what together with the numbers of the same month would tell of few."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import Any

from juzhi.base.actors import Actor
from juzhi.base.cells import PUBLIC, Hidden
from juzhi.base.indicators import INDICATORS, Indicator
from juzhi.figures.models import Reading
from juzhi.figures.queries import evaluation
from juzhi.figures.queries.cell_parts import WHY, Key
from juzhi.figures.queries.cells import is_cell, month_end
from juzhi.figures.queries.evaluation import Figure, Narrowing, Node
from juzhi.network.models import Organisation


def is_flow_of_group(figure: Figure) -> bool:
    """Whether it says who came to a group that is not one organisation, or left it: with the stocks of both ends it would tell the other side."""
    return figure.since is not None and is_cell(figure.indicator, figure.node, figure.narrowing)


def is_between(by: Actor, figure: Figure) -> bool:
    """Whether it is a cell as of a day that is not the end of a month: two such numbers a day apart, in two months, would tell who came and went."""
    return figure.since is None and is_cell(figure.indicator, figure.node, figure.narrowing) and month_end(figure.as_of, by.today) != figure.as_of


def is_small(by: Actor, figure: Figure) -> bool:
    """Whether it counts so few persons, over a group that is not one organisation, that publishing it tells of them. Of an attribute of persons also those who have it not: all but a few tells of the few."""
    if not is_cell(figure.indicator, figure.node, figure.narrowing):
        return False
    told = figure.indicator
    if told.kinds:
        return any(_persons(evaluation.rows_of(by, replace(figure, indicator=replace(told, evidence=kind))), told) < PUBLIC for kind in told.kinds[:2])
    return 0 < _persons(evaluation.rows_of(by, figure), told) < PUBLIC


def _persons(rows: Any, told: Indicator) -> int:
    return int(rows.system(WHY).order_by().values(told.person).distinct().count())


def leaves_few(by: Actor, figure: Figure) -> bool:
    """Whether a number of few persons would follow from it by subtraction, together with what was published of the same month.

    Parts (an organisation, or those of one attribute there) fall into classes by the published groups to which they belong. Every class that can be told from the others by
    sums and differences, and that organisations alone do not tell, must count nobody or at least ten.
    """
    told = figure.indicator
    if told.person is None or figure.since is not None:
        return False
    groups = [(figure.node, figure.narrowing), *_published(by, figure)]
    if not any(is_cell(told, *one) for one in groups):
        return False
    parts = [_parts(by, figure, *one) for one in groups]
    plain = set(_classes([group for group, one in zip(parts, groups, strict=True) if not is_cell(told, *one)]))
    return any(_is_few(figure, told, one) for one in set(_classes(parts)) - plain)


def _published(by: Actor, figure: Figure) -> list[tuple[Node, Narrowing]]:
    """Where numbers of the same records were published as of days of the same month."""
    same = [one.id for one in INDICATORS.values() if one.evidence == figure.indicator.evidence]
    found = Reading.objects.seen_by(by).filter(indicator__in=same, as_of__year=figure.as_of.year, as_of__month=figure.as_of.month)
    rows = found.select_related("organisation", "area", "host", "sector", "family").defer("records")
    return [(Node(one.node_kind, one.thing), Narrowing(one.family, one.level, one.host_type, one.attribute)) for one in rows]


def _parts(by: Actor, figure: Figure, node: Node, narrowing: Narrowing) -> set[Key]:
    """The parts that such a number sums: organisations, parted by the attribute of their records if these have one."""
    told = figure.indicator
    if told.attribute:
        rows = evaluation.evidence(by, told, node, figure.as_of, narrowing).system(WHY).order_by()
        return set(rows.values_list(told.organisation, told.attribute.path).distinct())
    counted = Organisation.objects.seen_by(by).filter(narrowing.q(by, figure.as_of), pk__in=evaluation.organisations_of(by, node, figure.as_of))
    return {(pk, None) for pk in counted.values_list("pk", flat=True)}


def _classes(groups: list[set[Key]]) -> list[frozenset[Key]]:
    """Parts that belong to the same of these groups, those that belong to none left out."""
    signatures: dict[Key, list[int]] = defaultdict(list)
    for number, group in enumerate(groups):
        for part in group:
            signatures[part].append(number)
    classes: dict[tuple[int, ...], set[Key]] = defaultdict(set)
    for part, signature in signatures.items():
        classes[tuple(signature)].add(part)
    return [frozenset(one) for one in classes.values()]


def _is_few(figure: Figure, told: Indicator, parts: frozenset[Key]) -> bool:
    place, person = told.organisation, str(told.person)
    if told.kinds:
        return any(_persons(kind(figure.as_of).filter(**{f"{place}__among": {pk for pk, _value in parts}}), told) < PUBLIC for kind in told.kinds[:2])
    rows: Any = told.evidence(figure.as_of).system(WHY).filter(**{f"{place}__among": {pk for pk, _value in parts}}).order_by()
    if told.attribute:
        persons = {who for pk, value, who in rows.values_list(place, told.attribute.path, person) if (pk, value) in parts}
        return 0 < len(persons) < PUBLIC
    return bool(0 < rows.values(person).distinct().count() < PUBLIC)


def publicly(told: Indicator, node: Node, narrowing: Narrowing, value: int) -> int | Hidden:
    """A restated number as everybody is told it."""
    return Hidden(PUBLIC) if is_cell(told, node, narrowing) and 0 < value < PUBLIC else value
