"""Published readings: a figure as it was told on a day, frozen with its rule and the records it counted; and what became of it later."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from juzhi.base.access import Public
from juzhi.base.constraints import AppendOnly, declare
from juzhi.base.models import Keyed
from juzhi.network.models import Area, Family, Host, HostType, Organisation, OrganisationLevel

NODES = ("organisation", "area", "host")


class Reading(Keyed):
    """A published figure: indicator, node, day and cuts, the number, the rule in its version and the records behind it. Never changed: what is otherwise today is a `Restatement`.

    `records` are the keys of the rows that were counted, in order and parted by spaces; they name nobody.
    """

    indicator = models.CharField(_("指标"), max_length=40)
    definition_version = models.PositiveIntegerField(_("口径版本"))
    rule = models.TextField(_("口径"))
    excludes = models.TextField(_("不含"))
    source = models.CharField(_("来源"), max_length=120)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="readings", verbose_name=pgettext_lazy("一个", "组织"))
    area = models.ForeignKey(Area, models.PROTECT, null=True, related_name="readings", verbose_name=_("区划"))
    host = models.ForeignKey(Host, models.PROTECT, null=True, related_name="readings", verbose_name=_("依托单位"))
    as_of = models.DateField(_("截至"))
    family = models.ForeignKey(Family, models.PROTECT, null=True, related_name="+", verbose_name=_("组织类别"))
    level = models.CharField(_("层级"), max_length=12, choices=OrganisationLevel.choices, blank=True)
    host_type = models.CharField(_("依托单位类型"), max_length=24, choices=[*HostType.choices, ("none", _("没有依托单位"))], blank=True)
    value = models.PositiveIntegerField(_("数"))
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
        "as_of": "public",
        "family": "public",
        "level": "public",
        "host_type": "public",
        "value": "public",
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
    def node_kind(self) -> str:
        return next(kind for kind in NODES if getattr(self, f"{kind}_id") is not None)

    @property
    def thing(self) -> Any:
        """The organisation, area or host."""
        return getattr(self, self.node_kind)


class Restatement(Keyed):
    """The same question asked again later gave another answer: the number before and after, how many records came and left, which verbs did it; `why` is said once by a person."""

    reading = models.ForeignKey(Reading, models.PROTECT, related_name="restatements", verbose_name=_("已发布的数"))
    old = models.PositiveIntegerField(_("原来的数"))
    new = models.PositiveIntegerField(_("现在的数"))
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


declare(AppendOnly("figures.Reading"), AppendOnly("figures.Restatement", may_set=("why", "explained_at", "explained_by")))
