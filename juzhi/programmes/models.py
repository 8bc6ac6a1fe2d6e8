"""Roll-outs (试点先行、陆续铺开): a programme that an organisation leads, its waves, and the places planned in each."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from juzhi.base.access import Public
from juzhi.base.models import Keyed, Versioned
from juzhi.base.periods import PartialDate
from juzhi.network.models import Area, Family, Host, HostType, Organisation, OrganisationLevel, Precision


class Programme(Versioned):
    """What is to be carried everywhere, and who leads it. It runs on day D when `begun_on` ≤ D and (`closed_on` is null or D < `closed_on`).

    With `level` or `host_type` it founds bodies of `family`: then a place is done when one is founded there, and nobody types it. With neither, being done is said with a source.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="programmes", verbose_name=_("牵头组织"))
    title = models.CharField(_("名称"), max_length=80)
    purpose = models.CharField(_("目的"), max_length=300, blank=True)
    family = models.ForeignKey(Family, models.PROTECT, verbose_name=_("组织类别"))
    level = models.CharField(_("铺开到哪一层级"), max_length=12, choices=OrganisationLevel.choices, blank=True)
    host_type = models.CharField(_("铺开到哪类依托单位"), max_length=24, choices=HostType.choices, blank=True)
    begun_on = models.DateField(_("开始时间"))
    begun_precision = models.CharField(_("开始时间精度"), max_length=8, choices=Precision.choices, default=Precision.DAY)
    closed_on = models.DateField(_("结束时间"), null=True, blank=True)

    scope = Public()
    classes = {
        **Versioned.classes,
        "organisation": "public",
        "title": "public",
        "purpose": "public",
        "family": "public",
        "level": "public",
        "host_type": "public",
        "begun_on": "public",
        "begun_precision": "public",
        "closed_on": "public",
    }

    class Meta:
        verbose_name = _("铺开计划")

    def __str__(self) -> str:
        return self.title

    @property
    def founds(self) -> bool:
        """Whether a place is done by the founding of a body there."""
        return bool(self.level or self.host_type)

    @property
    def reach(self) -> str:
        """To what it is carried: 街道, 公立医院."""
        return str(OrganisationLevel(self.level).label if self.level else HostType(self.host_type).label) if self.founds else ""


class Wave(Keyed):
    """One wave: its number, its name, and the days within which its places are to be done, half-open."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="waves", verbose_name=_("铺开计划"))
    number = models.PositiveSmallIntegerField(_("第几批"))
    title = models.CharField(_("名称"), max_length=60, blank=True)
    planned_from = models.DateField(_("计划开始"))
    planned_to = models.DateField(_("计划结束"))

    scope = Public()
    classes = {**Keyed.classes, "programme": "public", "number": "public", "title": "public", "planned_from": "public", "planned_to": "public"}

    class Meta:
        verbose_name = _("批次（铺开）")
        constraints = [models.UniqueConstraint(fields=["programme", "number"], name="wave_once")]

    def __str__(self) -> str:
        return _("第 %(number)s 批") % {"number": self.number} + (f" · {self.title}" if self.title else "")


class UnitKind(models.TextChoices):
    PILOT = "pilot", _("试点")
    ROLLED = "rolled", _("铺开")


class PlannedUnit(Keyed):
    """An area, a host or an organisation (one of the three) that a wave is to reach.

    `planned_on` = the day by which it is to be done; none = the last day of its wave. `confirmed_on` with its source is kept only where no founding tells.
    """

    wave = models.ForeignKey(Wave, models.CASCADE, related_name="units", verbose_name=_("批次（铺开）"))
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="planned", verbose_name=_("区划"))
    host = models.ForeignKey(Host, models.PROTECT, null=True, blank=True, related_name="planned", verbose_name=_("依托单位"))
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="planned", verbose_name=_("组织"))
    kind = models.CharField(_("试点还是铺开"), max_length=8, choices=UnitKind.choices, default=UnitKind.ROLLED)
    planned_on = models.DateField(_("计划日期"), null=True, blank=True)
    confirmed_on = models.DateField(_("完成日期"), null=True, blank=True)
    confirmed_precision = models.CharField(_("完成日期精度"), max_length=8, choices=Precision.choices, blank=True)
    source = models.CharField(_("来源"), max_length=200, blank=True)
    dropped_on = models.DateField(_("移出日期"), null=True, blank=True)
    why = models.CharField(_("移出的理由"), max_length=300, blank=True)

    scope = Public()
    classes = {
        **Keyed.classes,
        "wave": "public",
        "area": "public",
        "host": "public",
        "organisation": "public",
        "kind": "public",
        "planned_on": "public",
        "confirmed_on": "public",
        "confirmed_precision": "public",
        "source": "public",
        "dropped_on": "public",
        "why": "public",
    }

    class Meta:
        verbose_name = _("计划对象")

    def __str__(self) -> str:
        return str(self.place)

    @property
    def place(self) -> Area | Host | Organisation:
        return self.area or self.host or self.organisation  # type: ignore[return-value]  # one of them is always there

    @property
    def confirmed(self) -> PartialDate | None:
        """When it was done, as its source says."""
        return PartialDate(self.confirmed_on, self.confirmed_precision) if self.confirmed_on else None
