"""Readings of names: the order on screens, and what a search by letters finds."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice, product

from juzhi.base.text import is_han, without_zero_width

# Characters are asked one by one: without its phrases, and without a copy of its table, the library takes 12 MB in each process instead of 56.
os.environ.update(PYPINYIN_NO_PHRASES="true", PYPINYIN_NO_DICT_COPY="true")
from pypinyin import Style, pinyin  # noqa: E402

# Surnames that the dictionary reads as the common word, or of which two readings are surnames; the first orders, all are found.
SURNAMES = {c: tuple(r.split("|")) for c, r in (pair.split(":") for pair in (
    "单:shan4 解:xie4 仇:qiu2 曾:zeng1 盖:ge3|gai4 区:ou1 朴:piao2 查:zha1 翟:zhai2|di2 覃:qin2|tan2 乐:yue4|le4 员:yun4 折:she2 黑:he4|hei1 种:chong2 召:shao4 秘:bi4 "
    "缪:miao4|mou2 祭:zhai4|ji4 卜:bu3 隗:wei3|kui2 佴:nai4 阚:kan4 洗:xian3 冼:xian3 繁:po2 都:du1 角:jue2 乜:nie4 牟:mu4|mou2 重:chong2 藏:zang1 便:pian2 参:shen1 郇:xun2|huan2 "
    "炅:gui4 句:gou1 会:gui4 任:ren2 华:hua4 薄:bo2 能:nai4|neng2 粘:nian2 镡:tan2|chan2|xin2 么:yao1 蔚:yu4|wei4 尉:wei4 谌:chen2|shen4 费:fei4|bi4 宓:mi4|fu2 郗:xi1|chi1 莘:shen1|xin1 "
    "郄:qie4|xi4 纪:ji3|ji4 宁:ning2|ning4 那:na1 应:ying1 葛:ge3 隽:juan4|jun4 适:kuo4|shi4 圈:juan4 啜:chuai4 浣:huan4 冠:guan4 相:xiang4 盛:sheng4 燕:yan1 车:che1 过:guo1 哈:ha3 "
    "令:ling4 俞:yu2 於:yu1 强:qiang2 冯:feng2 石:shi2 沈:shen3 万:wan4 贾:jia3 于:yu2 余:yu2 尹:yin3 叶:ye4 柏:bai3|bo2 长:chang2|zhang3 校:jiao4|xiao4 术:shu4|zhu2 要:yao1 邸:di3 "
    "仡:ge1|yi4 厘:xi1|li2 曲:qu1 占:zhan1 澹:tan2|dan4 万俟:mo4 俟:qi2|si4 逄:pang2 褚:chu3 瞿:qu2 晁:chao2 臧:zang1 莫:mo4 宿:su4 亓:qi2 仉:zhang3 毌:guan4 甪:lu4 撖:han4 迮:ze2 酂:zan4|cuo2"
).split()) if len(c) == 1}  # fmt: skip
# Compound surnames whose parts are read otherwise than the characters alone.
COMPOUND = {whole: tuple(parts.split("-")) for whole, parts in (pair.split(":") for pair in (
    "万俟:mo4-qi2 尉迟:yu4-chi2 澹台:tan2-tai2 单于:chan2-yu2 鲜于:xian1-yu2 长孙:zhang3-sun1 乐正:yue4-zheng4 夏侯:xia4-hou2 诸葛:zhu1-ge3 欧阳:ou1-yang2 司徒:si1-tu2 令狐:ling2-hu2 "
    "宰父:zai3-fu3 毌丘:guan4-qiu1 长鱼:chang2-yu2 区吴:ou1-wu2 佘佴:she2-nai4 相里:xiang4-li3 达奚:da2-xi1 尔朱:er3-zhu1 契苾:qi4-bi4 叱干:chi4-gan1 仆固:pu2-gu4 纥石:he2-shi2 "
    "耶律:ye1-lv4 皇甫:huang2-fu3 宇文:yu3-wen2 拓跋:tuo4-ba2 呼延:hu1-yan2 漆雕:qi1-diao1 哥舒:ge1-shu1 贺若:he4-ruo4 吐谷:tu3-yu4 盖娄:ge3-lou2"
).split())}  # fmt: skip
# In names with a dot the characters stand for sounds.
TRANSCRIBED = {"卜": ("bu3",), "乐": ("le4",), "查": ("cha2",), "解": ("jie3",), "单": ("dan1",), "区": ("qu1",)}
# Ways in which the sound ü is written: in passports since 2012, on screens, by habit.
WRITTEN = {"lv": ("lyu", "lu"), "nv": ("nyu", "nu"), "lve": ("lyue", "lue"), "nve": ("nyue", "nue")}
SOUNDS_AT_MOST = 400
_READINGS_AT_MOST = 24
_LETTERS = re.compile("[a-z]+")
Syllables = list[tuple[str, ...]]


@lru_cache(maxsize=50_000)
def _of_character(character: str) -> tuple[str, ...]:
    """All readings of one Han character with their tones as digits, the usual one first; the character itself where none is known."""
    plain = unicodedata.normalize("NFKC", character)
    for one in dict.fromkeys((character, plain[:1])):
        found = pinyin(one, style=Style.TONE3, heteronym=True, errors="ignore", neutral_tone_with_five=True)
        if readings := tuple(dict.fromkeys(r for r in (found[0] if found else []) if r and r[0].isascii() and r[0].isalpha())):
            return readings
    return (character,)


def _folded(run: str) -> str:
    """Letters without marks and in lower case: É → e, ü → v as people type it, Ａ → a."""
    spread = unicodedata.normalize("NFKD", run.lower().replace("ü", "v").replace("u\u0308", "v"))
    return "".join(c for c in spread if c.isalnum())


@lru_cache(maxsize=50_000)
def _surname(character: str) -> tuple[str, ...]:
    """Readings of a character as a surname, those as a word behind them."""
    own = SURNAMES.get(character, ())
    sounds = {_toneless(one) for one in own}
    return (*own, *(r for r in _of_character(character) if _toneless(r) not in sounds))


def _parts(name: str) -> list[tuple[str, tuple[str, ...]]]:
    """The name in pieces with the readings of each: a Han character, or a run of other letters. The surname's own readings stand first."""
    text = without_zero_width(name)[:60]
    pieces: list[tuple[str, tuple[str, ...]]] = []
    if text.isalnum() and all(map(is_han, text)):  # nearly every name
        pieces = [(c, _of_character(c)) for c in text]
    else:
        run = ""
        for character in text + " ":
            if not is_han(character) and (character.isalnum() or unicodedata.combining(character)):
                run += character
                continue
            if run and (folded := _folded(run)):
                pieces.append((run, (folded,)))
            run = ""
            if is_han(character):
                pieces.append((character, _of_character(character)))
    if not pieces:
        return pieces
    if "·" in text:
        return [(c, (*TRANSCRIBED[c], *r) if c in TRANSCRIBED else r) for c, r in pieces]
    return _with_surname(pieces)


def _with_surname(pieces: list[tuple[str, tuple[str, ...]]]) -> list[tuple[str, tuple[str, ...]]]:
    """A compound surname needs a given name behind it: 单于 alone is a 单 called 于."""
    compound = COMPOUND.get(pieces[0][0] + pieces[1][0]) if len(pieces) > 2 else None
    first, readings = pieces[0]
    if is_han(first):
        readings = _surname(first)
    if compound is None:
        return [(first, readings), *pieces[1:]]
    second, others = pieces[1]
    return [(first, _first(compound[0], readings)), (second, _first(compound[1], others)), *pieces[2:]]


def _first(one: str, readings: tuple[str, ...]) -> tuple[str, ...]:
    return (one, *(r for r in readings if r != one))


@lru_cache(maxsize=20_000)
def _toneless(reading: str) -> str:
    return reading[:-1] if reading[-1:] in "12345" and reading[:-1].isalpha() else reading


@lru_cache(maxsize=50_000)
def _plain(readings: tuple[str, ...]) -> tuple[str, ...]:
    """Readings without tones."""
    return tuple(dict.fromkeys(map(_toneless, readings)))


@lru_cache(maxsize=50_000)
def _typed(readings: tuple[str, ...]) -> tuple[str, ...]:
    """Readings without tones, and the other ways to type them."""
    return tuple(dict.fromkeys(one for reading in _plain(readings) for one in (reading, *WRITTEN.get(reading, ()))))


def _syllables(name: str) -> Syllables:
    """Per piece its readings without tones."""
    return [_plain(readings) for _, readings in _parts(name)]


def sort_key(name: str) -> str:
    """The text by which any name stands in pinyin order: `zhang wei`, then the name itself so that equal sounds stay together. At most 200 characters."""
    return (" ".join(readings[0] for readings in _syllables(name)) + "\u0001" + name)[:200]


def person_key(name: str, spelled: str = "") -> str:
    """The text by which persons stand in pinyin order, at most 200 characters: `zhang1张 wei3伟`, so that those of one surname stand together.

    `spelled` = the name in letters as the person writes it, which wins: 单飞 who writes Dan Fei stands at D.
    """
    return _ordering(_parts(name), name, spelled)


def _ordering(parts: Sequence[tuple[str, tuple[str, ...]]], name: str, spelled: str) -> str:
    chosen = [readings[0] for _, readings in parts]
    if _words(spelled):
        own = _as_spelled(parts, spelled)
        if own is None:
            return (" ".join(_words(spelled)) + "\u0001" + name)[:200]
        chosen = own
    told = [one + piece if is_han(piece[0]) else one for (piece, _), one in zip(parts, chosen, strict=True)]
    return (" ".join(told) + "\u0001" + name)[:200]


def _words(spelled: str) -> list[str]:
    """The runs of letters of a spelling: Lü Xiao-Ming → lv, xiao, ming."""
    if not spelled:
        return []
    return _LETTERS.findall(" ".join(_folded(word) for word in re.split(r"[\s\-‐'’·.,，、]+", without_zero_width(spelled)[:100])))


def _as_spelled(parts: Sequence[tuple[str, tuple[str, ...]]], spelled: str) -> list[str] | None:
    """The reading of each piece that the spelling uses, surname first or last; None where it is spelled by another system."""
    words = _words(spelled)
    for order in (words, [*words[-1:], *words[:-1]]):
        found = _fitting([readings for _, readings in parts], "".join(order))
        if found is not None:
            return found
    return None


def _fitting(readings: Sequence[tuple[str, ...]], letters: str) -> list[str] | None:
    if not readings:
        return None if letters else []
    for one in readings[0]:
        for written in (_toneless(one), *WRITTEN.get(_toneless(one), ())):
            if letters.startswith(written):
                rest = _fitting(readings[1:], letters[len(written) :])
                if rest is not None:
                    return [one, *rest]
    return None


def _ways(parts: Syllables) -> Iterator[tuple[str, ...]]:
    """Combinations of readings, the likeliest first: the usual one everywhere, then one piece read otherwise, then the rest."""
    usual = tuple([readings[0] for readings in parts])
    yield usual
    open_places = [place for place, readings in enumerate(parts) if len(readings) > 1]
    for place in open_places:
        for other in parts[place][1:]:
            yield (*usual[:place], other, *usual[place + 1 :])
    if len(open_places) > 1:
        for way in islice(product(*parts), 1000):
            if sum(one != other for one, other in zip(way, usual, strict=True)) > 1:
                yield way


def _likeliest(parts: Sequence[tuple[str, tuple[str, ...]]]) -> list[tuple[str, ...]]:
    return list(islice(_ways([_typed(readings) for _, readings in parts]), _READINGS_AT_MOST)) if parts else []


@lru_cache(maxsize=6000)
def _read(name: str) -> tuple[list[tuple[str, tuple[str, ...]]], list[tuple[str, ...]]]:
    """The pieces of a name, and the ways to say it. Kept for a while: what orders a name and what finds it are computed one after the other."""
    parts = _parts(name)
    return parts, _likeliest(parts)


def readings(name: str) -> tuple[str, ...]:
    """Every way to write the name in letters without spaces, the likeliest first, at most 24."""
    return tuple(dict.fromkeys(["".join(way) for way in _read(name)[1]]))


def initials(name: str) -> tuple[str, ...]:
    """First letters, for every reading: 单飞 → sf, df, cf."""
    return tuple(dict.fromkeys(["".join([one[0] for one in way]) for way in _read(name)[1]]))


def sounds(name: str, spelled: str = "") -> str:
    """What a search by letters looks in, at most SOUNDS_AT_MOST characters: every reading, syllables parted by spaces, readings by bars: `shan fei|dan fei`."""
    return _sounds(_read(name)[1], spelled)


def person_keys(name: str, spelled: str = "") -> tuple[str, str]:
    """`person_key` and `sounds` at once: a name is read once."""
    parts, said = _read(name)
    return _ordering(parts, name, spelled), _sounds(said, spelled)


def _sounds(said: Sequence[tuple[str, ...]], spelled: str) -> str:
    ways = [" ".join(way) for way in said]
    if own := _words(spelled):
        ways = [" ".join(own), " ".join([*own[-1:], *own[:-1]]), *ways]
    told = "|".join(dict.fromkeys(way for way in ways if way))
    return told if len(told) <= SOUNDS_AT_MOST else told[:SOUNDS_AT_MOST].rpartition("|")[0]


def sounding(letters: str) -> str:
    """The regular expression that finds `letters` in `sounds`: zhangwei, zhangw, zwei, zw. Both databases understand it.

    `letters` are a to z only.
    """
    return r"(^|\|)" + "(?:[a-z]* )?".join(letters)
