"""The federation, and a browser at the moment of the cast."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from tests import cast as casting
from tests.cast import NOW, Cast


@pytest.fixture(autouse=True)
def static_folder(settings: LazySettings) -> None:
    """Where collected files would lie: the server looks for it when it starts."""
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests come at the moment of the cast."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def cast(db: None) -> Cast:
    return casting.build()


def signed_in(cast: Cast, name: str) -> Client:
    """A browser in which the account has signed in."""
    client = Client()
    client.force_login(cast.accounts[name])
    return client
