"""Who may publish a number, and say why it was restated."""

from __future__ import annotations

from juzhi.base.access import PUBLISHER, SECRETARY
from juzhi.base.actors import Actor
from juzhi.figures import queries
from juzhi.figures.models import Reading
from juzhi.figures.queries import Figure
from juzhi.network.models import Organisation


def may_publish(by: Actor, figure: Figure) -> bool:
    """Who sees the number, and holds the duty of publishing at every organisation that it sums."""
    return figure.value is not None and queries.covers(by, (PUBLISHER,), queries.organisations_of(by, figure.node, figure.as_of, figure.since))


def may_explain(by: Actor, reading: Reading) -> bool:
    """Who could have published it."""
    figure = queries.figure_of(by, reading)
    return figure is not None and may_publish(by, figure)


def may_record_opening(by: Actor, organisation: Organisation) -> bool:
    """The secretary there: what a body was before it kept records is its own to say."""
    if by.is_system or not by.holds_anywhere(SECRETARY):
        return by.is_system
    return bool(Organisation.objects.seen_by(by).filter(pk=organisation.pk, pk__in=by.reach(SECRETARY)).exists())  # one query, wherever the duty is held


def may_open_balance(by: Actor, figure: Figure) -> bool:
    """Whether a page of the figure offers it: where the reader sees the number, of a whole organisation."""
    thing = figure.node.thing
    return figure.value is not None and isinstance(thing, Organisation) and queries.is_own(figure.indicator) and may_record_opening(by, thing)
