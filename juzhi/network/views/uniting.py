"""Merge and split as pages, in two steps: what will happen, then the deed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from juzhi.base.access import SECRETARY, access
from juzhi.base.affected import affected
from juzhi.base.consequences import consequences
from juzhi.network import actions
from juzhi.network.forms import MergeForm, SplitForm, UnionForm
from juzhi.network.models import Organisation
from juzhi.network.views.showing import organisation_or_404
from juzhi.web.replies import page, submit, version_of

ORGANISATIONS = ("Organisation",)


def _planned(request: HttpRequest, found: Organisation, form: UnionForm, run: Callable[[], Any], verb: str, done: str, warning: str) -> HttpResponse:
    """The deed, where its plan was shown; else the form, with the plan of what it asks for."""
    form.version = found.version  # type: ignore[attr-defined]
    by, plan = request.by, form.shown()  # type: ignore[attr-defined]
    if request.POST.get("mark"):
        answer = submit(request, form, run, to=lambda made: reverse("network:organisation", args=[made.key]), done=done)
        if answer:
            return answer
    context = {"organisation": found, "form": form, "verb": verb, "warning": warning, "submit": _("确认%(verb)s") % {"verb": verb} if plan else _("看看会怎样")}
    if plan:
        concerned = [one.pk for one in (found, *plan.ended, *plan.moving)]
        context |= {"plan": plan, "consequences": consequences(by, plan.ended) if plan.ended else [], "affected": affected(by, concerned)}
    return page(request, "network/change.html", context)


@access(duty=SECRETARY, of="organisation", reads=ORGANISATIONS, writes=(*ORGANISATIONS, "Membership", "Grant"))
def merge(request: HttpRequest, organisation: str) -> HttpResponse:
    """Other bodies come into this one, or with it into a new one."""
    by, found = request.by, organisation_or_404(request, organisation)  # type: ignore[attr-defined]
    form = MergeForm(by, found, request.POST or None)
    warning = _("合并从所写的那天起算，以前的隶属和数字不变。并入的组织那天终止，下级和会员转到承继的组织。")
    return _planned(request, found, form, lambda: actions.merge(by=by, version=version_of(request), **form.values()), _("合并"), _("已合并"), warning)


@access(duty=SECRETARY, of="organisation", reads=ORGANISATIONS, writes=ORGANISATIONS)
def split(request: HttpRequest, organisation: str) -> HttpResponse:
    """A new body is taken out of this one."""
    by, found = request.by, organisation_or_404(request, organisation)  # type: ignore[attr-defined]
    form = SplitForm(by, found, request.POST or None)
    warning = _("分立从所写的那天起算，以前的隶属和数字不变。会员全部留在本组织，职责也不带到新组织。")
    return _planned(request, found, form, lambda: actions.split(by=by, version=version_of(request), **form.values()), _("分立"), _("已分立"), warning)
