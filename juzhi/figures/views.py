"""Pages of figures: the number with its rule and parts, and the list it opens into."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from juzhi.base.access import ANYONE, access
from juzhi.base.errors import Refused
from juzhi.base.indicators import INDICATORS
from juzhi.figures import queries
from juzhi.figures.forms import PieceForm, QuestionForm, ReportForm
from juzhi.figures.queries import behind as pieces
from juzhi.figures.queries import reporting
from juzhi.web.exports import respond_book
from juzhi.web.queries import changed
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


@access(duty=ANYONE, reads=("Organisation",))
def reports(request: HttpRequest) -> HttpResponse:
    """Which reports there are, and what each answers."""
    return page(request, "figures/reports.html", {"reports": reporting.catalogue(), "crumbs": reporting.crumbs()})


@access(duty=ANYONE, reads=("Organisation", "Area", "Host", "Membership"))
def report(request: HttpRequest, report: str) -> HttpResponse:
    """One report: the question as a form, the answer as tables that open into their records, or the whole as a workbook."""
    context = told(request, ReportForm(request.by, known(report), request.GET), report)  # type: ignore[attr-defined]
    wanted, found = request.GET.get("format", ""), context["found"]
    if wanted == "xlsx" and found is None:
        raise Refused(context["wrong"] or context["open"], code="question")  # a file of another question than asked would be believed
    if wanted == "xlsx":
        return respond_book(found.filename, found.book)
    if wanted:
        context["wrong"] = _("不能导出成这种文件，报告导出的是 xlsx")
    return page(request, "figures/report.html", context, fragment="figures/_report.html", status=400 if context["wrong"] else None)


@access(duty=ANYONE, reads=("Organisation", "Area", "Host"))
def report_evidence(request: HttpRequest, report: str) -> HttpResponse:
    """The organisations that one number of a report counted, filtered, paged, exported as shown."""
    form = PieceForm(request.by, known(report), request.GET)  # type: ignore[attr-defined]
    if not form.is_valid():
        raise Refused(form.problem(), code="question")
    found = pieces.behind(request.by, report, form.question(), form.piece())  # type: ignore[attr-defined]
    shown = listing(request, found.rows, columns=found.columns, filename=f"{report}-{found.node}")
    if isinstance(shown, HttpResponse):
        return shown
    context = {"listing": shown, "found": found, **reporting.heading(report, form.question())}
    return page(request, "figures/report_evidence.html", context, fragment="figures/_report_evidence.html")


def known(report: str) -> str:
    """The number of a report there is; else 404."""
    if report not in reporting.PAGES:
        raise Http404
    return report


def told(request: HttpRequest, form: ReportForm, report: str) -> dict[str, Any]:
    """The form, the answer, what was wrong with the question (`wrong`), and what is still to be said (`open`: the place, where none is the obvious one)."""
    context: dict[str, Any] = {"form": form, "found": None, "wrong": "", "open": "", "book_href": changed(request, format="xlsx"), **reporting.heading(report)}
    if not form.is_valid():
        return {**context, "wrong": form.problem()}
    try:
        return {**context, "found": reporting.report(request.by, report, form.question())}  # type: ignore[attr-defined]
    except Refused as refused:
        return {**context, ("open" if refused.code == "question" else "wrong"): refused.message}
