"""Published readings: a figure as it was told on a day, frozen with its rule and the records it counted; what became of it later; and what is kept rolled up."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from juzhi.base.access import AUDITOR, MEMBER_CLERK, PUBLISHER, SECRETARY, STATISTICIAN, Nobody, Of, Public
from juzhi.base.constraints import AppendOnly, declare
from juzhi.base.hedges import Hedge
from juzhi.base.models import Keyed, Scoped
from juzhi.base.periods import PartialDate, Period
from juzhi.network.models import Area, Family, Host, HostType, Organisation, OrganisationLevel, Precision, Sector

NODES = ("organisation", "area", "host", "sector")


class Reading(Keyed):
    """A published figure: indicator, node, day or period, and cuts, the number, the rule in its version and the records behind it. Never changed: what is otherwise today is a `Restatement`.

    `records` are the keys of the rows that were counted, in order and parted by spaces, of a growth each with the sign by which it counted; they name nobody.
    """

    indicator = models.CharField(_("指标"), max_length=40)
    definition_version = models.PositiveIntegerField(_("口径版本"))
    rule = models.TextField(_("口径"))
    excludes = models.TextField(_("不含"))
    source = models.CharField(_("来源"), max_length=120)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="readings", verbose_name=pgettext_lazy("一个", "组织"))
    area = models.ForeignKey(Area, models.PROTECT, null=True, related_name="readings", verbose_name=_("区划"))
    host = models.ForeignKey(Host, models.PROTECT, null=True, related_name="readings", verbose_name=_("依托单位"))
    sector = models.ForeignKey(Sector, models.PROTECT, null=True, related_name="readings", verbose_name=_("系统"))
    since = models.DateField(_("时段起"), null=True)  # of a flow: its first day; `as_of` is its last
    as_of = models.DateField(_("截至"))
    family = models.ForeignKey(Family, models.PROTECT, null=True, related_name="+", verbose_name=_("组织类别"))
    level = models.CharField(_("层级"), max_length=12, choices=OrganisationLevel.choices, blank=True)
    host_type = models.CharField(_("依托单位类型"), max_length=24, choices=[*HostType.choices, ("none", _("没有依托单位"))], blank=True)
    attribute = models.CharField(_("记录的属性"), max_length=24, blank=True)
    value = models.IntegerField(_("数"))  # a growth may be below zero
    hedge = models.CharField(_("公开表述"), max_length=24, null=True)  # noqa: DJ001 NULL = told by its value; rows are never changed, so those before this column have none
    records = models.TextField(_("所据记录"))
    digest = models.CharField(_("所据记录的摘要"), max_length=64)
    computed_at = models.DateTimeField(_("计算于"))
    published_at = models.DateTimeField(_("发布于"))
    published_by = models.CharField(_("发布人"), max_length=60)

    scope = Public()
    classes = {
        **Keyed.classes,
        "indicator": "public",
        "definition_version": "public",
        "rule": "public",
        "excludes": "public",
        "source": "public",
        "organisation": "public",
        "area": "public",
        "host": "public",
        "sector": "public",
        "since": "public",
        "as_of": "public",
        "family": "public",
        "level": "public",
        "host_type": "public",
        "attribute": "public",
        "value": "public",
        "hedge": "public",
        "records": "internal",
        "digest": "public",
        "computed_at": "public",
        "published_at": "public",
        "published_by": "internal",
    }

    class Meta:
        verbose_name = _("已发布的数")
        indexes = [models.Index(fields=["-published_at"], name="reading_newest"), models.Index(fields=["indicator", "as_of"], name="reading_question")]

    def __str__(self) -> str:
        return f"{self.indicator} {self.as_of} {self.value}"

    @property
    def period(self) -> Period | None:
        return Period(self.since, self.as_of) if self.since else None

    @property
    def node_kind(self) -> str:
        return next(kind for kind in NODES if getattr(self, f"{kind}_id") is not None)

    @property
    def thing(self) -> Any:
        """The organisation, area, host or sector."""
        return getattr(self, self.node_kind)


class Restatement(Keyed):
    """The same question asked again later gave another answer: the number before and after, how many records came and left, which verbs did it; `why` is said once by a person."""

    reading = models.ForeignKey(Reading, models.PROTECT, related_name="restatements", verbose_name=_("已发布的数"))
    old = models.IntegerField(_("原来的数"))
    new = models.IntegerField(_("现在的数"))
    came = models.PositiveIntegerField(_("多出的记录"))
    left = models.PositiveIntegerField(_("少了的记录"))
    causes = models.JSONField(_("起因"), default=list)  # [[verb, how many records], …] from the journal
    records = models.TextField(_("所据记录"))
    digest = models.CharField(_("所据记录的摘要"), max_length=64)
    at = models.DateTimeField(_("发现于"))
    why = models.TextField(_("说明"), null=True)  # noqa: DJ001 filled once, from NULL
    explained_at = models.DateTimeField(_("说明于"), null=True)
    explained_by = models.CharField(_("说明人"), max_length=60, null=True)  # noqa: DJ001 filled once, from NULL

    scope = Public()
    classes = {
        **Keyed.classes,
        "reading": "public",
        "old": "public",
        "new": "public",
        "came": "public",
        "left": "public",
        "causes": "public",
        "records": "internal",
        "digest": "public",
        "at": "public",
        "why": "public",
        "explained_at": "public",
        "explained_by": "internal",
    }

    class Meta:
        verbose_name = _("重述")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.old} → {self.new}"


class OpeningBalance(Keyed):
    """What an indicator was at an organisation and beneath before the register knew, as a document says it: as of a day (`as_of` with its precision), or over a period (`since` to `as_of`).

    Never added to what is counted. Entered wrongly: `withdrawn_on` and `why` are set, and the row stays.
    """

    indicator = models.CharField(_("指标"), max_length=40)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="opening_balances", verbose_name=pgettext_lazy("一个", "组织"))
    since = models.DateField(_("时段起"), null=True)
    as_of = models.DateField(_("截至"))
    precision = models.CharField(_("截至的精度"), max_length=8, choices=Precision.choices, default=Precision.DAY)
    value = models.PositiveIntegerField(_("数"))
    hedge = models.CharField(_("修饰词"), max_length=12, choices=Hedge.choices, default=Hedge.EXACT)
    source = models.CharField(_("来源"), max_length=200)
    recorded_at = models.DateTimeField(_("登记于"))
    recorded_by = models.CharField(_("登记人"), max_length=60)
    withdrawn_on = models.DateField(_("撤回日期"), null=True)
    why = models.CharField(_("撤回的理由"), max_length=300, null=True)  # noqa: DJ001 filled once, from NULL

    scope = Of("organisation", (SECRETARY, STATISTICIAN, MEMBER_CLERK, PUBLISHER, AUDITOR))
    classes = {
        **Keyed.classes,
        "indicator": "internal",
        "organisation": "internal",
        "since": "internal",
        "as_of": "internal",
        "precision": "internal",
        "value": "internal",
        "hedge": "internal",
        "source": "internal",
        "recorded_at": "internal",
        "recorded_by": "internal",
        "withdrawn_on": "internal",
        "why": "internal",
    }

    class Meta:
        verbose_name = _("期初数")
        ordering = ["-as_of", "-pk"]

    def __str__(self) -> str:
        return f"{self.indicator} {self.when} {self.value}"

    @property
    def when(self) -> str:
        """The day or the period, as it was told."""
        return str(self.period or PartialDate(self.as_of, self.precision))

    @property
    def period(self) -> Period | None:
        return Period(self.since, self.as_of) if self.since else None

    @property
    def day(self) -> date:
        """The last day that it may mean."""
        return PartialDate(self.as_of, self.precision).last or self.as_of


class OpeningEvidence(Keyed):
    """The document that says an opening balance: kept with it, at most 2 MB."""

    opening = models.OneToOneField(OpeningBalance, models.PROTECT, related_name="evidence", verbose_name=_("期初数"))
    name = models.CharField(_("文件名"), max_length=200)
    kind = models.CharField(_("文件类型"), max_length=40)
    sha256 = models.CharField(_("摘要"), max_length=64)
    content = models.BinaryField(_("内容"))

    scope = Of("opening__organisation", (SECRETARY, STATISTICIAN, MEMBER_CLERK, PUBLISHER, AUDITOR))
    classes = {**Keyed.classes, "opening": "internal", "name": "internal", "kind": "internal", "sha256": "internal", "content": "internal"}

    class Meta:
        verbose_name = _("期初数的证明文件")

    def __str__(self) -> str:
        return self.name


declare(
    AppendOnly("figures.Reading"),
    AppendOnly("figures.Restatement", may_set=("why", "explained_at", "explained_by")),
    AppendOnly("figures.OpeningBalance", may_set=("withdrawn_on", "why")),
    AppendOnly("figures.OpeningEvidence"),
)

# What the engine keeps beside the records: none of it is a truth of its own, all can be made again from the records and the closure. `series` names an
# indicator in one version of its rule ("members.1"), `source` the table of its evidence. Ids are plain: rows outlive what they name. The tables are made by
# hand in migration 0005: SQLite without rowid, PostgreSQL with covering keys.

_BOOKKEEPING = Nobody("bookkeeping of the engine; figures are read through it, with the rights of figures")


class _Queued(models.Model):
    """A cell, an organisation on a day, whose records changed; `person_id` where persons are counted once."""

    source = models.CharField(_("来源表"), max_length=60)
    organisation_id = models.BigIntegerField(_("组织"))
    day = models.DateField(_("日期"))
    person_id = models.BigIntegerField(_("人员"), null=True)

    objects = Scoped()

    scope = _BOOKKEEPING
    classes = {"id": "internal", "source": "internal", "organisation_id": "internal", "day": "internal", "person_id": "internal"}

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.source} {self.organisation_id} {self.day}"


class Mark(_Queued):
    """The cell may have changed and is not yet folded. Written by triggers in the transaction of the change, taken away by the fold."""

    class Meta:
        verbose_name = _("待汇总的变动")


class Seen(_Queued):
    """A mark that is folded for counts, not yet settled for persons."""

    class Meta:
        verbose_name = _("待去重的变动")


class Shift(models.Model):
    """From `valid_from` to before `valid_to` the organisation came beneath the ancestor (sign 1) or left it (−1), and the roll-ups do not know it yet."""

    ancestor_id = models.BigIntegerField(_("上级"))
    descendant_id = models.BigIntegerField(_("下级"))
    valid_from = models.DateField(_("起"))
    valid_to = models.DateField(_("止"))
    sign = models.SmallIntegerField(_("增减"))

    objects = Scoped()

    scope = _BOOKKEEPING
    classes = {"id": "internal", "ancestor_id": "internal", "descendant_id": "internal", "valid_from": "internal", "valid_to": "internal", "sign": "internal"}

    class Meta:
        verbose_name = _("待汇总的改隶")

    def __str__(self) -> str:
        return f"{self.ancestor_id} {self.descendant_id} {self.sign}"


class Tally(models.Model):
    """What one organisation itself counts on one day: the aggregate of its evidence, but in marked cells."""

    pk = models.CompositePrimaryKey("series", "organisation_id", "day")
    series = models.CharField(_("序列"), max_length=60)
    organisation_id = models.BigIntegerField(_("组织"))
    day = models.DateField(_("日期"))
    value = models.BigIntegerField(_("数"))

    objects = Scoped()

    scope = _BOOKKEEPING
    classes = {"pk": "internal", "series": "internal", "organisation_id": "internal", "day": "internal", "value": "internal"}

    class Meta:
        verbose_name = _("本级日数")

    def __str__(self) -> str:
        return f"{self.series} {self.organisation_id} {self.day} {self.value}"


class _Node(models.Model):
    """A month (grain 0, its first day) or a day (grain 1) of everything beneath a node."""

    pk = models.CompositePrimaryKey("series", "node_id", "grain", "day")
    series = models.CharField(_("序列"), max_length=60)
    node_id = models.BigIntegerField(_("节点"))
    grain = models.SmallIntegerField(_("粒度"))
    day = models.DateField(_("日期"))

    objects = Scoped()

    scope = _BOOKKEEPING
    classes = {"pk": "internal", "series": "internal", "node_id": "internal", "grain": "internal", "day": "internal"}

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.series} {self.node_id} {self.grain} {self.day}"


class Rollup(_Node):
    """Sum of the tallies beneath a node, by the closure of each day, but for the shifts that wait."""

    value = models.BigIntegerField(_("数"))

    classes = {**_Node.classes, "value": "internal"}

    class Meta:
        verbose_name = _("汇总数")


class Crowd(_Node):
    """The persons beneath a node, a roaring bitmap of their ids, but for those in the queues."""

    bits = models.BinaryField(_("人员位图"))

    classes = {**_Node.classes, "bits": "internal"}

    class Meta:
        verbose_name = _("人员集合")


class Wide(models.Model):
    """A node that has roll-ups of this series; `days`: it has crowds of days too. Node 0: the tallies of the series are made."""

    pk = models.CompositePrimaryKey("series", "node_id")
    series = models.CharField(_("序列"), max_length=60)
    node_id = models.BigIntegerField(_("节点"))
    days = models.BooleanField(_("有按日集合"))

    objects = Scoped()

    scope = _BOOKKEEPING
    classes = {"pk": "internal", "series": "internal", "node_id": "internal", "days": "internal"}

    class Meta:
        verbose_name = _("有汇总的节点")

    def __str__(self) -> str:
        return f"{self.series} {self.node_id}"


class Turn(models.Model):
    """Always empty: on PostgreSQL its lock says whose turn it is to write the roll-ups."""

    objects = Scoped()

    scope = _BOOKKEEPING
    classes = {"id": "internal"}

    class Meta:
        verbose_name = _("汇总的次序")

    def __str__(self) -> str:
        return str(self.pk)
