"""Shapes of input about roll-outs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from juzhi.base.actors import Actor
from juzhi.network import queries as network
from juzhi.network.forms import NamedField, OrganisationField
from juzhi.network.models import HostType, Organisation, OrganisationLevel
from juzhi.programmes import queries
from juzhi.programmes.models import Programme, UnitKind
from juzhi.web.forms import AsOfField, DayField, PartialDateField

REASON: dict[str, Any] = {"label": _("理由"), "max_length": 300, "help_text": _("会记入变更记录，例如批文号。")}
PLACES = ("area", "host", "organisation")


class DayForm(forms.Form):
    """As of which day."""

    as_of = AsOfField(label=_("截至"), required=False, max_length=20)


class UnitsForm(DayForm):
    """Which of a programme's units: a wave by its number, a state, pilots or not."""

    wave = forms.ChoiceField(label=_("批次（铺开）"), required=False)
    state = forms.ChoiceField(label=_("状态"), required=False, choices=[("", _("全部")), ("achieved", _("已完成")), ("late", _("逾期")), ("open", _("未到期"))])
    kind = forms.ChoiceField(label=_("试点还是铺开"), required=False, choices=[("", _("全部")), *UnitKind.choices])

    def __init__(self, waves: list[Any], *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["wave"].choices = [("", _("全部批次")), *((str(one.number), str(one)) for one in waves)]  # type: ignore[attr-defined]
        for name in ("wave", "state", "kind"):
            self.fields[name].widget.attrs["class"] = "in in--s"


class ProgrammeForm(forms.Form):
    """A roll-out and how far it is to go."""

    title = forms.CharField(label=_("名称"), max_length=1000, help_text=_("例如：知联会组织向街道铺开。"))
    purpose = forms.CharField(label=_("目的"), required=False, max_length=2000)
    family = forms.ChoiceField(label=_("组织类别"))
    goal = forms.ChoiceField(
        label=_("铺开到"),
        required=False,
        choices=[
            ("", _("不是新设组织，完成时写来源")),
            (_("层级"), [(f"level:{value}", label) for value, label in OrganisationLevel.choices]),
            (_("依托单位类型"), [(f"host:{value}", label) for value, label in HostType.choices]),
        ],
        help_text=_("选了以后，那里有这一类别的组织成立就算完成，不用再填。"),
    )
    begun_on = PartialDateField(label=_("开始时间"), help_text=_("只知道月份时写 2024-03。"))

    def __init__(self, by: Actor, organisation: Organisation, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.families = {one.key: one for one in network.families(by)}
        self.fields["family"].choices = [(key, one.name) for key, one in self.families.items()]  # type: ignore[attr-defined]
        self.fields["family"].initial = organisation.family.key

    def values(self) -> dict[str, Any]:
        """Arguments of the verb."""
        data = self.cleaned_data
        kind, _sign, goal = data["goal"].partition(":")
        aimed = {"level": goal} if kind == "level" else {"host_type": goal} if kind == "host" else {}
        return {**{name: data[name] for name in ("title", "purpose", "begun_on")}, "family": self.families[data["family"]], **aimed}


class WaveForm(forms.Form):
    """The next wave."""

    title = forms.CharField(label=_("名称"), required=False, max_length=1000, help_text=_("例如：试点。"))
    planned_from = DayField(label=_("计划开始"))
    planned_until = DayField(label=_("计划结束"), help_text=_("这一天也算在内。"))


class UnitForm(forms.Form):
    """One place of a wave: an area, a host or an organisation."""

    kind = forms.ChoiceField(label=_("试点还是铺开"), choices=UnitKind.choices, initial=UnitKind.ROLLED)
    planned_on = DayField(label=_("计划日期"), required=False, help_text=_("留空就是这一批的最后一天。"))

    def __init__(self, by: Actor, programme: Programme, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.waves = {one.key: one for one in queries.waves(by, programme)}
        self.fields["wave"] = forms.ChoiceField(label=_("批次（铺开）"), choices=[(key, str(one)) for key, one in self.waves.items()])
        self.fields["area"] = NamedField(lambda text: network.areas_named(by, text), label=_("区划"), help_text=_("区划名称或代码。"))
        self.fields["host"] = NamedField(lambda text: network.hosts_named(by, text), label=_("依托单位"), help_text=_("已登记的依托单位的名称。"))
        self.fields["organisation"] = OrganisationField(by, label=_("组织"), required=False, help_text=_("三者填一个。"))
        self.order_fields(["wave", *PLACES, "kind", "planned_on"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not any(name in self.errors for name in PLACES) and sum(1 for name in PLACES if data.get(name)) != 1:
            self.add_error("area", _("区划、依托单位、组织三者填一个"))
        return data

    def values(self) -> dict[str, Any]:
        """Arguments of the verb."""
        data = self.cleaned_data
        place = next(data[name] for name in PLACES if data.get(name))
        return {"wave": self.waves[data["wave"]], "place": place, "kind": data["kind"], "planned_on": data["planned_on"]}


class ConfirmForm(forms.Form):
    """When it was done, and who says so."""

    done_on = PartialDateField(label=_("完成日期"), help_text=_("只知道月份时写 2024-03。"))
    source = forms.CharField(label=_("来源"), max_length=1000, help_text=_("批文号、会议纪要或公开的材料。"))


class DropForm(forms.Form):
    """Why it is no longer planned."""

    reason = forms.CharField(**REASON)


class CloseForm(forms.Form):
    """From which day on it no longer runs, and why."""

    closed_on = DayField(label=_("结束时间"))
    reason = forms.CharField(**REASON)
