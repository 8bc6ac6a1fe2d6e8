"""Tokens: whatever text comes in, they are clean, a text is found by its own words, and both databases are given quoted words only."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from juzhi.base import tokens
from juzhi.base.tokens import NAME, UNIT, Term, meets, of_name, of_text, question

NASTY = st.one_of(
    st.text(st.characters(codec=None), max_size=60),  # halves of characters included
    st.text(st.sampled_from("'\":&|!*\\()<->\x00\x0b\u200b\u202e\ud800·• \t张伟区単𠮷ab9１２ﬀ٣é\ue000\ufdd0\U0001f600"), max_size=60),
)
CLEAN = re.compile(r"[a-z][0-9a-z]{1,60}|[a-z][^\x00-\x7f]{1,2}")


def broken(found: set[str]) -> list[str]:
    """Tokens that a database might take for something else."""
    return [one for one in found if not CLEAN.fullmatch(one) or any(c.isspace() or unicodedata.category(c) in ("Cs", "Cc", "Cf") for c in one)]


@given(NASTY)
def test_no_text_breaks_the_maker(text: str) -> None:
    assert broken({*of_name(text), *of_text(UNIT, text), *tokens.of_mobile(text)}) == []


@given(NASTY, st.booleans())
def test_no_text_breaks_a_question(text: str, by_phone: bool) -> None:
    asked = question(text, by_phone=by_phone)
    terms = {term.token for word in asked for way in word for term in way}
    assert broken(terms) == []
    assert re.fullmatch(r"(?:\"[^\"\s]+\"\*?| AND | OR |[()])*", tokens.for_sqlite(asked))
    assert re.fullmatch(r"(?:'[^'\\\s]+'(?::\*)?| & | \| |[()])*", tokens.for_postgresql(asked))


@given(NASTY)
def test_a_text_is_found_by_itself(text: str) -> None:
    asked = question(text)
    assert not asked or meets(of_text(NAME, text), asked)


@pytest.mark.parametrize("token", ["n'", "n\\", "n''\\\\", "n:*", "n&|!", 'n"'])
def test_a_quote_never_ends_a_word(token: str) -> None:
    """Beyond what the maker gives: if it ever let such a character through, it would still be one word."""
    asked = ((((Term(token),)),),)
    said = tokens.for_postgresql(asked)
    assert said == "((" + "'" + token.replace("\\", "\\\\").replace("'", "''") + "'" + "))"
    assert tokens.for_sqlite(asked).count('"') % 2 == 0


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("单飞燕", ("单", "飞燕", "单飞燕", "shanfeiyan", "shanf", "danfei", "sfy", "dfy", "shan fei", "单 飞 燕", "SHANFEI")),
        ("尉迟喆", ("尉迟", "yuchi", "yuchizhe", "ycz")),
        ("区同", ("outong", "ot", "qutong")),
        ("迪力夏提·艾合买提", ("迪力夏提", "艾合买提", "夏提艾合", "迪力夏提•艾合买提", "dilixiati", "dlxt")),
        ("𠮷村", ("𠮷", "𠮷村")),
        ("José Ng", ("jos", "ng", "Jose\u0301")),
        ("ＡＢＣ公司", ("abc", "ab", "公司", "abc公司")),
    ],
)
def test_a_name_is_found_by(name: str, words: tuple[str, ...]) -> None:
    assert [one for one in words if not meets(of_name(name), question(one))] == []


@pytest.mark.parametrize("words", ["飞单", "张", "feiyan", "s", "z", "shanfeiyanx", ""])
def test_a_name_is_not_found_by(words: str) -> None:
    assert not meets(of_name("单飞燕"), question(words))


def test_the_end_of_a_mobile_is_asked_for_only_where_that_is_allowed() -> None:
    there = tokens.of_mobile("199 0000 0417")
    assert there == {"f0417"}
    assert [meets(there, question(words, by_phone=by_phone)) for words, by_phone in (("0417", True), ("19900000417", True), ("0417", False), ("417", True), ("19900000417", False))] == [True, True, False, False, False]


def test_a_unit_and_a_name_together() -> None:
    there = {*of_name("王伟"), *of_text(UNIT, "云塔科技有限公司")}
    assert [meets(there, question(words)) for words in ("王 科技", "王伟 云塔", "科技 王", "王 医院", "王科技")] == [True, True, True, False, False]
