"""Drop a landmark: one that was named wrongly, with the reason."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from juzhi.network import actions
from juzhi.network.models import Landmark
from tests.cast import SYSTEM, TODAY, Cast
from tests.network.conftest import refusal, who_may
from tests.network.test_name_landmark import hubs, named, notes


def test_promise(cast: Cast, journal) -> None:
    group, by = hubs(cast), cast.by("east_clerk")
    for name in ("东站", "西站"):
        mark = named(group, name)
    actions.drop_landmark(by=by, landmark=mark, reason="已改建")
    assert notes(cast) == ["口号里 4 个，登记了 1 个"]
    assert journal()[-1] == ("network.drop_landmark", by.key, "已改建")
    assert refusal(lambda: actions.drop_landmark(by=by, landmark=mark, reason="再来")) == ("这个地标已经撤下了", None)
    assert named(group, "西站").name == "西站"  # it may be named again
    assert Landmark.objects.system("test").get(pk=mark.pk).dropped_on == TODAY


def test_refusals_and_who_may(cast: Cast) -> None:
    mark = named(hubs(cast), "东站")
    assert refusal(lambda: actions.drop_landmark(by=SYSTEM, landmark=mark, reason=" ")) == ("请写明理由，理由会记入日志", "reason")
    assert who_may(cast, lambda by: actions.drop_landmark(by=by, landmark=mark, reason="已改建")) == ["east_clerk", "city_clerk"]


def test_form(cast: Cast, signed_in: Callable[[str], Client]) -> None:
    address = f"/landmarks/{named(hubs(cast), '东站').key}/drop_landmark/"
    assert address in signed_in("east_clerk").get(f"/areas/{cast.areas['970101'].key}/").text
    assert signed_in("east_clerk").post(address, {"reason": "已改建"}).status_code == 303
