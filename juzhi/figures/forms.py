"""What a reader may ask of a figure: the day and the cuts."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from juzhi.base.actors import Actor
from juzhi.figures.queries import Narrowing
from juzhi.network import queries as network
from juzhi.network.models import HostType, OrganisationLevel
from juzhi.web.forms import AsOfField


class QuestionForm(forms.Form):
    """As of which day, and for which organisations only."""

    as_of = AsOfField(label=_("截至"), required=False, max_length=20)
    family = forms.ChoiceField(label=_("组织类别"), required=False)
    level = forms.ChoiceField(label=_("层级"), required=False, choices=[("", _("全部层级")), *OrganisationLevel.choices])
    host_type = forms.ChoiceField(
        label=_("依托单位类型"), required=False, choices=[("", _("全部类型")), *HostType.choices, ("none", _("没有依托单位"))]
    )

    def __init__(self, by: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        self.families = {family.key: family for family in network.families(by)}
        self.fields["family"].choices = [("", _("全部类别")), *((f.key, f.name) for f in self.families.values())]  # type: ignore[attr-defined]

    def day(self) -> date:
        """The day asked for; today when none or a wrong one was given."""
        self.is_valid()
        return self.cleaned_data.get("as_of") or self.by.today

    def problem(self) -> str:
        """What was wrong with the question, in words."""
        return "；".join(str(text) for errors in self.errors.values() for text in errors)

    def narrowing(self) -> Narrowing:
        data = self.cleaned_data
        return Narrowing(self.families.get(data.get("family", "")), data.get("level", ""), data.get("host_type", ""))


class PublishForm(forms.Form):
    """Nothing but the press of the button: what is published stands in the address."""


class ExplainForm(forms.Form):
    """Why a published number is another now."""

    why = forms.CharField(
        label=_("为什么变了"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("一句话，公开显示，写上以后不能再改。不要写个人的名字。"), error_messages={"required": _("请用一句话写明为什么这个数变了，大家都会看到")},
    )  # fmt: skip
