"""Register unit: a legal body, once by its credit code or name."""

from __future__ import annotations

from juzhi.network import actions
from juzhi.network.models import Unit
from tests.cast import SYSTEM, Cast
from tests.network.conftest import refusal, who_may

CODE = "91350100M000100Y43"  # the worked example of GB 32100-2015


def test_promise_and_twice(cast: Cast, journal) -> None:
    by = cast.by("east_clerk")
    made = actions.register_unit(by=by, name="云塔物业有限公司", credit_code=" 91350100m000100y43 ")
    assert (made.name, made.credit_code) == ("云塔物业有限公司", CODE)
    again = [actions.register_unit(by=by, name="云塔物业（有限）公司", credit_code=CODE), actions.register_unit(by=by, name="云塔物业有限公司")]
    assert (again, Unit.objects.system("test").count()) == ([made, made], 1)
    assert journal() == [("network.register_unit", by.key, "")]


def test_refusals(cast: Cast) -> None:
    assert refusal(lambda: actions.register_unit(by=SYSTEM, name=" ")) == ("请填写单位名称", "owner")
    assert refusal(lambda: actions.register_unit(by=SYSTEM, name="云塔物业", credit_code=CODE[:-1] + "4")) == ("统一社会信用代码不对，应是 18 位，请核对", "credit_code")


def test_who_may(cast: Cast) -> None:
    assert who_may(cast, lambda by: actions.register_unit(by=by, name="云塔物业")) == ["east_clerk", "west_clerk", "city_clerk", "operator"]
