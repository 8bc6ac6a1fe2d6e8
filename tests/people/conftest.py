"""Browsers of the cast's accounts."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.conf import LazySettings
from django.test import Client

from tests.access.conftest import committed  # noqa: F401 (a fixture)
from tests.cast import Cast


@pytest.fixture
def browser(cast: Cast) -> Callable[[str], Client]:
    """`browser("east_clerk")` = a browser in which that account is signed in."""

    def signed_in(name: str) -> Client:
        client = Client()
        client.force_login(cast.accounts[name], backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return signed_in


@pytest.fixture(autouse=True)
def static_folder(settings: LazySettings) -> None:
    """Whitenoise warns of a folder that is not there."""
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
