"""Which published numbers a change of the past may move."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from juzhi.base.affected import Affected
from juzhi.base.indicators import INDICATORS
from juzhi.figures.queries.published import readings
from juzhi.figures.queries.telling import published
from juzhi.network.models import Lineage, Seat

WHY = "numbers are public; which of them may move is asked of the tree of all days"


def affected(by: Any, organisation_ids: Sequence[int], of: str = "") -> list[Affected]:
    """Published numbers at these organisations, at whatever ever stood above them, and at the areas, hosts and sectors of their seats. Two queries beside the readings' own."""
    counted = [one.id for one in INDICATORS.values() if not of or one.model._meta.label_lower == of]
    above = Lineage.objects.system(WHY).filter(descendant_id__in=organisation_ids).values("ancestor_id")
    seats = list(Seat.objects.system(WHY).filter(organisation_id__in=organisation_ids).values_list("area__code", "host_id", "sector_id"))
    codes = {code[:length] for code, _host, _sector in seats if code for length in range(2, len(code) + 1)}
    hosts, sectors = ({one[n] for one in seats if one[n]} for n in (1, 2))
    here = Q(organisation_id__in=above) | Q(area__code__in=codes) | Q(host_id__in=hosts) | Q(sector_id__in=sectors)
    told = map(published, readings(by).filter(here, indicator__in=counted).order_by("-as_of", "-pk"))
    return [Affected(_("%(title)s，%(when)s：%(value)s") % {"title": one.title, "when": one.when, "value": one.standing}, reverse("figures:reading", args=[one.reading.key])) for one in told]
