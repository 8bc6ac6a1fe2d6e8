"""Fields that read days as people write them; the reader's choices of theme, size and language; and the forms that the gallery shows."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from juzhi.base.errors import Refused
from juzhi.base.periods import DAY, PartialDate, parse_as_of, parse_date
from juzhi.web.context import SIZES, THEMES
from juzhi.web.queries import Pick


class PartialDateField(forms.CharField):
    """A day, month or year in any usual spelling. Cleans to a PartialDate, None when empty."""

    def __init__(self, **named: Any) -> None:
        super().__init__(**{"max_length": 60, **named})

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            return parse_date(text) if text else None
        except Refused as refused:
            raise forms.ValidationError(refused.message) from refused


class DayField(PartialDateField):
    """A whole day. Cleans to a date or None."""

    def clean(self, value: Any) -> Any:
        found: PartialDate | None = super().clean(value)
        if found is not None and found.precision != DAY:
            raise forms.ValidationError(_("请写到日，例如 2026-09-05"))
        return found.on if found is not None else None


class AsOfField(forms.CharField):
    """2024, 2024-05 or 2024-05-31; the first two mean their last day. Cleans to a date, None when empty."""

    def __init__(self, **named: Any) -> None:
        super().__init__(**{"error_messages": {"max_length": _("日期太长，请写成 2016-09-05 这样的形式")}, **named})

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            return parse_as_of(text) if text else None
        except Refused as error:
            raise forms.ValidationError(error.message) from error


class Picker(forms.TextInput):
    """A field in which one writes part of a name, its sound or initials, with a list beneath to choose from.

    `href` = the address that answers `?into=<field>&<field>=words` with the list (web/_picks.html). Without JavaScript the form itself comes back with
    the list that its field left in `found`. What is chosen is sent after what was written, so it is what counts.
    """

    template_name = "web/_picker.html"

    def __init__(self, href: Any, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"autocomplete": "off", "spellcheck": "false", **(attrs or {})})
        self.href = href
        self.found: list[Pick] | None = None  # None = nothing was looked for, which is not the same as nothing found

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        own = context["widget"]["attrs"]
        chosen = next((one for one in self.found or () if one.value == value), None)
        if chosen is not None:
            context["widget"]["value"] = chosen.name
        own |= {"hx-get": f"{self.href}?into={name}", "hx-trigger": "input changed delay:200ms", "hx-target": f"#{own.get('id', '')}_picks", "hx-swap": "innerHTML"}
        context["widget"] |= {"found": self.found or [], "asked": "" if self.found is None else context["widget"]["value"]}
        return context

    def _render(self, template_name: str, context: dict[str, Any], renderer: Any = None) -> SafeString:
        return render_to_string(template_name, context)


class FaceForm(forms.Form):
    """Each choice may stand alone. `next` = where to go back to."""

    theme = forms.ChoiceField(choices=[(theme, theme) for theme in THEMES], required=False)
    size = forms.ChoiceField(choices=[(size, size) for size in SIZES], required=False)
    language = forms.ChoiceField(choices=settings.LANGUAGES, required=False)
    next = forms.CharField(required=False, max_length=2000)


class SpecimenForm(forms.Form):
    """One of every kind of field."""

    name = forms.CharField(label=_("组织名称"), max_length=60, help_text=_("用批文上的全称；简称另填。"))
    founded = forms.CharField(label=_("成立日期"), required=False, help_text=_("只知道月份时填 2024-03 即可。"))
    kind = forms.ChoiceField(label=_("类型"), choices=[("area", _("区域")), ("sector", _("系统")), ("site", _("楼宇"))])
    status = forms.ChoiceField(label=_("登记形式"), choices=[("branch", _("分支机构")), ("legal", _("独立登记的社会团体"))], widget=forms.RadioSelect)
    reason = forms.CharField(label=_("依据"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    paper = forms.FileField(label=_("批文"), required=False)
    tell = forms.BooleanField(label=_("存后通知上级"), required=False)

    def clean_founded(self) -> Any:
        if self.cleaned_data["founded"].startswith("2042"):
            raise forms.ValidationError(_("日期在将来。只知道月份时填 2024-03 即可。"))
        return self.cleaned_data["founded"]
