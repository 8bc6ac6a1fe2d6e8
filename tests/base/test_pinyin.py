"""Readings of names: surnames as surnames, every reading found, a person's own spelling first."""

from __future__ import annotations

import re

import pytest

from juzhi.base import pinyin

# The surname's own reading; from the old book of surnames and the dictionaries' notes on surnames.
READ = (
    "单飞:shan 解明:xie 仇英:qiu 曾琪:zeng 盖文:ge 区同:ou 朴智:piao 查良:zha 翟春:zhai 覃伟:qin 乐天:yue 员方:yun 折可:she 黑天:he 种师:chong 召明:shao 秘文:bi 缪文:miao 祭遵:zhai 卜文:bu "
    "隗明:wei 佴文:nai 阚泽:kan 冼星:xian 繁星:po 都明:du 角文:jue 乜文:nie 重文:chong 藏文:zang 便文:pian 参文:shen 郇文:xun 炅文:gui 句文:gou 会文:gui 任重:ren 华佗:hua 薄文:bo 能文:nai "
    "粘文:nian 么平:yao 蔚文:yu 尉文:wei 谌文:chen 宓文:mi 莘文:shen 那文:na 应文:ying 车文:che 万文:wan 强文:qiang 沈文:shen 褚文:chu 晁文:chao 逄文:pang 甪文:lu 仉文:zhang 隽文:juan 曲文:qu"
).split()
COMPOUND = "万俟明:mo qi 尉迟喆:yu chi 澹台明:tan tai 单于明:chan yu 鲜于文:xian yu 长孙文:zhang sun 乐正文:yue zheng 夏侯文:xia hou 诸葛文:zhu ge 欧阳文:ou yang 司徒文:si tu 令狐文:ling hu 毌丘文:guan qiu"


@pytest.mark.parametrize("pair", READ)
def test_a_surname_is_read_as_one(pair: str) -> None:
    name, reading = pair.split(":")
    assert pinyin.readings(name)[0].startswith(reading)
    assert pinyin.sort_key(name).split()[0] == reading


@pytest.mark.parametrize("pair", re.findall(r"\S+:\S+ \S+", COMPOUND))
def test_a_compound_surname_is_read_as_one(pair: str) -> None:
    name, reading = pair.split(":")
    assert pinyin.sort_key(name).startswith(reading + " ")


def test_a_compound_surname_needs_a_given_name() -> None:
    assert pinyin.readings("单于")[0] == "shanyu"  # a 单 called 于
    assert pinyin.readings("单于飞")[:2] == ("chanyufei", "shanyufei")


def test_a_surname_in_the_given_name_is_read_as_the_word() -> None:
    assert pinyin.readings("王单")[0] == "wangdan"


def found(letters: str, name: str, spelled: str = "") -> bool:
    return re.search(pinyin.sounding(letters), pinyin.sounds(name, spelled)) is not None


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("单飞燕", "shanfeiyan danfeiyan chanfeiyan sfy dfy shanf sfeiyan shfy"),
        ("区国海", "ouguohai quguohai ogh qgh"),
        ("覃伟", "qinwei tanwei qw tw"),
        ("吕布", "lvbu lyubu lubu lb"),
        ("万俟卨", "moqi wanqi mq"),
        ("尉迟喆", "yuchi weichi"),
        ("张伟", "zhangwei zhangw zwei zw zhw"),
        ("阿卜杜拉·艾山", "abudula abdlas abudulaaishan"),
        ("José Ortega", "jose joseortega jo"),
        ("Ａnna", "anna"),
        ("曾琪", "zengqi cengqi zq cq"),
    ],
)
def test_every_reading_finds(name: str, letters: str) -> None:
    assert [one for one in letters.split() if not found(one, name)] == []


def test_what_sounds_otherwise_does_not() -> None:
    assert not found("zw", "王张") and not found("feishan", "单飞") and not found("anw", "张伟")


def test_in_a_name_with_a_dot_the_characters_are_sounds() -> None:
    assert pinyin.readings("阿卜杜拉·艾山")[0] == "abudulaaishan"


def test_those_of_one_surname_stand_together() -> None:
    names = ["李安", "黎明", "李明", "厉安", "林一", "黎安", "厉明"]
    assert sorted(names, key=pinyin.person_key) == ["黎安", "黎明", "李安", "李明", "厉安", "厉明", "林一"]


def test_a_short_syllable_stands_before_a_longer_one() -> None:
    assert sorted(["连一", "李一", "林一", "李"], key=pinyin.person_key) == ["李", "李一", "连一", "林一"]


@pytest.mark.parametrize(
    ("name", "spelled", "first"),
    [("单飞", "Dan Fei", "dan1单"), ("单飞", "Fei DAN", "dan1单"), ("吕布", "LYU Bu", "lv3吕"), ("吕布", "LÜ Bu", "lv3吕"), ("覃小明", "Tan Xiao-ming", "tan2覃"), ("陈大文", "Chan Tai Man", "chan"), ("欧阳文", "OUYANG Wen", "ou1欧")],
)
def test_a_persons_own_spelling_wins(name: str, spelled: str, first: str) -> None:
    assert pinyin.person_key(name, spelled).split()[0] == first
    assert found("".join(re.findall("[a-z]", spelled.lower().replace("ü", "v"))), name, spelled)


def test_a_spelling_without_letters_is_none() -> None:
    assert (pinyin.person_key("单飞", "—— 12"), pinyin.sounds("单飞", "——")) == (pinyin.person_key("单飞"), pinyin.sounds("单飞"))


def test_rare_characters() -> None:
    assert pinyin.readings("\U000323b5")  # nobody knows how it is read: it stands for itself
    assert sorted(["\U000323b5一", "赵一"], key=pinyin.person_key) == ["赵一", "\U000323b5一"]
    assert pinyin.readings("\uf900")[0] == pinyin.readings("豈")[0]  # a compatibility character is read as the one it stands for


def test_readings_are_few_and_the_likeliest_first() -> None:
    many = pinyin.readings("单乐行")
    assert len(many) <= 24 and many[0].startswith("shan") and {one[:4] for one in many} >= {"shan", "danl", "chan"}
