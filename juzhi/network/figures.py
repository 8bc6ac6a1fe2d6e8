"""Indicators of the federation: organisations as of a day."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from juzhi.base.actors import Actor
from juzhi.base.indicators import COUNT, Indicator, declare
from juzhi.network.models import Organisation
from juzhi.network.queries import standing


def evidence(day: date) -> Any:
    return Organisation.objects.filter(standing(day))


def opened(by: Actor, rows: Any) -> Any:
    """Organisations are public: everybody may open the list."""
    return rows.seen_by(by).select_related("family").order_by("founded_on", "pinyin_key", "pk")


ORGANISATIONS = Indicator(
    id="organisations",
    label=_("组织"),
    unit=_("个"),
    measure=COUNT,
    rule=_("截至当日已成立、未终止的组织，本级也算一个；按当日的法定隶属（或所在地、依托单位）归集"),
    excludes=_("指导关系、外部团体；成立日期在当日之后的；成立时间未详的自登记之日起算"),
    version=1,
    since=date(2024, 1, 1),
    source=_("组织登记"),
    evidence=evidence,
    organisation="pk",
    lists=opened,
)
declare(ORGANISATIONS)
