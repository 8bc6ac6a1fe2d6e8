"""Shapes of a merge and a split: asked, shown what it will do, confirmed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from juzhi.base.actors import Actor
from juzhi.base.errors import Refused
from juzhi.network import queries
from juzhi.network.forms.fields import REASON, OrganisationField
from juzhi.network.models import Organisation, OrganisationLevel
from juzhi.web.forms import PartialDateField


class UnionForm(forms.Form):
    """What merge and split ask alike. `mark` = of the plan that was shown: without one the form comes back with it."""

    on = PartialDateField(label=_("从哪天起"), help_text=_("这一天以前的隶属和数字不变；只知道月份时写 2024-03。"))
    reason = forms.CharField(**REASON)
    mark = forms.CharField(required=False, max_length=16, widget=forms.HiddenInput())

    def clean_on(self) -> Any:
        if self.cleaned_data["on"].on is None:
            raise forms.ValidationError(_("请写出是哪一天，至少写到年"))
        return self.cleaned_data["on"]

    def day(self) -> tuple[Any, str]:
        return self.cleaned_data["on"].on, self.cleaned_data["on"].precision

    def plan(self) -> queries.Plan:
        raise NotImplementedError

    def shown(self) -> queries.Plan | None:
        """The plan of what was asked for, and its mark on the form that goes back; None, and why on the form, where it cannot be done."""
        if not self.is_bound or not self.is_valid():
            return None
        try:
            plan = self.plan()
        except Refused as refused:
            self.add_error(refused.field if refused.field in self.fields else None, refused.message)
            return None
        self.data = self.data.copy()  # type: ignore[attr-defined]
        self.data["mark"] = plan.mark  # type: ignore[index]
        return plan

    def common(self) -> dict[str, Any]:
        """Arguments of either verb."""
        day, precision = self.day()
        return {"on": day, "precision": precision, "reason": self.cleaned_data["reason"], "mark": self.cleaned_data["mark"]}


class MergeForm(UnionForm):
    """Which bodies come into this one, or with it into a new one."""

    into = forms.ChoiceField(label=_("怎么合并"), choices=[("here", _("并入本组织，本组织继续")), ("new", _("合并新设一个组织，本组织和它们都终止"))], initial="here", widget=forms.RadioSelect)
    name = forms.CharField(label=_("新组织名称"), required=False, max_length=1000, help_text=_("合并新设时填写；上级、类别、所在地照本组织。"))
    level = forms.ChoiceField(label=_("新组织层级"), required=False, choices=[("", _("与本组织相同")), *OrganisationLevel.choices])

    def __init__(self, by: Actor, organisation: Organisation, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.by, self.organisation = by, organisation
        self.offered = {one.key: one for one in queries.offered(by, organisation)}
        choices = [(one.key, f"{one.name} · {one.get_level_display()}") for one in self.offered.values()]
        told = _("同一上级之下同层级的组织和本组织的下级。要把本组织并入别的组织，请到那个组织的页面办。")
        self.fields["others"] = forms.MultipleChoiceField(label=_("并入的组织"), required=False, choices=choices, widget=forms.CheckboxSelectMultiple, help_text=told)
        self.fields["other"] = OrganisationField(by, label=_("别处的组织"), required=False, help_text=_("上面没有列出的，从这里找。"))
        self.order_fields(["others", "other", "into", "name", "level", "on", "reason"])

    def _bodies(self) -> dict[str, Any]:
        data = self.cleaned_data
        others = [self.offered[key] for key in data["others"]] + ([data["other"]] if data["other"] else [])
        return {"ended": others, "successor": self.organisation} if data["into"] == "here" else {"ended": [self.organisation, *others], "successor": None}

    def plan(self) -> queries.Plan:
        if self.cleaned_data["into"] == "new" and not self.cleaned_data["name"].strip():
            raise Refused(str(_("请填写新组织的名称")), field="name")
        day, precision = self.day()
        return queries.union(self.by, day=day, precision=precision, **self._bodies())

    def values(self) -> dict[str, Any]:
        """Arguments of the verb."""
        bodies = self._bodies()
        return {"organisations": bodies["ended"], "successor": bodies["successor"], "name": self.cleaned_data["name"], "level": self.cleaned_data["level"], **self.common()}


class SplitForm(UnionForm):
    """A body taken out of this one, with some of those beneath it."""

    name = forms.CharField(label=_("新组织名称"), max_length=1000, help_text=_("与本组织同一上级；类别、所在地照本组织，分立以后可以改。"))
    level = forms.ChoiceField(label=_("新组织层级"), required=False, choices=[("", _("与本组织相同")), *OrganisationLevel.choices])

    def __init__(self, by: Actor, organisation: Organisation, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.by, self.organisation = by, organisation
        self.beneath = {one.key: one for one in queries.beneath(by, organisation)}
        choices = [(one.key, f"{one.name} · {one.get_level_display()}") for one in self.beneath.values()]
        self.fields["children"] = forms.MultipleChoiceField(label=_("划过去的下级"), required=False, choices=choices, widget=forms.CheckboxSelectMultiple, help_text=_("没有勾选的留在本组织之下。要分出几个组织的，一个一个办。"))
        self.order_fields(["name", "level", "children", "on", "reason"])

    def _chosen(self) -> list[Organisation]:
        return [self.beneath[key] for key in self.cleaned_data["children"]]

    def plan(self) -> queries.Plan:
        day, precision = self.day()
        return queries.division(self.by, self.organisation, self._chosen(), day, precision)

    def values(self) -> dict[str, Any]:
        """Arguments of the verb."""
        return {"organisation": self.organisation, "children": self._chosen(), "name": self.cleaned_data["name"], "level": self.cleaned_data["level"], **self.common()}
