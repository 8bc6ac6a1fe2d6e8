"""The few words a component may be given: kinds of button, tones, shapes of a skeleton."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.template import TemplateSyntaxError

BUTTONS = ("plain", "primary", "danger", "join", "quiet")
TONES = ("plain", "ok", "warn", "danger", "info", "plum", "brand")
ICONS = {"ok": "circle-check", "warn": "alert-triangle", "danger": "circle-x", "info": "info-circle", "plain": "info-circle"}
SKELETONS = ("lines", "table", "stat")


def one_of(name: str, value: str, allowed: Collection[str]) -> str:
    """`value`, if it is one of `allowed`; else the template is wrong."""
    if value not in allowed:
        raise TemplateSyntaxError(f"{name} must be one of {', '.join(allowed if isinstance(allowed, Sequence) else sorted(allowed))}, not {value!r}")
    return value
