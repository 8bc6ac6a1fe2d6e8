"""Shapes of input: a grant, why it ends, how an invited person wants to sign in; and the forms of the sign-in library in our words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as second
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn import forms as keys
from django import forms
from django.forms.utils import ErrorDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from juzhi.access import queries
from juzhi.access.models import DUTY_LABELS, Account, Reach
from juzhi.base.access import DUTIES, MEMBER_CLERK, SECRETARY
from juzhi.base.actors import Actor
from juzhi.network.models import Organisation, OrganisationLevel
from juzhi.web.forms import DayField, Picker


class PlacesForm(forms.Form):
    """Which of the organisations where the reader gives duties."""

    q = forms.CharField(label=_("找组织"), required=False, max_length=60, widget=forms.TextInput(attrs={"class": "in in--s", "placeholder": _("名称或拼音")}))
    level = forms.ChoiceField(label=_("层级"), required=False, choices=[("", _("全部层级")), *OrganisationLevel.choices], widget=forms.Select(attrs={"class": "in in--s"}))
    lacking = forms.ChoiceField(label=_("缺谁"), required=False, widget=forms.Select(attrs={"class": "in in--s"}))

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["lacking"].choices = [("", _("不限有没有人")), (SECRETARY, _("缺组织管理")), (MEMBER_CLERK, _("缺会员管理"))]  # type: ignore[attr-defined]

    def asked(self) -> dict[str, Any]:
        return self.cleaned_data if self.is_valid() else {}


class DutyField(forms.ChoiceField):
    """Offers what may be given here; takes any duty, so that the verb refuses what was not offered and keeps a trace of it."""

    def valid_value(self, value: Any) -> bool:
        return value in DUTIES


class GrantForm(forms.Form):
    """One duty at one organisation."""

    login = forms.CharField(label=_("给谁"), max_length=60, help_text=_("写登录名；您看得到的人也可以写姓名或拼音，从列出的里面选。对方要先有账号；没有的，先在人员页面发邀请。"))
    duty = DutyField(label=_("职责"), widget=forms.RadioSelect)
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


class Worded(forms.BaseForm):
    """A form of the sign-in library in our words: `words` = field -> (label, help). A label stands above its field, so none stands inside it."""

    words: dict[str, tuple[Any, Any]] = {}

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        for name, (label, help_text) in self.words.items():
            field = self.fields[name]
            field.label, field.help_text = label, help_text
            field.widget.attrs.pop("placeholder", None)


PASSWORD_RULE = _("至少 8 个字符，不要用太常见的。")
FORGOTTEN = _("忘了密码，请向系统运维要一个一次性登录链接。")
CODE_RULE = _("验证器应用上的 6 位数字，或一个恢复码。")
KEY_RULE = _("认得出就行，例如「办公室的蓝钥匙」。")


class LoginForm(Worded, account.LoginForm):
    words = {"login": (_("登录名"), ""), "password": (_("密码"), "")}


class ChangePasswordForm(Worded, account.ChangePasswordForm):
    words = {"oldpassword": (_("现在的密码"), FORGOTTEN), "password1": (_("新密码"), PASSWORD_RULE), "password2": (_("再输一遍新密码"), "")}


class SetPasswordForm(Worded, account.SetPasswordForm):
    words = {"password1": (_("新密码"), PASSWORD_RULE), "password2": (_("再输一遍新密码"), "")}


class ReauthenticateForm(Worded, account.ReauthenticateForm):
    words = {"password": (_("密码"), FORGOTTEN)}


class CodeForm(Worded, second.AuthenticateForm):
    words = {"code": (_("验证码"), CODE_RULE)}


class CodeAgainForm(Worded, second.ReauthenticateForm):
    words = {"code": (_("验证码"), CODE_RULE)}


class FirstCodeForm(Worded, ActivateTOTPForm):
    words = {"code": (_("验证码"), _("验证器应用上的 6 位数字，半分钟一换。"))}


class Answered(forms.BaseForm):
    """A form with the answer of a security key: what is no such answer is refused in words (the library lets its parser fall over)."""

    def full_clean(self) -> None:
        try:
            super().full_clean()
        except (ValueError, TypeError, KeyError):
            self._errors = ErrorDict()
            self.cleaned_data: dict[str, Any] = {}
            self.add_error(None, _("密钥的回答不完整或过时了，请再试一次"))


class KeyForm(Answered, keys.AuthenticateWebAuthnForm):
    """The second step of signing in."""


class KeyAgainForm(Answered, keys.ReauthenticateWebAuthnForm):
    """Confirming that it is still the same person."""


class AddKeyForm(Answered, Worded, keys.AddWebAuthnForm):
    words = {"name": (_("密钥的名字"), KEY_RULE)}


class RenameKeyForm(Worded, keys.EditWebAuthnForm):
    words = {"name": (_("密钥的名字"), KEY_RULE)}
