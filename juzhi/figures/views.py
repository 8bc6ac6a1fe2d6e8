"""Pages of figures: the number with its rule and parts, and the list it opens into."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from juzhi.base.access import ANYONE, PUBLISHER, access
from juzhi.base.errors import Refused
from juzhi.base.indicators import INDICATORS
from juzhi.figures import actions, queries, rules
from juzhi.figures.forms import ExplainForm, PieceForm, PublishForm, QuestionForm, ReportForm
from juzhi.figures.queries import behind as pieces
from juzhi.figures.queries import reporting
from juzhi.web.exports import respond_book
from juzhi.web.queries import changed
from juzhi.web.replies import listing, page, submit

FED = 50  # readings in the feed


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
    told = [queries.published(one) for one in queries.of_question(request.by, found)[:12]]  # type: ignore[attr-defined]
    context = {"sheet": sheet, "told": told, "months_href": queries.address(indicator, found.node, queries.query_of(found), name="months"), "publish_href": publish_href(request, found) if not problem else ""}
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
    return form, queries.told(by, queries.evaluate(by, declared, node, form.day(), form.narrowing()))


@access(duty=ANYONE, reads=("Reading", "Restatement"))
def readings(request: HttpRequest) -> HttpResponse:
    """Everything that was published, the newest first, with what was restated since."""
    shown = listing(request, queries.readings(request.by), columns=queries.READING_COLUMNS, filename=_("已发布的数"))  # type: ignore[attr-defined]
    if isinstance(shown, HttpResponse):
        return shown
    told = [(queries.published(one), cells) for one, cells in shown.rows]
    return page(request, "figures/readings.html", {"listing": shown, "told": told, "feed_href": reverse("figures:feed")})


@access(duty=ANYONE, reads=("Reading", "Restatement"))
def reading(request: HttpRequest, reading: str) -> HttpResponse:
    """One published number: how it was told, by which rule, and every restatement of it."""
    by = request.by  # type: ignore[attr-defined]
    found = reading_or_404(request, reading)
    facts = queries.facts_of_reading(found)
    return page(request, "figures/reading.html", {"told": queries.published(found, by), "facts": facts, "may_explain": rules.may_explain(by, found)})


@access(duty=ANYONE, reads=("Reading", "Restatement"))
def reading_data(request: HttpRequest, reading: str) -> HttpResponse:
    """The same for programs."""
    found = queries.published(reading_or_404(request, reading))
    address = request.build_absolute_uri(reverse("figures:reading", args=[reading]))
    return JsonResponse(queries.as_data(found, address), json_dumps_params={"ensure_ascii": False, "indent": 1})


@access(duty=ANYONE, reads=("Reading", "Restatement"))
def feed(request: HttpRequest) -> HttpResponse:
    """The newest published numbers and restatements, for readers of feeds (Atom, RFC 4287)."""
    here = request.build_absolute_uri
    made = Atom1Feed(title=_("已发布的数"), link=here(reverse("figures:readings")), description="", feed_url=here(reverse("figures:feed")), language="zh-hans")
    for one in queries.news(request.by, FED):  # type: ignore[attr-defined]
        link = here(reverse("figures:reading", args=[one.key]))
        made.add_item(title=one.title, link=link, description=one.text, unique_id=f"{link}#{one.mark}", pubdate=one.at, updateddate=one.at)
    return HttpResponse(made.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


@access(duty=PUBLISHER, of="organisation", reads=("Organisation", "Membership"), writes=("Reading",))
def publish(request: HttpRequest, indicator: str, organisation: str) -> HttpResponse:
    """Show what would be published, and publish it."""
    asked_form, found = asked(request, indicator, {"organisation": organisation})
    if asked_form.problem():
        raise Refused(asked_form.problem(), code="question")  # what is published stays: never the number of another day than asked for
    by, form = request.by, PublishForm(request.POST if request.method == "POST" else None, found.value)  # type: ignore[attr-defined]
    answer = submit(request, form, lambda: actions.publish(by=by, figure=found, hedge=form.cleaned_data["hedge"]), to=lambda made: reverse("figures:reading", args=[made.key]), done=_("已发布，大家都能看到"))
    context = {"form": form, "sheet": queries.sheet(by, found), "may_publish": rules.may_publish(by, found), "here": request.get_full_path()}
    return answer or page(request, "figures/publish.html", context)


@access(duty=PUBLISHER, reads=("Reading", "Restatement"), writes=("Restatement",))
def explain(request: HttpRequest, restatement: str) -> HttpResponse:
    """Say in one sentence why a published number is another now."""
    by, found = request.by, queries.restatement(request.by, restatement)  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    form = ExplainForm(request.POST or None)
    to = reverse("figures:reading", args=[found.reading.key])
    answer = submit(request, form, lambda: actions.explain(by=by, restatement=found, why=form.cleaned_data["why"]), to=lambda _made: to, done=_("已写上说明"))
    told = queries.published(reading_or_404(request, found.reading.key))
    context = {"form": form, "restatement": found, "told": told, "may_explain": rules.may_explain(by, found.reading), "back": to}
    return answer or page(request, "figures/explain.html", context)


def reading_or_404(request: HttpRequest, key: str) -> Any:
    found = queries.reading(request.by, key)  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    return found


def publish_href(request: HttpRequest, found: Any) -> str:
    """Where this reader publishes the figure; "" for whom it is not, and for areas and hosts, whose numbers are not published one by one."""
    by = request.by  # type: ignore[attr-defined]
    return queries.address(found.indicator.id, found.node, queries.query_of(found), name="publish") if found.node.kind == "organisation" and rules.may_publish(by, found) else ""


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
