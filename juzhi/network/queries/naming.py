"""What the journal calls the things of this room: public names, with an address where there is a page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import apps
from django.urls import reverse

from juzhi.journal.models import Named, Namer
from juzhi.network.models import Organisation, OrganisationContact

PAGES = {
    "network.area": "network:area",
    "network.externalbody": "network:external_body",
    "network.host": "network:host",
    "network.organisation": "network:organisation",
    "network.sector": "network:sector",
    "network.statistic": "network:statistic",
}
PLAIN = ("organisation", "family", "foundingevent", "externalbody", "area", "unit", "host", "sector", "register", "measure", "statistic", "claim", "slogan", "landmark")


def namer(kind: str) -> Namer:
    """The namer of a kind whose rows are public and say their own name."""

    def named(by: Any, keys: Sequence[str]) -> dict[str, Named]:
        rows = apps.get_model(kind).objects.seen_by(by).filter(key__in=keys)
        return {one.key: Named(str(one), reverse(PAGES[kind], args=[one.key]) if kind in PAGES else "") for one in rows}

    return named


def contacts_named(by: Any, keys: Sequence[str]) -> dict[str, Named]:
    """A contact of an organisation, for its secretary."""
    rows = OrganisationContact.objects.seen_by(by).filter(key__in=keys).values_list("key", "name", "organisation_id")
    places = dict(Organisation.objects.seen_by(by).filter(pk__in=[place for _key, _name, place in rows]).values_list("pk", "key"))
    return {key: Named(name, reverse("network:organisation", args=[places[place]])) for key, name, place in rows if name}


def namers() -> dict[str, Namer]:
    """Every kind of this room that the journal may have to name."""
    return {**{f"network.{one}": namer(f"network.{one}") for one in PLAIN}, "network.organisationcontact": contacts_named}
