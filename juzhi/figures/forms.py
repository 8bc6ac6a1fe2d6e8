"""What a reader may ask of a figure: the day and the cuts."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from juzhi.base.actors import Actor
from juzhi.base.cells import Hidden
from juzhi.base.errors import Refused
from juzhi.base.hedges import Hedge, offered
from juzhi.base.indicators import Indicator
from juzhi.base.periods import MONTH, YEAR, Period, calendar_period, parse_period
from juzhi.figures.actions import EVIDENCE_AT_MOST, Evidence
from juzhi.figures.queries import Narrowing
from juzhi.figures.queries.coverage import LEVELS
from juzhi.figures.queries.firsts import KINDS
from juzhi.figures.queries.report_evidence import Piece
from juzhi.figures.queries.report_pages import HINTS
from juzhi.figures.queries.reports import Question
from juzhi.network import queries as network
from juzhi.network.forms import AmountField
from juzhi.network.models import AreaLevel, HostType, OrganisationLevel
from juzhi.web.forms import AsOfField, PartialDateField


class NarrowingForm(forms.Form):
    """For which organisations only, and for which of their records."""

    is_free = True  # whether the reader may ask for any days

    family = forms.ChoiceField(label=_("组织类别"), required=False)
    level = forms.ChoiceField(label=_("层级"), required=False, choices=[("", _("全部层级")), *OrganisationLevel.choices])
    host_type = forms.ChoiceField(
        label=_("依托单位类型"), required=False, choices=[("", _("全部类型")), *HostType.choices, ("none", _("没有依托单位"))]
    )
    attribute = forms.CharField(label=_("只看哪一种"), required=False, max_length=24)

    def __init__(self, by: Actor, indicator: Indicator, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by, self.indicator = by, indicator
        self.families = {family.key: family for family in network.families(by)}
        self.fields["family"].choices = [("", _("全部类别")), *((f.key, f.name) for f in self.families.values())]  # type: ignore[attr-defined]

    def clean_attribute(self) -> str:
        """As the indicator's attribute spells it; an indicator without one has no such cut."""
        text = str(self.cleaned_data["attribute"])
        try:
            if text:
                self.indicator.attribute.read(text)  # type: ignore[union-attr]
        except (AttributeError, ValueError) as wrong:
            raise forms.ValidationError(_("没有「%(text)s」这一种，请从数的页面上点开") % {"text": text}) from wrong
        return text

    def problem(self) -> str:
        """What was wrong with the question, in words."""
        return "；".join(str(text) for errors in self.errors.values() for text in errors)

    def narrowing(self) -> Narrowing:
        data = self.cleaned_data
        return Narrowing(self.families.get(data.get("family", "")), data.get("level", ""), data.get("host_type", ""), data.get("attribute", ""))


class QuestionForm(NarrowingForm):
    """Of a stock: as of which day."""

    as_of = AsOfField(label=_("截至"), required=False, max_length=20)

    def days(self) -> tuple[date | None, date]:
        """(None, the day asked for); today when none or a wrong one was given."""
        self.is_valid()
        return None, self.cleaned_data.get("as_of") or self.by.today


def with_period(form: forms.Form, data: dict[str, Any], today: date) -> dict[str, Any]:
    """The cleaned data with what `from` and `to` spell as `period`, if anything stands there; what is wrong with them is said at the field."""
    since, until = data.get("from"), data.get("to")
    if since is not None and until is not None and (since or until):
        try:
            data["period"] = parse_period(since, until, today)
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else "from", refused.message)
    return data


class PeriodForm(NarrowingForm):
    """Of a flow: from which day to which (`from`, `to`). Who may not open the list everywhere is told of calendar periods only."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in (("from", _("从")), ("to", _("到"))):
            self.fields[name] = forms.CharField(label=label, required=False, max_length=40, error_messages={"max_length": _("日期太长，请写成 2016-09-05 这样的形式")})

    def clean(self) -> dict[str, Any]:
        return with_period(self, super().clean() or {}, self.by.today)

    def days(self) -> tuple[date, date]:
        """The period asked for; this year when none or a wrong one was given."""
        self.is_valid()
        asked = self.cleaned_data.get("period") or calendar_period(self.by.today, YEAR)
        return asked.since, asked.until

    def close(self) -> tuple[date, date]:
        """Only calendar periods are open to this reader: anything else is said to be wrong, and the month in which it begins stands for it."""
        since, until = self.days()
        self.is_free = False
        if not Period(since, until).kind:
            self.add_error("from", _("名单不对您打开，所以只能看整年、整季、整月的数"))
            month = calendar_period(since, MONTH)
            return month.since, month.until
        return since, until


def question_form(by: Actor, indicator: Indicator, data: Any) -> QuestionForm | PeriodForm:
    """The question that fits the indicator."""
    return (PeriodForm if indicator.is_flow else QuestionForm)(by, indicator, data)


class PublishForm(forms.Form):
    """The press of the button, the number that was seen when it was pressed, and how public texts say it: what is published stands in the address."""

    value = forms.CharField(widget=forms.HiddenInput, required=False)
    hedge = forms.CharField(label=_("公开表述"), required=False, max_length=24, error_messages={"max_length": _("表述太长，请只写数和一个表述词，例如 1600余")})

    def __init__(self, value: int | Hidden | None, data: Any = None) -> None:
        super().__init__(data, initial={"value": value if isinstance(value, int) else None})
        self.is_hidden = isinstance(value, Hidden)
        words = "、".join(one.chinese for one in offered(value)) if isinstance(value, int) and value >= 0 else ""
        self.fields["hedge"].help_text = _("可以不写，就用准数。对这个数成立的有：%(words)s；也可以自己写，不成立的不收。") % {"words": words} if words else ""

    def clean(self) -> dict[str, Any]:
        if self.is_hidden:
            raise forms.ValidationError(_("人数太少：少于 10 人的数公开后能认出人来，不发布"))
        text = str(self.cleaned_data.get("value", ""))
        if not re.fullmatch(r"-?[0-9]{1,9}", text, re.ASCII):
            raise forms.ValidationError(_("表单不完整，请刷新页面后再发布"))
        return {**self.cleaned_data, "value": int(text)}

    def show(self, value: int | Hidden | None) -> None:
        """The number to be confirmed next time, whatever was sent."""
        if self.is_bound:
            self.data = {**dict(self.data.items()), "value": str(value) if isinstance(value, int) else ""}


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
        if code == "R4":
            for name, label in (("from", _("时段从")), ("to", _("到"))):
                self.fields[name] = forms.CharField(label=label, required=False, max_length=40, error_messages={"max_length": _("日期太长，请写成 2016-09-05 这样的形式")})
            self.fields["from"].widget.attrs["placeholder"] = str(by.today.year)
        for one in self.fields.values():
            one.widget.attrs["class"] = "in in--s"

    def clean(self) -> dict[str, Any]:
        return with_period(self, super().clean() or {}, self.by.today)

    def problem(self) -> str:
        """What was wrong with the question, in words."""
        return "；".join(str(text) for errors in self.errors.values() for text in errors)

    def question(self) -> Question:
        """What is asked, of a form that is valid."""
        data = self.cleaned_data
        period: Period | None = data.get("period")
        day = data.get("as_of") or (period.until if period else self.by.today)
        return Question(day, data.get("at", ""), self.families.get(data.get("family", "")), data.get("level") or "district", period)


class PieceForm(ReportForm):
    """The same, and which number of the report is opened."""

    area = forms.CharField(label=_("区划"), required=False, max_length=12)
    host_type = forms.ChoiceField(label=_("依托单位类型"), required=False, choices=[("", ""), *HostType.choices], error_messages={"invalid_choice": _("没有这个依托单位类型，请从报告里的表点开")})
    kind = forms.ChoiceField(label=_("按什么"), required=False, choices=[("", ""), *((kind, kind) for kind in KINDS)], error_messages={"invalid_choice": _("没有这样的范围，请从报告里的表点开")})
    group = forms.CharField(label=_("范围"), required=False, max_length=24)

    def piece(self) -> Piece:
        return Piece(**{name: self.cleaned_data[name] for name in ("area", "host_type", "kind", "group")})


class CodeForm(forms.Form):
    """The code printed on a card that was met somewhere."""

    code = forms.CharField(label=_("核对码"), required=False, max_length=40, error_messages={"max_length": _("核对码是 16 个字母和数字，印在卡片右下角")})

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["code"].widget.attrs.update({"class": "in in--s", "size": 24, "placeholder": "ABCD-EFGH-2345-6789", "autocomplete": "off"})


class CardForm(forms.Form):
    """In which language a card is drawn: its address says so, for it is shown on pages that know nothing of the reader's cookie."""

    lang = forms.ChoiceField(label=_("语言"), choices=[("zh", "中文"), ("en", "English")], error_messages={"invalid_choice": _("没有这种语言，可选 zh 或 en")})

    def __init__(self, data: Any) -> None:
        super().__init__({"lang": data.get("lang", "zh")})

    def language(self) -> str:
        """As Django names it. Raises Refused for another."""
        if not self.is_valid():
            raise Refused("；".join(str(text) for text in self.errors["lang"]), code="question")
        return {"zh": "zh-hans", "en": "en"}[self.cleaned_data["lang"]]


class OpeningForm(forms.Form):
    """What a document says of the time before the register: a day or a period, the number as it is written there, and the document."""

    value = AmountField(label=_("数目"), help_text=_("按材料写：1,128、15万。"))
    hedge = forms.ChoiceField(label=_("修饰词"), choices=Hedge.choices, initial=Hedge.EXACT, help_text=_("材料写「1600余」，数目填 1600，这里选「余」。"))
    source = forms.CharField(label=_("来源"), max_length=1000, help_text=_("哪份材料说的，例如：2019 年工作总结第 3 页。"))
    evidence = forms.FileField(label=_("证明文件"), required=False, help_text=_("PDF、JPG、PNG，不超过 2 MB；会一直保存。"))
    field_order = ["as_of", "from", "to", "value", "hedge", "source", "evidence"]

    def __init__(self, by: Actor, indicator: Indicator, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.by = by
        if indicator.is_flow:
            self.fields["from"] = forms.CharField(label=_("从"), max_length=40, help_text=_("整年写 2019，整季写 2019-Q1，整月写 2019-05；别的时段两格都写日期。"))
            self.fields["to"] = forms.CharField(label=_("到"), required=False, max_length=40)
        else:
            self.fields["as_of"] = PartialDateField(label=_("截至"), help_text=_("数是哪一天的：2019-12-31、2019-12 或 2019。"))
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        return with_period(self, super().clean() or {}, self.by.today)

    def values(self) -> dict[str, Any]:
        """Arguments of the verb."""
        data, file = self.cleaned_data, self.cleaned_data.get("evidence")
        evidence = Evidence(file.name, file.read(EVIDENCE_AT_MOST + 1)) if file else None
        return {**{name: data[name] for name in ("value", "hedge", "source")}, "as_of": data.get("as_of"), "period": data.get("period"), "evidence": evidence}


class WithdrawForm(forms.Form):
    """Why an opening balance is taken back."""

    reason = forms.CharField(label=_("理由"), max_length=300, help_text=_("例如：年份登记错了。"))
