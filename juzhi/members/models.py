"""Membership: spells of belonging, and the batches in which members were admitted."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from juzhi.base.access import MEMBER_CLERK, Of, Public
from juzhi.base.constraints import NoOverlap, declare
from juzhi.base.models import Keyed, Versioned
from juzhi.network.models import Organisation, Precision
from juzhi.people.models import Person


class AdmissionBatch(Keyed):
    """Members admitted together (首批会员): a cohort, which later leavings do not change."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="admission_batches", verbose_name=_("组织"))
    number = models.PositiveSmallIntegerField(_("批次"))
    on = models.DateField(_("入会日期"), null=True, blank=True)
    precision = models.CharField(_("精度"), max_length=8, choices=Precision.choices, blank=True)

    scope = Public()
    classes = {**Keyed.classes, "organisation": "public", "number": "public", "on": "public", "precision": "public"}

    class Meta:
        verbose_name = _("入会批次")
        constraints = [models.UniqueConstraint(fields=["organisation", "number"], name="admission_batch_number")]

    def __str__(self) -> str:
        return _now("第%(number)s批") % {"number": self.number}


class EndReason(models.TextChoices):
    LEFT = "left", _("退会")
    TRANSFERRED = "transferred", _("转会")
    EXPELLED = "ended", pgettext_lazy("会籍", "终止")
    DECEASED = "deceased", _("去世")
    DISSOLVED = "dissolved", _("组织终止")


class Membership(Versioned):
    """One spell of one person in one organisation, [joined_on, ended_on). Two spells in one organisation never overlap.

    A spell that is over although nobody knows since when has an end_reason and no ended_on: it is in no as-of count.
    An unknown joining day is the day of entry, with precision unknown.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="memberships", verbose_name=_("人员"))
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="memberships", db_index=False, verbose_name=_("组织"))
    number = models.CharField(_("会员号"), max_length=40, blank=True)
    batch = models.ForeignKey(AdmissionBatch, models.PROTECT, null=True, blank=True, related_name="memberships", verbose_name=_("入会批次"))
    joined_on = models.DateField(_("入会时间"))
    joined_precision = models.CharField(_("入会时间精度"), max_length=8, choices=Precision.choices, default=Precision.DAY)
    ended_on = models.DateField(_("离会时间"), null=True, blank=True)
    ended_precision = models.CharField(_("离会时间精度"), max_length=8, choices=Precision.choices, blank=True)
    end_reason = models.CharField(_("离会原因"), max_length=12, choices=EndReason.choices, blank=True)
    org_role = models.CharField(_("会内职务"), max_length=40, blank=True)

    scope = Of("organisation", (MEMBER_CLERK,), own="person__key")
    classes = {
        **Versioned.classes,
        "person": "internal",
        "organisation": "personal",
        "number": "personal",
        "batch": "personal",
        "joined_on": "personal",
        "joined_precision": "personal",
        "ended_on": "personal",
        "ended_precision": "personal",
        "end_reason": "personal",
        "org_role": "personal",
    }

    class Meta:
        verbose_name = _("会籍")
        indexes = [
            models.Index(fields=["organisation", "joined_on", "ended_on", "person"], name="membership_evidence"),
        ]

    @property
    def is_over(self) -> bool:
        return bool(self.end_reason)


# An ended spell without a day is outside the rule: it cannot be compared with another.
declare(NoOverlap("members.Membership", ("person_id", "organisation_id"), start="joined_on", until="ended_on", where="not ({end_reason} <> '' and {ended_on} is null)"))
