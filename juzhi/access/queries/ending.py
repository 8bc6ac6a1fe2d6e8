"""Duties that end with the organisation at which they are held."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from juzhi.access.models import Grant
from juzhi.base.consequences import Consequence
from juzhi.network.models import Organisation


def not_over(day: date, organisations: Sequence[Organisation]) -> QuerySet[Grant]:
    """Grants at these bodies that hold on `day` or begin later."""
    return Grant.objects.system("duties that end with the body").filter(organisation__in=organisations).exclude(valid_to__lte=day)


def duties_lost(by: Any, organisations: Sequence[Organisation]) -> list[Consequence]:
    """Who holds what at these bodies and will not hold it at their successor; of grants that `by` may not see, the number alone is not told either."""
    rows = Grant.objects.seen_by(by).filter(pk__in=not_over(by.today, organisations).values("pk")).select_related("account__person", "organisation")
    lines = tuple(_("%(name)s：%(place)s的%(duty)s") % {"name": one.account.person.name, "place": one.organisation.name, "duty": one.get_duty_display()} for one in rows.order_by("organisation__pinyin_key", "duty", "pk"))
    return [Consequence(_("职责"), _("这些职责随之结束，不转到承继的组织；需要的请另行授权"), lines)] if lines else []
