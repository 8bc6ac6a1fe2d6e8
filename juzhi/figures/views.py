"""Pages of figures: the number with its rule and parts, and the list it opens into."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from juzhi.base.access import ANYONE, access
from juzhi.base.errors import Refused
from juzhi.base.indicators import INDICATORS
from juzhi.figures import queries
from juzhi.figures.forms import QuestionForm
from juzhi.web.replies import listing, page


@access(duty=ANYONE, reads=("Organisation",))
def indicators(request: HttpRequest) -> HttpResponse:
    """Every indicator with its counting rule, and where the reader may ask for it."""
    return page(request, "figures/indicators.html", {"cards": queries.cards(request.by, INDICATORS.values())})  # type: ignore[attr-defined]


@access(duty=ANYONE, reads=("Organisation", "Membership"))
def figure(request: HttpRequest, indicator: str, **where: str) -> HttpResponse:
    """One number: value, rule, cuts, children, and the first records behind it."""
    form, found = asked(request, indicator, where)
    problem = form.problem()
    sheet = queries.sheet(request.by, found, problem)  # type: ignore[attr-defined]
    return page(request, "figures/figure.html", {"sheet": sheet}, fragment="figures/_figure.html", status=400 if problem else None)


@access(duty=ANYONE, reads=("Organisation", "Membership"))
def evidence(request: HttpRequest, indicator: str, **where: str) -> HttpResponse:
    """The records the number counts, as far as the reader's rights reach, filtered, paged, exported as shown."""
    form, found = asked(request, indicator, where)
    if found.value is None:
        raise Http404
    problem = form.problem()
    if problem and request.GET.get("format"):
        raise Refused(problem, code="question")  # a file of another day than asked for would be believed
    rows = queries.opened(request.by, found)  # type: ignore[attr-defined]
    shown = listing(request, rows, columns=queries.columns(found.indicator), filename=queries.filename(found))
    if isinstance(shown, HttpResponse):
        return shown
    context = {"listing": shown, "problem": problem or shown.problem, **queries.caption(found, shown.page.paginator.count)}
    return page(request, "figures/evidence.html", context, fragment="figures/_evidence.html", status=400 if problem else None)


def asked(request: HttpRequest, indicator: str, where: dict[str, str]) -> tuple[QuestionForm, Any]:
    """The form as read and the figure asked for; with a wrong question, the figure of today. An unknown indicator or node is a 404."""
    by, declared = request.by, queries.indicator(indicator)  # type: ignore[attr-defined]
    kind, key = next(iter(where.items()))
    node = queries.node(by, kind, key)
    if declared is None or node is None:
        raise Http404
    form = QuestionForm(by, request.GET)
    return form, queries.evaluate(by, declared, node, form.day(), form.narrowing())
