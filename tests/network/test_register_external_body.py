"""Register external body: a reference, never a roster."""

from __future__ import annotations

from datetime import date

from juzhi.network import actions
from juzhi.network.models import ExternalBody
from tests.cast import SYSTEM, Cast
from tests.network.conftest import refusal, who_may


def test_promise_and_twice(cast: Cast, journal) -> None:
    by = cast.by("east_clerk")
    told = {"by": by, "name": "云塔大厦商户联盟", "level": "楼宇", "host": cast.hosts["tower"], "founded_on": date(2020, 1, 1), "precision": "year"}
    one, two = (actions.register_external_body(**told) for _ in range(2))
    assert (one.name, one.level, one.host, one.founded_on, one.founded_precision) == ("云塔大厦商户联盟", "楼宇", cast.hosts["tower"], date(2020, 1, 1), "year")
    assert (one, ExternalBody.objects.system("test").count()) == (two, 1)
    assert journal() == [("network.register_external_body", by.key, "")]


def test_it_holds_name_level_host_and_date_only() -> None:
    fields = {field.name for field in ExternalBody._meta.get_fields() if not field.auto_created}
    assert fields == {"key", "name", "level", "host", "founded_on", "founded_precision"}


def test_refusals(cast: Cast) -> None:
    assert refusal(lambda: actions.register_external_body(by=SYSTEM, name=" ")) == ("请填写名称", "name")
    assert refusal(lambda: actions.register_external_body(by=SYSTEM, name="联盟", founded_on=date(2027, 1, 1))) == ("成立时间在将来，请核对", "founded_on")


def test_who_may(cast: Cast) -> None:
    assert who_may(cast, lambda by: actions.register_external_body(by=by, name="联盟")) == ["east_clerk", "west_clerk", "city_clerk", "operator"]
