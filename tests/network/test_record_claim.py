"""Record a claim: what a source says of a place, shown as its words."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from juzhi.network import actions, queries
from juzhi.network.actions import Source
from juzhi.network.models import Claim
from tests.cast import SYSTEM, VISITOR, Cast
from tests.network.conftest import refusal, who_may
from tests.network.profiles import BULLETIN


def test_promise_of_each_kind_of_place(cast: Cast, journal) -> None:
    by = cast.by("east_clerk")
    for about in (cast.areas["970101"], cast.tower, cast.hosts["tower"]):
        actions.record_claim(by=by, about=about, text="全市总部经济最活跃的街区之一", source=BULLETIN)
        assert [one.text for one in queries.claims(VISITOR, about, by.today)] == ["全市总部经济最活跃的街区之一"]
    assert journal() == [("network.record_claim", by.key, "")] * 3
    for address in (f"/areas/{cast.areas['970101'].key}/", f"/organisations/{cast.tower.key}/", f"/hosts/{cast.hosts['tower'].key}/"):
        page = Client().get(address).text
        assert "据东湖区概况（示例）（2024-06）" in page and "撤下" not in page


def test_refusals(cast: Cast) -> None:
    def say(text: str = "街区之一", source: Source = BULLETIN) -> Claim:
        return actions.record_claim(by=SYSTEM, about=cast.areas["970101"], text=text, source=source)

    say()
    assert refusal(lambda: say(" ")) == ("请填写说法", "text")
    assert refusal(lambda: say("别的", Source(""))) == ("请写明来源：哪个单位的什么材料", "source")
    assert refusal(say) == ("这句话已经登记过了", "text")


def test_who_may(cast: Cast) -> None:
    """Of a host: who keeps its area, and the secretary of a body that leans on it."""
    for about, allowed in (
        (cast.areas["970101"], ["east_clerk", "city_clerk"]),
        (cast.orchard, ["west_clerk", "city_clerk"]),
        (cast.hosts["tower"], ["east_clerk", "city_clerk"]),
    ):
        assert who_may(cast, lambda by, about=about: actions.record_claim(by=by, about=about, text="街区之一", source=BULLETIN)) == allowed


def test_form(cast: Cast, signed_in: Callable[[str], Client]) -> None:
    client, typed = signed_in("east_clerk"), {"text": "街区之一", "source": "概况"}
    assert client.post(f"/claims/record_claim/?area={cast.areas['970101'].key}", typed).status_code == 303
    assert client.post(f"/claims/record_claim/?organisation={cast.orchard.key}", typed).status_code == 422
    assert [client.get(f"/claims/record_claim/?{kind}=nobody").status_code for kind in ("area", "host", "organisation")] == [404] * 3
    assert "请从区划、组织或依托单位的页面里登记" in client.get("/claims/record_claim/").text
    assert client.post("/claims/record_claim/", typed).status_code == 200  # about nothing: nothing is written
    assert Claim.objects.system("test").count() == 1
