"""Names of persons as they stand in lists: what belongs to the name, and what was written beside it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from juzhi.base import pinyin, strokes
from juzhi.base.errors import Refused
from juzhi.base.text import close_up, has_control, is_han, search_key, without_zero_width

DOT = "\u00b7"  # the one separator the rules of 2016 allow
_DOTS = "•‧∙⋅・･·．.●▪"
_FULL_WIDTH = {code: code - 0xFEE0 for code in (*range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B), 0xFF0D, 0xFF07)} | {0x3000: 0x20, 0xA0: 0x20}
_BRACKETED = re.compile(r"[（(【\[〔]([^（(【\[〔）)】\]〕]{1,20})[）)】\]〕]")
_DECEASED = frozenset({"已故", "故", "去世", "已去世", "逝世", "已逝", "已逝世", "病故", "殁"})
# Known only so that they can be dropped: nothing of them is kept anywhere.
_PEOPLES = frozenset(
    "汉 回 藏 壮 满 苗 彝 侗 瑶 白 傣 黎 畲 水 佤 羌 怒 京 蒙古 维吾尔 布依 朝鲜 土家 哈尼 哈萨克 傈僳 高山 拉祜 东乡 纳西 景颇 柯尔克孜 土 达斡尔 仫佬 布朗 撒拉 毛南 仡佬 锡伯 阿昌 普米 "
    "塔吉克 乌孜别克 俄罗斯 鄂温克 德昂 保安 裕固 塔塔尔 独龙 鄂伦春 赫哲 门巴 珞巴 基诺 维 维族 蒙 少数民族".split()
)
# Of these the ones that say something else where 族 is missing: surnames and given names, colours, counties and countries, posts.
_EVERYDAY = frozenset("回 藏 壮 满 苗 瑶 白 黎 水 羌 怒 京 土 维 蒙 蒙古 朝鲜 俄罗斯 高山 东乡 保安 独龙 门巴".split())
_PARTIES = re.compile(
    "中共|党员|群众|团员|无党派|党外|民革|民盟|民建|民进|农工|致公|九三|台盟|民主党派|入党|伊斯兰|佛教|道教|天主教|基督教|信教|回教|"
    "国民党革命|民主同盟|民主建国|民主促进|学社|民主自治"
)


_NAME_ALONE = re.compile("[\u4e00-\u9fff]{2,4}")
_ALONE = re.compile(
    "(中共)?(正式|预备)?党员|中共|群众|共青团员|团员|无党派(人士)?|党外人士|(民革|民盟|民建|民进|农工党?|致公党?|九三(学社)?|台盟)(党员|盟员|会员|社员|成员)?|"
    "(伊斯兰教|佛教|道教|天主教|基督教)(徒|信徒)?"
)


@dataclass(frozen=True)
class Name:
    """A name and what was written beside it. `dropped` = something stood there that is kept nowhere; `rare` = "described" or "private" when a character needs a person's eye."""

    text: str
    gender: str | None = None
    deceased: bool = False
    dropped: bool = False
    rare: str | None = None


def person_keys(name: str, spelled: str = "") -> dict[str, str]:
    """The columns computed from a person's name, by their names: how it is searched, read and ordered. Wherever a name is written, these are.

    `spelled` = the name in letters as the person writes it, which wins over the readings of the characters.
    """
    order, sounds = pinyin.person_keys(name, spelled)
    return {"name_key": search_key(name)[:100], "pinyin_key": order, "sounds": sounds, "stroke_key": strokes.key(name)}


def aligned(name: str) -> str:
    """The name as lists print it: one of two characters spread to the width of three, 田　富."""
    return f"{name[0]}\u3000{name[1]}" if len(name) == 2 and all(map(is_han, name)) else name


def says_sensitive(word: str) -> bool:
    """Whether a word by itself tells party, people or religion of a person: 回族, 中共党员, 无党派人士 …"""
    plain = word.strip()
    if len(plain) > 20:
        return False
    return plain in _PEOPLES or bool(re.fullmatch(r"[\u4e00-\u9fff]{1,5}族(?:人)?", plain)) or bool(_PARTIES.search(plain) and len(plain) <= 12)


def says_people(word: str) -> str:
    """The people that a word may tell, without 族: 回族 and 回 are 回, 上班族 is 上班; "" for any other word. A short one may be a surname, a colour or a country as well."""
    plain = word.strip().removesuffix("人")
    bare = plain.removesuffix("族")
    if bare in _PEOPLES:
        return bare
    return plain if plain in _PEOPLES or re.fullmatch(r"[\u4e00-\u9fff]{1,5}族", plain) else ""


def names_people(word: str) -> bool:
    """Whether a word tells a people and can mean nothing else: 回族, 维吾尔, 汉; not 白, 朝鲜, 上班族."""
    people = says_people(word)
    return people in _PEOPLES and (people not in _EVERYDAY or word.strip().removesuffix("人") != people)


def is_sensitive_alone(text: str) -> bool:
    """Whether a text is nothing but the word for a party, a people or a religion: 中共党员, 回族. An employer or a post that contains one is not."""
    plain = "".join(text.split())
    return bool(_ALONE.fullmatch(plain)) or (plain.endswith("族") and len(plain) <= 6 and says_sensitive(plain))


def normalise_name(raw: str) -> Name:
    """The name in `raw` without what was written beside it. Han characters are never changed.

    Raises Refused for an empty, overlong or broken text. A bracket that is not understood stays in the name.
    """
    if len(raw) > 200:
        raise Refused(_("姓名太长，请核对"), field="name")
    if _NAME_ALONE.fullmatch(raw):  # most are: nothing to look for
        return Name(raw)
    text = without_zero_width(raw.replace("\r", "\n").replace("\n", " ").replace("\t", " "))
    if has_control(text):
        raise Refused(_("姓名里有看不见的控制字符或残缺的字符，请重新输入"), field="name")
    text = " ".join(text.translate(_FULL_WIDTH).split())
    gender, deceased, dropped = None, False, False

    def beside(match: re.Match[str]) -> str:
        nonlocal gender, deceased, dropped
        word = "".join(match.group(1).split())
        parts = re.split(r"[，,、;；/]", word)
        kept = []
        for part in parts:
            if part.rstrip("性") in ("男", "女"):
                gender = part[0]
            elif part in _DECEASED:
                deceased = True
            elif says_sensitive(part):
                dropped = True
            else:
                kept.append(part)
        if len(kept) == len(parts):
            return match.group(0)
        return f"（{'、'.join(k for k in kept if k)}）" if any(kept) else " "

    text = " ".join(_BRACKETED.sub(beside, text).split())
    while " " in text:
        word = text.rpartition(" ")[2]
        if is_sensitive_alone(word):
            dropped = True
        elif word in ("男", "女") and len(text.replace(" ", "")) > 2:  # 王 女 may be a name
            gender = gender or word
        else:
            break
        text = text.rpartition(" ")[0].rstrip()
    text = _closed(_dotted(text)).strip(" 、,，;；")
    if not text or not any(c.isalnum() for c in text):
        raise Refused(_("没有姓名，请补填"), field="name")
    if len(text) > 50:
        raise Refused(_("姓名太长，最多 50 个字，请核对"), field="name")
    return Name(text, gender, deceased, dropped, _rare(text))


def _dotted(text: str) -> str:
    """Every dot between two Han characters as U+00B7."""
    return re.sub(
        rf"\s*[{re.escape(_DOTS)}]\s*",
        lambda m: DOT if m.start() and m.end() < len(text) and is_han(text[m.start() - 1]) and is_han(text[m.end()]) else m.group(0),
        text,
    )


def _closed(text: str) -> str:
    """Without the spaces that only align a name of two to four characters; other spaces stay, since they may part the name."""
    packed = text.replace(" ", "")
    if 2 <= len(packed) <= 4 and all(is_han(c) for c in packed):
        return packed
    return close_up(text) if "（" in text or "(" in text else text


def _rare(text: str) -> str | None:
    if any("\ue000" <= c <= "\uf8ff" or c >= "\U000f0000" for c in text):
        return "private"
    return "described" if any(c in "（(【[〔？?□■＊*" for c in text) else None
