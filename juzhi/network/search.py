"""What organisations are found by: every name they ever bore and every alias, by characters, sounds and initials. They are public."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from juzhi.base import tokens
from juzhi.base.searched import Searched, declare
from juzhi.network.models import Organisation, OrganisationName
from juzhi.network.queries.finding import KIND

WHY = "what a search finds by; organisations are public"


def tokens_of(ids: Sequence[int], today: date) -> dict[int, set[str]]:
    """Two statements however many organisations."""
    found = {pk: {*tokens.of_name(name), tokens.public(KIND)} for pk, name in Organisation.objects.system(WHY).filter(pk__among=ids).values_list("pk", "name")}
    for pk, text in OrganisationName.objects.system(WHY).filter(organisation_id__among=ids).values_list("organisation_id", "text"):
        found[pk] |= tokens.of_name(text)
    return found


def after(pk: int, most: int) -> list[int]:
    return list(Organisation.objects.system(WHY).filter(pk__gt=pk).order_by("pk").values_list("pk", flat=True)[:most])


declare(Searched(KIND, tokens_of, after))
