"""The database finds exactly what Python says that the tokens answer, on either database, whatever the characters."""

from __future__ import annotations

import random
from typing import Any

import pytest
from django.db import connection

from juzhi.base import bulk, indexes
from juzhi.base.tokens import UNIT, meets, of_name, of_text, question, scoped, steps
from juzhi.config.apps import install_constraints
from juzhi.search import queries
from juzhi.search.models import SearchEntry
from tests.guard import tampering

NAMES = ("张伟", "张伟明", "单飞燕", "曾子", "迪力夏提·艾合买提", "José Ng", "O'Brien", 'a"b', "x:*y", "a&b|c!d", "back\\slash", "𠮷村", "\ue000某", "ﬀ公司", "王\ud800五", "n\x00l", "(括号)", "--", "zhang wei", "１２３４", "é", "😀笑")
WORDS = (*NAMES, "张", "zh", "zhangw", "zw", "a", "b", "ab", "z*", "NOT", "AND", "OR", "NEAR", "'", '"', ":*", "<->", "1234", "公司", "伟 明")
pytestmark = pytest.mark.django_db


def entered() -> dict[int, frozenset[str]]:
    there = {n: frozenset({*of_name(name), *of_text(UNIT, NAMES[-n]), f"o{n % 3}"}) for n, name in enumerate(NAMES, start=1)}
    with tampering():
        bulk.put(SearchEntry.of("test.thing", dict(there)), unique=("kind", "thing_id"), fields=("tokens",))
        bulk.put(SearchEntry.of("test.other", dict(there)), unique=("kind", "thing_id"), fields=("tokens",))
    return there


def right(there: dict[int, frozenset[str]], asked: Any) -> list[int]:
    return [pk for pk, tokens in there.items() if meets(tokens, asked)]


def test_the_database_and_python_agree() -> None:
    there = entered()
    questions = [scoped(question(words, by_phone=by_phone), scope) for words in WORDS for by_phone in (False, True) for scope in ({"o1"}, {"o1", "o2"}, {"o7"})]
    assert [sorted(queries.hits("test.thing", asked, 1000)) for asked in questions] == [right(there, asked) for asked in questions]
    assert sum(bool(right(there, asked)) for asked in questions) > 60


def test_entries_come_back_as_they_were_put() -> None:
    there = entered()
    assert dict(SearchEntry.objects.system("test").filter(kind="test.thing").values_list("thing_id", "tokens")) == there


def test_changed_and_deleted_entries_are_found_anew_or_no_more() -> None:
    there = entered()
    chance = random.Random(3)
    with tampering():
        for _ in range(60):
            pk = chance.choice(list(there))
            if chance.random() < 0.3:
                SearchEntry.objects.system("test").filter(kind="test.thing", thing_id=pk).delete()
                there[pk] = frozenset()
            else:
                there[pk] = frozenset({*of_name(chance.choice(NAMES)), "o1"})
                bulk.put(SearchEntry.of("test.thing", {pk: there[pk]}), unique=("kind", "thing_id"), fields=("tokens",))
    questions = [scoped(question(words), {"o1"}) for words in WORDS]
    assert [sorted(queries.hits("test.thing", asked, 1000)) for asked in questions] == [right(there, asked) for asked in questions]


def many(number: int) -> set[int]:
    """Things named 王 alone, the first hundred of them last."""
    tokens = {n: {*of_name("王伟" if n > 100 else "王"), "o1", *(["o2"] if n % 2 else [])} for n in range(1, number + 1)}
    with tampering():
        bulk.put(SearchEntry.of("test.other", tokens), unique=("kind", "thing_id"), fields=("tokens",))
        bulk.put(SearchEntry.of("test.thing", dict(reversed(tokens.items()))), unique=("kind", "thing_id"), fields=("tokens",))
    return set(tokens)


@pytest.mark.parametrize("holds_nearly_all", [True, False])
def test_pieces_give_everything_once_and_the_nearest_first(holds_nearly_all: bool) -> None:
    there = many(3500)
    given = list(queries.streamed("test.thing", steps("王"), ["o1"], 101, holds_nearly_all=holds_nearly_all))
    assert set(given[0]) == set(range(1, 101))
    assert sorted(pk for piece in given for pk in piece) == sorted(there) and max(map(len, given)) <= queries.PIECE


def test_where_nearly_everything_is_thought_to_be_nothing_is_lost() -> None:
    """The first piece may hold what is beyond the scope, which the reader's rights take away; all within it comes in the end."""
    there = many(3500)
    given = [pk for piece in queries.streamed("test.thing", steps("王伟"), ["o2"], 11, holds_nearly_all=True) for pk in piece]
    assert {n for n in there if n % 2 and n > 100} <= set(given) and len(given) == len(set(given))


@pytest.mark.parametrize("number", [1, 3])
def test_many_at_once_are_entered_and_later_ones_by_themselves(number: int) -> None:
    asked = question("王")
    for n in range(number):
        with tampering(), indexes.at_once(SearchEntry):
            bulk.put(SearchEntry.of("test.thing", {10 * n + m: {"n王"} for m in range(5)}), unique=("kind", "thing_id"), fields=("tokens",))
        with tampering():
            bulk.put(SearchEntry.of("test.thing", {10 * n + 9: {"n王"}, 10 * n: {"n李"}}), unique=("kind", "thing_id"), fields=("tokens",))
    assert sorted(queries.hits("test.thing", asked, 1000)) == sorted(10 * n + m for n in range(number) for m in (1, 2, 3, 4, 9))


def test_a_lost_index_is_made_again_and_knows_what_was_there() -> None:
    there = entered()
    assert indexes.missing() == []
    indexes.remove()
    lost = indexes.missing()
    with tampering():
        install_constraints("default")
    asked = scoped(question("张"), {"o1", "o2", "o0"})
    assert (len(lost), indexes.missing(), sorted(queries.hits("test.thing", asked, 1000))) == (3 if connection.vendor == "postgresql" else 5, [], right(there, asked))
