"""The list of an organisation's members as it is printed: names in columns, the order and its rule."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from juzhi.base.access import MEMBER_CLERK, access
from juzhi.members import queries
from juzhi.members.views.showing import ORDER_WORDS, organisation_or_404
from juzhi.web.queries import changed
from juzhi.web.replies import page


@access(duty=MEMBER_CLERK, of="organisation", reads=("Membership", "Person"))
def name_list(request: HttpRequest, organisation: str) -> HttpResponse:
    """Names of today's members on an A4 sheet, in the order that is asked for; no contacts."""
    by, place = request.by, organisation_or_404(request, organisation)  # type: ignore[attr-defined]
    asked = request.GET.get("order") or "strokes"
    order = asked if asked in queries.ORDERS else "strokes"
    problem = "" if order == asked else _("没有这种排序，先按姓氏笔画列出")
    orders = [(label, changed(request, order=name), name == order) for name, label in ORDER_WORDS]
    context = {"organisation": place, "orders": orders, "list": queries.name_list(by, place, order), "day": by.today, "problem": problem}
    return page(request, "members/name_list.html", context)
