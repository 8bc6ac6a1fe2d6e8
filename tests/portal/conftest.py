"""The cast, and browsers signed in as its people."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from tests.cast import Cast, build

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
Browser = Callable[..., Client]


@pytest.fixture
def cast(db: None) -> Cast:
    return build()


@pytest.fixture
def browser(cast: Cast) -> Browser:
    """`browser("city_clerk")` is signed in; `browser()` is a visitor."""

    def opened(name: str = "") -> Client:
        client = Client()
        if name:
            client.force_login(cast.accounts[name], backend=BACKEND)
        return client

    return opened
