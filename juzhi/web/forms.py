"""The reader's choices of theme, size and language; and the forms that the gallery shows."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from juzhi.web.context import SIZES, THEMES


class FaceForm(forms.Form):
    """Each choice may stand alone. `next` = where to go back to."""

    theme = forms.ChoiceField(choices=[(theme, theme) for theme in THEMES], required=False)
    size = forms.ChoiceField(choices=[(size, size) for size in SIZES], required=False)
    language = forms.ChoiceField(choices=settings.LANGUAGES, required=False)
    next = forms.CharField(required=False, max_length=2000)


class SpecimenForm(forms.Form):
    """One of every kind of field."""

    name = forms.CharField(label=_("组织名称"), max_length=60, help_text=_("用批文上的全称；简称另填。"))
    founded = forms.CharField(label=_("成立日期"), required=False, help_text=_("只知道月份时填 2024-03 即可。"))
    kind = forms.ChoiceField(label=_("类型"), choices=[("area", _("区域")), ("sector", _("系统")), ("site", _("楼宇"))])
    status = forms.ChoiceField(label=_("登记形式"), choices=[("branch", _("分支机构")), ("legal", _("独立登记的社会团体"))], widget=forms.RadioSelect)
    reason = forms.CharField(label=_("依据"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    paper = forms.FileField(label=_("批文"), required=False)
    tell = forms.BooleanField(label=_("存后通知上级"), required=False)

    def clean_founded(self) -> Any:
        if self.cleaned_data["founded"].startswith("2042"):
            raise forms.ValidationError(_("日期在将来。只知道月份时填 2024-03 即可。"))
        return self.cleaned_data["founded"]
