"""Open a programme: a roll-out that an organisation leads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from juzhi.base.periods import parse_date
from juzhi.programmes import queries
from juzhi.programmes.models import Programme
from tests.cast import VISITOR, Cast
from tests.programmes.conftest import opened, refusal, who_may


def test_promise(cast: Cast, journal) -> None:
    by = cast.by("east_clerk")
    made = opened(cast, by, purpose="让每个街道都有组织")
    assert list(queries.programmes(VISITOR, cast.east)) == [made]
    assert (str(made), made.family, made.founds, made.reach, queries.since_words(made)) == ("向街道铺开", cast.families["知联会"], True, "街道", "2024 起")
    assert journal() == [("programmes.open_programme", by.key, "")]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"title": " "}, ("请填写名称", "title")),
        ({"host_type": "park"}, ("层级和依托单位类型只选一种", "level")),
        ({"level": "galaxy"}, ("层级和依托单位类型只选一种", "level")),
        ({"begun_on": parse_date("2027")}, ("请写已经开始的时间，至少写到年", "begun_on")),
        ({"begun_on": parse_date("不详")}, ("请写已经开始的时间，至少写到年", "begun_on")),
        ({}, ("「向街道铺开」已经在进行了", "title")),
    ],
)
def test_refusals(cast: Cast, programme: Programme, changed: dict[str, Any], said: tuple[str, str]) -> None:
    assert refusal(lambda: opened(cast, **changed)) == said


def test_who_may(cast: Cast) -> None:
    assert who_may(cast, lambda by: opened(cast, by)) == ["east_clerk", "city_clerk"]


def test_form(cast: Cast, signed_in: Callable[[str], Client]) -> None:
    address = f"/programmes/of/{cast.east.key}/open_programme/"
    typed = {"title": "走进医院", "family": cast.families["知联会"].key, "goal": "host:public_hospital", "begun_on": "2024-03"}
    answer = signed_in("east_clerk").post(address, typed)
    assert answer.status_code == 303
    assert "铺开到公立医院 · 2024-03 起" in Client().get(answer["Location"]).text
    assert [signed_in("west_clerk").get(address).status_code, Client().get(address).status_code] == [404, 302]
    assert "走进医院" in Client().get(f"/programmes/of/{cast.east.key}/").text
