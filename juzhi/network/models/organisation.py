"""Organisations: what they are called, what kind they are, when they were founded and dissolved."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from juzhi.base.access import SECRETARY, Of, Public
from juzhi.base.constraints import NoOverlap, declare
from juzhi.base.models import Keyed, Versioned


class Precision(models.TextChoices):
    DAY = "day", _("日")
    MONTH = "month", _("月")
    YEAR = "year", _("年")
    UNKNOWN = "unknown", _("未详")


class Family(Keyed):
    """A kind of association (知联会, 新联会, 商会…): rows, not an enum, so that any federation can use the product."""

    name = models.CharField(_("名称"), max_length=40, unique=True)
    full_name = models.CharField(_("全称"), max_length=80, blank=True)
    glyph = models.CharField(_("字标"), max_length=1)
    hue = models.CharField(_("色"), max_length=12, default="brand")

    scope = Public()
    classes = {**Keyed.classes, "name": "public", "full_name": "public", "glyph": "public", "hue": "public"}

    class Meta:
        verbose_name = _("组织类别")

    def __str__(self) -> str:
        return self.name


class OrganisationLevel(models.TextChoices):
    """The rank of the body itself; it does not follow the parent (glossary)."""

    CITY = "city", _("市级")
    DISTRICT = "district", _("区级")
    SUBDISTRICT = "subdistrict", _("街道")
    COMMUNITY = "community", _("社区")
    BUILDING = "building", _("楼宇")
    PARK = "park", _("园区")
    UNIT = "unit", _("单位")
    SECTOR = "sector", _("系统")


class LegalForm(models.TextChoices):
    REGISTERED = "registered", _("社会团体")
    BRANCH = "branch", _("分支机构")
    UNREGISTERED = "unregistered", _("未登记")
    UNKNOWN = "unknown", _("未详")


class FoundingEvent(Keyed):
    """A founding: one assembly may found several organisations (首批). The date carries its precision."""

    on = models.DateField(_("成立日期"), null=True, blank=True)
    precision = models.CharField(_("精度"), max_length=8, choices=Precision.choices, default=Precision.DAY)
    batch = models.PositiveSmallIntegerField(_("批次"), null=True, blank=True)
    title = models.CharField(_("名目"), max_length=120, blank=True)
    place = models.CharField(_("地点"), max_length=120, blank=True)

    scope = Public()
    classes = {**Keyed.classes, "on": "public", "precision": "public", "batch": "public", "title": "public", "place": "public"}

    class Meta:
        verbose_name = _("成立事项")

    def __str__(self) -> str:
        return self.title or (self.on.isoformat() if self.on else self.key)


class Organisation(Versioned):
    """A body of the federation. It holds on day D when founded_on ≤ D and (dissolved_on is null or D < dissolved_on).

    A thing whose founding day is unknown counts from `founded_on` = the day it was first entered, with precision unknown.
    Who stands above it is in Placement; where it sits in Seat; both dated.
    """

    name = models.CharField(_("名称"), max_length=120)
    name_key = models.CharField(_("检索名"), max_length=120, db_index=True, editable=False)
    pinyin_key = models.CharField(_("拼音序"), max_length=240, db_index=True, editable=False)
    family = models.ForeignKey(Family, models.PROTECT, verbose_name=_("组织类别"))
    level = models.CharField(_("层级"), max_length=12, choices=OrganisationLevel.choices)
    legal_form = models.CharField(_("法律形式"), max_length=12, choices=LegalForm.choices, default=LegalForm.UNKNOWN)
    founding = models.ForeignKey(FoundingEvent, models.PROTECT, null=True, blank=True, related_name="organisations", verbose_name=_("成立事项"))
    founded_on = models.DateField(_("成立时间"))
    founded_precision = models.CharField(_("成立时间精度"), max_length=8, choices=Precision.choices, default=Precision.DAY)
    founding_batch = models.PositiveSmallIntegerField(_("批次"), null=True, blank=True)
    dissolved_on = models.DateField(_("终止时间"), null=True, blank=True)
    dissolved_precision = models.CharField(_("终止时间精度"), max_length=8, choices=Precision.choices, blank=True)
    purpose = models.TextField(_("宗旨"), blank=True)
    source = models.CharField(_("来源"), max_length=60, blank=True)
    remark = models.CharField(_("备注"), max_length=300, blank=True)
    example = models.CharField(_("示例标记"), max_length=12, blank=True, editable=False)

    scope = Public()
    classes = {
        **Versioned.classes,
        "name": "public",
        "name_key": "internal",
        "pinyin_key": "internal",
        "family": "public",
        "level": "public",
        "legal_form": "public",
        "founding": "public",
        "founded_on": "public",
        "founded_precision": "public",
        "founding_batch": "public",
        "dissolved_on": "public",
        "dissolved_precision": "public",
        "purpose": "public",
        "source": "public",
        "remark": "internal",
        "example": "public",
    }
    recorded = {
        **dict.fromkeys(("parent", "valid_from", "area", "host", "sector", "authority", "successor", "predecessors"), "public"), "fields": "internal",
    }  # kept by the journal beside the fields

    class Meta:
        verbose_name = _("组织")
        indexes = [
            models.Index(fields=["founded_on", "dissolved_on"], name="organisation_standing"),
            models.Index(fields=["founded_on", "founded_precision"], name="organisation_founded"),  # the days of the timeline, from the index
            models.Index(fields=["dissolved_on"], name="organisation_dissolved", condition=models.Q(dissolved_on__isnull=False)),  # few ever are
            models.Index(fields=["example"], name="organisation_example"),  # every page asks whether there is one
        ]

    def __str__(self) -> str:
        return self.name

    def stands_on(self, day: date) -> bool:
        """Whether it existed on `day`."""
        return self.founded_on <= day and (self.dissolved_on is None or day < self.dissolved_on)


class OrganisationName(Keyed):
    """What an organisation was called, and when: official names never overlap; aliases and short names may."""

    class Kind(models.TextChoices):
        OFFICIAL = "official", _("正式名称")
        ALIAS = "alias", _("别名")

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="names", verbose_name=_("组织"))
    text = models.CharField(_("名称"), max_length=120)
    text_key = models.CharField(_("检索名"), max_length=120, db_index=True, editable=False)
    kind = models.CharField(_("种类"), max_length=8, choices=Kind.choices, default=Kind.OFFICIAL)
    valid_from = models.DateField(_("起"))
    valid_to = models.DateField(_("止"), null=True, blank=True)

    scope = Public()
    classes = {
        **Keyed.classes,
        "organisation": "public",
        "text": "public",
        "text_key": "internal",
        "kind": "public",
        "valid_from": "public",
        "valid_to": "public",
    }

    class Meta:
        verbose_name = _("组织名称")


class OrganisationContact(Versioned):
    """Whom to call about what: a name and a number with the purpose they were given for. Not public."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="contacts", verbose_name=_("组织"))
    name = models.CharField(_("联系人"), max_length=60, blank=True)
    mobile = models.CharField(_("联系电话"), max_length=20, blank=True)  # a mobile, a landline or a service number: base.codes.read_telephones
    email = models.CharField(_("电子邮箱"), max_length=254, blank=True)
    purpose = models.CharField(_("用途"), max_length=60, default="日常联络")
    valid_from = models.DateField(_("起"), null=True, blank=True)
    valid_to = models.DateField(_("止"), null=True, blank=True)

    scope = Of("organisation", (SECRETARY,))
    classes = {
        **Versioned.classes,
        "organisation": "public",
        "name": "personal",
        "mobile": "personal",
        "email": "personal",
        "purpose": "internal",
        "valid_from": "internal",
        "valid_to": "internal",
    }

    class Meta:
        verbose_name = _("组织联系人")


declare(NoOverlap("network.OrganisationName", ("organisation_id", "kind"), where="{kind} = 'official'"))
