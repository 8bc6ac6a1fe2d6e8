"""Pages of reports: the question as a form, the answer as tables, and what each number counted."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from juzhi.base.access import ANYONE, access
from juzhi.base.errors import Refused
from juzhi.figures.forms import PieceForm, ReportForm
from juzhi.figures.queries import report_evidence as opening
from juzhi.figures.queries import report_pages
from juzhi.web.exports import respond_book
from juzhi.web.queries import changed
from juzhi.web.replies import listing, page


@access(duty=ANYONE, reads=("Organisation",))
def reports(request: HttpRequest) -> HttpResponse:
    """Which reports there are, and what each answers."""
    return page(request, "figures/reports.html", {"reports": report_pages.catalogue(), "crumbs": report_pages.crumbs()})


@access(duty=ANYONE, reads=("Organisation", "Area", "Host", "Membership"))
def report(request: HttpRequest, report: str) -> HttpResponse:
    """One report: the question as a form, the answer as tables that open into their records, or the whole as a workbook."""
    context = answered(request, ReportForm(request.by, report_or_404(report), request.GET), report)  # type: ignore[attr-defined]
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
    form = PieceForm(request.by, report_or_404(report), request.GET)  # type: ignore[attr-defined]
    if not form.is_valid():
        raise Refused(form.problem(), code="question")
    found = opening.counted(request.by, report, form.question(), form.piece())  # type: ignore[attr-defined]
    shown = listing(request, found.rows, columns=found.columns, filename=f"{report}-{found.node}")
    if isinstance(shown, HttpResponse):
        return shown
    context = {"listing": shown, "found": found, **report_pages.heading(report, form.question())}
    return page(request, "figures/report_evidence.html", context, fragment="figures/_report_evidence.html")


def report_or_404(report: str) -> str:
    """The number of a report there is; else 404."""
    if report not in report_pages.PAGES:
        raise Http404
    return report


def answered(request: HttpRequest, form: ReportForm, report: str) -> dict[str, Any]:
    """The form, the answer, what was wrong with the question (`wrong`), and what is still to be said (`open`: the place, where none is the obvious one)."""
    context: dict[str, Any] = {"form": form, "found": None, "wrong": "", "open": "", "book_href": changed(request, format="xlsx"), **report_pages.heading(report)}
    if not form.is_valid():
        return {**context, "wrong": form.problem()}
    try:
        return {**context, "found": report_pages.report(request.by, report, form.question())}  # type: ignore[attr-defined]
    except Refused as refused:
        return {**context, ("open" if refused.code == "question" else "wrong"): refused.message}
