"""`figures.restate`: every published question is asked again; what is otherwise now is told beside it, once."""

from __future__ import annotations

import io
import json
import random
from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.test import Client

from juzhi.base.actors import System
from juzhi.base.errors import Forbidden
from juzhi.base.indicators import INDICATORS
from juzhi.figures import actions, queries, tasks
from juzhi.figures.models import Reading, Restatement
from juzhi.figures.queries import Figure, Narrowing
from juzhi.journal.models import Entry
from juzhi.members import actions as members
from juzhi.members.figures import GROWTH, JOINED, MEMBER_PERSONS, MEMBERS
from juzhi.network import actions as network
from juzhi.network.figures import ORGANISATIONS
from tests.cast import NOW, SYSTEM, VISITOR, Cast
from tests.figures.conftest import asked, group, signed_in, teller

pytestmark = pytest.mark.usefixtures("clock")
DAY = date(2026, 10, 31)


def published(cast: Cast, indicator: object, place: str, day: date = DAY, narrowing: Narrowing = Narrowing()) -> Reading:  # noqa: B008 frozen
    return actions.publish(by=SYSTEM, figure=asked(cast, indicator, place, day, narrowing))  # type: ignore[arg-type]


def test_nothing_changed_nothing_is_restated(cast: Cast) -> None:
    for indicator, place in ((ORGANISATIONS, "city"), (MEMBERS, "city"), (MEMBER_PERSONS, "east")):
        published(cast, indicator, place)
    assert actions.restate(by=SYSTEM) == []


def test_what_happens_later_is_no_restatement(cast: Cast) -> None:
    """Somebody leaves today: the number of last month is as true as before."""
    published(cast, MEMBERS, "city")
    members.end(by=SYSTEM, membership=cast.memberships["anna"], reason_code="left", ended_on=date(2026, 11, 20), reason="退会")
    assert actions.restate(by=SYSTEM) == []


def test_a_correction_of_the_past_is_told_with_its_cause(cast: Cast) -> None:
    made = published(cast, MEMBERS, "city")
    members.correct(by=SYSTEM, membership=cast.memberships["bo"], joined_on=date(2026, 11, 2), reason="对照批文")
    found = actions.restate(by=SYSTEM)
    assert [(one.reading, one.old, one.new, one.came, one.left, one.why) for one in found] == [(made, 9, 8, 0, 1, None)]
    entry = Entry.objects.system("test").get(verb="figures.restate")
    assert (entry.thing_key, entry.organisation_id) == (made.key, cast.city.pk)
    assert actions.restate(by=SYSTEM) == []  # told once
    members.correct(by=SYSTEM, membership=cast.memberships["bo"], joined_on=date(2020, 11, 1), reason="又查到原件")
    again = actions.restate(by=SYSTEM)
    assert [(one.old, one.new, one.came, one.left) for one in again] == [(8, 9, 1, 0)]
    assert Reading.objects.system("test").get(pk=made.pk).value == 9


def test_a_period_is_asked_again_too(cast: Cast) -> None:
    """A move dated back takes a joiner along; what came and what went are told apart by their sign."""
    joined = actions.publish(by=SYSTEM, figure=asked(cast, JOINED, "east", date(2021, 12, 31), since=date(2021, 1, 1)))
    growth = actions.publish(by=SYSTEM, figure=asked(cast, GROWTH, "east", date(2024, 12, 31), since=date(2024, 1, 1)))
    assert (joined.value, growth.value, growth.records) == (1, 1, f"+{cast.memberships['bo2'].key}")
    assert actions.restate(by=SYSTEM) == []
    members.correct(by=SYSTEM, membership=cast.memberships["dili"], joined_on=date(2020, 9, 1), reason="查到原件")
    members.end(by=SYSTEM, membership=cast.memberships["bo2"], reason_code="left", ended_on=date(2024, 12, 1))
    found = {one.reading_id: (one.old, one.new, one.came, one.left) for one in actions.restate(by=SYSTEM)}
    assert found == {joined.pk: (1, 0, 0, 1), growth.pk: (1, 0, 1, 0)}


def test_a_seat_dated_back_changes_the_sector_of_then(cast: Cast) -> None:
    node = group(cast, "sector")
    made = actions.publish(by=SYSTEM, figure=Figure(ORGANISATIONS, node, DAY, Narrowing(), None, SYSTEM.at))
    network.relocate(by=SYSTEM, organisation=cast.fresh("lone"), area=cast.areas["970101"], host=None, sector=None, valid_from=date(2026, 1, 1), reason="查到原件")
    found = {one.reading_id: (one.old, one.new, one.came, one.left) for one in actions.restate(by=SYSTEM)}
    assert found == {made.pk: (2, 1, 0, 1)}
    page = Client().get(f"/figures/readings/{made.key}/").content.decode()
    assert "系统为卫健系统的组织" in page and "2 → 1" in page


def test_the_cause_is_read_from_the_journal(cast: Cast) -> None:
    made = published(cast, ORGANISATIONS, "city")
    network.correct(by=SYSTEM, organisation=cast.fresh("tower"), founded_on=date(2026, 11, 10), reason="登记错了")
    found = actions.restate(by=SYSTEM)
    assert [(one.old, one.new, one.causes) for one in found] == [(8, 7, [])]  # at the very moment of the publishing
    told = queries.published(queries.reading(VISITOR, made.key), VISITOR)  # type: ignore[arg-type]
    assert told.restatements[0]["sentence"] == "多了 0 条记录，少了 1 条"
    assert (told.standing, told.reading.value) == (7, 8)


def test_the_verbs_since_then_are_its_cause(cast: Cast) -> None:
    made = published(cast, MEMBERS, "city")
    later = System("tests", NOW + timedelta(days=1))
    members.correct(by=later, membership=cast.memberships["bo"], joined_on=date(2026, 11, 2), reason="对照批文")
    assert [one.causes for one in actions.restate(by=later)] == [[["members.correct", 1]]]
    told = queries.published(queries.reading(SYSTEM, made.key), SYSTEM)  # type: ignore[arg-type]
    assert told.restatements[0]["sentence"] == "多了 0 条记录，少了 1 条；此后的变更：更正会籍 1 条"


def test_the_same_number_of_other_records_is_told_too(cast: Cast) -> None:
    published(cast, MEMBERS, "city")
    members.correct(by=SYSTEM, membership=cast.memberships["bo"], joined_on=date(2026, 11, 2), reason="对照批文")
    members.admit(by=SYSTEM, person=cast.persons["anna"], organisation=cast.orchard, joined_on=date(2024, 1, 1))
    assert [(one.old, one.new, one.came, one.left) for one in actions.restate(by=SYSTEM)] == [(9, 9, 1, 1)]


def test_only_the_product_itself(cast: Cast) -> None:
    for by in (VISITOR, cast.by("city_clerk"), cast.by("publisher")):
        with pytest.raises(Forbidden):
            actions.restate(by=by)


def test_which_records_moved_is_told_to_those_who_see_the_number(cast: Cast) -> None:
    made = published(cast, MEMBERS, "city")
    members.correct(by=SYSTEM, membership=cast.memberships["bo"], joined_on=date(2026, 11, 2), reason="对照批文")
    actions.restate(by=SYSTEM)
    address = f"/figures/readings/{made.key}/"
    teller(cast, "city")
    for browser, is_told in ((Client(), False), (signed_in(cast, "east_clerk"), False), (signed_in(cast, "plain"), True)):
        text = browser.get(address).content.decode()
        assert "重述后" in text and ("多了 0 条记录，少了 1 条" in text) is is_told
    assert "少了" not in Client().get("/figures/readings/feed/").content.decode()


def test_the_command_names_what_is_otherwise(cast: Cast) -> None:
    published(cast, MEMBERS, "city")
    said = io.StringIO()
    call_command("figures_verify", stdout=said)
    assert said.getvalue() == "核对了 1 个已发布的数，都与记录相符\n"
    members.correct(by=SYSTEM, membership=cast.memberships["bo"], joined_on=date(2026, 11, 2), reason="对照批文")
    said = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("figures_verify", "--json", stdout=said)
    told = json.loads(said.getvalue())
    assert ended.value.code == 1 and told["readings"] == 1
    assert [(one["old"], one["new"], one["left"]) for one in told["restated"]] == [(9, 8, 1)]


def test_by_night(cast: Cast) -> None:
    published(cast, MEMBERS, "city")
    members.correct(by=SYSTEM, membership=cast.memberships["bo"], joined_on=date(2026, 11, 2), reason="对照批文")
    assert [tasks.restate.func(), tasks.restate.func()] == [1, 0]


def test_whatever_is_corrected_every_reading_tells_todays_truth(cast: Cast) -> None:
    """Random corrections of the past: after each night the last word on every published question is what the records give."""
    chance = random.Random(7)  # noqa: S311 no secret
    places, spells = ["city", "east", "west", "tower", "orchard"], [cast.memberships[name].pk for name in ("anna", "bo", "chen", "dili", "bo2")]
    for month in (2, 5, 8):
        for place in places:
            for indicator in (MEMBERS, MEMBER_PERSONS, ORGANISATIONS):
                published(cast, indicator, place, date(2026, month, 28))
    for _round in range(8):
        for pk in chance.sample(spells, 2):
            spell = type(cast.memberships["bo"]).objects.system("test").get(pk=pk)
            joined = date(2026, 1, 1) + timedelta(days=chance.randrange(300))
            if joined != spell.joined_on:
                members.correct(by=SYSTEM, membership=spell, joined_on=joined, reason="核对")
        told = actions.restate(by=SYSTEM)
        for one in Reading.objects.system("test"):
            figure = queries.figure_of(SYSTEM, one)
            assert figure is not None and queries.standing(one)[0] == figure.value
        assert all(one.old != one.new or one.came or one.left for one in told)
    assert Restatement.objects.system("test").count() > 10
    assert set(INDICATORS) >= {"members", "organisations"}
