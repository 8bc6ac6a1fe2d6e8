"""Guide: an outside authority guides an organisation; it gets no right."""

from __future__ import annotations

from datetime import date

from juzhi.network import actions, queries
from juzhi.network.models import GuidanceLink
from tests.cast import SYSTEM, TODAY, VISITOR, Cast
from tests.network.conftest import refusal, who_may


def test_promise(cast: Cast, journal) -> None:
    by = cast.by("east_clerk")
    authority = actions.register_external_body(by=SYSTEM, name="东湖区主管部门")
    link = actions.guide(by=by, organisation=cast.east, authority=authority, valid_from=date(2025, 1, 1), note="业务指导")
    assert [queries.edges(VISITOR, cast.east, day).guidance for day in (date(2024, 12, 31), TODAY)] == [[], [link]]
    assert journal()[-1] == ("network.guide", by.key, "")


def test_several_at_once_but_each_once(cast: Cast) -> None:
    first, second = (actions.register_external_body(by=SYSTEM, name=name) for name in ("市主管部门", "区主管部门"))
    for authority in (first, second):
        actions.guide(by=SYSTEM, organisation=cast.east, authority=authority)
    assert [link.authority for link in queries.edges(VISITOR, cast.east, TODAY).guidance] == [first, second]
    assert refusal(lambda: actions.guide(by=SYSTEM, organisation=cast.east, authority=first)) == ("这个指导单位已经登记过了", "authority")
    assert GuidanceLink.objects.system("test").count() == 2


def test_refusals(cast: Cast) -> None:
    authority = actions.register_external_body(by=SYSTEM, name="区主管部门")
    said = refusal(lambda: actions.guide(by=SYSTEM, organisation=cast.east, authority=authority, note="长" * 130))
    assert said == ("「说明」太长：有 130 个字，最多 120 个字，请缩短后再提交", "note")


def test_who_may(cast: Cast) -> None:
    authority = actions.register_external_body(by=SYSTEM, name="区主管部门")
    assert who_may(cast, lambda by: actions.guide(by=by, organisation=cast.east, authority=authority)) == ["east_clerk", "city_clerk"]
