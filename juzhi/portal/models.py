"""The box of complaints and suggestions: what somebody wrote about a page, and what was answered."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from juzhi.base.access import OPERATOR, PROTECTION_CONTACT, Scope
from juzhi.base.models import Versioned

READERS = (OPERATOR, PROTECTION_CONTACT)  # who opens the box


class Box(Scope):
    """All of it for protection contacts; for operators, who see no personal data, what is neither signed nor says where to answer; one's own
    signed words for everybody.
    """

    def q(self, by: Any) -> Q:
        if by.is_system or by.holds_anywhere(PROTECTION_CONTACT):
            return Q()
        own = Q(actor_key=by.key) if by.key else Q(pk__in=())
        return own | Q(actor_key="", reply_to="") if by.holds_anywhere(OPERATOR) else own


class Complaint(Versioned):
    """A complaint or suggestion. Unsigned, it holds nothing that names its writer, and only the day."""

    text = models.TextField(_("内容"))
    page = models.CharField(_("所说的页面"), max_length=300, blank=True)  # a path of this site
    reply_to = models.CharField(_("答复给"), max_length=120, blank=True)
    actor_key = models.CharField(_("署名账号"), max_length=40, blank=True, db_index=True)
    made_at = models.DateTimeField(_("写于"))
    answer = models.TextField(_("答复"), blank=True)
    answered_at = models.DateTimeField(_("答复于"), null=True, blank=True)
    answered_by = models.CharField(_("答复人"), max_length=120, blank=True)

    scope = Box()
    classes = {
        **Versioned.classes,
        "text": "personal",
        "page": "internal",
        "reply_to": "personal",
        "actor_key": "personal",
        "made_at": "internal",
        "answer": "personal",
        "answered_at": "internal",
        "answered_by": "internal",
    }

    class Meta:
        verbose_name = _("投诉与建议")
        indexes = [models.Index(fields=["answered_at", "-made_at"], name="complaint_waiting")]

    def __str__(self) -> str:
        return self.key

    @property
    def is_answered(self) -> bool:
        return self.answered_at is not None
