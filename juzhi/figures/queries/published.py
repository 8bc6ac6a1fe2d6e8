"""What was published and stands, and whether the records still say so."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Prefetch

from juzhi.base.actors import Actor
from juzhi.base.indicators import INDICATORS, Indicator
from juzhi.figures.models import NODES, Reading, Restatement
from juzhi.figures.queries import evaluation
from juzhi.figures.queries.evaluation import Figure, Narrowing, Node
from juzhi.journal.queries import verbs_since


@dataclass(frozen=True)
class Change:
    """What a question that was published answers today: the number, the keys behind it, and what came and left since it was last told."""

    reading: Reading
    old: int
    new: int
    records: tuple[str, ...]
    came: tuple[str, ...]
    left: tuple[str, ...]
    causes: list[list[Any]]


def readings(by: Actor) -> Any:
    """Everything published, the newest first."""
    found = Reading.objects.seen_by(by).select_related("organisation", "area", "host", "sector", "family").prefetch_related(_restatements(by))
    return found.filter(indicator__in=INDICATORS).defer("records").order_by("-published_at", "-pk")


def _restatements(by: Actor) -> Prefetch[Any]:
    return Prefetch("restatements", Restatement.objects.seen_by(by).defer("records"))


def reading(by: Actor, key: str) -> Reading | None:
    return readings(by).filter(key=key).first()


def restatement(by: Actor, key: str) -> Restatement | None:
    return Restatement.objects.seen_by(by).select_related("reading__organisation", "reading__area", "reading__host", "reading__sector", "reading__family").filter(key=key).first()


def of_question(by: Actor, figure: Figure) -> Any:
    """What was published of this very question, whatever the day."""
    narrowing = figure.narrowing
    same = {kind: figure.node.thing if kind == figure.node.kind else None for kind in NODES}
    return readings(by).filter(indicator=figure.indicator.id, family=narrowing.family, level=narrowing.level, host_type=narrowing.host_type, attribute=narrowing.attribute, **same)


def node_of(one: Reading) -> Node:
    return Node(one.node_kind, one.thing)


def narrowing_of(one: Reading) -> Narrowing:
    return Narrowing(one.family, one.level, one.host_type, one.attribute)


def figure_of(by: Actor, one: Reading) -> Figure | None:
    """The same question asked of today's records, of nothing that is kept; None where its indicator is gone."""
    declared = INDICATORS.get(one.indicator)
    return evaluation.evaluate(by, declared, node_of(one), one.as_of, narrowing_of(one), one.since, is_recounted=True) if declared else None


def records_of(by: Actor, figure: Figure) -> tuple[str, ...]:
    """The keys of the rows that the number counts, in order; of a growth each with the sign by which it counts, those that came and went with both."""
    rows = evaluation.rows_of(by, figure).system("what a published number stands on").order_by("key")
    if figure.indicator.growth:
        return tuple(f"{sign}{key}" for key, added in rows.values_list("key", "added") for sign in {1: "+", -1: "-"}.get(added, "+-"))
    return tuple(rows.values_list("key", flat=True))


def digest_of(records: Sequence[str]) -> str:
    return hashlib.sha256(" ".join(records).encode()).hexdigest()


def standing(one: Reading) -> tuple[int, str, datetime]:
    """The number and the records as they were last told, and when."""
    last = Restatement.objects.system("what was told last").filter(reading=one).last()
    return (last.new, last.records, last.at) if last else (one.value, one.records, one.computed_at)


def compared(by: Actor, one: Reading) -> Change | None:
    """What is otherwise than it was last told; None where nothing is, or the rule itself is another now."""
    figure = figure_of(by, one)
    if figure is None or not isinstance(figure.value, int) or figure.indicator.version != one.definition_version:
        return None
    old, known, since = standing(one)
    now, before = records_of(by, figure), frozenset(known.split())
    came, left = tuple(key for key in now if key not in before), tuple(sorted(before.difference(now)))
    if figure.value == old and not came and not left:
        return None
    return Change(one, old, figure.value, now, came, left, _causes(figure.indicator, (*came, *left), since))


def _causes(indicator: Indicator, keys: Sequence[str], since: datetime) -> list[list[Any]]:
    """Which verbs touched these records since, and how many of them each, the most frequent first."""
    kind, touched = indicator.model._meta.label_lower, list(dict.fromkeys(key.lstrip("+-") for key in keys))
    return [[verb, count] for verb, count in Counter(verbs_since(kind, touched, since)).most_common()]


def changes(by: Actor) -> Iterator[Change]:
    """Every published reading that today's records contradict."""
    for one in readings(by).defer(None).iterator(chunk_size=50):
        if (found := compared(by, one)) is not None:
            yield found
