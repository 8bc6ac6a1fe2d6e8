"""Pages of figures: the number with its rule and parts, month by month, and the list it opens into."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from juzhi.base.access import ANYONE, access
from juzhi.base.errors import Refused
from juzhi.base.indicators import INDICATORS
from juzhi.figures import queries, rules
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
    published = [queries.published(one) for one in queries.of_question(request.by, found)[:12]]  # type: ignore[attr-defined]
    context = {"sheet": sheet, "published": published, "months_href": queries.address(indicator, found.node, queries.query_of(found), name="months"), "publish_href": publish_href(request, found) if not problem else ""}
    return page(request, "figures/figure.html", context, fragment="figures/_figure.html", status=400 if problem else None)


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


@access(duty=ANYONE, reads=("Organisation", "Membership"))
def months(request: HttpRequest, indicator: str, **where: str) -> HttpResponse:
    """The figure as of the end of each month, drawn and as a table."""
    form, found = asked(request, indicator, where)
    by, problem = request.by, form.problem()  # type: ignore[attr-defined]
    context = {"sheet": queries.sheet(by, found, problem), "months": queries.months(by, found)}
    return page(request, "figures/months.html", context, fragment="figures/_months.html", status=400 if problem else None)


def asked(request: HttpRequest, indicator: str, where: dict[str, str]) -> tuple[QuestionForm, Any]:
    """The form as read and the figure asked for; with a wrong question, the figure of today. An unknown indicator or node is a 404."""
    by, declared = request.by, queries.indicator(indicator)  # type: ignore[attr-defined]
    kind, key = next(iter(where.items()))
    node = queries.node(by, kind, key)
    if declared is None or node is None:
        raise Http404
    form = QuestionForm(by, request.GET)
    return form, queries.evaluate(by, declared, node, form.day(), form.narrowing())


def publish_href(request: HttpRequest, found: Any) -> str:
    """Where this reader publishes the figure; "" for whom it is not, and for areas and hosts, whose numbers are not published one by one."""
    by = request.by  # type: ignore[attr-defined]
    return queries.address(found.indicator.id, found.node, queries.query_of(found), name="publish") if found.node.kind == "organisation" and rules.may_publish(by, found) else ""
