"""Shapes of input: a grant, why it ends, how an invited person wants to sign in."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from juzhi.access import queries
from juzhi.access.models import DUTY_LABELS, Account, Reach
from juzhi.base.actors import Actor
from juzhi.network.models import Organisation
from juzhi.web.forms import DayField, Picker


class GrantForm(forms.Form):
    """One duty at one organisation."""

    login = forms.CharField(label=_("给谁"), max_length=60, help_text=_("写登录名；您看得到的人也可以写姓名或拼音，从列出的里面选。对方要先有账号；没有的，先在人员页面发邀请。"))
    duty = forms.ChoiceField(label=_("职责"), widget=forms.RadioSelect)
    reach = forms.ChoiceField(label=_("范围"), choices=Reach.choices, initial=Reach.OWN, widget=forms.RadioSelect)
    purpose = forms.CharField(label=_("用途"), max_length=200, required=False, help_text=_("「会员管理」「个人信息保护联系人」含下级时必填，会写在组织页面上。"))
    valid_to = DayField(label=_("到哪天为止"), max_length=30, required=False, help_text=_("这一天还有效。不填就一直有效，直到撤销。"))

    def __init__(self, *arguments: Any, by: Actor, organisation: Organisation, duties: list[str], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.by, self.organisation = by, organisation
        self.fields["login"].widget = Picker(reverse("access:grantees", args=[organisation.key]), {"maxlength": 60, "required": True})
        self.fields["duty"].choices = [(duty, DUTY_LABELS[duty]) for duty in duties]  # type: ignore[attr-defined]

    def clean_login(self) -> Account:
        """The account itself; an unknown login, a disabled account and one out of reach are told in the same words."""
        found = queries.grantee(self.by, self.organisation, self.cleaned_data["login"])
        self._offer(found)
        if found is None:
            raise forms.ValidationError(_("您的范围内没有这个登录名的可用账号，请核对"))
        return found

    def _offer(self, found: Account | None) -> None:
        """What a form that comes back shows beneath the field: who was chosen from the list, or who may be meant."""
        text = self.cleaned_data["login"]
        near = queries.grantees(self.by, self.organisation, text if found is None else found.person.name)
        if found is not None:
            near = [replace(one, is_chosen=True) for one in near if one.value == text]
        self.fields["login"].widget.found = near  # type: ignore[attr-defined]

    def clean_valid_to(self) -> date | None:
        """The day after the last one: intervals are half-open."""
        day: date | None = self.cleaned_data["valid_to"]
        return day + timedelta(days=1) if day is not None else None


class RevokeForm(forms.Form):
    """Why a duty ends."""

    reason = forms.CharField(label=_("为什么撤销"), max_length=200, help_text=_("会记入变更记录。"))


class AcceptForm(forms.Form):
    """A login and a password, chosen by the invited person."""

    login = forms.CharField(label=_("登录名"), max_length=60, help_text=_("用姓名拼音或自己记得住的词，以后登录用它。"))
    password = forms.CharField(label=_("密码"), max_length=128, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}), help_text=_("至少 8 个字符，不要用太常见的。"))


class EnterForm(forms.Form):
    """Sign in once; who forgot the password sets a new one on the way."""

    password = forms.CharField(
        label=_("新密码"),
        max_length=128,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("忘了密码的，在这里设一个新的；不改就留空。"),
    )


class ConfirmForm(forms.Form):
    """Nothing to fill."""
