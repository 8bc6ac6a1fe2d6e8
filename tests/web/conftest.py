"""Browsers of the cast's people."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.conf import LazySettings
from django.test import Client

from tests.cast import Cast

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
Browser = Callable[..., Client]


@pytest.fixture
def browser(cast: Cast) -> Browser:
    """`browser("city_clerk")` is signed in; `browser()` is a visitor."""

    def opened(name: str = "") -> Client:
        client = Client()
        if name:
            client.force_login(cast.accounts[name], backend=BACKEND)
        return client

    return opened


@pytest.fixture(autouse=True)
def static_folder(settings: LazySettings) -> None:
    """Whitenoise warns of a folder that is not there."""
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
