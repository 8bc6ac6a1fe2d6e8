"""How views answer: whole page or fragment, a form done once, a list shown or exported."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from juzhi.base.action import keep_trace
from juzhi.base.errors import Refused, Stale
from juzhi.web.lists import Column, Listing, listing
from juzhi.web.models import Receipt

__all__ = ["Column", "Listing", "listing", "page", "refusal", "submit", "version_of"]

STATUSES = {"question": 400, "forbidden": 403, "stale": 409, "conflict": 409}  # of refusals; all others 422
LATER, LATER_FULL = 10, 300  # seconds after which it is worth trying again
SKIPPED = ("csrfmiddlewaretoken",)  # parts of a body that differ between two sendings of the same form


def wants_fragment(request: HttpRequest) -> bool:
    """htmx asks for a part; a step back in history and a boosted link want the page."""
    return request.headers.get("HX-Request") == "true" and "HX-History-Restore-Request" not in request.headers and "HX-Boosted" not in request.headers


def page(request: HttpRequest, template: str, context: dict[str, Any] | None = None, *, fragment: str | None = None, status: int | None = None) -> HttpResponse:
    """Render `template`; an htmx request gets `fragment`, the same file that the page includes.

    Status: as given, else 422 with a wrong or stale `context["form"]`, else 400 with a `context["listing"]` asked for something it has not, else 200.
    """
    context = dict(context or {})
    form, shown = context.get("form"), context.get("listing")
    if status is None and isinstance(form, BaseForm) and form.is_bound and (form.errors or getattr(form, "stale", None) is not None):
        status = 422
    if isinstance(shown, Listing) and shown.problem:
        context.setdefault("problem", shown.problem)
        status = status or 400
    name = fragment if fragment and wants_fragment(request) else template
    response = HttpResponse(render_to_string(name, context, request), status=status or 200)
    if signed_in(request):
        response["Cache-Control"] = "no-store"
    patch_vary_headers(response, ["HX-Request"])
    return response


def signed_in(request: HttpRequest) -> bool:
    return bool(getattr(request, "user", None) and request.user.is_authenticated)


def outage(*, is_full: bool = False) -> HttpResponse:
    """The page that needs no database: come back in a moment. With `is_full` the disk is at fault, and somebody must make room."""
    response = HttpResponse(render_to_string("503.html", {"is_full": is_full}), status=503)
    response["Retry-After"] = str(LATER if not is_full else LATER_FULL)
    response["Cache-Control"] = "no-store"
    return response


def refusal(request: HttpRequest, refused: Refused) -> HttpResponse:
    """The page for a refusal that no form can show."""
    status = STATUSES.get(refused.code, 422)
    return page(request, "web/refused.html", {"message": refused.message, "code": refused.code, "details": refused.details, "back": came_from(request)}, status=status)


def came_from(request: HttpRequest) -> str:
    """The page of this site that led here, without its host; empty where none is known, or it is this one."""
    told = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(told, allowed_hosts={request.get_host()}):
        return ""
    parts = urlsplit(told)
    back = urlunsplit(("", "", parts.path, parts.query, ""))
    is_path = back.startswith("/") and not back.startswith(("//", "/\\"))  # two of them lead to another site
    return back if is_path and back != request.get_full_path() else ""


def version_of(request: HttpRequest) -> int:
    """The version that the form showed. Refuses a form that carries none, lest it overwrite unseen changes."""
    text = request.POST.get("version", "")
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise Refused(_("表单不完整，请刷新页面后再填"))
    return int(text)


def submit(request: HttpRequest, form: BaseForm, run: Callable[[], Any], *, to: Callable[[Any], str], done: str | Callable[[Any], str] = "") -> HttpResponse | None:
    """Do a posted, valid form once, and answer with a redirect to `to(result)`; None = show the page (with the form's errors, if any).

    The same form key with the same body gets the same answer again; with another body 409. Refused becomes the form's error,
    Stale sets `form.stale` = rows of (label, yours, theirs): what was typed stays in the form.
    """
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        answer, text = done_once(request, run, to, done)
    except Stale as stale:
        form.stale = list(stale.details or [])  # type: ignore[attr-defined, call-overload]
        return None
    except Refused as refused:
        keep_trace(refused)  # the transaction of the receipt is over
        form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        return None
    if answer is None:
        message = _("这份表单已经提交过，内容却和上次不同。请打开页面重新填写，免得办两次。")
        return page(request, "web/refused.html", {"message": message, "code": "conflict"}, status=409)
    if text:
        messages.success(request, text)
    return see(request, answer)


def see(request: HttpRequest, address: str) -> HttpResponse:
    """303 to `address`; htmx is told to go there itself."""
    if request.headers.get("HX-Request") == "true":
        response = HttpResponse(status=200)
        response["HX-Redirect"] = address
    else:
        response = HttpResponseRedirect(address)
        response.status_code = 303
    patch_vary_headers(response, ["HX-Request"])
    return response


def done_once(request: HttpRequest, run: Callable[[], Any], to: Callable[[Any], str], done: str | Callable[[Any], str]) -> tuple[str | None, str]:
    """(answer, message); answer None = the key was used with another body. The receipt and the deed are one transaction."""
    form_key = request.POST.get("form_key", "")[:64]
    if not form_key:
        result = run()
        return to(result), done(result) if callable(done) else done
    actor_key, digest = getattr(getattr(request, "by", None), "key", ""), body_digest(request)
    at = getattr(getattr(request, "by", None), "at", None) or timezone.now()
    try:
        with transaction.atomic():
            receipt = Receipt.objects.create(actor_key=actor_key, form_key=form_key, body_digest=digest, answer="", at=at)
            result = run()
            receipt.answer = to(result)
            receipt.save(update_fields=["answer"])
    except IntegrityError:
        kept = Receipt.objects.system("the same form sent twice").filter(actor_key=actor_key, form_key=form_key).first()
        if kept is None:
            raise
        return (kept.answer, "") if kept.body_digest == digest else (None, "")
    return receipt.answer, done(result) if callable(done) else done


def body_digest(request: HttpRequest) -> str:
    """A digest of address, fields and files, the same for two sendings of one form."""
    digest = hashlib.sha256(request.path.encode())
    for name in sorted(request.POST):
        if name not in SKIPPED:
            digest.update(repr((name, request.POST.getlist(name))).encode("utf-8", "surrogatepass"))
    for name in sorted(request.FILES):
        for file in request.FILES.getlist(name):
            digest.update(repr((name, file.name, file.size)).encode("utf-8", "surrogatepass"))
            for chunk in file.chunks():
                digest.update(chunk)
            file.seek(0)
    return digest.hexdigest()
