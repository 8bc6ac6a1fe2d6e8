"""Reads of the box of complaints."""

from __future__ import annotations

from django.db.models import F, QuerySet

from juzhi.base.actors import Actor
from juzhi.portal.models import READERS, Complaint


def complaints(by: Actor) -> QuerySet[Complaint]:
    """As far as `by` opens the box, what waits longest first, then what was answered last."""
    return Complaint.objects.seen_by(by).order_by(F("answered_at").desc(nulls_first=True), "made_at", "pk")


def waiting_complaints(by: Actor) -> QuerySet[Complaint]:
    """Those that nobody answered yet; none for who does not open the box."""
    return complaints(by).filter(answered_at=None) if by.holds_anywhere(*READERS) else Complaint.objects.none()


def own_complaints(by: Actor) -> QuerySet[Complaint]:
    """What `by` signed."""
    return Complaint.objects.seen_by(by).filter(actor_key=by.key).order_by("-made_at", "-pk") if by.key else Complaint.objects.none()


def complaint(by: Actor, key: str) -> Complaint | None:
    return Complaint.objects.seen_by(by).filter(key=key).first()
