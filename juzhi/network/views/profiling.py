"""What others report of a place, as pages: a number with its series, and one form for each verb."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from juzhi.base.access import ANYONE, OPERATOR, SECRETARY, access
from juzhi.network import actions, queries, rules
from juzhi.network.forms import AttestForm, ClaimForm, LandmarkForm, MeasureForm, SloganForm, StatisticForm, WhyForm
from juzhi.network.models import Area, Host, Organisation, Statistic
from juzhi.network.views.showing import organisation_or_404
from juzhi.web.replies import Column, Listing, listing, page, submit

SERIES = (
    Column("as_of", lazy("截至"), lambda row: str(row.statistic.at), classed="public"),
    Column("value", lazy("数"), lambda row: row.text, classed="public"),
    Column("unit", lazy("单位"), lambda row: row.unit, classed="public"),
    Column("meant", lazy("意思是"), lambda row: row.meant, classed="public"),
    Column("source", lazy("来源"), lambda row: row.statistic.cited, classed="public"),
    Column("state", lazy("状态"), lambda row: _("已更正") if row.replaced else _("有效"), classed="public"),
)
ABOUT = ("area", "organisation", "host")  # what a claim may be about
KEEPERS = lazy("由在这一区划的本级组织，或它上级区划的组织里，有「组织管理」职责的人来登记")


def _or_404(found: Any) -> Any:
    if found is None:
        raise Http404
    return found


def _form(request: HttpRequest, form: Form, run: Callable[[], Any], *, verb: str, back: tuple[str, str], may: bool = True, done: str, to: str = "", **more: Any) -> HttpResponse:
    """Run a verb and go back; else show its form, or who may where this reader may not."""
    answer = submit(request, form, run, to=lambda _made: to or back[0], done=done)
    context = {"form": form, "verb": verb, "warning": "", "back": back[0], "back_label": back[1], "denied": "" if may else KEEPERS, **more}
    return answer or page(request, "network/change.html", context)


def _place(about: Area | Organisation | Host) -> tuple[str, str]:
    """Address and name of the page that shows what is said of it."""
    return reverse(f"network:{type(about).__name__.lower()}", args=[about.key]), about.name


@access(duty=ANYONE, reads=("Statistic",))
def statistic(request: HttpRequest, statistic: str) -> HttpResponse:
    """A reported number with its source, and its series: drawn, as a table, as a file."""
    by, found = request.by, _or_404(queries.statistic(request.by, statistic))  # type: ignore[attr-defined]
    rows = queries.series(by, found)
    shown = listing(request, rows, columns=SERIES, filename=str(found))
    if not isinstance(shown, Listing):
        return shown
    one = next(row for row in rows if row.statistic == found)
    may = rules.may_correct_statistic(by, found) and not one.replaced
    context = {"one": one, "listing": shown, "points": queries.points(rows), "place": _place(found.area), "may": may}
    return page(request, "network/statistic.html", context)


@access(duty=SECRETARY, reads=("Statistic",), writes=("Statistic",))
def record_statistic(request: HttpRequest, area: str) -> HttpResponse:
    """Enter a reported number of the area; `?measure=key` = what it measures."""
    by, found = request.by, _or_404(queries.area(request.by, area))  # type: ignore[attr-defined]
    form = StatisticForm(by, found, request.POST or None, initial={"measure": request.GET.get("measure", "")})
    may = rules.may_record_statistic(by, found)
    return _form(request, form, lambda: actions.record_statistic(by=by, area=found, **form.values()), verb=_("登记统计数"), back=_place(found), may=may, done=_("已登记"), area=found)


@access(duty=SECRETARY, reads=("Statistic",), writes=("Statistic",))
def correct_statistic(request: HttpRequest, statistic: str) -> HttpResponse:
    by, found = request.by, _or_404(queries.statistic(request.by, statistic))  # type: ignore[attr-defined]
    form = StatisticForm(by, found.area, request.POST or None, former=found)
    warning = _("只更正登记错的。有了新的一年的数，请另外登记，旧的不动。")
    back = (reverse("network:statistic", args=[found.key]), _title(found))
    may = rules.may_correct_statistic(by, found)
    return _form(request, form, lambda: actions.correct_statistic(by=by, statistic=found, **form.values()), verb=_("更正统计数"), back=back, may=may, done=_("已更正，原来的留着"), warning=warning)


def _title(found: Statistic) -> str:
    return queries.reported(found).title


@access(duty=(SECRETARY, OPERATOR), reads=("Measure",), writes=("Measure",))
def register_measure(request: HttpRequest) -> HttpResponse:
    """Enter what numbers measure; `?area=key` = the area whose number waits for it."""
    by, area = request.by, queries.area(request.by, request.GET.get("area", ""))  # type: ignore[attr-defined]
    form = MeasureForm(by, request.POST or None)
    back = (reverse("network:record_statistic", args=[area.key]), _("登记统计数")) if area else (reverse("network:areas"), _("行政区划"))
    return _form(request, form, lambda: actions.register_measure(by=by, **form.values()), verb=_("登记统计项目"), back=back, done=_("已登记，现在可以选它了"))


@access(duty=SECRETARY, reads=("Claim",), writes=("Claim",))
def record_claim(request: HttpRequest) -> HttpResponse:
    """Keep what a source says of `?area=key`, `?organisation=key` or `?host=key`."""
    if not any(name in request.GET for name in ABOUT):
        back = (reverse("network:areas"), _("行政区划"))
        return _form(request, ClaimForm(), str, verb=_("登记说法"), back=back, may=False, done="", denied=_("请从区划、组织或依托单位的页面里登记，它说的是哪一个就清楚了"))
    by, about = request.by, _or_404(_about(request))  # type: ignore[attr-defined]
    form, may = ClaimForm(request.POST or None), rules.may_record_claim(by, about)
    warning = _("这里登记的是别人的说法，页面会写明「据……」，不会当作算出来的事实。")
    return _form(request, form, lambda: actions.record_claim(by=by, about=about, **form.values()), verb=_("登记说法"), back=_place(about), may=may, done=_("已登记"), warning=warning)


def _about(request: HttpRequest) -> Area | Organisation | Host | None:
    """The one place that the address names."""
    by, ask = request.by, request.GET  # type: ignore[attr-defined]
    if "organisation" in ask:
        return organisation_or_404(request, ask["organisation"])
    return queries.host(by, ask["host"]) if "host" in ask else queries.area(by, ask.get("area", ""))


@access(duty=SECRETARY, reads=("Claim",), writes=("Claim",))
def withdraw_claim(request: HttpRequest, claim: str) -> HttpResponse:
    by, found = request.by, _or_404(queries.claim(request.by, claim))  # type: ignore[attr-defined]
    form, may = WhyForm(request.POST or None), rules.may_withdraw_claim(by, found)
    warning = _("从今天起不再显示：%(text)s") % {"text": found.text}
    return _form(request, form, lambda: actions.withdraw_claim(by=by, claim=found, **form.cleaned_data), verb=_("撤下说法"), back=_place(found.about), may=may, done=_("已撤下"), warning=warning)


@access(duty=SECRETARY, reads=("Slogan",), writes=("Slogan", "LandmarkGroup"))
def record_slogan(request: HttpRequest, area: str) -> HttpResponse:
    by, found = request.by, _or_404(queries.area(request.by, area))  # type: ignore[attr-defined]
    form, may = SloganForm(request.POST or None), rules.may_record_slogan(by, found)
    return _form(request, form, lambda: actions.record_slogan(by=by, area=found, **form.values()), verb=_("登记口号"), back=_place(found), may=may, done=_("已登记，接着逐个登记地标"))


@access(duty=SECRETARY, reads=("Slogan",), writes=("Landmark",))
def name_landmark(request: HttpRequest, slogan: str) -> HttpResponse:
    """Name a landmark, and stay for the next one."""
    by, found = request.by, _or_404(queries.slogan(request.by, slogan))  # type: ignore[attr-defined]
    form, may = LandmarkForm(by, found, request.POST or None, initial={"group": request.GET.get("group", "")}), rules.may_name_landmark(by, found.area)
    return _form(request, form, lambda: actions.name_landmark(by=by, **form.values()), verb=_("登记地标"), back=_place(found.area), may=may, done=_("已登记，可以接着登记下一个"), to=request.path, warning=found.text)


@access(duty=SECRETARY, reads=("Landmark",), writes=("Landmark",))
def drop_landmark(request: HttpRequest, landmark: str) -> HttpResponse:
    by, found = request.by, _or_404(queries.landmark(request.by, landmark))  # type: ignore[attr-defined]
    area = found.group.slogan.area
    form, may = WhyForm(request.POST or None), rules.may_drop_landmark(by, area)
    return _form(request, form, lambda: actions.drop_landmark(by=by, landmark=found, **form.cleaned_data), verb=_("撤下地标"), back=_place(area), may=may, done=_("已撤下"), warning=found.name)


@access(duty=OPERATOR, reads=("Register",), writes=("Register",))
def attest(request: HttpRequest, area: str) -> HttpResponse:
    """Say that a register beneath the area is whole."""
    by, found = request.by, _or_404(queries.area(request.by, area))  # type: ignore[attr-defined]
    form = AttestForm(found, request.POST or None)
    warning = _("认定之后，覆盖率才给百分比；登记的条数和来源对不上时仍只报个数。")
    return _form(request, form, lambda: actions.attest(by=by, area=found, **form.values()), verb=_("认定名册齐全"), back=_place(found), done=_("已认定"), warning=warning)
