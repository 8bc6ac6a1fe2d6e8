"""The actor behind a request, and what organisations and accounts are told about rights."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import get_resolver

from juzhi.access.models import DUTY_LABELS, Account, Grant, Invitation, Reach
from juzhi.base.access import DUTIES, MEMBER_CLERK, SECRETARY
from juzhi.base.actors import ZONE, Actor, makes_actors
from juzhi.network.models import Lineage, Organisation
from juzhi.people.models import Person, Tie


@dataclass(frozen=True)
class Held:
    """One grant valid today."""

    duty: str
    organisation_id: int
    reach: str


@dataclass(frozen=True)
class AccountActor:
    """An account at a moment. Its grants are read once; rights always use today's tree and today's grants."""

    account: Account
    at: datetime
    is_system: bool = field(default=False)

    @property
    def key(self) -> str:
        return self.account.key

    @cached_property
    def person_key(self) -> str:
        return self.account.person.key

    @cached_property
    def today(self) -> date:
        return self.at.astimezone(ZONE).date()

    @cached_property
    def held(self) -> tuple[Held, ...]:
        if not self.account.is_active:
            return ()
        rows = Grant.objects.system("the actor's own grants").filter(valid_on(self.today), account=self.account)
        return tuple(Held(*row) for row in rows.order_by("pk").values_list("duty", "organisation_id", "reach"))

    @cached_property
    def _above(self) -> dict[int, frozenset[int]]:
        return {}

    def _ancestors(self, organisation_id: int) -> frozenset[int]:
        """The organisation and all above it today."""
        if organisation_id not in self._above:
            rows = Lineage.objects.system("rights by today's tree").on(self.today).filter(descendant_id=organisation_id)
            self._above[organisation_id] = frozenset(rows.values_list("ancestor_id", flat=True))
        return self._above[organisation_id]

    def holds(self, duty: str, organisation_id: int | None) -> bool:
        return self.covers(duty, organisation_id, Reach.OWN)

    def covers(self, duty: str, organisation_id: int | None, reach: str) -> bool:
        """Whether the actor holds `duty` at least as far as `reach` from that organisation."""
        if organisation_id is None:
            return False
        mine = [h for h in self.held if h.duty == duty]
        if reach == Reach.OWN and any(h.organisation_id == organisation_id for h in mine):
            return True
        far = {h.organisation_id for h in mine if h.reach == Reach.SUBTREE}
        return bool(far) and not far.isdisjoint(self._ancestors(organisation_id))

    def holds_anywhere(self, *duties: str) -> bool:
        return any(h.duty in duties for h in self.held)

    def reach(self, *duties: str) -> Any:
        mine = [h for h in self.held if h.duty in duties]
        if not mine:
            return ()
        far = [h.organisation_id for h in mine if h.reach == Reach.SUBTREE]
        near = [h.organisation_id for h in mine if h.reach == Reach.OWN]
        covered = Q(ancestor_id__in=far) if far else Q(pk__in=())
        if near:
            covered |= Q(descendant_id__in=near, depth=0)
        return Lineage.objects.system("rights by today's tree").on(self.today).filter(covered).values("descendant_id")

    def persons(self, *duties: str) -> Any:
        organisations = self.reach(*duties)
        if organisations == ():
            return ()
        ties = Tie.objects.system("who may be seen, and why").filter(organisation_id__in=organisations, valid_from__lte=self.today)
        return ties.exclude(valid_to__lte=self.today).values("person_id")

    def places(self, *ids: int) -> dict[int, tuple[str, str]]:
        found = Organisation.objects.seen_by(self).filter(pk__in=ids).order_by("pinyin_key", "pk")
        return {pk: (key, name) for pk, key, name in found.values_list("pk", "key", "name")}

    def organisation_id(self, key: str) -> int | None:
        return Organisation.objects.seen_by(self).filter(key=key).values_list("pk", flat=True).first()


def valid_on(day: date) -> Q:
    """Rows with valid_from ≤ day < valid_to (NULL = open)."""
    return Q(valid_from__lte=day) & (Q(valid_to__isnull=True) | Q(valid_to__gt=day))


def actor_of(key: str, at: datetime) -> AccountActor | None:
    """The actor of an account's key, for a job that works on its behalf; None when the account is gone or disabled."""
    account = Account.objects.select_related("person").filter(key=key, disabled_at__isnull=True).first()
    return AccountActor(account, at) if account is not None else None


makes_actors(actor_of)


def account_by_login(login: str) -> Account | None:
    return Account.objects.select_related("person").filter(login=login).first()


def organisation_id(key: str) -> int | None:
    """For the door: organisations are public, their ids stay inside."""
    return Organisation.objects.system("the door resolves the address").filter(key=key).values_list("pk", flat=True).first()


def grants_at(by: Actor, organisation: Organisation) -> QuerySet[Grant]:
    """Grants that reach this organisation today, own and inherited, as far as `by` may see them: who can see this, and why."""
    above = Lineage.objects.system("grants inherited from above").on(by.today).filter(descendant=organisation).values("ancestor_id")
    reaching = Q(organisation=organisation) | Q(organisation_id__in=above, reach=Reach.SUBTREE)
    found = Grant.objects.seen_by(by).filter(reaching, valid_on(by.today))
    return found.select_related("account__person", "organisation").order_by("duty", "organisation__founded_on", "pk")


def grants_given(by: Actor, organisation: Organisation) -> QuerySet[Grant]:
    """Every grant at this organisation itself, past ones included."""
    return Grant.objects.seen_by(by).filter(organisation=organisation).select_related("account__person").order_by("-valid_from", "-pk")


def duties_covering(organisation: Organisation, day: date) -> set[str]:
    """Duties somebody with an active account holds at the organisation itself on `day`."""
    rows = Grant.objects.system("is the organisation orphaned").filter(valid_on(day), organisation=organisation)
    return set(rows.filter(account__disabled_at__isnull=True).values_list("duty", flat=True))


def open_invitation(digest: str, at: datetime) -> Invitation | None:
    """The unused, unexpired link with this digest."""
    rows = Invitation.objects.system("a link is presented").select_related("person", "organisation")
    return rows.filter(digest=digest, used_at__isnull=True, expires_at__gt=at).first()


def organisation(by: Actor, key: str) -> Organisation | None:
    return Organisation.objects.seen_by(by).filter(key=key).first()


def person(by: Actor, key: str) -> Person | None:
    return Person.objects.seen_by(by).filter(key=key).first()


def own_grants(by: Actor) -> QuerySet[Grant]:
    """The reader's own duties of today."""
    return Grant.objects.system("one's own grants").filter(valid_on(by.today), account__key=by.key).select_related("organisation").order_by("organisation__pinyin_key", "duty")


def places(by: Actor) -> list[tuple[str, str]]:
    """Organisations (key, name) where `by` may give duties; the first fifty."""
    found = Organisation.objects.seen_by(by).filter(pk__in=by.reach(SECRETARY)) if by.holds_anywhere(SECRETARY) else Organisation.objects.none()
    return list(found.order_by("pinyin_key", "pk").values_list("key", "name")[:50])


def grantable(by: Actor, organisation: Organisation) -> list[str]:
    """Duties `by` may give there: those held at it; the operator gives the first secretary."""
    mine = [duty for duty in DUTIES if by.holds(duty, organisation.pk)]
    return mine if by.holds(SECRETARY, organisation.pk) else [SECRETARY]


def grant_at(by: Actor, organisation: Organisation, key: str) -> Grant | None:
    return Grant.objects.seen_by(by).filter(organisation=organisation, key=key).select_related("account__person").first()


def grants_of(by: Actor, person: Person) -> QuerySet[Grant]:
    return Grant.objects.seen_by(by).filter(account__person=person).select_related("organisation").order_by("-valid_from", "-pk")


def account_of(person: Person) -> Account | None:
    return Account.objects.filter(person=person).first()


def invitation(secret: str, at: datetime) -> Invitation | None:
    return open_invitation(hashlib.sha256(secret.encode()).hexdigest(), at)


def inviting_places(by: Actor, person: Person) -> list[Organisation]:
    """Organisations on whose behalf `by` may invite this person: those that know the person today."""
    if not by.holds_anywhere(MEMBER_CLERK, SECRETARY):
        return []
    tied = Tie.objects.system("who may invite").filter(valid_on(by.today), person=person, organisation_id__in=by.reach(MEMBER_CLERK, SECRETARY))
    return list(Organisation.objects.seen_by(by).filter(pk__in=tied.values("organisation_id")).order_by("pinyin_key")[:20])


@dataclass(frozen=True)
class DutyCard:
    """A duty, and the pages it opens."""

    label: str
    pages: list[str]


def duties() -> list[DutyCard]:
    """What each duty may do, read from the views' own declarations."""
    found: dict[str, list[str]] = {duty: [] for duty in DUTIES}
    for view in declared_views():
        for duty in view.access.duty:
            if duty in found:
                words = (view.__doc__ or "").strip().splitlines()
                found[duty].append(words[0] if words else view.__name__)
    return [DutyCard(DUTY_LABELS[duty], sorted(set(pages))) for duty, pages in found.items()]


def declared_views() -> list[Any]:
    """Every view of our own that the address table names."""
    found, waiting = [], list(get_resolver().url_patterns)
    while waiting:
        one = waiting.pop()
        if hasattr(one, "url_patterns"):
            waiting += one.url_patterns
        elif hasattr(one.callback, "access"):
            found.append(one.callback)
    return found
