"""A figure for programs: the same numbers as the page, as far as the reader's rights go."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from juzhi.base.actors import Actor
from juzhi.base.cells import in_words
from juzhi.figures.queries import cells, evaluation, flow_sheets, flows
from juzhi.figures.queries.addresses import address, query_of
from juzhi.figures.queries.evaluation import Figure


def as_of_or_period(figure: Figure) -> dict[str, Any]:
    """{"as_of": day} of a stock, {"period": {"from": day, "to": day}} of a flow."""
    if figure.since is None:
        return {"as_of": figure.as_of.isoformat()}
    return {"period": {"from": figure.since.isoformat(), "to": figure.as_of.isoformat()}}


def figure_data(by: Actor, figure: Figure, here: Callable[[str], str]) -> dict[str, Any]:
    """Everything the page tells; `here` makes an address whole. `value` is None, and no part is there, where the reader may not see the number; what is too few is words.

    `parts_of` = the day or period of the parts, where it is another than that of the number. A constant number of queries.
    """
    one, narrowing, query = figure.indicator, figure.narrowing, query_of(figure)
    told: dict[str, Any] = {
        "url": here(address(one.id, figure.node, query)),
        "indicator": one.id,
        "label": str(one.label),
        "unit": str(one.unit),
        "definition_version": one.version,
        "rule": str(one.rule),
        "excludes": str(one.excludes),
        "source": str(one.source),
        "node": {"kind": figure.node.kind, "key": figure.node.key, "name": figure.node.name},
        **as_of_or_period(figure),
        "cut": {"family": narrowing.family.name if narrowing.family else "", "level": narrowing.level, "host_type": narrowing.host_type, "attribute": narrowing.attribute},
        "value": in_words(figure.value),
        "evidence": here(address(one.id, figure.node, query, name="evidence")),
        "computed_at": figure.computed_at.isoformat(),
    }
    return told if figure.value is None else {**told, **_parts(by, figure)}


def _parts(by: Actor, figure: Figure) -> dict[str, Any]:
    seen = cells.lens(by, figure)
    cuts = [name for name in ("attribute", "level", "host_type", "family") if not getattr(figure.narrowing, name)]
    parts: dict[str, Any] = {f"by_{name}": {row.key: in_words(row.value) for row in seen.rows(evaluation.cut(by, seen.figure, name), name)} for name in cuts}
    if as_of_or_period(seen.figure) != as_of_or_period(figure):
        parts["parts_of"] = as_of_or_period(seen.figure)
    children = seen.rows(evaluation.by_child(by, figure if seen.is_plain else seen.figure), "child")
    parts["by_child"] = [{"key": row.key, "name": row.label, "value": in_words(row.value), "whole": in_words(row.value if row.whole is None else row.whole)} for row in children]
    if figure.since is None:
        return {**parts, "cohorts": {one.key: {"value": in_words(one.value), "still": one.still} for one in flow_sheets.cohorts(by, figure)}}
    if not seen.tells_all:
        return parts
    return {**parts, "by_month": {f"{month.since:%Y-%m}": value for month, value in flows.by_month(by, figure)}, "undecided": flows.undecided(by, figure)}
