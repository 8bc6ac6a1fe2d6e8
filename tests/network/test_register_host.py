"""Register host: what organisations lean on, once by name and type, with its owner."""

from __future__ import annotations

from juzhi.network import actions, queries
from juzhi.network.models import Host, Unit
from tests.cast import SYSTEM, VISITOR, Cast
from tests.network.conftest import refusal, who_may


def test_promise(cast: Cast, journal) -> None:
    by = cast.by("east_clerk")
    made = actions.register_host(by=by, name="云港医院", host_type="public_hospital", area=cast.areas["970101"], owner_name="云港医疗集团")
    assert (made.name, made.host_type, made.area, made.owner.name) == ("云港医院", "public_hospital", cast.areas["970101"], "云港医疗集团")
    assert journal() == [("network.register_unit", by.key, ""), ("network.register_host", by.key, "")]


def test_twice_fills_in_what_was_not_known(cast: Cast) -> None:
    actions.register_host(by=SYSTEM, name="云港医院", host_type="public_hospital")
    for _ in range(2):
        again = actions.register_host(by=SYSTEM, name="云港医院", host_type="public_hospital", area=cast.areas["970101"], owner_name="云港医疗集团")
    assert (again.area.name, again.owner.name, again.version) == ("东湖区", "云港医疗集团", 2)
    assert (Host.objects.system("test").filter(name="云港医院").count(), Unit.objects.system("test").count()) == (1, 1)


def test_the_same_name_of_another_type_is_another(cast: Cast) -> None:
    assert actions.register_host(by=SYSTEM, name="云塔大厦", host_type="park") != cast.hosts["tower"]


def test_refusals(cast: Cast) -> None:
    assert refusal(lambda: actions.register_host(by=SYSTEM, name=" ", host_type="park")) == ("请填写依托单位", "name")
    actions.register_host(by=SYSTEM, name="云塔大厦", host_type="building", owner_name="云塔物业")
    said = refusal(lambda: actions.register_host(by=SYSTEM, name="云塔大厦", host_type="building", owner_name="别的物业"))
    assert said == ("「云塔大厦」已经登记，权属单位是「云塔物业」", "owner")
    assert list(Unit.objects.system("test").values_list("name", flat=True)) == ["云塔物业"]


def test_it_says_who_leans_on_it_today(cast: Cast) -> None:
    assert [(host.name, host.bodies) for host in queries.hosts(VISITOR)] == [("云塔大厦", 2)]
    actions.dissolve(by=SYSTEM, organisation=cast.lone, dissolved_on=cast.by("operator").today, reason="撤并")
    assert [(host.name, host.bodies) for host in queries.hosts(VISITOR)] == [("云塔大厦", 1)]
    assert list(queries.seated(VISITOR, cast.hosts["tower"])) == [cast.tower]


def test_who_may(cast: Cast) -> None:
    assert who_may(cast, lambda by: actions.register_host(by=by, name="云港医院", host_type="park")) == ["east_clerk", "west_clerk", "city_clerk", "operator"]
