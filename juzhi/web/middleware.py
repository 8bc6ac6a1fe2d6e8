"""What every request passes: its language, and the page for a refusal raised out of a view."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.gzip import GZipMiddleware
from django.utils import translation
from django.utils.translation import gettext as _

from juzhi.base.errors import Refused
from juzhi.base.outages import is_missing
from juzhi.base.text import has_control
from juzhi.web.replies import outage, refusal

Answer = Callable[[HttpRequest], HttpResponse]
TEXTS = ("text/", "application/json", "application/atom+xml", "image/svg+xml")


class CompressionMiddleware(GZipMiddleware):
    """Pages and data go compressed, with as many random bytes as Django adds so that lengths tell nothing (BREACH); files keep their length, so that a download shows how far it is."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:  # type: ignore[override]
        return super().process_response(request, response) if response.get("Content-Type", "").startswith(TEXTS) else response  # type: ignore[return-value]


class LanguageMiddleware:
    """The language of the cookie, else Chinese. The browser's own wish is not asked: most are English by accident."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        wanted = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = wanted if wanted in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language  # type: ignore[attr-defined]
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", language)
            return response


class OutageMiddleware:
    """SQLite's file gone: nobody may write into the void, so the answer is the page of an outage until it is back."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return outage() if is_missing() else self.get_response(request)


class RefusalMiddleware:
    """A refusal that no form caught becomes a page that says why and what to do. So does an address with characters that are never stored."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if is_illegible(request):
            return refusal(request, Refused(_("地址或搜索词里有看不见的控制字符，请删去后再试"), code="question"))
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return refusal(request, exception) if isinstance(exception, Refused) else None


def is_illegible(request: HttpRequest) -> bool:
    """Whether the path or a part of the address holds control characters: PostgreSQL refuses NUL aloud, and no name holds the others."""
    return has_control(request.path) or any(has_control(part) for name, values in request.GET.lists() for part in (name, *values))
