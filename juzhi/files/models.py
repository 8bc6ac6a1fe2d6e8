"""Files a person gave us for one purpose: private, short-lived, outside backups."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from juzhi.base.access import Own
from juzhi.base.models import Keyed


class Upload(Keyed):
    """One private file. The row stays when the file is gone: it says that it was here, whose it was and when it went."""

    name = models.CharField(_("文件名"), max_length=255)  # as the person called it, made harmless; never a path
    size = models.PositiveBigIntegerField(_("字节数"))
    sha256 = models.CharField(_("摘要"), max_length=64)
    kind = models.CharField(_("用途"), max_length=40)
    owner_key = models.CharField(_("所有者"), max_length=120)
    organisation_id = models.BigIntegerField(_("组织"), null=True)
    stored_name = models.CharField(_("存放名"), max_length=64, unique=True)
    uploaded_at = models.DateTimeField(_("上传时间"))
    delete_at = models.DateTimeField(_("最迟删除时间"))
    deleted_at = models.DateTimeField(_("删除时间"), null=True)

    scope = Own("owner_key")
    classes = {
        **Keyed.classes,
        "name": "personal",
        "size": "internal",
        "sha256": "internal",
        "kind": "internal",
        "owner_key": "internal",
        "organisation_id": "internal",
        "stored_name": "internal",
        "uploaded_at": "internal",
        "delete_at": "internal",
        "deleted_at": "internal",
    }

    class Meta:
        verbose_name = _("上传文件")
        indexes = [models.Index(fields=["delete_at"], name="upload_due", condition=models.Q(deleted_at=None))]

    def __str__(self) -> str:
        return self.name
