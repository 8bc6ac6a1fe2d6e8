"""Sectors and guiding bodies as pages: which organisations, as of which day; guidance carries no right."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from juzhi.network import actions, queries
from juzhi.network.models import ExternalBody, GuidanceLink, Sector
from tests.cast import SYSTEM, VISITOR, Cast
from tests.network.test_pages import page

DAY = date(2025, 1, 1)


@pytest.fixture
def health(cast: Cast) -> Sector:
    """Tower and orchard are in it since 2025; a second sector is empty."""
    actions.register_sector(by=SYSTEM, name="教育系统")
    sector = actions.register_sector(by=SYSTEM, name="卫健系统")
    for short, area in (("tower", "970101001"), ("orchard", "970102001"), ("west", "9701")):
        actions.relocate(by=SYSTEM, organisation=cast.organisations[short], area=cast.areas[area], host=None, sector=sector, valid_from=DAY, reason="归口")
    return sector


def listed(sector: Sector, **query: str) -> list[str]:
    rows = Client().get(reverse("network:sector", args=[sector.key]), {**query, "format": "csv"}).content.decode("utf-8-sig")
    return sorted(line.split(",")[0] for line in rows.splitlines()[1:])


def test_the_list_counts_as_of_a_day(cast: Cast, health: Sector) -> None:
    assert [(one.name, one.bodies) for one in queries.sectors(VISITOR, DAY)] == [("卫健系统", 3), ("教育系统", 0)]
    assert [one.bodies for one in queries.sectors(VISITOR, date(2024, 12, 31))] == [0, 0]
    assert "卫健系统 3" in page(Client(), "sectors")


def test_a_sector_opens_by_level_and_area(cast: Cast, health: Sector) -> None:
    text = page(Client(), "sector", health.key)
    assert "3 个存续的组织" in text and "区级 1 社区 1 楼宇 1" in text and "云海市 1 东湖区 1 西山区 1" in text
    assert listed(health) == ["云塔大厦知联会", "果园社区知联会", "西山区知联会"]
    assert (listed(health, level="building"), listed(health, area=cast.areas["970102"].key), listed(health, area="9701")) == (["云塔大厦知联会"], ["果园社区知联会"], listed(health))
    assert f'href="/figures/organisations/sectors/{health.key}/?as_of=2026-01"' in Client().get(reverse("network:sector", args=[health.key]), {"as_of": "2026-01"}).content.decode()
    assert listed(health, as_of="2024") == [] and "0 个存续的组织" in page(Client(), "sector", health.key, as_of="2024")
    assert page(Client(), "sector", health.key, level="nothing", status=400) and page(Client(), "sector", "nosuchkey123", status=404)
    assert f'href="/sectors/{health.key}/"' in Client().get(reverse("network:organisation", args=[cast.tower.key])).content.decode()


def test_as_many_queries_with_one_as_with_three(cast: Cast, health: Sector) -> None:
    def cost(as_of: str) -> int:
        with CaptureQueriesContext(connection, ) as told:
            page(Client(), "sector", health.key, as_of=as_of)
        return len(told)

    page(Client(), "sector", health.key)
    before = cost("2026")
    actions.relocate(by=SYSTEM, organisation=cast.harbour, area=cast.areas["970101"], host=None, sector=health, valid_from=DAY, reason="归口")
    assert cost("2026") == before


def test_a_guiding_body_and_whom_it_guides_and_guided(cast: Cast) -> None:
    host = cast.hosts["tower"]
    body = actions.register_external_body(by=SYSTEM, name="区委统战部", level="区级", host=host)
    for short, since in (("harbour", None), ("tower", DAY), ("closed", None)):
        actions.guide(by=SYSTEM, organisation=cast.organisations[short], authority=body, valid_from=since)
    text = page(Client(), "external_body", body.key)
    assert "指导 2 个组织" in text and "指导不带任何数据权限" in text and "以前指导过的 旧港区知联会 组织已终止" in text and "所在单位 云塔大厦" in text
    assert "指导 1 个组织" in page(Client(), "external_body", body.key, as_of="2024-12")
    assert page(Client(), "external_body", "nosuchkey123", status=404)
    assert f'href="/external_bodies/{body.key}/"' in Client().get(reverse("network:organisation", args=[cast.harbour.key])).content.decode()
    assert f'href="/external_bodies/{body.key}/"' in Client().get(reverse("network:external_bodies")).content.decode()
    assert (ExternalBody.objects.system("test").count(), GuidanceLink.objects.system("test").count()) == (1, 3)
