"""Where a figure stands, and how its question is spelt in an address and in words."""

from __future__ import annotations

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from juzhi.figures.queries.evaluation import Figure, Node


def address(indicator_id: str, node: Node, query: dict[str, str] | None = None, *, name: str = "figure") -> str:
    """Where a figure (or its evidence) stands."""
    url = reverse(f"figures:{name}", kwargs={"indicator": indicator_id, node.kind: node.key})
    kept = {k: v for k, v in (query or {}).items() if v}
    return f"{url}?{urlencode(kept)}" if kept else url


def query_of(figure: Figure) -> dict[str, str]:
    """The question as it stands in an address."""
    narrowing = figure.narrowing
    when = figure.period.question if figure.period else {"as_of": figure.as_of.isoformat()}
    return {
        **when,
        "family": narrowing.family.key if narrowing.family else "",
        "level": narrowing.level,
        "host_type": narrowing.host_type,
        "attribute": narrowing.attribute,
    }


def when(figure: Figure) -> str:
    """As of which day, or over which period, in words."""
    return str(figure.period) if figure.period else _("截至 %(day)s") % {"day": figure.as_of.isoformat()}
