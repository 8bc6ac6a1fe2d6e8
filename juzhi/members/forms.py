"""Shapes of input about membership."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from juzhi.base.actors import Actor
from juzhi.members import queries
from juzhi.members.models import EndReason, Membership
from juzhi.network.forms import OrganisationField
from juzhi.network.models import Organisation
from juzhi.people.forms import GENDERS, TEXT
from juzhi.web.forms import PartialDateField

STATES = [("", _("在会")), (queries.OVER, _("已离会")), (queries.ALL, _("全部"))]
PARTIAL = _("只知道年或月时，写 2019 或 2019-03；不知道就不填。")


class RosterForm(forms.Form):
    """Filters of a roster."""

    words = forms.CharField(label=_("姓名"), required=False, max_length=60, widget=forms.TextInput(attrs={"class": "in in--s", "placeholder": _("姓名或首字母")}))
    state = forms.ChoiceField(label=_("状态"), required=False, choices=STATES, widget=forms.Select(attrs={"class": "in in--s"}))
    batch = forms.CharField(required=False, max_length=12, widget=forms.HiddenInput)
    beneath = forms.BooleanField(label=_("含下级"), required=False)

    def __init__(self, by: Actor, place: Organisation | None, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        if place is None:
            self.fields["organisation"] = OrganisationField(by, label=pgettext_lazy("一个", "组织"), required=False)
            self.fields["organisation"].widget.attrs.update({"class": "in in--s", "placeholder": _("哪个组织")})
        else:
            batches = [("", _("全部批次")), *((one.key, str(one)) for one in queries.batches(by, place))]
            self.fields["batch"] = forms.ChoiceField(label=_("入会批次"), required=False, choices=batches, widget=forms.Select(attrs={"class": "in in--s"}))

    def asked(self) -> dict[str, Any]:
        """What was asked for. A filter that makes no sense finds nothing: a list never shows or exports more than was meant."""
        return self.cleaned_data if self.is_valid() else {"nothing": True}


class BatchField(forms.ChoiceField):
    """An admission batch of one organisation. Cleans to the batch, None when empty."""

    def __init__(self, by: Actor, place: Organisation) -> None:
        self.found = {one.key: one for one in queries.batches(by, place)}
        choices = [("", _("不填")), *((key, str(one)) for key, one in self.found.items())]
        super().__init__(label=_("入会批次"), required=False, choices=choices)

    def clean(self, value: Any) -> Any:
        return self.found.get(super().clean(value))


class SpellForm(forms.Form):
    """A spell of membership."""

    joined_on = PartialDateField(label=_("入会时间"), required=False, help_text=PARTIAL)
    number = forms.CharField(label=_("会员号"), max_length=TEXT, required=False)
    org_role = forms.CharField(label=_("会内职务"), max_length=TEXT, required=False, help_text=_("例如「理事」；单位里的职务写在人员页。"))

    def __init__(self, by: Actor, place: Organisation, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["batch"] = BatchField(by, place)

    def spell(self) -> dict[str, Any]:
        """The spell's values; an unknown day is left to the verb."""
        given, joined = self.cleaned_data, self.cleaned_data["joined_on"]
        day = {"joined_on": joined.on, "joined_precision": joined.precision} if joined and joined.on else {}
        return {"number": given["number"], "org_role": given["org_role"], "batch": given["batch"], **day}


class AdmitForm(SpellForm):
    """Somebody new, and the spell that begins."""

    name = forms.CharField(label=_("姓名"), max_length=TEXT, help_text=_("照证件上的写法，生僻字和「·」照原样保存。"))
    mobiles = forms.CharField(label=_("手机"), max_length=TEXT, required=False, help_text=_("几个号码用顿号隔开。"))
    email = forms.CharField(label=_("邮箱"), max_length=TEXT, required=False)
    unit = forms.CharField(label=_("单位"), max_length=TEXT, required=False)
    duty = forms.CharField(label=_("单位职务"), max_length=TEXT, required=False)
    title = forms.CharField(label=_("职称"), max_length=TEXT, required=False)
    gender = forms.ChoiceField(label=_("性别"), choices=GENDERS, required=False)
    born_on = PartialDateField(label=_("出生日期"), required=False, help_text=_("用得上才填；只知道年或月时，写 1980 或 1980-05。"))
    somebody_else = forms.BooleanField(label=_("列出的都不是这个人，另外新登记"), required=False, widget=forms.HiddenInput)

    field_order = ("name", "mobiles", "email", "unit", "duty", "title", "gender", "born_on", "joined_on", "number", "org_role", "batch", "somebody_else")

    def __init__(self, by: Actor, place: Organisation, *arguments: Any, **named: Any) -> None:
        super().__init__(by, place, *arguments, **named)
        self.order_fields(self.field_order)

    def values(self) -> dict[str, Any]:
        given, born = self.cleaned_data, self.cleaned_data["born_on"]
        birth = {"born_on": born.on if born else None, "born_precision": born.precision if born else ""}
        plain = {name: given[name] for name in ("name", "mobiles", "email", "unit", "duty", "title", "gender", "somebody_else")}
        return {**plain, **birth, "spell": self.spell()}

    def offer(self) -> None:
        """Show the box that says it is somebody else."""
        self.fields["somebody_else"].widget = forms.CheckboxInput()


class FindForm(forms.Form):
    """Somebody who is known already."""

    q = forms.CharField(label=_("找谁"), required=False, max_length=60, error_messages={"max_length": _("请缩短到 60 个字以内再找")})


class CorrectForm(SpellForm):
    """What was entered wrong about a spell."""

    reason = forms.CharField(label=_("说明"), max_length=TEXT, required=False, help_text=_("会记入变更记录，例如批文号。"))

    @staticmethod
    def initial_of(membership: Membership) -> dict[str, Any]:
        batch = membership.batch.key if membership.batch else ""
        return {"joined_on": queries.joined_words(membership), "number": membership.number, "org_role": membership.org_role, "batch": batch}

    def values(self) -> dict[str, Any]:
        values = self.spell()
        return {"joined_precision": "unknown", **values, "reason": self.cleaned_data["reason"]}


class EndForm(forms.Form):
    """Why and since when a spell is over."""

    reason_code = forms.ChoiceField(label=_("离会原因"), choices=EndReason.choices, widget=forms.RadioSelect)
    ended_on = PartialDateField(label=_("离会时间"), required=False, help_text=_("从这天起不再是会员。只知道年或月时，写 2024 或 2024-05；不知道就不填。"))
    reason = forms.CharField(label=_("说明"), max_length=TEXT, required=False, help_text=_("会记入变更记录。"))

    def values(self) -> dict[str, Any]:
        given, day = self.cleaned_data, self.cleaned_data["ended_on"]
        when = {"ended_on": day.on, "ended_precision": day.precision} if day else {}
        return {"reason_code": given["reason_code"], "reason": given["reason"], **when}


class BatchForm(forms.Form):
    """An admission batch."""

    number = forms.IntegerField(label=_("批次"), min_value=1, max_value=999, help_text=_("第几批，写数字。"))
    on = PartialDateField(label=_("入会日期"), required=False, help_text=PARTIAL)

    def values(self) -> dict[str, Any]:
        day = self.cleaned_data["on"]
        return {"number": self.cleaned_data["number"], "on": day.on if day else None, "precision": day.precision if day else ""}


class ExportForm(forms.Form):
    """What the contacts are taken out for."""

    reason = forms.CharField(label=_("导出做什么用"), max_length=TEXT, help_text=_("每个人都会在「关于我的记录」里看到这句话。"))
    format = forms.ChoiceField(label=_("文件"), choices=[("xlsx", "Excel"), ("csv", "CSV")], widget=forms.RadioSelect, initial="xlsx")
    password = forms.CharField(label=_("您的密码"), max_length=128, required=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}))

    def __init__(self, *arguments: Any, many: bool, **named: Any) -> None:
        super().__init__(*arguments, **named)
        if many:
            self.fields["password"].help_text = _("人数多，请再输一次密码。")
        else:
            del self.fields["password"]
