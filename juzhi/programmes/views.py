"""Pages of roll-outs: waves beside each other, the units behind every number, one form for each verb."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from juzhi.base.access import ANYONE, SECRETARY, access
from juzhi.base.errors import Refused
from juzhi.network import queries as network
from juzhi.programmes import actions, queries, rules
from juzhi.programmes.forms import CloseForm, ConfirmForm, DayForm, DropForm, ProgrammeForm, UnitForm, UnitsForm, WaveForm
from juzhi.programmes.models import Programme
from juzhi.web.replies import Column, Listing, listing, page, submit, version_of

UNITS = (
    Column("wave", lazy("批次（铺开）"), lambda row: str(row.wave), sort="wave", classed="public"),
    Column("name", lazy("对象"), lambda row: row.name, sort="name", classed="public"),
    Column("what", lazy("类型"), lambda row: row.what, classed="public"),
    Column("kind", lazy("试点还是铺开"), lambda row: row.unit.get_kind_display(), sort="kind", classed="public"),
    Column("due", lazy("计划日期"), lambda row: row.due.isoformat(), sort="due", classed="public"),
    Column("done", lazy("完成日期"), lambda row: str(row.done) if row.done else "", sort="done", classed="public"),
    Column("state", lazy("状态"), lambda row: row.words, classed="public"),
    Column("ground", lazy("依据"), lambda row: row.ground, classed="public"),
)
LED = lazy("由牵头组织里有「组织管理」职责的人来安排")


def _organisation(request: HttpRequest, key: str) -> Any:
    found = network.organisation(request.by, key)  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    return found


def _programme(request: HttpRequest, key: str) -> Programme:
    found = queries.programme(request.by, key)  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    return found


def _asked(request: HttpRequest, form: Form) -> dict[str, Any]:
    """The day asked for, as typed, and what was wrong with the question. A file of another question would be believed: refused."""
    form.is_valid()
    wrong = _("；").join(str(one) for errors in form.errors.values() for one in errors)
    if wrong and request.GET.get("format"):
        raise Refused(wrong, code="question")
    day = form.cleaned_data.get("as_of")
    return {"day": day or request.by.today, "as_of": request.GET.get("as_of", "")[:20], "error": wrong}  # type: ignore[attr-defined]


@access(duty=ANYONE, reads=("Programme",))
def organisation(request: HttpRequest, organisation: str) -> HttpResponse:
    """The roll-outs that an organisation leads."""
    by, found = request.by, _organisation(request, organisation)  # type: ignore[attr-defined]
    rows = [(one, queries.since_words(one)) for one in queries.programmes(by, found)]
    return page(request, "programmes/programmes.html", {"organisation": found, "programmes": rows, "may": rules.may_open_programme(by, found)})


@access(duty=ANYONE, reads=("Programme", "PlannedUnit"))
def programme(request: HttpRequest, programme: str) -> HttpResponse:
    """Waves beside each other as of a day, each number opening into its units."""
    by, found = request.by, _programme(request, programme)  # type: ignore[attr-defined]
    when = _asked(request, DayForm(request.GET))
    parts = queries.parts(by, found, when["day"])
    context = {"programme": found, "parts": parts, "since": queries.since_words(found), "coarse": queries.coarse(by, found, parts, when["day"]), "may": rules.verbs(by, found), **when}
    return page(request, "programmes/programme.html", context, status=400 if when["error"] else None)


@access(duty=ANYONE, reads=("Programme", "PlannedUnit"))
def units(request: HttpRequest, programme: str) -> HttpResponse:
    """The planned units as of a day, narrowed as asked, exported as shown."""
    by, found = request.by, _programme(request, programme)  # type: ignore[attr-defined]
    form = UnitsForm(queries.waves(by, found), request.GET)
    when = _asked(request, form)
    asked = {name: form.cleaned_data.get(name, "") for name in ("wave", "state", "kind")}
    rows = queries.units(queries.parts(by, found, when["day"]), **asked)
    shown = listing(request, rows, columns=UNITS, filename=found.title)
    if not isinstance(shown, Listing):
        return shown
    context = {"programme": found, "listing": shown, "filters": form, "may": rules.verbs(by, found), **when}
    return page(request, "programmes/units.html", context, status=400 if when["error"] else None)


def _form(request: HttpRequest, form: Form, run: Callable[[], Any], verb: str, *, found: Programme, may: bool, done: str, warning: str = "") -> HttpResponse:
    """Run a verb and go back to the programme; else show its form, or who may where this reader may not."""
    answer = submit(request, form, run, to=lambda _made: reverse("programmes:programme", args=[found.key]), done=done)
    context = {"form": form, "verb": verb, "programme": found, "denied": "" if may else LED, "warning": warning}
    return answer or page(request, "programmes/change.html", context)


@access(duty=SECRETARY, of="organisation", reads=("Programme",), writes=("Programme",))
def open_programme(request: HttpRequest, organisation: str) -> HttpResponse:
    by, found = request.by, _organisation(request, organisation)  # type: ignore[attr-defined]
    form = ProgrammeForm(by, found, request.POST or None)
    to = lambda made: reverse("programmes:programme", args=[made.key])  # noqa: E731
    answer = submit(request, form, lambda: actions.open_programme(by=by, organisation=found, **form.values()), to=to, done=_("已开设，接着安排第一批"))
    return answer or page(request, "programmes/change.html", {"form": form, "verb": _("开设铺开计划"), "organisation": found})


@access(duty=SECRETARY, reads=("Programme",), writes=("Wave",))
def plan_wave(request: HttpRequest, programme: str) -> HttpResponse:
    by, found = request.by, _programme(request, programme)  # type: ignore[attr-defined]
    form, may = WaveForm(request.POST or None), rules.may_plan_wave(by, found)
    return _form(request, form, lambda: actions.plan_wave(by=by, programme=found, **form.cleaned_data), _("安排一批"), found=found, may=may, done=_("已安排，接着排入对象"))


@access(duty=SECRETARY, reads=("Programme",), writes=("PlannedUnit",))
def plan_unit(request: HttpRequest, programme: str) -> HttpResponse:
    by, found = request.by, _programme(request, programme)  # type: ignore[attr-defined]
    form, may = UnitForm(by, found, request.POST or None, initial={"wave": request.GET.get("wave", "")}), rules.may_plan_unit(by, found)
    return _form(request, form, lambda: actions.plan_unit(by=by, **form.values()), _("排入计划"), found=found, may=may, done=_("已排入"))


@access(duty=SECRETARY, reads=("Programme",), writes=("Programme",))
def close_programme(request: HttpRequest, programme: str) -> HttpResponse:
    by, found = request.by, _programme(request, programme)  # type: ignore[attr-defined]
    form, may = CloseForm(request.POST or None), rules.may_close_programme(by, found)
    form.version = found.version  # type: ignore[attr-defined]
    warning = _("结束以后不能再排、再改，已有的都留着。")
    run = lambda: actions.close_programme(by=by, programme=found, version=version_of(request), **form.cleaned_data)  # noqa: E731
    return _form(request, form, run, _("结束铺开计划"), found=found, may=may, done=_("已结束"), warning=warning)


@access(duty=SECRETARY, reads=("PlannedUnit",), writes=("PlannedUnit",))
def confirm_unit(request: HttpRequest, planned_unit: str) -> HttpResponse:
    by, unit = request.by, _unit(request, planned_unit)  # type: ignore[attr-defined]
    found = unit.wave.programme
    form, may = ConfirmForm(request.POST or None), rules.may_confirm_unit(by, found)
    return _form(request, form, lambda: actions.confirm_unit(by=by, unit=unit, **form.cleaned_data), _("登记完成"), found=found, may=may, done=_("已登记"), warning=str(unit))


@access(duty=SECRETARY, reads=("PlannedUnit",), writes=("PlannedUnit",))
def drop_unit(request: HttpRequest, planned_unit: str) -> HttpResponse:
    by, unit = request.by, _unit(request, planned_unit)  # type: ignore[attr-defined]
    found = unit.wave.programme
    form, may = DropForm(request.POST or None), rules.may_drop_unit(by, found)
    return _form(request, form, lambda: actions.drop_unit(by=by, unit=unit, **form.cleaned_data), _("移出计划"), found=found, may=may, done=_("已移出"), warning=str(unit))


def _unit(request: HttpRequest, key: str) -> Any:
    found = queries.planned_unit(request.by, key)  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    return found
