"""What the journal calls accounts, duties and links, and whoever did something: by name only for those who may see it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse

from juzhi.access.models import Account, Grant, Invitation
from juzhi.base.access import AUDITOR, MEMBER_CLERK, PROTECTION_CONTACT, SECRETARY
from juzhi.journal.models import Named
from juzhi.people.models import Person

OPENS = (SECRETARY, MEMBER_CLERK, PROTECTION_CONTACT, AUDITOR)  # duties that open the page of an organisation's rights


def accounts_named(by: Any, keys: Sequence[str]) -> dict[str, Named]:
    """The name of whoever holds or held a duty in the reader's sight, or is tied to a body in reach; one's own account. Three queries."""
    seen = Grant.objects.seen_by(by).filter(account__key__in=keys).values_list("account__key", "account__person__name")
    found = {key: Named(name) for key, name in seen if name}
    known = dict(Account.objects.filter(key__in=keys).values_list("key", "person_id"))
    return _told(by, known) | found


def grants_named(by: Any, keys: Sequence[str]) -> dict[str, Named]:
    """Who holds the duty, with the page of the organisation's rights."""
    rows = Grant.objects.seen_by(by).filter(key__in=keys).select_related("account__person", "organisation")
    opens = by.holds_anywhere(*OPENS)
    return {one.key: Named(one.account.person.name, reverse("access:organisation_grants", args=[one.organisation.key]) if opens else "") for one in rows if one.account.person.name}


def invitations_named(by: Any, keys: Sequence[str]) -> dict[str, Named]:
    """Whom a link was made for, where the reader may see them."""
    return _told(by, dict(Invitation.objects.system("whom a link was for, narrowed to persons in sight").filter(key__in=keys).values_list("key", "person_id")))


def _told(by: Any, persons: dict[str, int]) -> dict[str, Named]:
    """Names of {key: id of a person}, of those whom the reader may see."""
    names = dict(Person.objects.seen_among(by, list(persons.values())).values_list("pk", "name")) if persons else {}
    return {key: Named(names[pk]) for key, pk in persons.items() if names.get(pk)}
