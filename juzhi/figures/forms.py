"""What a reader may ask of a figure: the day and the cuts."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from juzhi.base.actors import Actor
from juzhi.figures.queries import Narrowing
from juzhi.figures.queries.coverage import LEVELS
from juzhi.figures.queries.firsts import KINDS
from juzhi.figures.queries.report_evidence import Piece
from juzhi.figures.queries.report_pages import HINTS
from juzhi.figures.queries.reports import Question
from juzhi.network import queries as network
from juzhi.network.models import AreaLevel, HostType, OrganisationLevel
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


class ReportForm(forms.Form):
    """What a report is asked: the day, the place, the family, the level of divisions (R2)."""

    as_of = AsOfField(label=_("截至"), required=False, max_length=20)
    at = forms.CharField(label=_("在哪里"), required=False, max_length=120, error_messages={"max_length": _("名称太长，请写全称或编号，不超过 120 个字")})
    level = forms.ChoiceField(
        label=_("哪一级区划"), required=False, choices=[(one, AreaLevel(one).label) for one in LEVELS[1:]], error_messages={"invalid_choice": _("没有这一级区划，请从列出的里面选")}
    )
    family = forms.ChoiceField(label=_("组织类别"), required=False, error_messages={"invalid_choice": _("没有这个组织类别，请从列出的里面选")})

    def __init__(self, by: Actor, code: str, data: Any) -> None:
        super().__init__(data if data.get("level") else {**data.dict(), "level": "district"})
        self.by = by
        self.families = {family.key: family for family in network.families(by)}
        self.fields["family"].choices = [("", _("全部类别")), *((f.key, f.name) for f in self.families.values())]  # type: ignore[attr-defined]
        self.fields["as_of"].widget.attrs["placeholder"] = by.today.isoformat()
        self.fields["at"].widget.attrs["placeholder"] = HINTS[code]
        if code != "R2":
            del self.fields["level"]
        for one in self.fields.values():
            one.widget.attrs["class"] = "in in--s"

    def problem(self) -> str:
        """What was wrong with the question, in words."""
        return "；".join(str(text) for errors in self.errors.values() for text in errors)

    def question(self) -> Question:
        """What is asked, of a form that is valid."""
        data = self.cleaned_data
        return Question(data.get("as_of") or self.by.today, data.get("at", ""), self.families.get(data.get("family", "")), data.get("level") or "district")


class PieceForm(ReportForm):
    """The same, and which number of the report is opened."""

    area = forms.CharField(label=_("区划"), required=False, max_length=12)
    host_type = forms.ChoiceField(label=_("依托单位类型"), required=False, choices=[("", ""), *HostType.choices], error_messages={"invalid_choice": _("没有这个依托单位类型，请从报告里的表点开")})
    kind = forms.ChoiceField(label=_("按什么"), required=False, choices=[("", ""), *((kind, kind) for kind in KINDS)], error_messages={"invalid_choice": _("没有这样的范围，请从报告里的表点开")})
    group = forms.CharField(label=_("范围"), required=False, max_length=24)

    def piece(self) -> Piece:
        return Piece(**{name: self.cleaned_data[name] for name in ("area", "host_type", "kind", "group")})
