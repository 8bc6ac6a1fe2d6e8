"""A figure month by month: the number of each month is the number of its last day, and opens there."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from juzhi.figures import queries
from juzhi.figures.queries.months import ends_of_months
from juzhi.members.figures import MEMBERS
from juzhi.network.figures import ORGANISATIONS
from tests.cast import VISITOR, Cast
from tests.figures.conftest import asked

pytestmark = pytest.mark.usefixtures("clock")


def test_the_last_days() -> None:
    assert ends_of_months(date(2024, 3, 15), 4) == [date(2023, 12, 31), date(2024, 1, 31), date(2024, 2, 29), date(2024, 3, 15)]


def test_each_month_is_the_figure_of_its_last_day(cast: Cast) -> None:
    """The port's branch was founded in May 2024; the wanderer had come from east in January."""
    rows = queries.months(VISITOR, asked(cast, ORGANISATIONS, "east", date(2024, 6, 10)))
    assert [(row["label"], row["value"], row["change"]) for row in rows][-7:] == [
        ("2023-12", 4, 0), ("2024-01", 3, -1), ("2024-02", 3, 0), ("2024-03", 3, 0), ("2024-04", 3, 0), ("2024-05", 4, 1), ("2024-06", 4, 0),
    ]  # fmt: skip
    for row in rows:
        told = queries.evaluate(VISITOR, ORGANISATIONS, asked(cast, ORGANISATIONS, "east", row["day"]).node, row["day"])
        assert (told.value, f"as_of={row['day']}" in row["href"]) == (row["value"], True)


def test_rights_are_those_of_the_figure(cast: Cast) -> None:
    question = asked(cast, MEMBERS, "east", date(2026, 10, 31))
    assert queries.months(VISITOR, question) == queries.months(cast.by("auditor"), question) == []
    assert queries.months(cast.by("east_clerk"), question)[-1]["value"] == 4


def test_the_page(cast: Cast) -> None:
    here = f"/figures/organisations/organisations/{cast.east.key}/"
    assert f"{here}months/" in Client().get(here).content.decode()
    page = Client().get(f"{here}months/", {"as_of": "2024-06"}).content.decode()
    assert "比上月" in page and page.count("<rect class=\"months__bar\"") == 13
    assert Client().get(f"{here}months/", {"as_of": "2024-13"}).status_code == 400
    closed = Client().get(f"/figures/members/organisations/{cast.east.key}/months/")
    assert closed.status_code == 200 and "您在这里没有看这个数的权限" in closed.content.decode()


def test_queries_are_as_many_for_any_federation(cast: Cast) -> None:
    def counted(place: str) -> int:
        with CaptureQueriesContext(connection) as found:
            Client().get(f"/figures/organisations/organisations/{cast.organisations[place].key}/months/")
        return len(found)

    assert counted("city") == counted("east")
