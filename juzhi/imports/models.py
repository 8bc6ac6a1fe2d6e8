"""An import as it stands: the batch, its rows, and which heading means which field here."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from juzhi.base.access import DUTIES, ByDuty
from juzhi.base.models import Keyed, Versioned

UNDO = timedelta(days=30)


class Batch(Versioned):
    """One file on its way into the register: read, settled, committed whole, undone for thirty days. Its dates are its state."""

    kind = models.CharField(_("种类"), max_length=20)
    duty = models.CharField(_("所需职责"), max_length=20)
    organisation_id = models.BigIntegerField(_("导入到"), null=True, db_index=True)
    actor_key = models.CharField(_("经手账号"), max_length=120)
    filename = models.CharField(_("文件名"), max_length=200)
    upload_key = models.CharField(_("原文件"), max_length=12, blank=True)
    progress_key = models.CharField(_("进度"), max_length=12, blank=True)
    answers = models.JSONField(_("页面上填的"), default=dict, blank=True)  # {field: value} for rows that do not say it themselves
    headings = models.JSONField(_("列的去向"), default=dict)  # sheets, columns, not imported, unmapped; never a cell of a left-out column
    counts = models.JSONField(_("行数"), default=dict)
    refused = models.CharField(_("整份拒收的原因"), max_length=300, blank=True)
    example = models.CharField(_("示例标记"), max_length=12, blank=True)
    made_at = models.DateTimeField(_("上传时间"))
    read_at = models.DateTimeField(_("读完时间"), null=True)
    committed_at = models.DateTimeField(_("写入时间"), null=True)
    undone_at = models.DateTimeField(_("撤销时间"), null=True)
    discarded_at = models.DateTimeField(_("放弃时间"), null=True)

    scope = ByDuty("organisation_id", "duty", DUTIES)
    classes = {
        **Versioned.classes,
        "kind": "internal",
        "duty": "internal",
        "organisation_id": "internal",
        "actor_key": "internal",
        "filename": "internal",
        "upload_key": "internal",
        "progress_key": "internal",
        "answers": "internal",
        "headings": "internal",
        "counts": "internal",
        "refused": "internal",
        "example": "internal",
        "made_at": "internal",
        "read_at": "internal",
        "committed_at": "internal",
        "undone_at": "internal",
        "discarded_at": "internal",
    }

    class Meta:
        verbose_name = _("导入批次")

    def __str__(self) -> str:
        return self.filename

    @property
    def is_open(self) -> bool:
        """Still to be committed or given up."""
        return not (self.committed_at or self.discarded_at or self.refused)

    @property
    def undo_until(self) -> datetime | None:
        """Until when it can be undone; None when it was not committed, or is undone already."""
        return self.committed_at + UNDO if self.committed_at and not self.undone_at else None


class RowAction(models.TextChoices):
    CREATE = "create", _("新增")
    UPDATE = "update", _("更新")
    SAME = "same", _("已在册")
    SUSPECT = "suspect", _("疑似重复")
    REFUSE = "refuse", _("有问题")
    SKIP = "skip", _("略过")


class Decision(models.TextChoices):
    SAME = "same", _("同一个")
    NEW = "new", _("不同，新增")
    AGAIN = "again", _("重新开始")  # the same, whose record has ended and begins anew; only where a kind offers it
    LATER = "later", _("先放着")


WRITTEN = (Decision.SAME, Decision.NEW, Decision.AGAIN)  # what was settled so that it can be written


class BatchRow(Keyed):
    """One row of the file: what it would become, what it looks like, how it was settled, what it became. Values are wiped once committed."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="rows", db_index=False)
    position = models.PositiveIntegerField(_("次序"))
    sheet = models.CharField(_("工作表"), max_length=120, blank=True)
    row = models.PositiveIntegerField(_("行号"))
    block = models.PositiveSmallIntegerField(_("并排块"), default=1)
    action = models.CharField(_("处理"), max_length=8, choices=RowAction.choices)
    values = models.JSONField(_("内容"), default=dict)
    warn = models.JSONField(_("提示"), default=list)
    reason = models.CharField(_("原因"), max_length=300, blank=True)
    like_key = models.CharField(_("像哪一条"), max_length=12, blank=True)
    like_by = models.CharField(_("凭什么像"), max_length=40, blank=True)
    same_as = models.PositiveIntegerField(_("与第几行相同"), null=True)
    decision = models.CharField(_("裁定"), max_length=8, choices=Decision.choices, blank=True)
    thing_kind = models.CharField(_("成为"), max_length=60, blank=True)
    thing_key = models.CharField(_("成为的编号"), max_length=12, blank=True, db_index=True)
    before = models.JSONField(_("更新前"), default=dict)
    kept = models.CharField(_("撤销时保留的原因"), max_length=200, blank=True)

    scope = ByDuty("batch__organisation_id", "batch__duty", DUTIES)
    classes = {
        **Keyed.classes,
        "batch": "internal",
        "position": "internal",
        "sheet": "internal",
        "row": "internal",
        "block": "internal",
        "action": "internal",
        "values": "personal",
        "warn": "personal",
        "reason": "personal",
        "like_key": "internal",
        "like_by": "internal",
        "same_as": "internal",
        "decision": "internal",
        "thing_kind": "internal",
        "thing_key": "internal",
        "before": "personal",
        "kept": "internal",
    }

    class Meta:
        verbose_name = _("导入行")
        indexes = [models.Index(fields=["batch", "action", "position"], name="batch_row_tab")]


class Mapping(Keyed):
    """A heading that an organisation settled once: next time it is known."""

    organisation_id = models.BigIntegerField(_("组织"), null=True)
    kind = models.CharField(_("种类"), max_length=20)
    heading = models.CharField(_("列名"), max_length=80)
    field = models.CharField(_("栏目"), max_length=40, blank=True)  # "" = left out
    duty = models.CharField(_("所需职责"), max_length=20)

    scope = ByDuty("organisation_id", "duty", DUTIES)
    classes = {
        **Keyed.classes,
        "organisation_id": "internal",
        "kind": "internal",
        "heading": "internal",
        "field": "internal",
        "duty": "internal",
    }

    class Meta:
        verbose_name = _("列的约定")
        constraints = [models.UniqueConstraint(fields=["organisation_id", "kind", "heading"], name="mapping_once")]
