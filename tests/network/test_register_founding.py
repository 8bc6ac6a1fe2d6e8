"""Register founding: an assembly that several bodies share."""

from __future__ import annotations

from datetime import date

from juzhi.network import actions, queries
from juzhi.network.models import FoundingEvent
from tests.cast import SYSTEM, VISITOR, Cast
from tests.network.conftest import refusal, who_may


def test_promise(cast: Cast, journal) -> None:
    by = cast.by("east_clerk")
    made = actions.register_founding(by=by, organisation=cast.east, title="首批园区分会成立大会", on=date(2024, 1, 1), precision="month", place="云塔大厦", batch=1)
    assert (made.title, made.on, made.precision, made.place, made.batch) == ("首批园区分会成立大会", date(2024, 1, 1), "month", "云塔大厦", 1)
    assert queries.founding_words(made) == "首批园区分会成立大会 · 2024-01 · 第 1 批"
    assert journal() == [("network.register_founding", by.key, "")]


def test_without_a_day(cast: Cast) -> None:
    made = actions.register_founding(by=SYSTEM, organisation=cast.east, title="成立大会", on=None)
    assert (made.on, made.precision, queries.founding_words(made)) == (None, "unknown", "成立大会 · 未详")


def test_refusals_and_twice(cast: Cast) -> None:
    said = [
        refusal(lambda: actions.register_founding(by=SYSTEM, organisation=cast.east, title=" ", on=None)),
        refusal(lambda: actions.register_founding(by=SYSTEM, organisation=cast.east, on=date(1880, 1, 1))),
        refusal(lambda: actions.register_founding(by=SYSTEM, organisation=cast.east, on=date(2030, 1, 1))),
    ]
    assert said == [("名目和成立日期至少填一项", "title"), ("成立时间早于 1900 年，请核对", "founded_on"), ("成立时间在一年以后，请核对", "founded_on")]
    one, two = (actions.register_founding(by=SYSTEM, organisation=cast.east, title="成立大会", on=date(2024, 1, 5)) for _ in range(2))
    assert (one, FoundingEvent.objects.system("test").count()) == (two, 1)


def test_those_near_a_parent_are_offered(cast: Cast) -> None:
    """Those of bodies beneath it and those that founded nothing yet, not those of another branch."""
    fresh, own, other = (actions.register_founding(by=SYSTEM, organisation=cast.east, title=title, on=date(2024, 1, n)) for n, title in enumerate(("新登记", "东湖", "西山"), 1))
    for parent, founding in ((cast.tower, own), (cast.west, other)):
        actions.found(by=SYSTEM, name="首批分会", family=cast.families["知联会"], level="park", parent=parent, founding=founding)
    assert list(queries.foundings_near(VISITOR, cast.east)) == [own, fresh]
    assert list(queries.foundings_near(VISITOR, cast.city)) == [other, own, fresh]


def test_who_may(cast: Cast) -> None:
    assert who_may(cast, lambda by: actions.register_founding(by=by, organisation=cast.east, title="成立大会", on=None)) == ["east_clerk", "city_clerk"]
