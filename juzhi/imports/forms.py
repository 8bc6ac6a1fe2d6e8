"""Shapes of input: the file, where its columns go, why an import is taken back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from juzhi.base.importers import IMPORTERS, Importer

ENDINGS = ".xlsx,.xls,.ods,.csv,.txt"


class UploadForm(forms.Form):
    """A file of one kind."""

    kind = forms.ChoiceField(label=_("这是什么名单"), widget=forms.RadioSelect)
    file = forms.FileField(
        label=_("文件"),
        help_text=_("Excel 或 CSV 都行，不用先整理：标题行、合并单元格、合计行会自己认出来。最大 20 MB。原文件写入或放弃后立即删除，最迟 24 小时。"),
        error_messages={"required": _("请选择一个文件"), "empty": _("这是一个空文件，请检查后再传")},
        widget=forms.ClearableFileInput(attrs={"accept": ENDINGS}),
    )

    def __init__(self, *arguments: Any, kinds: Sequence[Importer], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["kind"].choices = [(one.kind, one.label) for one in kinds]  # type: ignore[attr-defined]
        if len(kinds) == 1:
            self.fields["kind"].initial = kinds[0].kind


class RemapForm(forms.Form):
    """For each heading of the file the field it means, with what stands in the column; empty = the column is left out."""

    def __init__(self, *arguments: Any, kind: str, columns: Sequence[tuple[str, str]], samples: Mapping[str, Sequence[str]], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.headings = [heading for heading, _field in columns]
        choices = [("", _("不导入这一列")), *((one.name, one.label) for one in IMPORTERS[kind].fields if one.is_read)]
        for position, (heading, field) in enumerate(columns):
            beside = _("文件里写着：%(sample)s") % {"sample": "、".join(samples[heading])} if samples.get(heading) else _("这一列没有内容")
            self.fields[f"column_{position}"] = forms.ChoiceField(label=heading, choices=choices, initial=field, required=False, help_text=beside)

    def choices(self) -> dict[str, str]:
        """{heading: field}"""
        return {heading: self.cleaned_data[f"column_{position}"] for position, heading in enumerate(self.headings)}


class SettleForm(forms.Form):
    """One suspect, or all at once. Who decides about rows is the action."""

    row = forms.CharField(required=False, max_length=12)
    decision = forms.CharField(max_length=8)


class CommitForm(forms.Form):
    """Nothing to fill: the confirmation itself."""


class UndoForm(forms.Form):
    """Why it is taken back."""

    reason = forms.CharField(label=_("为什么撤销"), max_length=200, help_text=_("会记入变更记录，例如：选错了组织"))
