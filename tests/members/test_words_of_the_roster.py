"""The roster's words: what the search entries narrow is exactly what is found by looking at every row."""

from __future__ import annotations

from datetime import date

import pytest

from juzhi.members import actions as members
from juzhi.members import queries
from juzhi.network import actions as network
from juzhi.people import actions as people
from juzhi.people import queries as of_people
from juzhi.people.queries import seeing
from juzhi.search.models import SearchEntry
from tests.cast import SYSTEM, Cast
from tests.guard import tampering

WORDS = ("张", "伟", "张伟", "伟张", "张 伟", "小燕", "飞燕", "单小燕", "力夏", "提艾", "提·艾", "艾合买提", "䶮", "喆", "云海", "公司", "燕燕燕", "零")
LETTERS = ("zw", "zhangw", "shanfeiyan", "张w", "0001", "·", "")


def names(cast: Cast, reader: str, words: str, **asked: object) -> list[str]:
    return [row.person.name for row in queries.roster(cast.by(reader), {"words": words, **asked})]


@pytest.fixture
def peopled(cast: Cast) -> Cast:
    """Somebody with a former name, dots of another kind in a name, somebody who left, and a body that was moved and is not entered anew."""
    people.add_name(by=SYSTEM, person=cast.persons["anna"], text="单小燕")
    for name, place in (("迪力夏提∙艾合买提", "tower"), ("㐀㐁", "east"), ("欧阳 伟", "harbour"), ("張伟", "orchard")):
        members.admit(by=SYSTEM, person=people.enter(by=SYSTEM, name=name), organisation=cast.organisations[place], joined_on=date(2025, 1, 1))
    members.end(by=SYSTEM, membership=cast.memberships["bo2"], reason_code="left", ended_on=date(2025, 6, 1))
    network.move(by=SYSTEM, organisation=cast.fresh("wanderer"), parent=cast.fresh("east"), valid_from=date(2026, 11, 1), reason="改隶")
    return cast


@pytest.mark.parametrize("state", ["in", "over", "all"])
@pytest.mark.parametrize("words", WORDS)
def test_the_same_rows_either_way(peopled: Cast, monkeypatch: pytest.MonkeyPatch, words: str, state: str) -> None:
    readers = ("east_clerk", "city_clerk", "west_clerk", "double")
    assert of_people.may_be_named(peopled.by("city_clerk"), words) is not None or "·" in words
    narrowed = [names(peopled, reader, words, state=state) for reader in readers]
    monkeypatch.setattr(seeing, "CANDIDATES_AT_MOST", -1)
    assert of_people.may_be_named(peopled.by("city_clerk"), words) is None
    assert [names(peopled, reader, words, state=state) for reader in readers] == narrowed


def test_something_is_found(peopled: Cast) -> None:
    """The control: former names, those who left, and a moved body are among what the entries give."""
    assert names(peopled, "east_clerk", "小燕") == ["单飞燕"]
    assert names(peopled, "east_clerk", "张伟", state="all") == ["张伟", "张伟"]
    assert names(peopled, "east_clerk", "提艾") == ["迪力夏提·艾合买提", "迪力夏提·艾合买提"]
    assert names(peopled, "west_clerk", "张") == []


@pytest.mark.parametrize("words", LETTERS)
def test_letters_and_digits_are_looked_for_in_every_row(cast: Cast, words: str) -> None:
    assert of_people.may_be_named(cast.by("city_clerk"), words) is None


def test_without_entries_every_row_is_looked_at(cast: Cast) -> None:
    with tampering():
        SearchEntry.objects.system("t").all().delete()
    assert len(names(cast, "east_clerk", "张伟")) == 2
