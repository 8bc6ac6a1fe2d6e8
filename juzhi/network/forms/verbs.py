"""Shapes of input about organisations: one form for each verb."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from juzhi.base.actors import Actor
from juzhi.network import queries
from juzhi.network.forms.fields import REASON, FoundingField, NamedField, OrganisationField
from juzhi.network.models import HostType, LegalForm, Organisation, OrganisationLevel, Precision
from juzhi.web.forms import DayField, PartialDateField


class FoundForm(forms.Form):
    """A new organisation beneath another."""

    name = forms.CharField(label=_("组织名称"), max_length=1000, help_text=_("用批文上的全称。"))
    aliases = forms.CharField(label=_("别名"), required=False, max_length=400, help_text=_("几个别名用顿号隔开。"))
    family = forms.ChoiceField(label=_("组织类别"))
    level = forms.ChoiceField(label=_("层级"), choices=[("", _("请选择")), *OrganisationLevel.choices])  # not the first of the list: a community saved as a city is not seen
    legal_form = forms.ChoiceField(label=_("登记形式"), choices=LegalForm.choices, initial=LegalForm.UNKNOWN)
    founded_on = PartialDateField(label=_("成立时间"), required=False, help_text=_("只知道月份时写 2024-03；不知道就留空。"))
    batch = forms.IntegerField(label=_("批次"), required=False, min_value=1, max_value=999)
    reason = forms.CharField(**{**REASON, "required": False})

    def __init__(self, by: Actor, parent: Organisation, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.by = by
        self.families = {one.key: one for one in queries.families(by)}
        self.fields["family"].choices = [(one.key, one.name) for one in self.families.values()]  # type: ignore[attr-defined]
        self.fields["family"].initial = next((one.key for one in self.families.values() if one.pk == parent.family_id), "")
        self.fields["founding"] = FoundingField(queries.foundings_near(by, parent), help_text=_("几个组织同一次成立时选同一项，时间和批次就不必再填。"))
        self.fields["area"] = NamedField(lambda text: queries.areas_named(by, text), label=_("所在区划"), help_text=_("区划名称或代码。"))
        self.fields["host"] = NamedField(lambda text: queries.hosts_named(by, text), label=_("依托单位"), help_text=_("已登记的依托单位的名称。"))
        self.fields["sector"] = NamedField(lambda text: queries.sectors_named(by, text), label=_("系统"))
        self.order_fields(["name", "aliases", "family", "level", "legal_form", "founding", "founded_on", "batch", "area", "host", "sector", "reason"])

    def values(self) -> dict[str, Any]:
        """Arguments of the verb."""
        data = self.cleaned_data
        founded = data["founded_on"]
        return {
            "name": data["name"],
            "aliases": tuple(one.strip() for one in data["aliases"].split("、") if one.strip()),
            "family": self.families[data["family"]],
            "level": data["level"],
            "legal_form": data["legal_form"],
            "founded_on": founded.on if founded else None,
            **({"founded_precision": founded.precision} if founded and founded.on else {}),
            **{name: data[name] for name in ("founding", "batch", "area", "host", "sector", "reason")},
        }


class RenameForm(forms.Form):
    """A new official name and its first day."""

    name = forms.CharField(label=_("新名称"), max_length=1000)
    valid_from = DayField(label=_("起用日期"), help_text=_("这一天以前仍显示旧名。"))
    reason = forms.CharField(**REASON)


class CorrectForm(forms.Form):
    """What was entered wrongly: figures of the past change with it."""

    family = forms.ChoiceField(label=_("组织类别"))
    level = forms.ChoiceField(label=_("层级"), choices=OrganisationLevel.choices)
    legal_form = forms.ChoiceField(label=_("登记形式"), choices=LegalForm.choices)
    founded_on = PartialDateField(label=_("成立时间"), required=False, help_text=_("留空表示未详，从今天登记起算。"))
    founding_batch = forms.IntegerField(label=_("批次"), required=False, min_value=1, max_value=999)
    purpose = forms.CharField(label=_("宗旨"), required=False, max_length=20000, widget=forms.Textarea(attrs={"rows": 3}))
    remark = forms.CharField(label=_("备注"), required=False, max_length=20000)
    reason = forms.CharField(**REASON)

    def __init__(self, by: Actor, organisation: Organisation, parent: Organisation | None, *arguments: Any, **named: Any) -> None:
        shown = {name: getattr(organisation, name) for name in ("level", "legal_form", "founding_batch", "purpose", "remark")}
        shown |= {"family": organisation.family.key, "founded_on": queries.founded_text(organisation), "founding": organisation.founding.key if organisation.founding else ""}
        named["initial"] = shown
        super().__init__(*arguments, **named)
        self.by = by
        self.families = {one.key: one for one in queries.families(by)}
        self.fields["family"].choices = [(one.key, one.name) for one in self.families.values()]  # type: ignore[attr-defined]
        self.fields["founding"] = FoundingField(queries.foundings_near(by, parent or organisation))
        self.order_fields(["family", "level", "legal_form", "founding", "founded_on", "founding_batch", "purpose", "remark", "reason"])

    def values(self) -> dict[str, Any]:
        """Only what was changed on this form, so that two editors of different fields do not meet."""
        data, changed = self.cleaned_data, set(self.changed_data) - {"reason"}
        found = {name: data[name] for name in sorted(changed - {"family", "founded_on"})}
        if "family" in changed:
            found["family"] = self.families[data["family"]]
        if "founded_on" in changed:
            founded = data["founded_on"]
            known = founded is not None and founded.on is not None
            found |= {"founded_on": founded.on if known else self.by.today, "founded_precision": founded.precision if known else Precision.UNKNOWN}
        return {**found, "reason": data["reason"]}


class MoveForm(forms.Form):
    """Another superior from a day on."""

    valid_from = DayField(label=_("从哪天起"), help_text=_("这一天以前的数不变。可以写过去，也可以写将来。"))
    reason = forms.CharField(**REASON)

    def __init__(self, by: Actor, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["parent"] = OrganisationField(by, label=_("新上级"), required=False, help_text=_("留空表示不再有上级。"))
        self.order_fields(["parent", "valid_from", "reason"])


class RelocateForm(forms.Form):
    """Another territory or host from a day on."""

    valid_from = DayField(label=_("从哪天起"))
    reason = forms.CharField(**REASON)

    def __init__(self, by: Actor, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["area"] = NamedField(lambda text: queries.areas_named(by, text), label=_("所在区划"), help_text=_("区划名称或代码。"))
        self.fields["host"] = NamedField(lambda text: queries.hosts_named(by, text), label=_("依托单位"))
        self.fields["sector"] = NamedField(lambda text: queries.sectors_named(by, text), label=_("系统"))
        self.order_fields(["area", "host", "sector", "valid_from", "reason"])


class DissolveForm(forms.Form):
    """The first day on which it no longer stands."""

    dissolved_on = PartialDateField(label=_("终止时间"), help_text=_("从这一天起不再计入；只知道月份时写 2024-03。"))
    reason = forms.CharField(**REASON)

    def clean_dissolved_on(self) -> Any:
        if self.cleaned_data["dissolved_on"].on is None:
            raise forms.ValidationError(_("请写出终止时间，至少写到年"))
        return self.cleaned_data["dissolved_on"]


class ReopenForm(forms.Form):
    """Why its end was entered wrongly."""

    reason = forms.CharField(**REASON)


class GuideForm(forms.Form):
    """An outside authority that guides; it gets no right."""

    authority = forms.CharField(label=_("指导单位"), max_length=120)
    valid_from = DayField(label=_("从哪天起"), required=False)
    note = forms.CharField(label=_("说明"), max_length=120, required=False)


class ContactForm(forms.Form):
    """Whom to call about what."""

    name = forms.CharField(label=_("联系人"), required=False, max_length=60)
    mobile = forms.CharField(label=_("联系电话"), required=False, max_length=60, help_text=_("一个号码：手机、带区号的座机（可带分机）、400 或 95 开头的服务电话。"))
    email = forms.CharField(label=_("电子邮箱"), required=False, max_length=254)
    purpose = forms.CharField(label=_("用途"), max_length=60, initial=_("日常联络"))


class FoundingForm(forms.Form):
    """An assembly that several organisations may share."""

    title = forms.CharField(label=_("名目"), required=False, max_length=120, help_text=_("例如：首批园区分会成立大会。"))
    on = PartialDateField(label=_("成立日期"), required=False, help_text=_("只知道月份时写 2024-03。"))
    place = forms.CharField(label=_("地点"), required=False, max_length=120)
    batch = forms.IntegerField(label=_("批次"), required=False, min_value=1, max_value=999)

    def values(self) -> dict[str, Any]:
        """Arguments of the verb."""
        on = self.cleaned_data["on"]
        known = on is not None and on.on is not None
        return {**self.cleaned_data, "on": on.on if known else None, **({"precision": on.precision} if known else {})}


class HostForm(forms.Form):
    """A body that organisations lean on, and who owns it."""

    name = forms.CharField(label=_("依托单位"), max_length=1000, help_text=_("楼宇、医院、高校、园区、企业的全称。"))
    host_type = forms.ChoiceField(label=_("类型"), choices=HostType.choices)
    owner = forms.CharField(label=_("权属单位"), required=False, max_length=1000, help_text=_("法人全称；没有登记过的会一并登记。"))

    def __init__(self, by: Actor, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["area"] = NamedField(lambda text: queries.areas_named(by, text), label=_("所在区划"), help_text=_("区划名称或代码。"))
        self.order_fields(["name", "host_type", "area", "owner"])

    def values(self) -> dict[str, Any]:
        """Arguments of the verb."""
        data = self.cleaned_data
        return {"name": data["name"], "host_type": data["host_type"], "area": data["area"], "owner_name": data["owner"]}


class ExternalBodyForm(forms.Form):
    """A body outside the federation: name, host, date, and nothing else."""

    name = forms.CharField(label=_("名称"), max_length=1000)
    level = forms.CharField(label=_("级别"), required=False, max_length=20)
    founded_on = PartialDateField(label=_("成立时间"), required=False)

    def __init__(self, by: Actor, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["host"] = NamedField(lambda text: queries.hosts_named(by, text), label=_("所在单位"), help_text=_("已登记的依托单位的名称。"))
        self.order_fields(["name", "level", "host", "founded_on"])

    def values(self) -> dict[str, Any]:
        """Arguments of the verb."""
        data, founded = self.cleaned_data, self.cleaned_data["founded_on"]
        known = founded is not None and founded.on is not None
        return {"name": data["name"], "level": data["level"], "host": data["host"], "founded_on": founded.on if known else None, "precision": founded.precision if known else ""}
