"""Entries kept true: written by the actions that change a thing, in their own transaction; a subtree that moved is followed by the worker."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import nullcontext
from datetime import date

from django.db import connections, router

from juzhi.base import bulk, indexes
from juzhi.base.action import action, inside
from juzhi.base.actors import Actor
from juzhi.base.errors import Forbidden
from juzhi.base.searched import SEARCHED
from juzhi.search.models import Renewal, SearchEntry

CHUNK = 1000


def renew(kind: str, ids: Iterable[int], today: date) -> None:
    """Write the entries of these things anew, inside the action that changed them; of things that are gone, take them away. For one thing or for
    a hundred thousand: two statements for each thousand. Raises RuntimeError outside an action."""
    _must_be_inside()
    for some in _in_chunks(ids):
        tokens = SEARCHED[kind].tokens(some, today)
        with indexes.at_once(SearchEntry) if len(some) == CHUNK else nullcontext():
            bulk.put(SearchEntry.of(kind, dict(tokens)), unique=("kind", "thing_id"), fields=("tokens",))
        if gone := [pk for pk in some if pk not in tokens]:
            SearchEntry.objects.system("of things that are gone").filter(kind=kind, thing_id__in=gone).delete()


def enter(kind: str, tokens: Iterable[tuple[int, Iterable[str]]]) -> None:
    """The first entries of things that were made in this very action, many at once: id and tokens of each. Raises RuntimeError outside an action."""
    _must_be_inside()
    field, connection = SearchEntry._meta.get_field("tokens"), connections[router.db_for_write(SearchEntry)]
    with indexes.at_once(SearchEntry):
        bulk.insert_values(SearchEntry, ("kind", "thing_id", "tokens"), [(kind, pk, field.get_db_prep_value(found, connection)) for pk, found in tokens])


def forget(kind: str, ids: Iterable[int]) -> None:
    """These things are found no more, inside the action that takes them away. Raises RuntimeError outside an action."""
    _must_be_inside()
    for some in _in_chunks(ids):
        SearchEntry.objects.system("of things that are gone").filter(kind=kind, thing_id__in=some).delete()


def mark_moved(organisation_ids: Iterable[int]) -> None:
    """The place of these organisations in the tree is another: what is tied beneath is written anew by the worker (`keep_up`). Nothing is lost
    meanwhile: see `Renewal`. Call it inside the action that moves them."""
    kinds = [kind for kind, searched in sorted(SEARCHED.items()) if searched.beneath]
    rows = [Renewal(kind=kind, organisation_id=pk, done_to=0) for kind in kinds for pk in sorted(set(organisation_ids))]
    bulk.put(rows, unique=("kind", "organisation_id"), fields=("done_to",))


@action
def keep_up(*, by: Actor) -> int:
    """Write anew up to a thousand entries beneath an organisation that was moved. Returns how many. Refuses everybody but the product itself."""
    if not by.is_system:
        raise Forbidden()
    waiting = Renewal.objects.system("what is to be written anew").select_for_update(skip_locked=True).order_by("pk").first()
    if waiting is None:
        return 0
    beneath = SEARCHED[waiting.kind].beneath if waiting.kind in SEARCHED else None
    ids = beneath(waiting.organisation_id, by.today, waiting.done_to, CHUNK) if beneath else []
    renew(waiting.kind, ids, by.today)
    if len(ids) < CHUNK:
        waiting.delete()
    else:
        waiting.done_to = ids[-1]
        waiting.save(update_fields=["done_to"])
    return len(ids)


@action
def rebuild(*, by: Actor, kind: str, after: int = 0, most: int = 5000) -> int:
    """Write anew the entries of up to `most` things of this kind beyond the id `after`, and take away those of things that are gone. Returns the last
    id, 0 when all is done. Searching goes on meanwhile. Refuses everybody but the product itself.
    """
    if not by.is_system:
        raise Forbidden()
    ids = SEARCHED[kind].after(after, most)
    orphans = SearchEntry.objects.system("of things that are gone").filter(kind=kind, thing_id__gt=after).exclude(thing_id__in=ids)
    (orphans.filter(thing_id__lte=ids[-1]) if len(ids) == most else orphans).delete()
    renew(kind, ids, by.today)
    return ids[-1] if len(ids) == most else 0


def _in_chunks(ids: Iterable[int]) -> Iterable[list[int]]:
    ordered = sorted(set(ids))
    return (ordered[start : start + CHUNK] for start in range(0, len(ordered), CHUNK))


def _must_be_inside() -> None:
    if not inside():
        raise RuntimeError("entries of the search are written inside the action that changes the thing")
