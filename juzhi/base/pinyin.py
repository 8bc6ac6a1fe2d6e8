"""Readings of names: the order on screens, and what a search by letters finds."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import islice, product

from pypinyin import Style, pinyin

from juzhi.base.text import is_han, without_zero_width

# Surnames that the dictionary reads as the common word; the first reading orders, all are found.
SURNAMES = {
    **{c: tuple(r.split("|")) for c, r in (pair.split(":") for pair in (
        "单:shan 解:xie 仇:qiu 曾:zeng 盖:ge 区:ou 朴:piao 查:zha 翟:zhai 覃:qin|tan 乐:yue|le 员:yun 折:she 黑:he 种:chong 召:shao 秘:bi 缪:miao 祭:zhai 卜:bu "
        "隗:wei|kui 佴:nai 阚:kan 洗:xian 冼:xian 繁:po 都:du 角:jue 乜:nie 牟:mu|mou 重:chong 藏:zang 便:pian 参:shen 郇:xun|huan 炅:gui 句:gou 会:gui"
    ).split())},
    "长孙": ("zhangsun",), "乐正": ("yuezheng",), "万俟": ("moqi",), "尉迟": ("yuchi",), "澹台": ("tantai",), "单于": ("chanyu",), "鲜于": ("xianyu",),
}  # fmt: skip
_SPLIT = {"zhangsun": ("zhang", "sun"), "yuezheng": ("yue", "zheng"), "moqi": ("mo", "qi"), "yuchi": ("yu", "chi"), "tantai": ("tan", "tai"), "chanyu": ("chan", "yu"), "xianyu": ("xian", "yu")}
_READINGS_AT_MOST = 24
_OTHER = re.compile(r"[^0-9a-z]+")


@lru_cache(maxsize=20_000)
def _of_character(character: str) -> tuple[str, ...]:
    """All readings of one Han character without tones, the usual one first; the character itself where none is known."""
    found = pinyin(character, style=Style.NORMAL, heteronym=True, errors="ignore")
    readings = tuple(dict.fromkeys(r for r in (found[0] if found else []) if r))
    return readings or (character,)


def _syllables(name: str) -> list[tuple[str, ...]]:
    """Per character (or run of other letters) its readings, the surname's own first."""
    text = without_zero_width(name)[:60]
    syllables: list[tuple[str, ...]] = []
    start = 0
    if "·" not in text:
        if len(text) > 1 and text[:2] in SURNAMES:
            syllables, start = [(s,) for s in _SPLIT[SURNAMES[text[:2]][0]]], 2
        elif text[:1] in SURNAMES:
            own = SURNAMES[text[0]]
            syllables, start = [(*own, *(r for r in _of_character(text[0]) if r not in own))], 1
    run = ""
    for character in text[start:] + " ":
        if is_han(character) or not character.isalnum():
            if run:
                syllables.append((run,))
                run = ""
            if is_han(character):
                syllables.append(_of_character(character))
        else:
            run += character.lower()
    return syllables


def sort_key(name: str) -> str:
    """The text by which names stand in pinyin order: `zhang wei`, then the name itself so that equal sounds stay together. At most 200 characters."""
    return (" ".join(readings[0] for readings in _syllables(name)) + "\u0001" + name)[:200]


def readings(name: str) -> tuple[str, ...]:
    """Every way to write the name in letters without spaces, the likeliest first, at most 24."""
    parts = _syllables(name)
    if not parts:
        return ()
    return tuple(dict.fromkeys("".join(p) for p in islice(product(*parts), _READINGS_AT_MOST)))


def initials(name: str) -> tuple[str, ...]:
    """First letters, for every reading: 单飞 → sf, df, cf."""
    return tuple(dict.fromkeys("".join(s[0] for s in p) for p in islice(product(*_syllables(name)), 200) if p))
