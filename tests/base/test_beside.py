"""Rows written by a second thread: in order, seen by whatever is asked meanwhile, and no fault of theirs gets lost."""

from __future__ import annotations

from contextlib import suppress

import pytest
from django.db import DatabaseError, IntegrityError

from juzhi.base import bulk
from juzhi.base.beside import beside
from juzhi.people.models import Name
from tests.cast import Cast
from tests.journal.conftest import inside_an_action

pytestmark = pytest.mark.django_db
NAMES = ("key", "person_id", "text", "text_key", "kind")


def rows(cast: Cast, first: int, number: int) -> list[tuple[str, int, str, str, str]]:
    person = next(iter(cast.memberships.values())).person_id
    return [(f"key{n:09}", person, f"名{n}", "", "former") for n in range(first, first + number)]


def texts() -> list[str]:
    return list(Name.objects.system("test").order_by("pk").values_list("text", flat=True))


def test_what_is_asked_meanwhile_sees_all_that_was_given_in_its_order(cast: Cast) -> None:
    def verb() -> list[str]:
        with beside(Name):
            for first in range(0, 1250, 250):
                bulk.insert_values(Name, NAMES, rows(cast, first, 250))
            seen = texts()
            bulk.insert_values(Name, NAMES, rows(cast, 1250, 1))
        return seen

    expected = [f"名{n}" for n in range(1251)]
    assert (inside_an_action(verb), texts()) == (expected[:-1], expected)


def test_a_fault_that_was_swallowed_once_still_undoes_everything(cast: Cast) -> None:
    def verb() -> None:
        with beside(Name):
            bulk.insert_values(Name, NAMES, rows(cast, 0, 3))
            bulk.insert_values(Name, NAMES, rows(cast, 2, 1))
            with suppress(DatabaseError):
                texts()
            bulk.insert_values(Name, NAMES, rows(cast, 3, 1))

    with pytest.raises(IntegrityError):
        inside_an_action(verb)
    assert texts() == []
