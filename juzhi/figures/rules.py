"""Who may publish a number, and say why it was restated."""

from __future__ import annotations

from juzhi.base.access import PUBLISHER
from juzhi.base.actors import Actor
from juzhi.figures import queries
from juzhi.figures.models import Reading
from juzhi.figures.queries import Figure


def may_publish(by: Actor, figure: Figure) -> bool:
    """Who sees the number, and holds the duty of publishing at every organisation that it sums."""
    return figure.value is not None and queries.covers(by, (PUBLISHER,), queries.organisations_of(by, figure.node, figure.as_of, figure.since))


def may_explain(by: Actor, reading: Reading) -> bool:
    """Who could have published it."""
    figure = queries.figure_of(by, reading)
    return figure is not None and may_publish(by, figure)
