"""Note guidance: guide, by the authority's name."""

from __future__ import annotations

from juzhi.network import actions, queries
from juzhi.network.models import ExternalBody
from tests.cast import SYSTEM, TODAY, VISITOR, Cast
from tests.network.conftest import refusal, who_may


def test_one_body_however_many_it_guides(cast: Cast, journal) -> None:
    by = cast.by("east_clerk")
    for organisation in (cast.east, cast.tower):
        actions.note_guidance(by=by, organisation=organisation, authority="东湖区主管部门")
    assert list(ExternalBody.objects.system("test").values_list("name", flat=True)) == ["东湖区主管部门"]
    assert [[link.authority.name for link in queries.edges(VISITOR, one, TODAY).guidance] for one in (cast.east, cast.tower)] == [["东湖区主管部门"]] * 2
    assert [verb for verb, _, _ in journal()] == ["network.register_external_body", "network.guide", "network.guide"]


def test_refusals_and_twice(cast: Cast) -> None:
    assert refusal(lambda: actions.note_guidance(by=SYSTEM, organisation=cast.east, authority=" ")) == ("请填写指导单位", "authority")
    actions.note_guidance(by=SYSTEM, organisation=cast.east, authority="区主管部门")
    assert refusal(lambda: actions.note_guidance(by=SYSTEM, organisation=cast.east, authority="区主管部门")) == ("这个指导单位已经登记过了", "authority")


def test_who_may(cast: Cast) -> None:
    assert who_may(cast, lambda by: actions.note_guidance(by=by, organisation=cast.east, authority="区主管部门")) == ["east_clerk", "city_clerk"]
    assert ExternalBody.objects.system("test").count() == 0
