"""What every template knows of the reader's choices: theme, type size, language."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from juzhi.base.access import DUTIES

THEMES = {"auto": "screen and (prefers-color-scheme: dark)", "light": "not all", "dark": "screen"}  # theme -> media of dark.css; paper is always light
SIZES = ("normal", "xl")


def face(request: HttpRequest) -> dict[str, Any]:
    """`face.theme dark_media size language languages layout account name here page signed_in`."""
    theme = request.COOKIES.get("theme", "auto")
    theme = theme if theme in THEMES else "auto"
    size = request.COOKIES.get("size", "normal")
    user = getattr(request, "user", None)
    signed_in = bool(user and user.is_authenticated)
    by = getattr(request, "by", None)
    is_staff = signed_in and by is not None and by.holds_anywhere(*DUTIES)
    return {
        "face": {
            "theme": theme,
            "dark_media": THEMES[theme],
            "next_theme": "light" if theme == "dark" else "dark",
            "size": size if size in SIZES else "normal",
            "next_size": "normal" if size == "xl" else "xl",
            "language": get_language() or settings.LANGUAGE_CODE,
            "languages": settings.LANGUAGES,
            "here": request.get_full_path() if request.method in ("GET", "HEAD") else request.path,
            "page": quote(request.path),  # as a part of an address: what a complaint is about
            "signed_in": signed_in,
            "layout": "web/staff.html" if is_staff else "web/public.html",
            "account": user.get_username() if signed_in and user else "",
            "name": user.get_short_name() if signed_in and user else "",
        }
    }
