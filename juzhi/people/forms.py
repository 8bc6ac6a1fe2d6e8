"""Shapes of input about persons."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from juzhi.people.models import Gender, Ground, Name, Person
from juzhi.web.forms import PartialDateField

GENDERS = [("", _("不填")), *Gender.choices]
TEXT = 1000  # a form takes more than a record holds: the verb refuses with a sentence that says by how much
REASON = {"label": _("说明"), "max_length": TEXT, "required": False, "help_text": _("会记入变更记录，例如依据的证件。")}


class NameForm(forms.Form):
    """How one's own name is spelled."""

    name = forms.CharField(label=_("姓名"), max_length=TEXT, help_text=_("照您证件上的写法；生僻字、姓名中的「·」都照原样保存。"))

    def values(self) -> dict[str, Any]:
        return {"name": self.cleaned_data["name"]}


class CorrectForm(NameForm):
    """What is known of a person, without contacts."""

    gender = forms.ChoiceField(label=_("性别"), choices=GENDERS, required=False)
    born_on = PartialDateField(label=_("出生日期"), required=False, help_text=_("只知道年或月时，写 1980 或 1980-05。"))
    title = forms.CharField(label=_("职称"), max_length=TEXT, required=False)
    reason = forms.CharField(**REASON)  # type: ignore[arg-type]

    def values(self) -> dict[str, Any]:
        given, born = self.cleaned_data, self.cleaned_data["born_on"]
        birth = {"born_on": born.on if born else None, "born_precision": born.precision if born else ""}
        return {"name": given["name"], "gender": given["gender"], "title": given["title"], "reason": given["reason"], **birth}


class ContactsForm(forms.Form):
    """All mobiles and the mail address; what is left empty is taken away."""

    mobiles = forms.CharField(label=_("手机"), max_length=TEXT, required=False, help_text=_("几个号码用顿号隔开，第一个最先联系；留空就是没有。"))
    email = forms.CharField(label=_("邮箱"), max_length=TEXT, required=False)


class AddNameForm(forms.Form):
    """Another name."""

    kind = forms.ChoiceField(label=_("种类"), choices=Name.Kind.choices, widget=forms.RadioSelect)
    text = forms.CharField(label=_("姓名"), max_length=TEXT, help_text=_("登记以后，按这个名字也找得到。"))


class DeceasedForm(forms.Form):
    """When somebody died, as far as it is known."""

    on = PartialDateField(label=_("去世日期"), required=False, help_text=_("不知道就不填；只知道年或月时，写 2024 或 2024-05。"))
    reason = forms.CharField(**REASON)  # type: ignore[arg-type]

    def values(self) -> dict[str, Any]:
        day = self.cleaned_data["on"]
        return {"on": day.on if day else None, "precision": day.precision if day else "", "reason": self.cleaned_data["reason"]}


class TellApartForm(forms.Form):
    """Who are not the same: of those whom the reader sees, as many as were sent."""

    persons = forms.MultipleChoiceField(label=_("不是同一人的"), widget=forms.CheckboxSelectMultiple, help_text=_("勾选的人，两两都不是同一人。"))
    reason = forms.CharField(**REASON)  # type: ignore[arg-type]

    def __init__(self, data: Any, seen: Sequence[Person]) -> None:
        super().__init__(data)
        self.seen = {one.key: one for one in seen}
        self.fields["persons"].choices = [(one.key, _now("%(name)s（第 %(n)s 列）") % {"name": one.name, "n": n}) for n, one in enumerate(seen, 1)]  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        return {"persons": [self.seen[key] for key in self.cleaned_data["persons"]], "reason": self.cleaned_data["reason"]}


class ReconsiderForm(forms.Form):
    """Which pair may be the same after all: its key."""

    apart = forms.CharField(max_length=TEXT)


class ForgetForm(forms.Form):
    """Why somebody is erased, and who it is that erases."""

    ground = forms.ChoiceField(label=_("为什么抹去"), choices=Ground.choices, widget=forms.RadioSelect, help_text=_("会记入变更记录，只记这几个字，不写姓名。"))
    sure = forms.BooleanField(label=_("我已核实本人身份，也告诉了对方会留下什么"), error_messages={"required": _("请先核实，再打勾")})
    password = forms.CharField(label=_("您的密码"), max_length=128, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}), help_text=_("抹去以后不能恢复，所以再输一次密码。"))

    def __init__(self, *arguments: Any, proves: Callable[[str], bool], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.proves = proves

    def clean_password(self) -> str:
        if not self.proves(self.cleaned_data["password"]):
            raise forms.ValidationError(_("密码不对，或试得太多了；没有设过密码的，先在账号页设一个"))
        return ""
