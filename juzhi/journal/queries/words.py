"""The words of an entry: whose key, which thing, and what a kept value says to somebody who is no engineer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from juzhi.base.actors import ZONE
from juzhi.base.ids import LENGTH
from juzhi.base.periods import UNKNOWN, PartialDate
from juzhi.journal.models import ACCOUNT, FIELDS, MASKS, NAMERS, Named

YES, NO = gettext_lazy("是"), gettext_lazy("否")
TAIL = 4  # signs of a key that tell it apart on a page
Pair = tuple[str, str]  # kind and key


@dataclass
class Asked:
    """Names of things by kind and key, as far as a reader may know them: asked for in one go, one namer for each kind, however many keys."""

    by: Any
    wanted: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    found: dict[Pair, Named] = field(default_factory=dict)

    def want(self, pairs: Iterable[Pair]) -> None:
        for kind, key in pairs:
            if kind in NAMERS and key:
                self.wanted[kind].add(key)

    def fetch(self) -> None:
        for kind, keys in sorted(self.wanted.items()):
            told = NAMERS[kind](self.by, sorted(keys))
            self.found |= {(kind, key): named for key, named in told.items()}

    def thing(self, kind: str, key: str) -> Named:
        """What it is called, with a link where the reader may open it; else its kind and the end of its key."""
        return self.found.get((kind, key)) or Named(_("编号末四位 %(tail)s") % {"tail": key[-TAIL:]})

    def actor(self, key: str) -> str:
        """Who did it: a name where the reader may see it, else the end of the account's key."""
        if key.startswith("system:"):
            return _("系统（%(reason)s）") % {"reason": key.removeprefix("system:")}
        if not key:
            return _("没有登录的人")
        named = self.found.get((ACCOUNT, key))
        return named.words if named else _("账号 %(tail)s") % {"tail": key[-TAIL:]}


def kind_label(kind: str) -> str:
    """What a kind of thing is called: the model's name, or the kind itself if there is no such model."""
    try:
        return str(apps.get_model(kind)._meta.verbose_name)
    except (LookupError, ValueError):
        return kind


def field_label(kind: str, name: str) -> str:
    """What a field is called: as its room said, else the model's own name for it."""
    told = FIELDS.get(kind, {}).get(name)
    return str(told or getattr(column(kind, name), "verbose_name", name))


def column(kind: str, name: str) -> Any:
    """The model's field, None where there is no such."""
    try:
        return apps.get_model(kind)._meta.get_field(name)
    except (LookupError, ValueError, FieldDoesNotExist):
        return None


def key_of(kind: str, name: str, value: Any) -> Iterable[Pair]:
    """The thing that a value of this field names by its key, if it does."""
    to = getattr(column(kind, name), "related_model", None)
    if isinstance(to, type) and isinstance(value, str) and len(value) == LENGTH and value.isalnum() and value.isascii():
        yield to._meta.label_lower, value  # type: ignore[attr-defined]


def told(asked: Asked, kind: str, name: str, value: Any, precision: str = "") -> Any:
    """A kept value as people read it; None and "" stay what they are: nothing."""
    if value is None or value == "":
        return value
    for pair in key_of(kind, name, value):
        return asked.actor(value) if pair[0] == ACCOUNT else asked.thing(*pair).words
    if (mask := MASKS.get(kind, {}).get(name)) is not None:
        return mask(str(value))
    one = column(kind, name)
    if getattr(one, "flatchoices", None):
        return str(dict(one.flatchoices).get(value, value))
    if isinstance(value, bool):
        return str(YES if value else NO)
    if isinstance(value, Mapping):
        return "、".join(f"{field_label(kind, f'{name}.{part}')} {number}" for part, number in value.items())
    if isinstance(value, list):
        return "、".join(str(part) for part in value)
    return moment(one, value, precision) if isinstance(value, str) else str(value)


def moment(one: Any, text: str, precision: str) -> str:
    """A day as far as it is known, a moment in our own time; other text as it is."""
    try:
        if isinstance(one, models.DateTimeField):
            return f"{datetime.fromisoformat(text).astimezone(ZONE):%Y-%m-%d %H:%M}"
        if precision == UNKNOWN:  # a day is kept to order by, and means nothing
            return str(PartialDate(None, UNKNOWN))
        if isinstance(one, models.DateField) or precision:
            return str(PartialDate(date.fromisoformat(text[:10]), precision or "day"))
    except ValueError:
        pass
    return text
