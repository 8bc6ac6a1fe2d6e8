"""Fields that read things of the federation by their names."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from juzhi.base.actors import Actor
from juzhi.network import queries
from juzhi.network.models import FoundingEvent, Organisation
from juzhi.web.forms import Picker

OFFERED_AT_MOST = 10

REASON: dict[str, Any] = {"label": _("理由"), "max_length": 300, "help_text": _("会记入变更记录，例如批文号。")}


class OrganisationField(forms.CharField):
    """An organisation by its full name, an alias, or its key. Cleans to the organisation, None when empty."""

    def __init__(self, by: Actor, **named: Any) -> None:
        super().__init__(**{"max_length": 120, "widget": Picker(reverse_lazy("network:choices")), **named})
        self.by = by

    def clean(self, value: Any) -> Organisation | None:
        text = super().clean(value)
        if not text:
            return None
        found = queries.by_name(self.by, text)
        self._offer(text, found)
        if not found:
            raise forms.ValidationError(_("没有叫「%(text)s」的组织，请从列出的里面选") % {"text": text[:40]})
        if len(found) > 1:
            raise forms.ValidationError(_("叫「%(text)s」的组织不止一个，请写编号：%(keys)s") % {"text": text[:40], "keys": "、".join(f"{one.key}（{queries.day_text(one.founded_on, one.founded_precision)}）" for one in found[:5])})
        return found[0]

    def _offer(self, text: str, found: list[Organisation]) -> None:
        """What a form that comes back shows beneath: the one that was chosen, or those that may be meant."""
        if not isinstance(self.widget, Picker) or (len(found) == 1 and found[0].key != text):
            return
        near = queries.picks((found or queries.nearest(self.by, text, OFFERED_AT_MOST))[:OFFERED_AT_MOST])
        self.widget.found = [replace(one, is_chosen=one.value == text) for one in near]


class NamedField(forms.CharField):
    """A thing of a register by its name. Cleans to the thing, None when empty; `find(text)` gives those of that name."""

    def __init__(self, find: Any, **named: Any) -> None:
        super().__init__(**{"max_length": 120, "required": False, **named})
        self.find = find

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        found = list(self.find(text)[:2])
        if len(found) != 1:
            raise forms.ValidationError(_("没有叫「%(text)s」的，或者不止一个；请写编号或全名") % {"text": text[:40]})
        return found[0]


class FoundingField(forms.ChoiceField):
    """One of the known foundings, by its key. Cleans to the founding, None when empty."""

    def __init__(self, found: Any, **named: Any) -> None:
        self.events: dict[str, FoundingEvent] = {one.key: one for one in found}
        choices = [("", _("单独成立")), *((key, queries.founding_words(one)) for key, one in self.events.items())]
        super().__init__(**{"required": False, "choices": choices, "label": _("成立事项"), **named})

    def clean(self, value: Any) -> FoundingEvent | None:
        return self.events.get(super().clean(value))
