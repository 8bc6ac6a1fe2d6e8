"""The public face: organisations as of today, each number opens, never a count of persons."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client

from juzhi.network import actions as network
from juzhi.portal.queries import front
from tests.cast import SYSTEM, TODAY, VISITOR, Cast
from tests.portal.conftest import Browser


@pytest.mark.django_db
def test_an_empty_database_says_what_to_do_first() -> None:
    response = Client().get("/")
    text = response.content.decode()
    assert response.status_code == 200
    assert "还没有组织" in text and "juzhi demo" in text and 'href="/account/login/"' in text


def test_the_whole_front(cast: Cast) -> None:
    shown = front(VISITOR)
    assert shown.figure is not None
    assert (shown.figure.node.key, shown.figure.value, shown.figure.as_of) == (cast.city.key, 8, TODAY)
    assert [(group["label"], group["count"], group["new"]) for group in shown.groups] == [("区级", 2, 0), ("街道", 1, 0), ("社区", 1, 0), ("楼宇", 1, 0), ("园区", 2, 0)]
    assert [(row["label"], row["value"]) for row in shown.strip] == [("区级", 2), ("园区", 2), ("市级", 1), ("街道", 1)]
    assert [(row["label"], row["value"]) for row in shown.hosts] == [("楼宇", 1), ("没有依托单位", 7)]
    assert [(row["label"], row["value"]) for row in shown.districts] == [("东湖区", 5), ("西山区", 3), ("北岭区", 0)]
    assert shown.districts_note == "尚无组织：北岭区。"
    assert [(one.organisation.name, one.year, one.rest) for one in shown.newest][:2] == [("港前街道分会", "2024", "05-07"), ("果园社区知联会", "2021", "03-25")]
    assert [(one["organisation"].name, one["count"]) for one in shown.others] == [("云塔大厦新联会", 1)]


def test_every_number_opens(cast: Cast, browser: Browser) -> None:
    client = browser()
    text = client.get("/").content.decode()
    addresses = {address.replace("&amp;", "&") for address in re.findall(r'href="(/figures/[^"]+)"', text)}
    assert len(addresses) == 10
    assert {client.get(address).status_code for address in addresses} == {200}


def test_a_number_is_the_number_of_its_page(cast: Cast, browser: Browser) -> None:
    client = browser()
    for row in [*front(VISITOR).districts, *front(VISITOR).strip, *front(VISITOR).hosts]:
        sheet = client.get(row["href"]).context["sheet"]
        assert sheet.figure.value == row["value"], row


def test_no_count_of_persons_and_no_name_for_anybody(cast: Cast, browser: Browser) -> None:
    text = browser("city_clerk").get("/").content.decode()
    own = cast.accounts["city_clerk"].person
    assert not [person.name for person in cast.persons.values() if person != own and person.name in text]
    assert "人</span>" not in text


@pytest.mark.django_db
def test_several_roots_and_no_city_show_the_first_founded() -> None:
    family = network.register_family(by=SYSTEM, name="商会", glyph="商")
    for name, year in (("东湖区商会", 2016), ("西山区商会", 2014)):
        network.found(by=SYSTEM, name=name, family=family, level="district", founded_on=date(year, 3, 1))
    shown = front(VISITOR)
    assert (shown.figure and shown.figure.node.name, [one["organisation"].name for one in shown.others]) == ("西山区商会", ["东湖区商会"])
    assert (shown.districts, shown.groups) == ([], [])


def test_queries_do_not_grow_with_organisations(cast: Cast, django_assert_num_queries: Any, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(50) as before:
        front(VISITOR)
    for number in range(3):
        network.found(by=SYSTEM, name=f"新设{number}号知联会", family=cast.families["知联会"], level="district", parent=cast.fresh("city"), founded_on=TODAY, area=cast.areas["970101"])
    with django_assert_num_queries(len(before)):
        front(VISITOR)
