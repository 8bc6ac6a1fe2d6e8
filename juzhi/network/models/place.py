"""Where organisations stand: official areas, hosts, the legal bodies behind them, sectors."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from juzhi.base.access import Public
from juzhi.base.constraints import NoOverlap, declare
from juzhi.base.models import Keyed, Versioned


class AreaLevel(models.TextChoices):
    PROVINCE = "province", _("省级")
    CITY = "city", _("市级")
    DISTRICT = "district", _("区级")
    SUBDISTRICT = "subdistrict", _("街道")
    COMMUNITY = "community", _("社区")


class Area(Keyed):
    """An official division. `code` = the statistics bureau's number cut to its level: 2, 4, 6, 9 or 12 digits, so a prefix is a subtree."""

    code = models.CharField(_("区划代码"), max_length=12, unique=True)
    name = models.CharField(_("名称"), max_length=60)
    level = models.CharField(_("级别"), max_length=12, choices=AreaLevel.choices)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("上级区划"))
    valid_from = models.DateField(_("起"), null=True, blank=True)
    valid_to = models.DateField(_("止"), null=True, blank=True)

    scope = Public()
    classes = {
        **Keyed.classes,
        "code": "public",
        "name": "public",
        "level": "public",
        "parent": "public",
        "valid_from": "public",
        "valid_to": "public",
    }

    class Meta:
        verbose_name = _("行政区划")
        indexes = [models.Index(fields=["name"], name="area_name")]

    def __str__(self) -> str:
        return self.name


class HostType(models.TextChoices):
    """Kinds of body an organisation may lean on (glossary)."""

    PUBLIC_HOSPITAL = "public_hospital", _("公立医院")
    UNIVERSITY = "university", _("高等学校")
    RESEARCH_INSTITUTE = "research_institute", _("科研院所")
    MUNICIPAL_ENTERPRISE = "municipal_enterprise", _("市属国企")
    BUILDING = "building", _("楼宇")
    PARK = "park", _("园区")
    COMMUNITY = "community", _("社区")
    ENTERPRISE = "enterprise", _("企业")
    SECTOR = "sector", _("系统")
    OTHER = "other", _("其他")


class Unit(Versioned):
    """Any legal body: owner of a host, employer, unit member, partner."""

    name = models.CharField(_("名称"), max_length=120)
    name_key = models.CharField(_("检索名"), max_length=120, db_index=True, editable=False)
    credit_code = models.CharField(_("统一社会信用代码"), max_length=18, blank=True)

    scope = Public()
    classes = {**Versioned.classes, "name": "public", "name_key": "internal", "credit_code": "public"}

    class Meta:
        verbose_name = _("单位")

    def __str__(self) -> str:
        return self.name


class Host(Versioned):
    """The building, hospital, university, park or enterprise an organisation leans on (依托单位). Many organisations may share one."""

    name = models.CharField(_("名称"), max_length=120)
    name_key = models.CharField(_("检索名"), max_length=120, db_index=True, editable=False)
    host_type = models.CharField(_("类型"), max_length=24, choices=HostType.choices)
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, verbose_name=_("所在区划"))
    owner = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, verbose_name=_("权属单位"))

    scope = Public()
    classes = {
        **Versioned.classes,
        "name": "public",
        "name_key": "internal",
        "host_type": "public",
        "area": "public",
        "owner": "public",
    }

    class Meta:
        verbose_name = _("依托单位")

    def __str__(self) -> str:
        return self.name


class Register(Keyed):
    """That the rows of a kind beneath an area are all there are, since when, by which source: without it a coverage is a count, never a share.

    Of a level of divisions, or of a type of hosts. `entries` = how many the source lists: with more or fewer rows than that the register is not whole.
    """

    area = models.ForeignKey(Area, models.PROTECT, related_name="registers", verbose_name=_("区划"))
    level = models.CharField(_("级别"), max_length=12, choices=AreaLevel.choices, blank=True)
    host_type = models.CharField(_("依托单位类型"), max_length=24, choices=HostType.choices, blank=True)
    entries = models.PositiveIntegerField(_("条数"))
    source = models.CharField(_("来源"), max_length=120)
    valid_from = models.DateField(_("起"))
    valid_to = models.DateField(_("止"), null=True, blank=True)

    scope = Public()
    classes = {
        **Keyed.classes,
        "area": "public",
        "level": "public",
        "host_type": "public",
        "entries": "public",
        "source": "public",
        "valid_from": "public",
        "valid_to": "public",
    }

    class Meta:
        verbose_name = _("名册齐全")

    def __str__(self) -> str:
        return f"{self.area} · {self.what}"

    @property
    def what(self) -> str:
        """Of what it is whole: 区级, 公立医院."""
        return str(AreaLevel(self.level).label if self.level else HostType(self.host_type).label)


class Sector(Keyed):
    """A sector system (卫健系统, 教育系统): a superior by trade, not by territory."""

    name = models.CharField(_("名称"), max_length=60, unique=True)

    scope = Public()
    classes = {**Keyed.classes, "name": "public"}

    class Meta:
        verbose_name = _("系统")

    def __str__(self) -> str:
        return self.name


declare(NoOverlap("network.Register", ("area_id", "level", "host_type")))
