"""The list of an organisation's members as it is printed: names in columns, the order and its rule."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from juzhi.base.access import MEMBER_CLERK, access
from juzhi.members import queries
from juzhi.members.forms import NameListForm
from juzhi.members.views.showing import organisation_or_404
from juzhi.web.replies import page


@access(duty=MEMBER_CLERK, of="organisation", reads=("Membership", "Person"))
def name_list(request: HttpRequest, organisation: str) -> HttpResponse:
    """Names of today's members on an A4 sheet, in the order that is asked for; no contacts."""
    by, place = request.by, organisation_or_404(request, organisation)  # type: ignore[attr-defined]
    form = NameListForm(request.GET)
    context = {"organisation": place, "form": form, "list": queries.name_list(by, place, form.order_name()), "day": by.today}
    return page(request, "members/name_list.html", context)
