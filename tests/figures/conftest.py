"""The federation, and a browser at the moment of the cast."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from juzhi.access import actions as access
from juzhi.access.queries import AccountActor
from juzhi.base.indicators import Indicator
from juzhi.figures.queries import Figure, Narrowing, Node
from juzhi.network import actions as network
from juzhi.network.models import Seat
from tests import kept
from tests.access.conftest import committed
from tests.cast import NOW, SYSTEM, Cast

SECTOR_SINCE = date(2024, 6, 1)
__all__ = ["committed"]  # the fixture


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
    return kept.federation()


def signed_in(cast: Cast, name: str) -> Client:
    """A browser in which the account has signed in."""
    client = Client()
    client.force_login(cast.accounts[name])
    return client


def asked(cast: Cast, indicator: Indicator, place: str, day: date, narrowing: Narrowing = Narrowing(), since: date | None = None) -> Figure:  # noqa: B008 frozen
    """The question, not yet answered."""
    return Figure(indicator, Node("organisation", cast.organisations[place]), day, narrowing, None, NOW, since)


def group(cast: Cast, kind: str, since: date = SECTOR_SINCE) -> Node:
    """The tower and the body that stands alone, as what leans on the tower, or as a sector to which they belong since a day."""
    if kind == "host":
        return Node(kind, cast.hosts["tower"])
    sector = network.register_sector(by=SYSTEM, name="卫健系统")
    for place in ("tower", "lone"):
        seat = Seat.objects.system("test").select_related("area", "host").get(organisation=cast.organisations[place])
        network.relocate(by=SYSTEM, organisation=cast.fresh(place), area=seat.area, host=seat.host, sector=sector, valid_from=since, reason="归口")
    return Node(kind, sector)


def teller(cast: Cast, place: str) -> AccountActor:
    """Somebody who sees the numbers of a subtree and may publish them."""
    for duty in ("statistician", "publisher"):
        access.grant(by=SYSTEM, account=cast.accounts["plain"], duty=duty, organisation=cast.organisations[place], reach="subtree", purpose="发布", valid_from=date(2025, 1, 1))
    return cast.by("plain")
