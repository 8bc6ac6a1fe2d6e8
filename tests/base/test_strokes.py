"""Stroke order: both official conventions to the letter, and what becomes of characters that few tables know."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import pytest

from juzhi.base import strokes

LISTS = json.loads((Path(__file__).parent / "stroke_orders.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("listed", "padded"), [("two_character_names_first_within_a_surname", True), ("plain_character_by_character", False)])
@pytest.mark.parametrize("seed", range(5))
def test_the_lists_come_out_as_they_are_printed(listed: str, padded: bool, seed: int) -> None:
    names = LISTS[listed].copy()
    Random(seed).shuffle(names)
    assert sorted(names, key=lambda name: strokes.key(name, padded=padded)) == LISTS[listed]


def in_order(words: str, *, padded: bool = True) -> str:
    names = words.split()
    Random(1).shuffle(names)
    return " ".join(sorted(names, key=lambda name: strokes.key(name, padded=padded)))


@pytest.mark.parametrize("words", ["干 于 万 马", "王 韦 毛 方 尹 孔 邓", "朱 任 刘 江 许 孙", "丁 田 白 李 何 张 陈 单 曾 翟", "龙 轧 东 卡", "一 丨 丿 丶 乙"])
def test_characters(words: str) -> None:
    assert in_order(words) == words


def test_the_two_conventions() -> None:
    assert in_order("田富 田大利") == "田富 田大利"
    assert in_order("田富 田大利", padded=False) == "田大利 田富"


@pytest.mark.parametrize("words", ["马丁 尉迟喆 尉文", "司马光 司徒美堂 田富", "阿依古丽·买买提 陈平 迪力夏提·艾合买提"])
def test_compound_surnames_and_long_names_go_by_their_first_character(words: str) -> None:
    found = in_order(words).split()
    assert sorted(found, key=lambda name: strokes.key(name[0])) == found


def test_one_key_gives_the_other() -> None:
    for name in LISTS["plain_character_by_character"]:
        assert strokes.without_pad(strokes.key(name)) == strokes.key(name, padded=False)


@pytest.mark.parametrize(("character", "count"), [("彘", 12), ("撅", 15), ("炽", 9), ("皙", 13), ("膝", 15), ("黏", 17), ("陳", 11 - 1), ("骉", 9), ("䶮", 9), ("𬱖", 11), ("〇", 1), ("\uf900", 10), ("\U00030000", 2)])
def test_counts(character: str, count: int) -> None:
    """Six characters are mended; traditional ones, extensions and compatibility characters are counted too."""
    assert strokes.count(character) == count


def test_where_only_the_number_is_known_a_character_stands_behind_the_others_of_it() -> None:
    nine = [c for c in "骉春柳䶮" if strokes.count(c) == 9]
    assert sorted(nine, key=strokes.key)[-1] == "䶮" and strokes.counted_only("王䶮") == ["䶮"]
    assert strokes.key("春") < strokes.key("䶮") < strokes.key("桂")


def test_unknown_characters_stand_last_and_are_told() -> None:
    new, private = "\U000323b5", "\ue123"  # of extension J, younger than the table; nobody's
    assert in_order(f"龘一 {new}一 王{new} 王一") == f"王一 王{new} 龘一 {new}一"
    assert strokes.unknown(f"王{new}{private}") == [new, private]
    assert strokes.unknown("王□") == ["□"]
    assert strokes.unknown("王一·John Smith") == [] == strokes.unknown("")


def test_letters_stand_behind_characters() -> None:
    assert in_order("John 龘龘 Anna") == "龘龘 Anna John"


def test_what_has_no_width_and_what_joins_changes_nothing() -> None:
    assert strokes.key("田\u200b富") == strokes.key(" 田\u3000富 ") == strokes.key("田富")
    assert strokes.key("阿里·木") == strokes.key("阿里•木") == strokes.key("阿里木")


def test_a_compatibility_character_stands_beside_the_one_it_stands_for() -> None:
    assert strokes.key("\uf900某") == strokes.key("豈某")


def test_different_characters_with_the_same_strokes_are_not_mixed() -> None:
    assert in_order("未平 未一 末平 末一") == "未一 未平 末一 末平"
    assert in_order("干平 干一 于平 于一") == "干一 干平 于一 于平"


def test_the_longest_name_has_a_key_that_fits() -> None:
    assert len(strokes.key("龘" * 100)) <= strokes.KEY_AT_MOST
    assert len(strokes.key("龘龘")) == 19
