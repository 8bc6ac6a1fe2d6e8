"""Text that people type: what is refused, and the key under which it is compared and searched. Stored text is never normalised."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from django.utils.translation import gettext as _

from juzhi.base.errors import Refused

# Controls (tab and line breaks are judged apart), bidirectional overrides, separators and non-characters: they forge lines, hide text or break exports.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
_BREAK = re.compile("[\t\r\n]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_ZERO_WIDTH = re.compile("[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_MIDDLE_DOTS = re.compile("[·•‧∙⋅・･．●▪.]")
_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003347f"
_HAN_CHARACTER = re.compile(f"[{_HAN}]")
_BESIDE_HAN = re.compile(rf"(?<=[{_HAN}（）()])\s+|\s+(?=[{_HAN}（）()])")

# What people write where they have nothing to write.
NOTHING = frozenset({"", "不详", "未详", "不明", "未知", "无", "没有", "暂无", "待补", "待补充", "待定", "空", "/", "\\", "-", "--", "—", "——", "n/a", "na", "null", "none", "unknown"})


def clean_text(value: object, *, field: str, label: str = "", limit: int = 200, lines: bool = False) -> str:
    """`value` without space at its ends, otherwise as typed. `lines` allows line breaks (kept as \\n) and tabs.

    Raises Refused, naming the field, for text over `limit` characters, control characters and broken characters.
    """
    text = value if isinstance(value, str) else "" if value is None else str(value)
    name = f"「{label or field}」"
    if len(text) > 4 * limit + 1000:  # cheap: ten pasted megabytes are not looked at
        raise Refused(_("%(name)s太长：有 %(length)s 个字，最多 %(limit)s 个字，请缩短后再提交") % {"name": name, "length": len(text), "limit": limit}, field=field)
    if _SURROGATE.search(text):
        raise Refused(_("%(name)s里有残缺的字符，请重新输入") % {"name": name}, field=field)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    while (shorter := text.strip().strip("\ufeff\u200b")) != text:
        text = shorter
    if len(text) > limit:
        raise Refused(_("%(name)s太长：有 %(length)s 个字，最多 %(limit)s 个字，请缩短后再提交") % {"name": name, "length": len(text), "limit": limit}, field=field)
    if _CONTROL.search(text):
        raise Refused(_("%(name)s里有看不见的控制字符，请删去后重新输入") % {"name": name}, field=field)
    if not lines and _BREAK.search(text):
        raise Refused(_("%(name)s只能写一行，请去掉换行和制表符") % {"name": name}, field=field)
    return text


def listed(words: Iterable[object]) -> str:
    """Words joined as the reader's language joins them: 甲、乙 or A, B."""
    return _("、").join(str(word) for word in words)


def has_control(text: str) -> bool:
    """Whether `text` holds a character that is never stored. Tabs and line breaks are not among them."""
    return bool(_CONTROL.search(text) or _SURROGATE.search(text))


def search_key(text: str) -> str:
    """The form for comparing and searching: NFKC, lower case, without spaces, zero-width characters and middle dots. Never stored as the text itself."""
    if text.isascii() and text.isalnum():
        return text.lower()
    folded = unicodedata.normalize("NFKC", _ZERO_WIDTH.sub("", text))
    closed = "".join(_MIDDLE_DOTS.sub("", folded.lower()).split())
    return unicodedata.normalize("NFKC", closed)  # what now stands side by side may compose


def is_nothing(text: str) -> bool:
    """Whether the writer said that there is nothing: 不详, 无, /, N/A …"""
    return unicodedata.normalize("NFKC", text[:20]).strip().lower() in NOTHING


def is_han(character: str) -> bool:
    """Whether one character is a Han character, extensions A to J and compatibility characters included."""
    return "\u4e00" <= character <= "\u9fff" or bool(_HAN_CHARACTER.match(character))


def without_zero_width(text: str) -> str:
    """`text` without characters that have no width."""
    return _ZERO_WIDTH.sub("", text)


def close_up(text: str) -> str:
    """`text` in one line, without zero-width characters and without spaces beside Han characters; spaces between Latin words stay single."""
    return _BESIDE_HAN.sub("", " ".join(without_zero_width(text).split()))
