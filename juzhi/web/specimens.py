"""The gallery's data: every component in every state, all of it invented."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest


def everything(request: HttpRequest) -> dict[str, Any]:
    return {}
