"""Who may open the box of complaints, and how much one writer may put in on one day."""

from __future__ import annotations

from juzhi.base.actors import Actor
from juzhi.portal.models import READERS, Complaint

A_DAY = 5  # of one account, and of one address without an account


def may_complain(by: Actor, today: int) -> bool:
    """Anybody, signed in or not; `today` = how many came from the same writer since midnight."""
    return by.is_system or today < A_DAY


def may_answer_complaint(by: Actor, complaint: Complaint) -> bool:
    """Who opens the box, as far as it is open to them."""
    return by.is_system or (by.holds_anywhere(*READERS) and Complaint.objects.seen_by(by).filter(pk=complaint.pk).exists())
