"""Who may publish a number, and say why it was restated."""

from __future__ import annotations

from datetime import date

from juzhi.base.access import PUBLISHER
from juzhi.base.actors import Actor
from juzhi.figures import queries
from juzhi.figures.models import Reading
from juzhi.figures.queries import Figure, Node


def may_publish(by: Actor, figure: Figure) -> bool:
    """Who sees the number, and holds the duty of publishing at every organisation that it sums."""
    return figure.value is not None and _publishes(by, figure.node, figure.as_of)


def may_explain(by: Actor, reading: Reading) -> bool:
    """Who could have published it."""
    return _publishes(by, Node(reading.node_kind, reading.thing), reading.as_of)


def _publishes(by: Actor, node: Node, as_of: date) -> bool:
    return queries.covers(by, (PUBLISHER,), queries.organisations_of(by, node, as_of))
