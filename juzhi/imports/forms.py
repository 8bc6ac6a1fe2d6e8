"""Shapes of input: the file, where its columns go, why an import is taken back."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django import forms
from django.core.files.base import ContentFile
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from juzhi.base.importers import IMPORTERS, Importer
from juzhi.imports.reading import as_csv

ENDINGS = ".xlsx,.xls,.ods,.csv,.txt"
PASTED_AT_MOST = 2_000_000  # characters; about 20,000 rows of a roster


class UploadForm(forms.Form):
    """A table of one kind, as a file or pasted; and what the kind asks beside it."""

    kind = forms.ChoiceField(label=_("这是什么名单"), widget=forms.RadioSelect)
    file = forms.FileField(
        label=_("文件"),
        required=False,
        help_text=_("Excel 或 CSV 都行，不用先整理：标题行、合并单元格、合计行会自己认出来。最大 20 MB。原文件写入或放弃后立即删除，最迟 24 小时。"),
        error_messages={"empty": _("这是一个空文件，请检查后再传")},
        widget=forms.ClearableFileInput(attrs={"accept": ENDINGS}),
    )
    pasted = forms.CharField(
        label=_("或者粘贴表格"),
        required=False,
        strip=False,
        help_text=_("在 Excel、WPS 里选中表头和各行，复制，粘贴到这里。"),
        widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false", "autocomplete": "off"}),
    )

    def __init__(self, *arguments: Any, kinds: Sequence[Importer], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["kind"].choices = [(one.kind, one.label) for one in kinds]  # type: ignore[attr-defined]
        if len(kinds) == 1:
            self.fields["kind"].initial = kinds[0].kind
        self.asked = {f"{one.kind}_{question.field}": (one.kind, question.field) for one in kinds for question in one.questions}
        for one in kinds:
            for question in one.questions:
                label = question.label if len(kinds) == 1 else format_lazy("{kind} · {label}", kind=one.label, label=question.label)
                self.fields[f"{one.kind}_{question.field}"] = forms.CharField(label=label, help_text=question.help, required=False, max_length=40)

    def questions(self) -> list[tuple[int, Any]]:
        """Each question with the place of its kind among the kinds: the page shows it where that kind is chosen."""
        kinds = [value for value, _label in self.fields["kind"].choices]  # type: ignore[attr-defined]
        return [(kinds.index(kind) + 1, self[name]) for name, (kind, _field) in self.asked.items()]

    def clean(self) -> dict[str, Any]:
        """One table, not two and not none."""
        given = super().clean() or {}
        file, pasted = given.get("file"), (given.get("pasted") or "").strip("\r\n\t \u3000")
        if file and pasted:
            self.add_error("pasted", _("文件和粘贴的表格只要一样，请去掉一个"))
        elif not file and not pasted and "file" not in self.errors:
            self.add_error("file", _("请选择一个文件，或者在下面粘贴表格"))
        elif len(pasted) > PASTED_AT_MOST:
            told = {"n": len(pasted), "most": PASTED_AT_MOST}
            self.add_error("pasted", _("粘贴了 %(n)s 个字，最多 %(most)s 个。请存成 Excel 或 CSV 文件，从上面上传；粘贴的内容还在下面，没有丢") % told)
        return given

    def table(self) -> Any:
        """The file, or what was pasted as one."""
        return self.cleaned_data["file"] or ContentFile(as_csv(self.cleaned_data["pasted"]), name=f"{gettext('粘贴的表格')}.csv")

    def answers(self) -> dict[str, str]:
        """{field: text} for the kind that was chosen."""
        return {field: self.cleaned_data.get(name, "") for name, (kind, field) in self.asked.items() if kind == self.cleaned_data["kind"]}


class RemapForm(forms.Form):
    """For each heading of the file the field it means, with what stands in the column; empty = the column is left out."""

    def __init__(self, *arguments: Any, kind: str, columns: Sequence[tuple[str, str]], samples: Mapping[str, Sequence[str]], doubtful: Collection[str] = (), **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.headings = [heading for heading, _field in columns]
        self.samples, self.doubtful = samples, doubtful
        choices = [("", _("不导入这一列")), *((one.name, one.label) for one in IMPORTERS[kind].fields if one.is_read)]
        for position, (heading, field) in enumerate(columns):
            self.fields[f"column_{position}"] = forms.ChoiceField(label=heading, choices=choices, initial=field, required=False)

    def rows(self) -> list[dict[str, Any]]:
        """Each heading with its choice, up to five values of its column, and whether it was only guessed or not known."""
        return [
            {"bound": self[f"column_{position}"], "widget": self[f"column_{position}"].as_widget(attrs={"class": "in"}), "samples": self.samples.get(heading, ()), "is_doubtful": heading in self.doubtful}
            for position, heading in enumerate(self.headings)
        ]

    def choices(self) -> dict[str, str]:
        """{heading: field}"""
        return {heading: self.cleaned_data[f"column_{position}"] for position, heading in enumerate(self.headings)}


class SettleForm(forms.Form):
    """A page of suspects (`row_KEY` = decision each), one of them, or all at once. Who decides about rows is the action."""

    row = forms.CharField(required=False, max_length=12)
    decision = forms.CharField(required=False, max_length=8)
    page = forms.IntegerField(required=False, min_value=1, max_value=999_999)

    def decisions(self) -> dict[str, str]:
        """{key of a row: decision}; {} where all at once are meant."""
        if self.cleaned_data["row"]:
            return {self.cleaned_data["row"]: self.cleaned_data["decision"]}
        return {name[4:]: str(self.data[name]) for name in self.data if name.startswith("row_")} if not self.cleaned_data["decision"] else {}


    def dates(self) -> dict[str, dict[str, str]]:
        """{key of a row: {field: date}} of the cells that may mean two dates."""
        return _dates(self.data)


class ChooseForm(forms.Form):
    """Dates of a tab's page, row by row (`date_KEY_FIELD` = date), or one reading for all (`everything` = FIELD.SORT.READING)."""

    everything = forms.CharField(required=False, max_length=60)
    tab = forms.CharField(required=False, max_length=8)
    page = forms.IntegerField(required=False, min_value=1, max_value=999_999)

    def dates(self) -> dict[str, dict[str, str]]:
        """{key of a row: {field: date}}"""
        return _dates(self.data)

    def for_all(self) -> tuple[str, str, int | None] | None:
        """(field, sort of ambiguity, which reading; None = none of them), or None where single rows are meant."""
        said = self.cleaned_data["everything"].split(".")
        if said == [""]:
            return None
        field, sort, reading = (*said, "-", "-")[:3]
        return field, sort, None if not reading else int(reading) if reading.isdecimal() else -1


def _dates(data: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for name in data:
        start, key, field = (*name.split("_", 2), "", "")[:3]
        if start == "date" and field:
            found.setdefault(key, {})[field] = str(data[name])
    return found


class CommitForm(forms.Form):
    """Nothing to fill: the confirmation itself."""


class UndoForm(forms.Form):
    """Why it is taken back."""

    reason = forms.CharField(label=_("为什么撤销"), max_length=200, help_text=_("会记入变更记录，例如：选错了组织"))
