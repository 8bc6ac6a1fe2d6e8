"""Record a slogan: the saying that counts an area's landmarks, and what it counts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from juzhi.network import actions, queries
from juzhi.network.models import Slogan
from tests.cast import SYSTEM, TODAY, VISITOR, Cast
from tests.network.conftest import refusal, who_may
from tests.network.profiles import BULLETIN

TEXT = "一馆一楼四枢纽，一地一圈四条村"
COUNTED = [("馆", 1), ("楼", 1), ("枢纽", 4), ("地", 1), ("圈", 1), ("村", 4)]


def coined(cast: Cast, by: Any = SYSTEM, **changed: Any) -> Slogan:
    return actions.record_slogan(by=by, area=cast.areas["970101"], **{"text": TEXT, "source": BULLETIN, "valid_from": date(2024, 1, 1), **changed})


def test_promise(cast: Cast, journal) -> None:
    by = cast.by("east_clerk")
    coined(cast, by)
    found = queries.landmarks(VISITOR, cast.areas["970101"], TODAY)
    assert found is not None
    assert [(one.group.word, one.group.expected) for one in found.groups] == COUNTED
    assert (found.expected, found.named) == (12, 0)
    assert journal() == [("network.record_slogan", by.key, "")]


def test_the_former_ends(cast: Cast) -> None:
    coined(cast)
    coined(cast, text="两河三岸", groups="河 2、岸 3", valid_from=date(2025, 1, 1))
    for day, text in ((date(2023, 12, 31), None), (date(2024, 12, 31), TEXT), (date(2025, 1, 1), "两河三岸")):
        found = queries.landmarks(VISITOR, cast.areas["970101"], day)
        assert (found.slogan.text if found else None) == text


@pytest.mark.parametrize(
    ("text", "counted"),
    [(TEXT, COUNTED), ("十大商圈、二十一个社区", [("大商圈", 10), ("社区", 21)]), ("两带三区", [("区", 3)]), ("宜居宜业", []), ("一", [])],
)
def test_what_words_count(text: str, counted: list[tuple[str, int]]) -> None:
    assert queries.groups_of(text)[-len(counted) or 9 :] == counted


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"text": " "}, ("请填写口号", "text")),
        ({"text": "宜居宜业"}, ("口号里没有读出个数，请在「各项个数」里写，例如：馆 1、楼 1、枢纽 4", "groups")),
        ({"groups": "馆"}, ("看不懂「馆」，请写成：馆 1、楼 1、枢纽 4", "groups")),
        ({"groups": "馆 0"}, ("看不懂「馆 0」，请写成：馆 1、楼 1、枢纽 4", "groups")),
        ({"groups": "、".join(f"项{'甲' * n} 1" for n in range(1, 19)) + "、馆 1、楼 1、区 1"}, ("最多 20 项，请合并后再填", "groups")),
        ({"valid_from": date(2027, 1, 1)}, ("起始日在将来，请核对", "valid_from")),
        ({"valid_from": date(2022, 1, 1)}, ("2022-01-01 起已经有口号，新的要晚于这一天", "valid_from")),
    ],
)
def test_refusals(cast: Cast, changed: dict[str, Any], said: tuple[str, str]) -> None:
    coined(cast, valid_from=date(2022, 1, 1))
    assert refusal(lambda: coined(cast, **changed)) == said


def test_who_may(cast: Cast) -> None:
    assert who_may(cast, lambda by: coined(cast, by)) == ["east_clerk", "city_clerk"]


def test_form(cast: Cast, signed_in: Callable[[str], Client]) -> None:
    address = f"/areas/{cast.areas['970101'].key}/record_slogan/"
    assert signed_in("east_clerk").post(address, {"text": TEXT, "source": "概况", "valid_from": "2024-01-01"}).status_code == 303
    page = Client().get(f"/areas/{cast.areas['970101'].key}/").text
    assert "口号里共 12 个，登记了 0 个。" in page and "口号里 4 个，登记了 0 个" in page
