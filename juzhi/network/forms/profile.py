"""Shapes of input about what others report of a place, and about registers that are whole."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from juzhi.base.actors import Actor
from juzhi.base.errors import Refused
from juzhi.base.hedges import Hedge, parse_amount
from juzhi.network import queries
from juzhi.network.actions import Source
from juzhi.network.forms.fields import REASON, NamedField
from juzhi.network.models import Area, AreaLevel, Contained, Counted, HostType, Slogan, Statistic
from juzhi.web.forms import DayField, PartialDateField


class AmountField(forms.CharField):
    """A number as people write it: 351, 1,128, 15万, 28%. Cleans to an exact Decimal."""

    def __init__(self, **named: Any) -> None:
        super().__init__(**{"max_length": 40, **named})

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            return parse_amount(text) if text else None
        except Refused as refused:
            raise forms.ValidationError(refused.message) from refused


class SourceForm(forms.Form):
    """The document that says it."""

    source = forms.CharField(label=_("来源"), max_length=1000, help_text=_("哪个单位的什么材料，例如：街道办事处《街道概况》。"))
    source_url = forms.CharField(label=_("来源网址"), required=False, max_length=1000)
    source_on = PartialDateField(label=_("材料日期"), required=False, help_text=_("只知道月份时写 2024-03；不知道就留空。"))

    def told(self) -> Source:
        data = self.cleaned_data
        return Source(data["source"], data["source_url"], *([data["source_on"]] if data["source_on"] else []))


class StatisticForm(SourceForm):
    """A reported number. With `former` the form shows what is to be corrected, and asks why."""

    part = forms.CharField(label=_("其中的片区"), required=False, max_length=1000, help_text=_("数只说其中一片时写，例如：中心商务区。"))
    value = AmountField(label=_("数目"), help_text=_("按材料写：351、1,128、15万、28%。"))
    hedge = forms.ChoiceField(label=_("修饰词"), choices=Hedge.choices, initial=Hedge.EXACT, help_text=_("材料写「超15万」，数目填 15万，这里选「超」。"))
    as_of = PartialDateField(label=_("截至"), help_text=_("数是哪一天的：2024-05-31、2024-05 或 2024；材料没写就填「不详」。"))
    contained = forms.ChoiceField(label=_("是不是它的一部分"), required=False, choices=[("", "—"), *Contained.choices])

    def __init__(self, by: Actor, area: Area, *arguments: Any, former: Statistic | None = None, **named: Any) -> None:
        if former is not None:
            named["initial"] = _shown(former)
        super().__init__(*arguments, **named)
        self.measures = {one.key: one for one in queries.measures(by)}
        self.wholes = {one.statistic.key: one for one in queries.current(by, area) if former is None or one.statistic != former}
        if former is not None and former.within is not None:
            self.wholes.setdefault(former.within.key, queries.reported(former.within))
        chosen = [("", _("请选择")), *((key, f"{one} · {one.unit}") for key, one in self.measures.items())]
        self.fields["measure"] = forms.ChoiceField(label=_("统计项目"), choices=chosen)
        self.fields["of"] = NamedField(lambda text: queries.areas_named(by, text), label=_("占哪个区划"), help_text=_("只有占比才填：上级区划的名称或代码，数目写百分数。"))
        wholes = [("", "—"), *((key, f"{one.title} {one.text} {one.unit}") for key, one in self.wholes.items())]
        self.fields["within"] = forms.ChoiceField(label=_("与哪一项有关"), required=False, choices=wholes, help_text=_("例如超高层楼宇与高层楼宇：两项不会相加。"))
        if former is not None:
            self.fields["reason"] = forms.CharField(**REASON)
        self.order_fields(["measure", "part", "value", "hedge", "as_of", "of", "within", "contained", "source", "source_url", "source_on", "reason"])

    def values(self) -> dict[str, Any]:
        """Arguments of the verb."""
        data = self.cleaned_data
        whole = self.wholes.get(data["within"])
        same = {name: data[name] for name in ("part", "value", "hedge", "as_of", "of", "contained", *(["reason"] if "reason" in self.fields else []))}
        return {**same, "measure": self.measures[data["measure"]], "within": whole.statistic if whole else None, "source": self.told()}


def _shown(former: Statistic) -> dict[str, Any]:
    """What a correction begins from."""
    same = {name: getattr(former, name) for name in ("part", "hedge", "contained", "source", "source_url")}
    days = {"as_of": str(former.at) if former.as_of else "不详", "source_on": str(former.dated) if former.source_on else ""}
    keys = {"measure": former.measure.key, "of": former.of.code if former.of else "", "within": former.within.key if former.within else ""}
    return {**same, **days, **keys, "value": queries.plain_as_given(former)}


class MeasureForm(forms.Form):
    """What a number measures, in which unit, from which threshold on."""

    name = forms.CharField(label=_("名称"), max_length=1000, help_text=_("例如：超高层楼宇。"))
    unit = forms.CharField(label=_("计量单位"), max_length=1000, help_text=_("栋、家、人、亿元……"))
    threshold = forms.CharField(label=_("起算标准"), required=False, max_length=1000, help_text=_("从多少起算，例如：100 米以上。"))

    def __init__(self, by: Actor, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.families = {one.key: one for one in queries.families(by)}
        choices = [("", _("没有，只报告")), (Counted.ORGANISATIONS.value, _("各类组织")), *((key, one.name) for key, one in self.families.items())]
        self.fields["counted"] = forms.ChoiceField(label=_("登记里的同类数"), required=False, choices=choices, help_text=_("报告的是组织个数时选，页面会把登记的个数另列出来对照。"))

    def values(self) -> dict[str, Any]:
        """Arguments of the verb."""
        data = self.cleaned_data
        family = self.families.get(data["counted"])
        same = {name: data[name] for name in ("name", "unit", "threshold")}
        return {**same, "counted": Counted.ORGANISATIONS.value if family else data["counted"], "family": family}


class ClaimForm(SourceForm):
    """What a source says, in its words."""

    text = forms.CharField(label=_("说法"), max_length=2000, help_text=_("照来源的原话写，页面会注明「据……」。"))
    field_order = ["text", "source", "source_url", "source_on"]

    def values(self) -> dict[str, Any]:
        return {"text": self.cleaned_data["text"], "source": self.told()}


class SloganForm(SourceForm):
    """The saying that counts landmarks."""

    text = forms.CharField(label=_("口号"), max_length=1000, help_text=_("例如：一馆一楼四枢纽，一地一圈四条村。"))
    groups = forms.CharField(label=_("各项个数"), required=False, max_length=1000, help_text=_("留空就从口号里读；读不出来时写：馆 1、楼 1、枢纽 4。"))
    valid_from = DayField(label=_("从哪天起"))
    field_order = ["text", "groups", "valid_from", "source", "source_url", "source_on"]

    def values(self) -> dict[str, Any]:
        return {**{name: self.cleaned_data[name] for name in ("text", "groups", "valid_from")}, "source": self.told()}


class LandmarkForm(forms.Form):
    """One landmark under a part of the slogan."""

    name = forms.CharField(label=_("名称"), max_length=1000)
    field_order = ["group", "name"]

    def __init__(self, by: Actor, slogan: Slogan, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.groups = {one.key: one for one in queries.landmark_groups(by, slogan)}
        chosen = [(key, _("%(word)s（口号里 %(expected)s 个）") % {"word": one.word, "expected": one.expected}) for key, one in self.groups.items()]
        self.fields["group"] = forms.ChoiceField(label=_("口号的一项"), choices=chosen)
        self.order_fields(self.field_order)

    def values(self) -> dict[str, Any]:
        return {"name": self.cleaned_data["name"], "group": self.groups[self.cleaned_data["group"]]}


class WhyForm(forms.Form):
    """Only a reason."""

    reason = forms.CharField(**REASON)


class AttestForm(forms.Form):
    """A register that is whole: of a level of divisions or of a type of hosts."""

    entries = forms.IntegerField(label=_("来源里一共有多少条"), min_value=1, max_value=999_999)
    source = forms.CharField(label=_("来源"), max_length=1000, help_text=_("哪个部门公布的什么。"))
    valid_from = DayField(label=_("来源公布的日期"))

    def __init__(self, area: Area, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        depths = [level.value for level in AreaLevel]
        levels = [(f"level:{one.value}", _("%(level)s区划") % {"level": one.label}) for one in AreaLevel if depths.index(one) > depths.index(area.level)]
        hosts = [(f"host:{value}", label) for value, label in HostType.choices]
        self.fields["what"] = forms.ChoiceField(label=_("什么名册"), choices=[("", _("请选择")), *levels, *hosts])
        self.order_fields(["what", "entries", "source", "valid_from"])

    def values(self) -> dict[str, Any]:
        """Arguments of the verb."""
        kind, _sign, what = self.cleaned_data["what"].partition(":")
        same = {name: self.cleaned_data[name] for name in ("entries", "source", "valid_from")}
        return {**same, ("level" if kind == "level" else "host_type"): what}
