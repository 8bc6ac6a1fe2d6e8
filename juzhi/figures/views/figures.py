"""Pages of figures: the number with its rule and parts, month by month, and the list it opens into."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from juzhi.base.access import ANYONE, access
from juzhi.base.errors import Refused
from juzhi.base.indicators import INDICATORS
from juzhi.figures import queries, rules
from juzhi.figures.forms import PeriodForm, QuestionForm, question_form
from juzhi.web.replies import listing, page


@access(duty=ANYONE, reads=("Organisation",))
def indicators(request: HttpRequest) -> HttpResponse:
    """Every indicator with its counting rule, and where the reader may ask for it."""
    return page(request, "figures/indicators.html", {"cards": queries.cards(request.by, INDICATORS.values())})  # type: ignore[attr-defined]


@access(duty=ANYONE, reads=("Organisation", "Membership"))
def figure(request: HttpRequest, indicator: str, **where: str) -> HttpResponse:
    """One number: value, rule, cuts, children, and the first records behind it; with `format=json` the same for programs."""
    by = request.by  # type: ignore[attr-defined]
    form, found = asked(request, indicator, where)
    problem, wanted = form.problem(), request.GET.get("format", "")
    if wanted and (problem or wanted != "json"):
        raise Refused(problem or _("不能导出成这种文件，这一页导出的是 json"), code="question")  # the number of another question than asked would be believed
    if wanted:
        before = [queries.opening_data(one) for one in queries.openings_of(by, found)]
        return data({**queries.figure_data(by, found, request.build_absolute_uri), **({"opening_balances": before} if before else {})})
    sheet = queries.sheet(by, found, problem, is_free=form.is_free)
    published = [queries.published(one) for one in queries.of_question(by, found)[:12]]
    hrefs = {f"{name}_href": queries.address(indicator, found.node, queries.query_of(found), name=name) for name in ("months", "publish")}
    context = {"sheet": sheet, "published": published, **hrefs, "may_publish": not problem and rules.may_publish(by, found), "openings": queries.openings_of(by, found)}
    context["opening_href"] = queries.opening_address(found) if rules.may_open_balance(by, found) else ""
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
    context = {"listing": shown, "problem": problem or shown.problem, **queries.caption(request.by, found, shown.page.paginator.count)}  # type: ignore[attr-defined]
    return page(request, "figures/evidence.html", context, fragment="figures/_evidence.html", status=400 if problem else None)


@access(duty=ANYONE, reads=("Organisation", "Membership"))
def months(request: HttpRequest, indicator: str, **where: str) -> HttpResponse:
    """The figure as of the end of each month, or in each month, drawn and as a table."""
    form, found = asked(request, indicator, where)
    months = queries.months(request.by, found)  # type: ignore[attr-defined]
    why = queries.hidden_note(request.by, found, [row["value"] for row in months])  # type: ignore[attr-defined]
    context = {"sheet": queries.heading(found, form.problem(), is_free=form.is_free, hidden_note=why), "months": months}
    return page(request, "figures/months.html", context, fragment="figures/_months.html", status=400 if form.problem() else None)


def asked(request: HttpRequest, indicator: str, where: dict[str, str]) -> tuple[QuestionForm | PeriodForm, Any]:
    """The form as read and the figure asked for; with a wrong question, the figure of today or of this year. An unknown indicator or node is a 404."""
    by, declared = request.by, queries.indicator(indicator)  # type: ignore[attr-defined]
    kind, key = next(iter(where.items()))
    node = queries.node(by, kind, key)
    if declared is None or node is None:
        raise Http404
    form = question_form(by, declared, request.GET)
    since, day = form.days()
    if isinstance(form, PeriodForm) and not queries.may_list(by, declared, queries.organisations_of(by, node, day, since)):
        since, day = form.close()
    return form, queries.told(by, queries.evaluate(by, declared, node, day, form.narrowing(), since))


def data(told: dict[str, Any]) -> JsonResponse:
    """An answer for programs, written so that people can read it."""
    return JsonResponse(told, json_dumps_params={"ensure_ascii": False, "indent": 1})
