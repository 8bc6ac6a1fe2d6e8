"""Verbs of the federation as pages: one form each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from juzhi.base.access import SECRETARY, access
from juzhi.base.affected import affected
from juzhi.network import actions, queries
from juzhi.network.forms import ContactForm, CorrectForm, DissolveForm, FoundForm, FoundingForm, GuideForm, MoveForm, RelocateForm, RenameForm, ReopenForm
from juzhi.network.models import Organisation
from juzhi.network.views.showing import organisation_or_404
from juzhi.web.replies import page, submit, version_of

WRITES = ("Organisation",)
OLDER = lazy("注意：上级的成立时间晚于它，请核对")


def _changed(request: HttpRequest, found: Organisation, form: Form, run: Callable[[], Any], verb: str, *, done: str | Callable[[Any], str], warning: str = "", tells: bool = False) -> HttpResponse:
    """Run a verb on an organisation, and go back to its page; else show its form. `tells` = with the published numbers that a change of the past may move."""
    form.version = found.version  # type: ignore[attr-defined]
    answer = submit(request, form, run, to=lambda made: reverse("network:organisation", args=[made.key if isinstance(made, Organisation) else found.key]), done=done)
    moved = affected(request.by, [found.pk]) if tells else []  # type: ignore[attr-defined]
    return answer or page(request, "network/change.html", {"organisation": found, "form": form, "verb": verb, "warning": warning, "affected": moved})


@access(duty=SECRETARY, of="organisation", reads=WRITES, writes=WRITES)
def found(request: HttpRequest, organisation: str) -> HttpResponse:
    """Found an organisation beneath this one; `?founding=key` = the event that founds it."""
    by, parent = request.by, organisation_or_404(request, organisation)  # type: ignore[attr-defined]
    form = FoundForm(by, parent, request.POST or None, initial={"founding": request.GET.get("founding", "")})

    def done(made: Organisation) -> str:
        return _("已新设") + ("。" + str(OLDER) if queries.parent_founded_later(made, parent) else "")

    return _changed(request, parent, form, lambda: actions.found(by=by, parent=parent, **form.values()), _("新设下级组织"), done=done, tells=True)


@access(duty=SECRETARY, of="organisation", reads=WRITES, writes=("FoundingEvent",))
def register_founding(request: HttpRequest, organisation: str) -> HttpResponse:
    """Enter a founding that several bodies will share, and go on to found the first."""
    by, parent = request.by, organisation_or_404(request, organisation)  # type: ignore[attr-defined]
    form = FoundingForm(request.POST or None)
    to = reverse("network:found", args=[parent.key])
    answer = submit(request, form, lambda: actions.register_founding(by=by, organisation=parent, **form.values()), to=lambda made: f"{to}?founding={made.key}", done=_("已登记，接着新设同一次成立的组织"))
    return answer or page(request, "network/change.html", {"organisation": parent, "form": form, "verb": _("登记成立事项"), "warning": ""})


@access(duty=SECRETARY, of="organisation", reads=WRITES, writes=WRITES)
def rename(request: HttpRequest, organisation: str) -> HttpResponse:
    by, found = request.by, organisation_or_404(request, organisation)  # type: ignore[attr-defined]
    form = RenameForm(request.POST or None)
    return _changed(request, found, form, lambda: actions.rename(by=by, organisation=found, version=version_of(request), **form.cleaned_data), _("更名"), done=_("已更名"))


@access(duty=SECRETARY, of="organisation", reads=WRITES, writes=WRITES)
def correct(request: HttpRequest, organisation: str) -> HttpResponse:
    by, found = request.by, organisation_or_404(request, organisation)  # type: ignore[attr-defined]
    form = CorrectForm(by, found, queries.parent(by, found, by.today), request.POST or None)
    warning = _("更正的是过去登记错的内容，过去的数会跟着变。真有变动请用更名、改隶、迁址。")
    return _changed(request, found, form, lambda: actions.correct(by=by, organisation=found, version=version_of(request), **form.values()), _("更正"), done=_("已更正"), warning=warning, tells=True)


@access(duty=SECRETARY, of="organisation", reads=WRITES, writes=WRITES)
def move(request: HttpRequest, organisation: str) -> HttpResponse:
    by, found = request.by, organisation_or_404(request, organisation)  # type: ignore[attr-defined]
    form = MoveForm(by, request.POST or None)
    warning = _("改隶从所写的那天起算，以前的隶属和数字不变；权限按今天的隶属，随之改变。")

    def done(moved: Organisation) -> str:
        return _("已改隶") + ("。" + str(OLDER) if queries.parent_founded_later(moved, form.cleaned_data["parent"]) else "")

    return _changed(request, found, form, lambda: actions.move(by=by, organisation=found, version=version_of(request), **form.cleaned_data), _("改隶"), done=done, warning=warning, tells=True)


@access(duty=SECRETARY, of="organisation", reads=WRITES, writes=WRITES)
def relocate(request: HttpRequest, organisation: str) -> HttpResponse:
    by, found = request.by, organisation_or_404(request, organisation)  # type: ignore[attr-defined]
    form = RelocateForm(by, request.POST or None, initial=queries.seat_words(by, found))
    return _changed(request, found, form, lambda: actions.relocate(by=by, organisation=found, version=version_of(request), **form.cleaned_data), _("迁址"), done=_("已记下"), tells=True)


@access(duty=SECRETARY, of="organisation", reads=WRITES, writes=WRITES)
def dissolve(request: HttpRequest, organisation: str) -> HttpResponse:
    by, found = request.by, organisation_or_404(request, organisation)  # type: ignore[attr-defined]
    form = DissolveForm(request.POST or None)

    def run() -> Organisation:
        day = form.cleaned_data["dissolved_on"]
        return actions.dissolve(by=by, organisation=found, dissolved_on=day.on, precision=day.precision, reason=form.cleaned_data["reason"], version=version_of(request))

    warning = _("终止以后它的记录都留着，从终止那天起不再计入各种数。")
    return _changed(request, found, form, run, _("终止"), done=_("已终止"), warning=warning, tells=True)


@access(duty=SECRETARY, of="organisation", reads=WRITES, writes=WRITES)
def reopen(request: HttpRequest, organisation: str) -> HttpResponse:
    by, found = request.by, organisation_or_404(request, organisation)  # type: ignore[attr-defined]
    form = ReopenForm(request.POST or None)
    warning = _("终止登记错了才撤销：过去的数会跟着变，像没有终止过一样。终止以后重新成立的，请新设组织。")
    return _changed(request, found, form, lambda: actions.reopen(by=by, organisation=found, version=version_of(request), **form.cleaned_data), _("撤销终止"), done=_("已撤销终止"), warning=warning)


@access(duty=SECRETARY, of="organisation", reads=WRITES, writes=("GuidanceLink", "ExternalBody"))
def guide(request: HttpRequest, organisation: str) -> HttpResponse:
    by, found = request.by, organisation_or_404(request, organisation)  # type: ignore[attr-defined]
    form = GuideForm(request.POST or None)
    warning = _("指导关系只是一句说明，不带任何数据权限。")
    return _changed(request, found, form, lambda: actions.note_guidance(by=by, organisation=found, **form.cleaned_data), _("登记指导单位"), done=_("已登记"), warning=warning)


@access(duty=SECRETARY, of="organisation", reads=WRITES, writes=("OrganisationContact",))
def add_contact(request: HttpRequest, organisation: str) -> HttpResponse:
    by, found = request.by, organisation_or_404(request, organisation)  # type: ignore[attr-defined]
    form = ContactForm(request.POST or None)
    return _changed(request, found, form, lambda: actions.add_contact(by=by, organisation=found, **form.cleaned_data), _("登记联系人"), done=_("已登记"), warning=_("联系人不公开，只给有「组织管理」职责的人看。"))
