"""Persons who look alike and are not the same: said, kept, and taken back. Nothing is merged here."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from juzhi.base import bulk
from juzhi.base.action import action
from juzhi.base.actors import Actor
from juzhi.base.errors import Forbidden, Refused
from juzhi.base.text import clean_text
from juzhi.journal.actions import Line, record
from juzhi.people import rules
from juzhi.people.models import Apart, Person

PERSONS_AT_MOST = 20  # told apart at once: each with each


@action
def tell_apart(*, by: Actor, persons: Sequence[Person], reason: str = "") -> list[Apart]:
    """Keep that these persons are not the same, each with each, so that they are not shown as possible duplicates of one another again.

    It is kept as the organisations know them of which `by` is clerk, and holds for those whose reach covers these. Gives what is new. Refuses without
    right to each, fewer than two persons, more than PERSONS_AT_MOST, and what has all been said already.
    """
    reason = clean_text(reason, field="reason", label=_("说明"), limit=300)
    ids = sorted({one.pk for one in persons})
    if len(ids) > PERSONS_AT_MOST:
        raise Refused(_("一次最多选 %(most)s 人，请分几次") % {"most": PERSONS_AT_MOST}, field="persons")
    if len(ids) < 2:
        raise Refused(_("请至少选两个人：说明谁和谁不是同一人"), field="persons")
    found = list(Person.objects.system("lock for tell_apart").select_for_update().filter(pk__in=ids).order_by("pk"))
    if not all(rules.may_tell_apart(by, one) for one in found):
        raise Forbidden()
    places = {one.pk: place for one in found if (place := rules.place_of_clerk(by, one)) is not None}
    said = set(_standing().filter(first__in=ids, second__in=ids).values_list("first_id", "second_id", "first_place_id", "second_place_id"))
    new = [(a, b) for a, b in combinations(ids, 2) if (a, b, places[a], places[b]) not in said]
    if not new:
        raise Refused(_("已经认定过不是同一人"), field="persons", code="state")
    made = bulk.insert(Apart(first_id=a, second_id=b, first_place_id=places[a], second_place_id=places[b], actor_key=by.key[:40], at=by.at) for a, b in new)
    record(by=by, verb="people.tell_apart", thing=found[0], organisation_id=places[found[0].pk], reason=reason, lines=[Line(one) for one in found[1:]])
    return made


@action
def reconsider(*, by: Actor, apart: Apart) -> Apart:
    """Take back that two persons are not the same: they are shown as possible duplicates again, if they still look alike. Refuses without right and twice."""
    apart = Apart.objects.system("lock for reconsider").select_related("first", "second", "first_place", "second_place").select_for_update(of=("self",)).get(pk=apart.pk)
    if not rules.may_reconsider(by, apart):
        raise Forbidden()
    if apart.withdrawn_at is not None:
        raise Refused(_("已经取消过了"), code="state")
    apart.withdrawn_at = by.at
    apart.save(update_fields=["withdrawn_at"])
    record(by=by, verb="people.reconsider", thing=apart.first, organisation_id=apart.first_place.pk, lines=[Line(apart.second)])
    return apart


def _standing() -> QuerySet[Apart]:
    return Apart.objects.system("what was said already").filter(withdrawn_at__isnull=True)
