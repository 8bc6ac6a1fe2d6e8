"""Registers as pages: hosts with their owners, bodies outside the federation."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from juzhi.base.access import OPERATOR, SECRETARY, access
from juzhi.network import actions
from juzhi.network.forms import ExternalBodyForm, HostForm
from juzhi.web.replies import page, submit


@access(duty=(SECRETARY, OPERATOR), reads=("Host",), writes=("Host", "Unit"))
def register_host(request: HttpRequest) -> HttpResponse:
    """Enter a host, and its owner by name."""
    by = request.by  # type: ignore[attr-defined]
    form = HostForm(by, request.POST or None)
    answer = submit(request, form, lambda: actions.register_host(by=by, **form.values()), to=lambda made: reverse("network:host", args=[made.key]), done=_("已登记"))
    back = {"back": reverse("network:hosts"), "back_label": _("依托单位")}
    return answer or page(request, "network/change.html", {"form": form, "verb": _("登记依托单位"), "warning": _("同名同类型的只登记一次，缺的区划和权属单位会补上。"), **back})


@access(duty=(SECRETARY, OPERATOR), reads=("ExternalBody",), writes=("ExternalBody",))
def register_external_body(request: HttpRequest) -> HttpResponse:
    """Enter a body outside the federation."""
    by = request.by  # type: ignore[attr-defined]
    form = ExternalBodyForm(by, request.POST or None)
    answer = submit(request, form, lambda: actions.register_external_body(by=by, **form.values()), to=lambda made: reverse("network:external_bodies"), done=_("已登记"))
    back = {"back": reverse("network:external_bodies"), "back_label": _("外部团体")}
    return answer or page(request, "network/change.html", {"form": form, "verb": _("登记外部团体"), "warning": _("只登记名称、所在单位和日期；外部团体的名册不归这里管。"), **back})
