"""What others report of a place: numbers with their source, claims, and the slogan with the landmarks it counts. None of it is counted here."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from juzhi.base.access import Public
from juzhi.base.constraints import AppendOnly, NoOverlap, declare
from juzhi.base.hedges import Hedge, Interval, interval
from juzhi.base.models import Keyed
from juzhi.base.periods import PartialDate
from juzhi.network.models.organisation import Family, Organisation, Precision
from juzhi.network.models.place import Area, Host


class Counted(models.TextChoices):
    """What the register itself counts of the same kind: shown beside the reported number, never added to it."""

    ORGANISATIONS = "organisations", _("登记的组织")


class Measure(Keyed):
    """What a reported number measures: a row, not an enum, so that any federation can define its own.

    `threshold` = from where on something counts (100 米以上). `counted` = what the register counts of the same kind, of `family` if one is named.
    """

    name = models.CharField(_("名称"), max_length=60)
    unit = models.CharField(_("计量单位"), max_length=12)
    threshold = models.CharField(_("起算标准"), max_length=60, blank=True)
    counted = models.CharField(_("登记里的同类数"), max_length=16, choices=Counted.choices, blank=True)
    family = models.ForeignKey(Family, models.PROTECT, null=True, blank=True, verbose_name=_("组织类别"))

    scope = Public()
    classes = {**Keyed.classes, "name": "public", "unit": "public", "threshold": "public", "counted": "public", "family": "public"}

    class Meta:
        verbose_name = _("统计项目")
        constraints = [models.UniqueConstraint(fields=["name", "unit", "threshold"], name="measure_once")]

    def __str__(self) -> str:
        return f"{self.name}（{self.threshold}）" if self.threshold else self.name


class Sourced(Keyed):
    """Something that a document says: which, where it is found, and from when it is."""

    source = models.CharField(_("来源"), max_length=200)
    source_url = models.CharField(_("来源网址"), max_length=300, blank=True)
    source_on = models.DateField(_("材料日期"), null=True, blank=True)
    source_precision = models.CharField(_("材料日期精度"), max_length=8, choices=Precision.choices, default=Precision.UNKNOWN)

    classes = {**Keyed.classes, "source": "public", "source_url": "public", "source_on": "public", "source_precision": "public"}

    class Meta:
        abstract = True

    @property
    def dated(self) -> PartialDate:
        """The day of the document, as far as it is known."""
        return PartialDate(self.source_on, self.source_precision)

    @property
    def cited(self) -> str:
        """The document with its day, where that is known: 统计公报（2024-03）."""
        return f"{self.source}（{self.dated}）" if self.source_on else self.source


class Contained(models.TextChoices):
    """Whether what is measured lies within what another number measures (67 of the 351, or beside them)."""

    YES = "yes", _("包含在里面")
    NO = "no", _("不包含，另算")
    UNSAID = "unsaid", _("来源没有说")


class Statistic(Sourced):
    """A reported number of an area, or of a named part of it. Append-only: what was wrong is replaced by a row that says why, and stays.

    The number is `digits` × 10^-`places`, exactly as it was written, in both databases. With `of` it is per cent of that area's number: a share whose numerator is not known.
    """

    area = models.ForeignKey(Area, models.PROTECT, related_name="statistics", verbose_name=_("区划"))
    part = models.CharField(_("其中的片区"), max_length=60, blank=True)
    measure = models.ForeignKey(Measure, models.PROTECT, related_name="statistics", verbose_name=_("统计项目"))
    digits = models.BigIntegerField(_("数目"))
    places = models.PositiveSmallIntegerField(_("小数位数"), default=0)
    hedge = models.CharField(_("修饰词"), max_length=8, choices=Hedge.choices, default=Hedge.EXACT)
    of = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="shares", verbose_name=_("占哪个区划"))
    within = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="parts", verbose_name=_("与哪一项有关"))
    contained = models.CharField(_("包含关系"), max_length=8, choices=Contained.choices, blank=True)
    as_of = models.DateField(_("截至"), null=True, blank=True)
    as_of_precision = models.CharField(_("截至日精度"), max_length=8, choices=Precision.choices, default=Precision.DAY)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="replaced_by", verbose_name=_("更正了哪一条"))
    why = models.CharField(_("更正的理由"), max_length=300, blank=True)

    scope = Public()
    classes = {
        **Sourced.classes,
        "area": "public",
        "part": "public",
        "measure": "public",
        "digits": "public",
        "places": "public",
        "hedge": "public",
        "of": "public",
        "within": "public",
        "contained": "public",
        "as_of": "public",
        "as_of_precision": "public",
        "replaces": "public",
        "why": "public",
    }
    recorded = {"value": "public"}

    class Meta:
        verbose_name = _("统计数")

    def __str__(self) -> str:
        return f"{self.area} · {self.measure}"

    @property
    def value(self) -> Decimal:
        return Decimal(self.digits).scaleb(-self.places)

    @property
    def meant(self) -> Interval:
        """Which numbers it may stand for."""
        return interval(self.value, self.hedge)

    @property
    def at(self) -> PartialDate:
        """As of when, as far as it is known."""
        return PartialDate(self.as_of, self.as_of_precision)

    @property
    def series(self) -> tuple[Area, str, Measure, Area | None]:
        """Numbers with the same of these are one series over the years."""
        return (self.area, self.part, self.measure, self.of)


class Claim(Sourced):
    """What somebody says of an area, an organisation or a host (one of the three). Shown as said by its source; nothing is computed from it."""

    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="claims", verbose_name=_("区划"))
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="claims", verbose_name=_("组织"))
    host = models.ForeignKey(Host, models.PROTECT, null=True, blank=True, related_name="claims", verbose_name=_("依托单位"))
    text = models.CharField(_("说法"), max_length=300)
    withdrawn_on = models.DateField(_("撤下日期"), null=True, blank=True)
    why = models.CharField(_("撤下的理由"), max_length=300, null=True, blank=True)  # noqa: DJ001 filled once, from NULL: the row is append-only

    scope = Public()
    classes = {**Sourced.classes, "area": "public", "organisation": "public", "host": "public", "text": "public", "withdrawn_on": "public", "why": "public"}

    class Meta:
        verbose_name = _("说法")

    def __str__(self) -> str:
        return self.text

    @property
    def about(self) -> Area | Organisation | Host:
        return self.area or self.organisation or self.host  # type: ignore[return-value]  # one of them is always there


class Slogan(Sourced):
    """A saying that counts an area's landmarks (一馆一楼四枢纽). One at a time."""

    area = models.ForeignKey(Area, models.PROTECT, related_name="slogans", verbose_name=_("区划"))
    text = models.CharField(_("口号"), max_length=60)
    valid_from = models.DateField(_("起"))
    valid_to = models.DateField(_("止"), null=True, blank=True)

    scope = Public()
    classes = {**Sourced.classes, "area": "public", "text": "public", "valid_from": "public", "valid_to": "public"}

    class Meta:
        verbose_name = _("口号")

    def __str__(self) -> str:
        return self.text


class LandmarkGroup(Keyed):
    """One part of a slogan: its word and how many landmarks it speaks of (枢纽, 4)."""

    slogan = models.ForeignKey(Slogan, models.CASCADE, related_name="groups", verbose_name=_("口号"))
    number = models.PositiveSmallIntegerField(_("次序"))
    word = models.CharField(_("名目"), max_length=20)
    expected = models.PositiveSmallIntegerField(_("口号里的个数"))

    scope = Public()
    classes = {**Keyed.classes, "slogan": "public", "number": "public", "word": "public", "expected": "public"}

    class Meta:
        verbose_name = _("口号的一项")
        constraints = [models.UniqueConstraint(fields=["slogan", "number"], name="landmark_group_once")]

    def __str__(self) -> str:
        return self.word


class Landmark(Keyed):
    """A landmark by name, under the part of the slogan that counts it. One that was wrong is dropped with a reason, and kept."""

    group = models.ForeignKey(LandmarkGroup, models.CASCADE, related_name="landmarks", verbose_name=_("口号的一项"))
    name = models.CharField(_("名称"), max_length=60)
    dropped_on = models.DateField(_("撤下日期"), null=True, blank=True)
    why = models.CharField(_("撤下的理由"), max_length=300, blank=True)

    scope = Public()
    classes = {**Keyed.classes, "group": "public", "name": "public", "dropped_on": "public", "why": "public"}

    class Meta:
        verbose_name = _("地标")

    def __str__(self) -> str:
        return self.name


def said_on(day: date) -> models.Q:
    """Claims that are not withdrawn by `day`."""
    return models.Q(withdrawn_on__isnull=True) | models.Q(withdrawn_on__gt=day)


declare(
    AppendOnly("network.Statistic", may_delete=True),  # deleted only when the demonstration is taken back
    AppendOnly("network.Claim", may_set=("withdrawn_on", "why"), may_delete=True),
    NoOverlap("network.Slogan", ("area_id",)),
)
