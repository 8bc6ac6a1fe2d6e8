"""Indicators of the federation: organisations as of a day; founded and dissolved in a period."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from juzhi.base.actors import Actor
from juzhi.base.indicators import COUNT, FLOW, Growth, Indicator, declare
from juzhi.base.spans import wholly_within
from juzhi.network.models import Organisation
from juzhi.network.queries import standing


def evidence(day: date) -> Any:
    return Organisation.objects.filter(standing(day))


def opened(by: Actor, rows: Any) -> Any:
    """Organisations are public: everybody may open the list."""
    return rows.seen_by(by).select_related("family").order_by("founded_on", "pinyin_key", "pk")


def founded(since: date, until: date) -> Any:
    return Organisation.objects.filter(wholly_within("founded", since, until))


def dissolved(since: date, until: date) -> Any:
    """The day of dissolution is the first on which it no longer stands."""
    return Organisation.objects.filter(wholly_within("dissolved", since, until))


def moved(since: date, until: date) -> Any:
    return founded(since, until) | dissolved(since, until)


def held_before(path: str) -> Q:
    """Organisations that stood on the day before the day at `path`."""
    return Q(founded_on__lt=F(path)) & (Q(dissolved_on__isnull=True) | Q(dissolved_on__gte=F(path)))


_SHARED: dict[str, Any] = {
    "unit": _("个"),
    "measure": COUNT,
    "version": 1,
    "source": _("组织登记"),
    "organisation": "pk",
    "lists": opened,
}
_FLOW: dict[str, Any] = {**_SHARED, "kind": FLOW, "since": date(2026, 11, 1)}
ORGANISATIONS = Indicator(
    id="organisations",
    label=_("组织"),
    rule=_("截至当日已成立、未终止的组织，本级也算一个；按当日的法定隶属（或所在地、依托单位、系统）归集"),
    excludes=_("指导关系、外部团体；成立日期在当日之后的；成立时间未详的自登记之日起算"),
    since=date(2024, 1, 1),
    evidence=evidence,
    **_SHARED,
)
FOUNDED = Indicator(
    id="organisations_founded",
    label=_("新成立的组织"),
    rule=_("成立日期在这段时间之内的组织，本级也算；按成立当日的法定隶属（或所在地、依托单位、系统）归集"),
    excludes=_("成立时间未详的；成立时间只到年或月、不能判定在不在这段时间的（另外列出个数）；外部团体"),
    evidence=founded,
    day="founded_on",
    **_FLOW,
)
DISSOLVED = Indicator(
    id="organisations_dissolved",
    label=_("终止的组织"),
    rule=_("终止日期在这段时间之内的组织；终止日期是不再存续的第一天；按那一天的法定隶属（或所在地、依托单位、系统）归集"),
    excludes=_("终止时间只到年或月、不能判定在不在这段时间的（另外列出个数）；划出到别处的组织"),
    evidence=dissolved,
    day="dissolved_on",
    **_FLOW,
)
GROWTH = Indicator(
    id="organisations_growth",
    label=_("组织净增"),
    rule=_("这段时间新成立的组织减去终止的组织；各按当日的法定隶属（或所在地、依托单位、系统）归集，划入划出不算增减"),
    excludes=_("成立或终止时间未详的；只到年或月、不能判定在不在这段时间的（另外列出个数）"),
    evidence=moved,
    growth=Growth("organisations", "organisations_founded", "organisations_dissolved", held_before, Q(pk__in=())),
    **_FLOW,
)
declare(ORGANISATIONS, FOUNDED, DISSOLVED, GROWTH)
