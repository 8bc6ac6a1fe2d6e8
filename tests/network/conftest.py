"""The cast, and a form sent as a browser would."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import transaction
from django.test import Client

from juzhi.base.errors import Forbidden, Refused
from juzhi.journal.models import Entry
from juzhi.network.models import Lineage, Organisation
from tests import cast as cast_of_tests


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: Any) -> Iterator[cast_of_tests.Cast]:
    """The cast, once for a file: each test runs in a savepoint of this transaction."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield cast_of_tests.build()
        transaction.set_rollback(True)


@pytest.fixture
def cast(built: cast_of_tests.Cast, db: None) -> cast_of_tests.Cast:
    return copy.deepcopy(built)


@pytest.fixture(autouse=True)
def static_folder(settings: LazySettings) -> None:
    """Where collected files lie; a test needs none of them."""
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


@pytest.fixture
def signed_in(cast: cast_of_tests.Cast) -> Callable[[str], Client]:
    """A browser in which the account of this short name has signed in."""

    def sign_in(name: str) -> Client:
        client = Client()
        client.force_login(cast.accounts[name])
        return client

    return sign_in


@pytest.fixture
def journal() -> Callable[[], list[tuple[str, str, str]]]:
    """Verb, actor and reason of the entries made since the fixture was asked for."""
    before = set(Entry.objects.system("test").values_list("pk", flat=True))
    return lambda: list(Entry.objects.system("test").exclude(pk__in=before).order_by("pk").values_list("verb", "actor_key", "reason"))


def above(organisation: Organisation, day: Any) -> list[str]:
    """Names above it on a day, from the top, itself included."""
    rows = Lineage.objects.system("test").on(day).filter(descendant=organisation).order_by("-depth")
    return list(rows.values_list("ancestor__name", flat=True))


class Undone(Exception):
    """Takes back what was tried."""


def who_may(cast: cast_of_tests.Cast, attempt: Callable[[Any], object]) -> list[str]:
    """Accounts (and the visitor) whom the verb does not turn away; what each does is taken back."""
    allowed = []
    for name, by in [*((name, cast.by(name)) for name in cast.accounts), ("visitor", cast_of_tests.VISITOR)]:
        try:
            with transaction.atomic():
                attempt(by)
                raise Undone
        except Undone:
            allowed.append(name)
        except Forbidden:
            continue
    return allowed


def refusal(attempt: Callable[[], object]) -> tuple[str, str | None]:
    """What a verb says when it declines, and the field it names; what it began is taken back."""
    with pytest.raises(Refused) as refused, transaction.atomic():
        attempt()
    return refused.value.message, refused.value.field
