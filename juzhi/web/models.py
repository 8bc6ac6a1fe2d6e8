"""Receipts: what a form with an idempotency key was answered, so that the same form sent twice is done once."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from juzhi.base.access import Nobody
from juzhi.base.models import Scoped


class Receipt(models.Model):
    """One sent form: who, its key, a digest of its body, and the address it was answered with."""

    actor_key = models.CharField(_("谁"), max_length=64, blank=True)
    form_key = models.CharField(_("表单"), max_length=64)
    body_digest = models.CharField(_("内容摘要"), max_length=64)
    answer = models.TextField(_("答复"))
    at = models.DateTimeField(_("时间"), db_index=True)

    objects = Scoped()
    scope = Nobody("receipts")
    classes = {"id": "internal", "actor_key": "internal", "form_key": "internal", "body_digest": "internal", "answer": "internal", "at": "internal"}

    class Meta:
        verbose_name = _("回执")
        verbose_name_plural = "回执"
        constraints = [models.UniqueConstraint(fields=["actor_key", "form_key"], name="one_receipt_per_form")]

    def __str__(self) -> str:
        return f"{self.actor_key} {self.form_key}"
