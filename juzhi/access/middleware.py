"""The door: makes the Actor of a request and enforces what the view declared. Deny by default."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils import timezone
from django.utils.translation import gettext as _

from juzhi.access.adapters import FOREIGN
from juzhi.access.queries import AccountActor, organisation_id
from juzhi.base.access import ANYONE, SIGNED_IN, Access
from juzhi.base.actors import Actor, Visitor


class Door:
    """Sets `request.by` and lets a request in only as its view's `@access` says. A right one lacks answers like a page that does not exist."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.by = actor(request)  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: dict[str, Any]) -> HttpResponse | None:
        declared = declaration(request, view)
        if declared is None:
            raise Http404("the view declares no access")
        by: Actor = request.by  # type: ignore[attr-defined]
        if not by.key and ANYONE not in declared.duty:
            if request.method == "POST":  # signed out in another window, or the session ran out while writing
                messages.warning(request, _("您已经退出登录，刚才填的没有存上；登录以后请再填一次。"))
            return redirect_to_login(request.get_full_path())
        if not _admits(declared, by, kwargs):
            raise Http404("not for this actor")
        if request.method not in declared.methods:
            return HttpResponseNotAllowed(declared.methods)
        return None


def actor(request: HttpRequest) -> Actor:
    """The signed-in account, or a visitor. A disabled account is a visitor."""
    at = timezone.now()
    user = request.user
    if user.is_authenticated and user.is_active:
        return AccountActor(user, at)  # type: ignore[arg-type]
    return Visitor(at)


def declaration(request: HttpRequest, view: Any) -> Access | None:
    """The `@access` of our own view, or the row of the table for a view of a library."""
    own = getattr(view, "access", None)
    if own is not None or request.resolver_match is None:
        return own
    return FOREIGN.get(request.resolver_match.view_name)


def _admits(declared: Access, by: Actor, kwargs: dict[str, Any]) -> bool:
    if ANYONE in declared.duty or (SIGNED_IN in declared.duty and by.key):
        return True
    if declared.of is None:
        return by.holds_anywhere(*declared.duty)
    place = organisation_id(kwargs[declared.of])
    return place is not None and any(by.holds(duty, place) for duty in declared.duty)
