"""Filters for words: how the reader's language joins and counts them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import template

from juzhi.base import text
from juzhi.web import numbers

register = template.Library()


@register.filter
def listed(words: Iterable[Any]) -> str:
    """甲、乙 in Chinese, A, B in English."""
    return text.listed(words)


@register.filter
def measured(value: Any, unit: Any) -> str:
    """The measure word beside the number: `{{ count|measured:unit }}`."""
    return numbers.measured(value, unit)
