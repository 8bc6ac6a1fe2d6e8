"""Register family: a kind of association, once by its name."""

from __future__ import annotations

from juzhi.network import actions
from juzhi.network.models import Family
from tests.cast import SYSTEM, Cast
from tests.network.conftest import refusal, who_may


def test_promise_and_twice(cast: Cast, journal) -> None:
    by = cast.by("operator")
    made = actions.register_family(by=by, name="商会", full_name="总商会", hue="accent")
    again = actions.register_family(by=by, name=" 商会 ", full_name="别的全称")
    assert (made.name, made.full_name, made.glyph, made.hue) == ("商会", "总商会", "商", "accent")
    assert (again, Family.objects.system("test").count()) == (made, 3)
    assert journal() == [("network.register_family", by.key, "")]


def test_refusals(cast: Cast) -> None:
    assert refusal(lambda: actions.register_family(by=SYSTEM, name="")) == ("请填写组织类别", "family")
    assert refusal(lambda: actions.register_family(by=SYSTEM, name="商会", hue="red")) == ("没有这种颜色，可选：brand、plum、accent、ok、info", "hue")
    assert refusal(lambda: actions.register_family(by=SYSTEM, name="商" * 50)) == ("「组织类别」太长：有 50 个字，最多 40 个字，请缩短后再提交", "family")


def test_who_may(cast: Cast) -> None:
    assert who_may(cast, lambda by: actions.register_family(by=by, name="商会")) == ["operator"]
