"""The database finds exactly what Python says that the tokens answer, on either database, whatever the characters."""

from __future__ import annotations

import random
from typing import Any

import pytest
from django.db import connection

from juzhi.base import bulk, indexes
from juzhi.base.tokens import UNIT, meets, of_name, of_text, question, scoped
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
    assert [sorted(queries.hits("test.thing", asked)) for asked in questions] == [right(there, asked) for asked in questions]
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
    assert [sorted(queries.hits("test.thing", asked)) for asked in questions] == [right(there, asked) for asked in questions]


def test_pieces_give_everything_once() -> None:
    tokens = {n: {"n王", "o1"} for n in range(1, 2501)}
    with tampering():
        bulk.put(SearchEntry.of("test.thing", tokens), unique=("kind", "thing_id"), fields=("tokens",))
    given = list(queries.streamed("test.thing", scoped(question("王"), {"o1"})))
    assert [len(piece) for piece in given] == [1001, 1499] and {pk for piece in given for pk in piece} == set(tokens)


def test_a_lost_index_is_made_again_and_knows_what_was_there() -> None:
    there = entered()
    assert indexes.missing() == []
    indexes.remove()
    lost = indexes.missing()
    with tampering():
        install_constraints("default")
    asked = scoped(question("张"), {"o1", "o2", "o0"})
    assert (len(lost), indexes.missing(), sorted(queries.hits("test.thing", asked))) == (1 if connection.vendor == "postgresql" else 4, [], right(there, asked))
