"""Who finds whom, by what; and nobody finds more than he may see, not even a number."""

from __future__ import annotations

from datetime import date

import pytest

from juzhi.access import actions as access
from juzhi.access.models import Reach
from juzhi.base.actors import Actor
from juzhi.members import actions as members
from juzhi.network import actions as network
from juzhi.people import actions as people
from juzhi.people import queries
from juzhi.people.models import Employment, Person
from juzhi.search.actions import keep_up, renew
from juzhi.search.models import Renewal
from juzhi.search.queries import Hits, ranked
from tests.cast import SYSTEM, TODAY, VISITOR, Cast
from tests.guard import tampering

EVERYTHING = ("张伟", "张", "zhangwei", "zhangw", "zw", "zhang wei", "0002", "0003", "19900000002", "云海示例", "示例公司 张", "某")


def names(cast: Cast, reader: str, words: str) -> list[str]:
    return shown(cast.by(reader), words)


def shown(by: Actor, words: str) -> list[str]:
    ids = queries.found_by_words(by, words).ids
    by_id = dict(Person.objects.system("test").filter(pk__in=ids).values_list("pk", "name"))
    return [by_id[pk] for pk in ids]


@pytest.mark.parametrize("words", ["张伟", "张", "zhangwei", "zhangw", "zw", "zhang wei", "ZHANG", "伟", "张 示例"])
def test_by_name_sound_and_unit(cast: Cast, words: str) -> None:
    assert names(cast, "east_clerk", words) == ["张伟", "张伟"]
    assert names(cast, "double", words) == ["张伟"]


@pytest.mark.parametrize(("words", "name"), [("shan", "单飞燕"), ("dan", "单飞燕"), ("sfy", "单飞燕"), ("zeng", "曾琪"), ("ceng", "曾琪")])
def test_a_surname_by_every_reading(cast: Cast, words: str, name: str) -> None:
    assert names(cast, "east_clerk", words) == [name]


def test_by_a_former_name_and_by_its_sound(cast: Cast) -> None:
    people.add_name(by=cast.by("east_clerk"), person=cast.persons["anna"], text="单飞鸿")
    assert [names(cast, "east_clerk", words) for words in ("飞鸿", "shanfeihong", "sfh")] == [["单飞燕"]] * 3
    assert names(cast, "west_clerk", "飞鸿") == []


def test_by_the_end_of_a_mobile_for_clerks_only(cast: Cast) -> None:
    assert [names(cast, "east_clerk", words) for words in ("0002", "19900000002", "199 0000 0002", "0002 张", "19900010002")] == [["张伟"], ["张伟"], [], ["张伟"], []]
    access.grant(by=SYSTEM, account=cast.accounts["protection"], duty="protection_contact", organisation=cast.tower, reach=Reach.OWN, purpose="核对")
    assert (names(cast, "protection", "张伟"), names(cast, "protection", "0002"), names(cast, "protection", "19900000002")) == (["张伟"], [], [])


def test_a_clerk_here_and_a_contact_there_asks_by_phone_only_here(cast: Cast) -> None:
    access.grant(by=SYSTEM, account=cast.accounts["double"], duty="protection_contact", organisation=cast.tower, reach=Reach.OWN, purpose="核对")
    assert (names(cast, "double", "张伟"), names(cast, "double", "0002"), names(cast, "double", "0003")) == (["张伟", "张伟"], [], ["张伟"])


@pytest.mark.parametrize("words", EVERYTHING)
@pytest.mark.parametrize("reader", ["west_clerk", "statistician", "publisher", "operator", "auditor", "expired", "disabled", "plain", "chen"])
def test_nobody_without_right_finds_a_sibling_by_anything(cast: Cast, reader: str, words: str) -> None:
    by = cast.by(reader)
    seen = set(Person.objects.seen_by(by).values_list("pk", flat=True))
    found = queries.found_by_words(by, words)
    assert set(found.ids) <= seen and not {cast.persons["bo"].pk, cast.persons["bo2"].pk} & set(found.ids)
    assert found.number == str(len(found.ids))


def test_a_visitor_finds_nobody_and_everybody_himself(cast: Cast) -> None:
    assert [shown(VISITOR, words) for words in EVERYTHING] == [[]] * len(EVERYTHING)
    assert (names(cast, "bo", "张伟"), names(cast, "bo", "zw"), names(cast, "plain", "plain")) == (["张伟"], ["张伟"], ["plain某"])


def test_what_is_found_is_what_may_be_seen(cast: Cast) -> None:
    """Everybody has the same unit: whoever may see a person finds them by it, whatever the reach."""
    for reader in ("city_clerk", "east_clerk", "west_clerk", "double", "protection", "shared"):
        by = cast.by(reader)
        there = Person.objects.seen_by(by).filter(pk__in=Employment.objects.system("test").values("person_id"))
        assert set(queries.found_by_words(by, "云海示例公司").ids) == set(there.values_list("pk", flat=True)), reader


def test_a_new_record_is_found_at_once(cast: Cast) -> None:
    members.admit_new(by=cast.by("east_clerk"), organisation=cast.tower, name="欧阳新来", mobiles="19900000417", email="", unit="", duty="", title="", gender="", born_on=None, born_precision="", spell={}, somebody_else=False)
    assert [names(cast, "east_clerk", words) for words in ("欧阳", "ouyangx", "0417")] == [["欧阳新来"]] * 3


def test_who_left_is_found_as_long_as_the_tie_lasts(cast: Cast) -> None:
    members.end(by=SYSTEM, membership=cast.memberships["bo2"], reason_code="left", ended_on=TODAY, reason="退会")
    assert names(cast, "double", "张伟") == ["张伟"]
    with tampering():
        cast.persons["bo2"].ties.system("the time of retention is over").update(valid_to=TODAY)
    assert names(cast, "double", "张伟") == []  # although the entry still says that it concerns the subdistrict


def test_what_is_gone_from_sight_is_not_even_counted(cast: Cast) -> None:
    with tampering():
        cast.persons["bo"].ties.system("over").update(valid_to=TODAY)
    assert queries.found_by_words(cast.by("east_clerk"), "张伟") == Hits([cast.persons["bo2"].pk])


def test_nothing_is_lost_while_a_subtree_that_moved_waits(cast: Cast) -> None:
    """The entries still tell of the old place: the new superior's clerk finds everybody, the old one nobody."""
    access.grant(by=SYSTEM, account=cast.accounts["west_clerk"], duty="member_clerk", organisation=cast.west, reach=Reach.SUBTREE, purpose="核对")
    network.move(by=SYSTEM, organisation=cast.fresh("harbour"), parent=cast.west, valid_from=TODAY, reason="区划调整")
    bo2 = cast.persons["bo2"].pk
    before = [queries.found_by_words(cast.by(reader), "张伟").ids for reader in ("west_clerk", "east_clerk", "city_clerk")]
    while Renewal.objects.system("test").exists():
        keep_up(by=SYSTEM)
    after = [queries.found_by_words(cast.by(reader), "张伟").ids for reader in ("west_clerk", "east_clerk", "city_clerk")]
    assert before == after == [[bo2], [cast.persons["bo"].pk], [cast.persons["bo"].pk, bo2]]


def test_a_move_to_come_changes_nothing_before_its_day(cast: Cast) -> None:
    members.admit(by=SYSTEM, person=cast.persons["plain"], organisation=cast.future, joined_on=date(2026, 1, 1))
    access.grant(by=SYSTEM, account=cast.accounts["west_clerk"], duty="member_clerk", organisation=cast.west, reach=Reach.SUBTREE, purpose="核对")
    assert (names(cast, "east_clerk", "plain"), names(cast, "west_clerk", "plain")) == (["plain某"], [])


def test_the_nearest_name_comes_first(cast: Cast) -> None:
    for name in ("张伟大", "王张伟", "阿张伟"):
        members.admit(by=SYSTEM, person=people.enter(by=SYSTEM, name=name), organisation=cast.tower)
    assert names(cast, "east_clerk", "张伟") == ["张伟", "张伟", "张伟大", "阿张伟", "王张伟"]


def test_beyond_a_hundred_no_number_is_told() -> None:
    assert ranked({n: (f"王{n}", "") for n in range(100)}, "王").number == "100"
    assert ranked({n: (f"王{n}", "") for n in range(101)}, "王").number == "100+"


@pytest.mark.parametrize("reader", ["city_clerk", "east_clerk"])
def test_the_nearest_is_found_however_many_others_there_are(cast: Cast, reader: str) -> None:
    """The very name came last, and more than are fetched answer too: by a longer name, in the middle of one."""
    for name in (*["阿欧阳"] * 4, *["欧阳明"] * 4, "欧阳"):
        members.admit(by=SYSTEM, person=people.enter(by=SYSTEM, name=name), organisation=cast.tower)
    ids = queries.found_by_words(cast.by(reader), "欧阳", 3).ids
    assert Person.objects.system("test").get(pk=ids[0]).name == "欧阳" and len(ids) == 3
    assert names(cast, reader, "欧阳") == ["欧阳", *["欧阳明"] * 4, *["阿欧阳"] * 4]


def test_what_rights_take_away_makes_room_for_the_rest(cast: Cast) -> None:
    """All but the last of those who are fetched first may not be seen any more."""
    entered = [people.enter(by=SYSTEM, name="欧阳明") for _ in range(30)]
    for person in entered:
        members.admit(by=SYSTEM, person=person, organisation=cast.tower)
    with tampering():
        for person in (*entered[:13], *entered[14:]):
            person.ties.system("over").update(valid_to=TODAY)
    for reader in ("city_clerk", "east_clerk"):
        assert queries.found_by_words(cast.by(reader), "欧阳", 1) == Hits([entered[13].pk]), reader


def test_an_entry_is_written_inside_an_action_only(cast: Cast) -> None:
    with pytest.raises(RuntimeError):
        renew("people.person", [cast.persons["bo"].pk], TODAY)
