"""Pages with kept figures: the same as without them; a wrong kept value is shown until the night, which names it, and is never published."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.db.models import F
from django.test import Client
from django.urls import reverse

from juzhi.base.errors import Refused
from juzhi.figures import actions, queries, tasks
from juzhi.figures.models import Rollup, Wide
from juzhi.figures.queries import Narrowing, Node, engine
from juzhi.members.figures import MEMBERS
from tests.cast import SYSTEM, TODAY, Cast
from tests.figures.conftest import asked, signed_in
from tests.figures.test_engine import built
from tests.figures.test_rights import PLACES, value

pytestmark = [pytest.mark.usefixtures("clock"), pytest.mark.tampers]


def pages(client: Client, cast: Cast) -> list[str]:
    """What a clerk sees of the members of the city: the number with its parts, the months, and as data. Forms have another secret every time."""
    where = {"indicator": "members", "organisation": cast.city.key}
    asked = [reverse("figures:figure", kwargs=where), reverse("figures:figure", kwargs=where) + "?as_of=2025-03-31", reverse("figures:months", kwargs=where)]
    answers = [client.get(address) for address in asked]
    assert {answer.status_code for answer in answers} == {200}
    return [re.sub(r"\b([A-Za-z0-9]{64}|[A-Za-z0-9_-]{22,43})\b", "", answer.content.decode()) for answer in answers]


def test_pages_say_the_same_with_it_and_without(cast: Cast) -> None:
    client = signed_in(cast, "city_clerk")
    without = pages(client, cast)
    built()
    waiting = pages(client, cast)
    actions.keep_up(by=SYSTEM)
    assert engine.standing(MEMBERS, cast.city.pk, TODAY) == 9
    assert without == waiting == pages(client, cast)
    Rollup.objects.system("test").filter(node_id=cast.city.pk).update(value=F("value") + 100)
    assert pages(client, cast) != without  # so it is what the pages read
    Wide.objects.system("test").all().delete()
    assert pages(client, cast) == without


def test_it_tells_nobody_more(cast: Cast) -> None:
    """The same rule stands before what is kept as before what is counted."""
    readers = ("city_clerk", "statistician", "east_clerk", "west_clerk", "double", "auditor", "operator", "expired", "anna")

    def told() -> dict[str, dict[str, int | None]]:
        return {name: {place: value(cast, cast.by(name), MEMBERS, place) for place in PLACES} for name in readers}

    before = told()
    built()
    assert engine.standing(MEMBERS, cast.city.pk, TODAY) == before["city_clerk"]["city"]
    assert before["east_clerk"]["city"] is None and told() == before


def test_a_wrong_value_is_named_by_night_and_never_published(cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    built()
    actions.keep_up(by=SYSTEM)
    row = Rollup.objects.system("test").filter(node_id=cast.city.pk, grain=0).order_by("day")[0]
    Rollup.objects.system("test").filter(pk=row.pk).update(value=row.value + 100)
    shown = queries.evaluate(SYSTEM, MEMBERS, Node("organisation", cast.city), date(2024, 12, 31), Narrowing()).value
    reading = actions.publish(by=SYSTEM, figure=asked(cast, MEMBERS, "city", date(2024, 12, 31)))
    assert shown == reading.value + 100
    with pytest.raises(Refused, match=f"汇总的数有 1 处与记录不符，已改正；第一处：members.1，{cast.city.name}，汇总月数 {row.day:%Y-%m}，差 100"):
        tasks.verify.call()
    assert f"{cast.city.name}，汇总月数 {row.day:%Y-%m}，差 100" in caplog.text
    assert queries.evaluate(SYSTEM, MEMBERS, Node("organisation", cast.city), date(2024, 12, 31)).value == reading.value
    assert tasks.verify.call() == 0
