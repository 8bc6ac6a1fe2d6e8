"""Name a landmark: under the part of the slogan that counts it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.test import Client

from juzhi.network import actions, queries
from juzhi.network.models import Landmark, LandmarkGroup
from tests.cast import SYSTEM, TODAY, VISITOR, Cast
from tests.network.conftest import refusal, who_may
from tests.network.test_record_slogan import coined


def hubs(cast: Cast) -> LandmarkGroup:
    return next(one for one in queries.landmark_groups(VISITOR, coined(cast)) if one.word == "枢纽")


def named(group: LandmarkGroup, name: str, by: Any = SYSTEM) -> Landmark:
    return actions.name_landmark(by=by, group=group, name=name)


def notes(cast: Cast) -> list[str]:
    found = queries.landmarks(VISITOR, cast.areas["970101"], TODAY)
    assert found is not None
    return [one.note for one in found.groups if one.group.word == "枢纽"]


def test_promise(cast: Cast, journal) -> None:
    """The page says how far the list is from the slogan, in both directions."""
    by, group = cast.by("east_clerk"), hubs(cast)
    said = []
    for number in range(5):
        named(group, f"枢纽{number}", by)
        said += notes(cast)
    assert said == [*(f"口号里 4 个，登记了 {n} 个" for n in (1, 2, 3)), "", "口号里 4 个，登记了 5 个"]
    assert journal()[-1] == ("network.name_landmark", by.key, "")


def test_refusals_and_who_may(cast: Cast) -> None:
    group = hubs(cast)
    named(group, "东站")
    assert refusal(lambda: named(group, "东 站")) == ("「东 站」已经登记过了", "name")
    assert refusal(lambda: named(group, "")) == ("请填写名称", "name")
    assert who_may(cast, lambda by: named(group, "西站", by)) == ["east_clerk", "city_clerk"]


def test_form(cast: Cast, signed_in: Callable[[str], Client]) -> None:
    group = hubs(cast)
    address = f"/slogans/{group.slogan.key}/name_landmark/"
    assert signed_in("east_clerk").post(address, {"group": group.key, "name": "东站"}).status_code == 303
    assert signed_in("east_clerk").post(address, {"group": "nobody", "name": "西站"}).status_code == 422
    assert signed_in("west_clerk").post(address, {"group": group.key, "name": "西站"}).status_code == 422
    assert list(Landmark.objects.system("test").values_list("name", flat=True)) == ["东站"]
