"""Which numbers of persons are never published: few persons, and what together with the numbers of the same month would tell of few."""

from __future__ import annotations

from collections import defaultdict

from juzhi.base.actors import Actor
from juzhi.base.cells import PUBLIC, Hidden
from juzhi.base.indicators import INDICATORS, Indicator
from juzhi.figures.models import Reading
from juzhi.figures.queries import evaluation
from juzhi.figures.queries.cells import WHY, is_cell, month_end
from juzhi.figures.queries.evaluation import Figure, Narrowing, Node
from juzhi.network.models import Organisation


def is_between(by: Actor, figure: Figure) -> bool:
    """Whether it is a cell as of a day that is not the end of a month: two such numbers a day apart, in two months, would tell who came and went."""
    return is_cell(figure.indicator, figure.node, figure.narrowing) and month_end(figure.as_of, by.today) != figure.as_of


def is_small(by: Actor, figure: Figure) -> bool:
    """Whether it counts so few persons, over a group that is not one organisation, that publishing it tells of them."""
    return is_cell(figure.indicator, figure.node, figure.narrowing) and _is_few(figure, figure.indicator, frozenset(_organisations(by, figure, figure.node, figure.narrowing)))


def leaves_few(by: Actor, figure: Figure) -> bool:
    """Whether a number of few persons would follow from it by subtraction, together with what was published of the same month.

    Organisations fall into classes by the published groups to which they belong. Every class that can be told from the others by sums and differences, and that organisations
    alone do not tell, must count nobody or at least ten.
    """
    told = figure.indicator
    groups = [] if told.person is None else [(figure.node, figure.narrowing), *_published(by, figure)]
    if not any(is_cell(told, *one) for one in groups):
        return False
    bodies = [_organisations(by, figure, *one) for one in groups]
    plain = set(_classes([group for group, one in zip(bodies, groups, strict=True) if not is_cell(told, *one)]))
    return any(_is_few(figure, told, one) for one in set(_classes(bodies)) - plain)


def _published(by: Actor, figure: Figure) -> list[tuple[Node, Narrowing]]:
    """Where numbers of the same records were published as of days of the same month."""
    same = [one.id for one in INDICATORS.values() if one.evidence == figure.indicator.evidence]
    found = Reading.objects.seen_by(by).filter(indicator__in=same, as_of__year=figure.as_of.year, as_of__month=figure.as_of.month)
    rows = found.select_related("organisation", "area", "host", "family").defer("records")
    return [(Node(one.node_kind, one.thing), Narrowing(one.family, one.level, one.host_type)) for one in rows]


def _organisations(by: Actor, figure: Figure, node: Node, narrowing: Narrowing) -> set[int]:
    counted = Organisation.objects.seen_by(by).filter(narrowing.q(by, figure.as_of), pk__in=evaluation.organisations_of(by, node, figure.as_of))
    return set(counted.values_list("pk", flat=True))


def _classes(groups: list[set[int]]) -> list[frozenset[int]]:
    """Organisations that belong to the same of these groups, those that belong to none left out."""
    signatures: dict[int, list[int]] = defaultdict(list)
    for number, group in enumerate(groups):
        for pk in group:
            signatures[pk].append(number)
    classes: dict[tuple[int, ...], set[int]] = defaultdict(set)
    for pk, signature in signatures.items():
        classes[tuple(signature)].add(pk)
    return [frozenset(one) for one in classes.values()]


def _is_few(figure: Figure, told: Indicator, organisation_ids: frozenset[int]) -> bool:
    rows = told.evidence(figure.as_of).system(WHY).filter(**{f"{told.organisation}__among": organisation_ids}).order_by()
    return bool(0 < rows.values(told.person).distinct().count() < PUBLIC)


def publicly(told: Indicator, node: Node, narrowing: Narrowing, value: int) -> int | Hidden:
    """A restated number as everybody is told it."""
    return Hidden(PUBLIC) if is_cell(told, node, narrowing) and 0 < value < PUBLIC else value
