"""Names with every dirt there is: an answer or a refusal, keys that fit their columns, and the name itself as it was written."""

from __future__ import annotations

import re
import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from juzhi.base import firms, names, pinyin, strokes, text
from juzhi.base.errors import Refused
from juzhi.people.models import Employment, Person

settings.register_profile("juzhi", max_examples=300, deadline=None, derandomize=True)
settings.load_profile("juzhi")

HAN = st.one_of(
    st.sampled_from("张王李赵单曾翟区于田丁尉迟欧阳〇䶮"),
    st.characters(min_codepoint=0x3400, max_codepoint=0x4DBF),  # extension A
    st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF),
    st.characters(min_codepoint=0xF900, max_codepoint=0xFAD9),  # compatibility characters
    st.characters(min_codepoint=0x20000, max_codepoint=0x33479),  # extensions B to J
)
DIRT = st.sampled_from([*"\u200b\u200d\ufeff\u202e\u2066\u00ad\u3000\u00a0 \t\n\r\x00\x0b\x1b", "\ud800", "\udfff", "\ue000", "\U000f0000", *"Ａｚ１８．•・·.-'’（）()□■?*", "👨‍👩‍👧", "🇨🇳",
                        "e\u0301", "é", "ü", "ß", "ﬁ", "İ", "Ω", "ж", "ひ", "한"])
NAMES = st.lists(st.one_of(HAN, HAN, HAN, DIRT, st.characters()), max_size=60).map("".join)
PLAIN = st.lists(HAN, min_size=2, max_size=12).map("".join)


@given(NAMES)
def test_keys_fit_their_columns_and_are_the_same_again(name: str) -> None:
    keys = names.person_keys(name)
    assert keys == names.person_keys(name)
    assert {column: len(value) for column, value in keys.items() if len(value) > (Person._meta.get_field(column).max_length or 0)} == {}
    assert len(firms.order_key(name)) <= (Employment._meta.get_field("unit_order").max_length or 0)


@given(NAMES, NAMES)
def test_a_spelling_may_be_anything(name: str, spelled: str) -> None:
    keys = names.person_keys(name, spelled)
    assert len(keys["pinyin_key"]) <= 200 and len(keys["sounds"]) <= pinyin.SOUNDS_AT_MOST


@given(NAMES)
def test_a_stroke_key_is_made_of_digits_and_one_place(name: str) -> None:
    key = strokes.key(name)
    assert re.fullmatch(r"(?:[0-9]{9} ?)*", key)
    assert strokes.without_pad(key) == strokes.key(name, padded=False)
    assert set(strokes.unknown(name)) <= set(name) and set(strokes.counted_only(name)) <= set(name)


@given(PLAIN)
def test_a_name_is_stored_as_it_is_written(name: str) -> None:
    """No normal form is ever applied: U+F900 is not 豈."""
    kept = names.normalise_name(name)
    assert kept.text == name
    assert text.clean_text(name, field="name") == name


@given(NAMES)
def test_a_name_that_is_kept_is_kept_again_and_searched_normalised(name: str) -> None:
    try:
        kept = names.normalise_name(name).text
    except Refused as refused:
        assert refused.message.isprintable()
        return
    assert names.normalise_name(kept).text == kept
    assert not text.has_control(kept) and text.without_zero_width(kept) == kept
    assert text.search_key(kept) == unicodedata.normalize("NFKC", text.search_key(kept))
    assert [c for c in kept if text.is_han(c)] == [c for c in names.normalise_name(kept).text if text.is_han(c)]


@given(st.lists(HAN, min_size=1, max_size=5).map("".join), st.lists(HAN, min_size=1, max_size=5).map("".join), st.sampled_from("•‧∙⋅・･·．.●▪"))
def test_between_han_characters_stands_one_dot(first: str, second: str, dot: str) -> None:
    assert names.normalise_name(first + dot + second).text == f"{first}·{second}"


@given(PLAIN, PLAIN, st.booleans())
def test_stroke_order_is_the_order_of_characters(one: str, other: str, padded: bool) -> None:
    """The key compares as the characters do, one after another."""
    first, second = (strokes.key(c) for c in (one[0], other[0]))
    if first != second:
        assert (first < second) == (strokes.key(one, padded=padded) < strokes.key(other, padded=padded))


@given(NAMES)
def test_what_is_searched_by_letters_is_letters_spaces_and_bars(name: str) -> None:
    for way in pinyin.sounds(name).split("|"):
        assert way == way.strip() and "  " not in way
    assert all(" " not in one for one in pinyin.readings(name))


@given(st.sampled_from("zhangweiüv"), NAMES)
def test_letters_make_a_pattern_that_is_one(letter: str, name: str) -> None:
    re.search(pinyin.sounding(letter), pinyin.sounds(name))


@given(NAMES)
def test_aligning_adds_one_place_at_most(name: str) -> None:
    shown = names.aligned(name)
    assert shown.replace("\u3000", "") == name.replace("\u3000", "") and len(shown) - len(name) in (0, 1)
