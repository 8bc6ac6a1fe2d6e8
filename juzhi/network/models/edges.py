"""The edges of the federation, all dated: legal parent, seat (territory, host, sector), guidance; and the closure of the legal tree."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from juzhi.base.access import Public
from juzhi.base.constraints import NoOverlap, declare
from juzhi.base.models import Keyed, Scoped, ScopedQuerySet
from juzhi.base.periods import PartialDate
from juzhi.network.models.organisation import Organisation, Precision
from juzhi.network.models.place import Area, Host, Sector

BEGINNING = date(1900, 1, 1)  # a first placement or seat holds since ever, so that a corrected founding day never leaves a gap
FOREVER = date(9999, 12, 31)  # the open end in Lineage, which is never NULL: one index answers "on day D"


class Placement(Keyed):
    """Who stood above an organisation, and when: one legal parent at a time. No row = it stood on its own."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="placements", verbose_name=_("组织"))
    parent = models.ForeignKey(Organisation, models.PROTECT, related_name="placed_children", verbose_name=_("上级组织"))
    valid_from = models.DateField(_("起"))
    valid_to = models.DateField(_("止"), null=True, blank=True)

    scope = Public()
    classes = {**Keyed.classes, "organisation": "public", "parent": "public", "valid_from": "public", "valid_to": "public"}

    class Meta:
        verbose_name = _("隶属")
        indexes = [models.Index(fields=["organisation", "valid_from", "valid_to"], name="placement_of_a_day")]  # who stands alone, from the index


class Seat(Keyed):
    """Where an organisation sat, and when: territory, host, sector. One row at a time."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="seats", verbose_name=_("组织"))
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, verbose_name=_("所在区划"))
    host = models.ForeignKey(Host, models.PROTECT, null=True, blank=True, related_name="seats", verbose_name=_("依托单位"))
    sector = models.ForeignKey(Sector, models.PROTECT, null=True, blank=True, verbose_name=_("系统"))
    valid_from = models.DateField(_("起"))
    valid_to = models.DateField(_("止"), null=True, blank=True)

    scope = Public()
    classes = {
        **Keyed.classes,
        "organisation": "public",
        "area": "public",
        "host": "public",
        "sector": "public",
        "valid_from": "public",
        "valid_to": "public",
    }

    class Meta:
        verbose_name = _("所在")


class LineageQuerySet(ScopedQuerySet):
    """Rows of the closure; bookkeeping made from Placement, public like it."""

    def on(self, day: date) -> LineageQuerySet:
        return self.filter(valid_from__lte=day, valid_to__gt=day)


class Lineage(models.Model):
    """`ancestor` stood `depth` steps above `descendant` during [valid_from, valid_to). Depth 0 = the organisation itself, always.

    Rewritten by the actions that change Placement, never by hand.
    """

    ancestor = models.ForeignKey(Organisation, models.CASCADE, related_name="lineage_below", db_index=False, verbose_name=_("上级"))
    descendant = models.ForeignKey(Organisation, models.CASCADE, related_name="lineage_above", db_index=False, verbose_name=_("下级"))
    depth = models.PositiveSmallIntegerField(_("层数"))
    valid_from = models.DateField(_("起"))
    valid_to = models.DateField(_("止"))

    objects = models.Manager.from_queryset(LineageQuerySet)()

    scope = Public()
    classes = {
        "id": "internal",
        "ancestor": "public",
        "descendant": "public",
        "depth": "public",
        "valid_from": "public",
        "valid_to": "public",
    }

    class Meta:
        verbose_name = _("历代上级")
        indexes = [
            models.Index(fields=["ancestor", "descendant", "valid_from", "valid_to", "depth"], name="lineage_down"),
            models.Index(fields=["descendant", "ancestor", "valid_from", "valid_to", "depth"], name="lineage_up"),
            models.Index(fields=["ancestor", "valid_from", "valid_to"], name="lineage_counted"),  # how many stand beneath, from the index
        ]


class Root(models.Model):
    """Nobody stood above the organisation during [valid_from, valid_to): the tops of the tree of a day, without asking every organisation.

    The gaps between its placements, from BEGINNING to FOREVER. Rewritten with Lineage, never by hand.
    """

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="tops")
    valid_from = models.DateField(_("起"))
    valid_to = models.DateField(_("止"))

    objects = Scoped()

    scope = Public()
    classes = {"id": "internal", "organisation": "public", "valid_from": "public", "valid_to": "public"}

    class Meta:
        verbose_name = _("树顶")
        indexes = [models.Index(fields=["valid_to", "valid_from", "organisation"], name="root_of_a_day")]


class ExternalBody(Keyed):
    """A body outside the federation, as a reference: name, host, date. Never a roster (mission, section 3, point 7)."""

    name = models.CharField(_("名称"), max_length=120)
    level = models.CharField(_("级别"), max_length=20, blank=True)
    host = models.ForeignKey(Host, models.PROTECT, null=True, blank=True, verbose_name=_("所在单位"))
    founded_on = models.DateField(_("成立日期"), null=True, blank=True)
    founded_precision = models.CharField(_("精度"), max_length=8, choices=Precision.choices, blank=True)

    scope = Public()
    classes = {
        **Keyed.classes,
        "name": "public",
        "level": "public",
        "host": "public",
        "founded_on": "public",
        "founded_precision": "public",
    }

    class Meta:
        verbose_name = _("外部团体")

    def __str__(self) -> str:
        return self.name


class GuidanceLink(Keyed):
    """An outside authority that guides an organisation (指导单位). Several at once; it carries no data right."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="guidance", verbose_name=_("组织"))
    authority = models.ForeignKey(ExternalBody, models.PROTECT, verbose_name=_("指导单位"))
    note = models.CharField(_("说明"), max_length=120, blank=True)
    valid_from = models.DateField(_("起"), null=True, blank=True)
    valid_to = models.DateField(_("止"), null=True, blank=True)

    scope = Public()
    classes = {
        **Keyed.classes,
        "organisation": "public",
        "authority": "public",
        "note": "public",
        "valid_from": "public",
        "valid_to": "public",
    }

    class Meta:
        verbose_name = _("指导关系")


class Succession(Keyed):
    """One body came after another: `predecessor` ended into `successor` (merged), or goes on beside what was taken out of it (split)."""

    class Kind(models.TextChoices):
        MERGED = "merged", _("合并")
        SPLIT = "split", _("分立")

    predecessor = models.ForeignKey(Organisation, models.CASCADE, related_name="successions", verbose_name=_("原组织"))
    successor = models.ForeignKey(Organisation, models.CASCADE, related_name="origins", verbose_name=_("承继组织"))
    kind = models.CharField(_("种类"), max_length=8, choices=Kind.choices)
    on = models.DateField(_("承继日期"))
    precision = models.CharField(_("精度"), max_length=8, choices=Precision.choices, default=Precision.DAY)

    scope = Public()
    classes = {**Keyed.classes, "predecessor": "public", "successor": "public", "kind": "public", "on": "public", "precision": "public"}

    class Meta:
        verbose_name = _("承继")
        constraints = [
            models.UniqueConstraint(fields=["predecessor", "successor", "kind"], name="succession_once"),
            models.CheckConstraint(condition=~models.Q(predecessor=models.F("successor")), name="succession_of_two"),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor} → {self.successor}"

    @property
    def on_text(self) -> str:
        """The day as far as it is known."""
        return str(PartialDate(self.on, self.precision))


declare(
    NoOverlap("network.Placement", ("organisation_id",)),
    NoOverlap("network.Seat", ("organisation_id",)),
)
