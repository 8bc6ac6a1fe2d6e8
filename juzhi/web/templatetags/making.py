"""How a function becomes a component: with a template of its name, round content, or drawn once and remembered."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from inspect import signature
from typing import Any, TypeVar

from django import template
from django.conf import settings
from django.template.loader import get_template
from django.utils.functional import Promise

register = template.Library()
F = TypeVar("F", bound=Callable[..., Any])


def component(function: F) -> F:
    """A component without content: the function gives the context of its template."""
    takes_context = next(iter(signature(function).parameters), "") == "context"
    register.inclusion_tag(f"web/components/{function.__name__}.html", takes_context=takes_context)(function)
    return function


def mark_of(function: F) -> F:
    """A component whose look depends on its few plain arguments alone: drawn once for each, then remembered (a tree draws hundreds)."""
    name = f"web/components/{function.__name__}.html"

    @lru_cache(maxsize=2048, typed=True)  # typed: text that is safe and the same text that is not are two
    def drawn(*arguments: Any, **named: Any) -> Any:
        return get_template(name).render(function(*arguments, **named))

    @wraps(function)
    def render(*arguments: Any, **named: Any) -> Any:
        if settings.DEBUG:  # a template is edited
            return drawn.__wrapped__(*arguments, **named)
        return drawn(*map(_settled, arguments), **{key: _settled(value) for key, value in named.items()})

    register.simple_tag(render)
    return function


def _settled(value: Any) -> Any:
    """Text that waits for the reader's language, in it."""
    return str(value) if isinstance(value, Promise) else value


def container(function: F) -> F:
    """A component round content: `{% panel %}…{% endpanel %}`."""

    @wraps(function)
    def render(*arguments: Any, **named: Any) -> Any:
        return get_template(f"web/components/{function.__name__}.html").render(function(*arguments, **named))

    takes_context = next(iter(signature(function).parameters), "") == "context"
    register.simple_block_tag(render, takes_context=takes_context)
    return function
