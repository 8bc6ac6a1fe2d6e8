"""Which day, which words, which part of a list."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from juzhi.base.actors import Actor
from juzhi.network import queries
from juzhi.network.forms.fields import NamedField, OrganisationField
from juzhi.network.models import OrganisationLevel
from juzhi.web.forms import AsOfField


class TreeForm(forms.Form):
    """Which day, which words."""

    as_of = AsOfField(label=_("截至"), required=False, max_length=20)
    q = forms.CharField(label=_("找组织"), required=False, max_length=60)


class ListForm(TreeForm):
    """Filters of the flat list. `under` = key of the organisation whose subtree is listed."""

    family = forms.ChoiceField(label=_("组织类别"), required=False)
    level = forms.ChoiceField(label=_("层级"), required=False, choices=[("", _("全部层级")), *OrganisationLevel.choices])
    state = forms.ChoiceField(label=_("状态"), required=False, choices=[("", _("含已终止")), ("standing", _("存续"))])

    def __init__(self, by: Actor, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        for name in ("q", "family", "level", "state"):
            self.fields[name].widget.attrs["class"] = "in in--s"
        self.fields["q"].widget.attrs["placeholder"] = _("名称或拼音")
        self.fields["family"].choices = [("", _("全部类别")), *((one.key, one.name) for one in queries.families(by))]  # type: ignore[attr-defined]
        self.fields["under"] = OrganisationField(by, required=False, widget=forms.HiddenInput())


class SectorForm(TreeForm):
    """Which organisations of a sector: of one level, in one area (by its key)."""

    level = forms.ChoiceField(label=_("层级"), required=False, choices=[("", _("全部层级")), *OrganisationLevel.choices])

    def __init__(self, by: Actor, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["area"] = NamedField(lambda text: queries.areas_named(by, text), label=_("所在区划"))

    def narrowed(self) -> str:
        """The chosen level and area in words."""
        level, area = self.cleaned_data.get("level"), self.cleaned_data.get("area")
        return " · ".join(str(one) for one in (OrganisationLevel(level).label if level else "", area or "") if one)
