"""Pages of the face itself: the gallery of components, the reader's choices, the icon."""

from __future__ import annotations

import sys

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme

from juzhi.base.access import ANYONE, access
from juzhi.base.outages import is_away, is_full
from juzhi.web import specimens
from juzhi.web.forms import FaceForm
from juzhi.web.replies import outage, page, see

YEAR = 365 * 24 * 3600


def broken(request: HttpRequest) -> HttpResponse:
    """Django's handler of errors: an outage is told as such, all else is our fault. Neither page asks the database."""
    error = sys.exc_info()[1]
    if is_full(error) or is_away(error):
        return outage(is_full=is_full(error))
    return HttpResponse(render_to_string("500.html"), status=500)


@access(duty=ANYONE)
def gallery(request: HttpRequest) -> HttpResponse:
    """Every component in every state, light and dark side by side."""
    return page(request, "web/gallery.html", specimens.everything(request))


@access(duty=ANYONE, methods=("POST",))
def choose_face(request: HttpRequest) -> HttpResponse:
    """Keep theme, size or language in a cookie and go back; only ever to a path of this site."""
    form = FaceForm(request.POST)
    choices = form.cleaned_data if form.is_valid() else {}
    back = choices.get("next") or "/"
    safe = back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None, require_https=request.is_secure())
    response = see(request, back if safe else "/")
    cookies = {"theme": choices.get("theme"), "size": choices.get("size"), settings.LANGUAGE_COOKIE_NAME: choices.get("language")}
    for name, value in cookies.items():
        if value:
            response.set_cookie(name, value, max_age=YEAR, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE, httponly=True)
    return response


@access(duty=ANYONE)
def favicon(request: HttpRequest) -> HttpResponse:
    """Browsers ask for /favicon.ico whatever the page says."""
    return HttpResponseRedirect(staticfiles_storage.url("web/favicon.svg"))
