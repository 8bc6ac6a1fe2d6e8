"""The actor behind a request, and which grants are in force."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from juzhi.access.models import CARED_FOR, TAKEOVER, Account, Grant, Reach
from juzhi.base.access import OPERATOR, SECRETARY
from juzhi.base.actors import ZONE, Roots, makes_actors
from juzhi.network.models import Lineage, Organisation
from juzhi.people.models import Tie


@dataclass(frozen=True)
class Held:
    """One grant in force today."""

    duty: str
    organisation_id: int
    reach: str
    valid_to: date | None


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
        mine = list(dated(self.today).filter(account=self.account).order_by("pk").values_list("pk", "source", "duty", "organisation_id", "reach", "valid_to"))
        care = [row[0] for row in mine if row[1] == TAKEOVER]  # it hangs on another grant; few hold one, and every page asks
        due = set(in_force(self.today).filter(pk__in=care).values_list("pk", flat=True)) if care else set()
        return tuple(Held(*row[2:]) for row in mine if row[1] != TAKEOVER or row[0] in due)

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
        return bool(self._covering(duty, organisation_id, reach))

    def covers_until(self, duty: str, organisation_id: int | None, reach: str) -> date | None:
        """The first day on which the actor no longer covers it; None = no end in sight. Asked only where `covers`."""
        ends = [h.valid_to for h in self._covering(duty, organisation_id, reach)]
        return None if None in ends else max(end for end in ends if end is not None)

    def _covering(self, duty: str, organisation_id: int | None, reach: str) -> list[Held]:
        mine = [h for h in self.held if h.duty == duty] if organisation_id is not None else []
        near = [h for h in mine if h.organisation_id == organisation_id] if reach == Reach.OWN else []
        far = [h for h in mine if h.reach == Reach.SUBTREE and h not in near]
        above = self._ancestors(organisation_id) if far and organisation_id is not None else frozenset()
        return [*near, *(h for h in far if h.organisation_id in above)]

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

    def roots(self, *duties: str) -> Roots:
        mine = [h for h in self.held if h.duty in duties]
        here, below = ({h.organisation_id for h in mine if h.reach == reach} for reach in (Reach.OWN, Reach.SUBTREE))
        return Roots(tuple(sorted(here - below)), tuple(sorted(below)))

    def persons(self, *duties: str, among: Sequence[int] | None = None) -> Any:
        organisations = self.reach(*duties)
        if organisations == ():
            return ()
        ties = Tie.objects.system("who may be seen, and why").filter(valid_from__lte=self.today)
        if among is None:
            ties = ties.filter(organisation_id__in=organisations)
        else:  # each tie asks what stands above it: the subtree, however large, is not read
            ties = ties.filter(Exists(organisations.filter(descendant_id=OuterRef("organisation_id"))), person_id__among=among)
        return ties.exclude(valid_to__lte=self.today).values("person_id")

    def places(self, *ids: int) -> dict[int, tuple[str, str]]:
        found = Organisation.objects.seen_by(self).filter(pk__in=ids).order_by("pinyin_key", "pk")
        return {pk: (key, name) for pk, key, name in found.values_list("pk", "key", "name")}

    def organisation_id(self, key: str) -> int | None:
        return Organisation.objects.seen_by(self).filter(key=key).values_list("pk", flat=True).first()


def valid_on(day: date) -> Q:
    """Rows with valid_from ≤ day < valid_to (NULL = open)."""
    return Q(valid_from__lte=day) & (Q(valid_to__isnull=True) | Q(valid_to__gt=day))


def overlapping(since: date, until: date | None) -> Q:
    """Rows that hold on some day of [since, until)."""
    begins = Q() if until is None else Q(valid_from__lt=until)
    return begins & (Q(valid_to__isnull=True) | (Q(valid_to__gt=since) & Q(valid_to__gt=F("valid_from"))))


def dated(day: date) -> QuerySet[Grant]:
    """Grants whose dates hold `day`, of accounts that are not disabled. A superior's care among them may be due no more: `in_force` says."""
    return Grant.objects.system("which duties are in force").filter(valid_on(day), account__disabled_at__isnull=True)


def in_force(day: date) -> QuerySet[Grant]:
    """Grants that give their duty on `day`: dated so, of an account that is not disabled, and a superior's care only while its holder holds
    the same duty above, by that day's tree. So a body that is moved, or a duty lost above, ends the care at once."""
    above = Grant.objects.system("is the care still due").filter(
        valid_on(day),
        account=OuterRef("account"),
        duty=OuterRef("duty"),
        organisation__lineage_below__descendant=OuterRef("organisation"),
        organisation__lineage_below__depth__gt=0,
        organisation__lineage_below__valid_from__lte=day,
        organisation__lineage_below__valid_to__gt=day,
    )
    due = ~Q(source=TAKEOVER) | Q(Exists(above.exclude(source=TAKEOVER)))
    return dated(day).filter(due)


def cares_of(account: Account, day: date) -> QuerySet[Grant]:
    """Care that an account took over, as dated."""
    return Grant.objects.system("what an account cares for").filter(valid_on(day), account=account, source=TAKEOVER)


def places_held(account: Account, day: date) -> list[int]:
    """Ids of organisations where the account holds a duty."""
    return list(in_force(day).filter(account=account).values_list("organisation_id", flat=True).distinct())


def is_alone(organisation: Organisation, day: date) -> bool:
    """Whether a body has no superior and nobody who is its secretary."""
    above = Lineage.objects.system("has it a superior").on(day).filter(descendant=organisation, depth__gt=0)
    return not above.exists() and SECRETARY not in duties_covering(organisation, day)


def orphans(day: date) -> list[tuple[Organisation, str]]:
    """Standing bodies and the duty there that somebody held once and nobody holds on `day`."""
    had = Grant.objects.system("what was held once").filter(standing(day, "organisation__"), duty__in=CARED_FOR, valid_from__lte=day)
    gone = set(had.exclude(valid_to__lte=F("valid_from")).values_list("organisation_id", "duty"))
    gone -= set(in_force(day).filter(duty__in=CARED_FOR).values_list("organisation_id", "duty"))
    bodies = Organisation.objects.system("orphans").in_bulk([pk for pk, _duty in gone])
    return [(bodies[pk], duty) for pk, duty in sorted(gone)]


def standing(day: date, path: str) -> Q:
    """Rows whose organisation at `path` stands on `day`."""
    return Q(**{f"{path}founded_on__lte": day}) & (Q(**{f"{path}dissolved_on__isnull": True}) | Q(**{f"{path}dissolved_on__gt": day}))


def actor_of(key: str, at: datetime) -> AccountActor | None:
    """The actor of an account's key, for a job that works on its behalf; None when the account is gone or disabled."""
    account = Account.objects.select_related("person").filter(key=key, disabled_at__isnull=True).first()
    return AccountActor(account, at) if account is not None else None


makes_actors(actor_of)


def account_by_login(login: str) -> Account | None:
    return Account.objects.select_related("person").filter(login=login).first()


def somebody_governs(day: date) -> bool:
    """Whether anybody is secretary or operator anywhere: then the installation has begun."""
    return in_force(day).filter(duty__in=(SECRETARY, OPERATOR)).exists()


def organisation_id(key: str) -> int | None:
    """For the door: organisations are public, their ids stay inside."""
    return Organisation.objects.system("the door resolves the address").filter(key=key).values_list("pk", flat=True).first()


def duties_covering(organisation: Organisation, day: date) -> set[str]:
    """Duties somebody holds at the organisation itself on `day`."""
    return set(in_force(day).filter(organisation=organisation).values_list("duty", flat=True))
