"""Shapes of input: words to search, a complaint, its answer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class SearchForm(forms.Form):
    """What to look for."""

    q = forms.CharField(label=_("搜什么"), required=False, max_length=100, error_messages={"max_length": _("请缩短到 100 个字以内再搜")})


class ComplaintForm(forms.Form):
    """A complaint or suggestion; only the text must be filled."""

    text = forms.CharField(label=_("哪里不对，或希望怎么改"), max_length=2000, widget=forms.Textarea(attrs={"rows": 6}), error_messages={"required": _("请写几句：哪里不对，或希望怎么改")})
    page = forms.CharField(label=_("说的是哪一页"), required=False, max_length=300, help_text=_("从那一页点进来会自动填好；也可以不填。"))
    reply_to = forms.CharField(label=_("怎么答复您"), required=False, max_length=120, help_text=_("手机号、邮箱或其他办法；不留就不单独答复，我们照样处理。"))
    signed = forms.BooleanField(label=_("署上我的账号：答复后可在本页看到"), required=False)

    def __init__(self, *arguments: Any, signed_in: bool, **named: Any) -> None:
        super().__init__(*arguments, **named)
        if not signed_in:
            del self.fields["signed"]


class AnswerForm(forms.Form):
    """The answer to a complaint."""

    answer = forms.CharField(label=_("答复"), max_length=2000, widget=forms.Textarea(attrs={"rows": 5}), help_text=_("署名的人会在「投诉与建议」页看到；留了联系办法的，请另外告诉他。"))
