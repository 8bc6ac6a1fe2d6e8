"""What every request passes: its language, and the page for a refusal raised out of a view."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from juzhi.base.errors import Refused
from juzhi.base.outages import is_missing
from juzhi.web.replies import outage, refusal

Answer = Callable[[HttpRequest], HttpResponse]


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
    """A refusal that no form caught becomes a page that says why and what to do."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return refusal(request, exception) if isinstance(exception, Refused) else None
