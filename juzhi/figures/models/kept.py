"""What the engine of figures keeps beside the records. None of it is a truth of its own: all is made from the records and from the closure, and can be made again.

`series` names an indicator in one version of its rule ("members.1"), `source` the table of its evidence. Ids are plain: rows outlive what they name.
The tables are made by hand in migration 0002: SQLite without rowid, PostgreSQL with covering keys.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from juzhi.base.access import Nobody
from juzhi.base.models import Scoped

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

    at = models.DateTimeField(_("时间"), null=True)  # the database fills it in: when the statement ran

    classes = {**_Queued.classes, "at": "internal"}

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
