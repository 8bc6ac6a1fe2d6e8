"""Columns that are never stored, known only so that they can be left out and named: by heading, and by what stands in them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from juzhi.base.codes import holds_identity
from juzhi.base.names import names_people, says_people, says_sensitive
from juzhi.base.text import has_control

# Kind of column -> headings. No value of such a column is kept anywhere.
HEADINGS: dict[str, tuple[str, ...]] = {
    "party": ("政治面貌", "党派", "所属党派", "党派身份", "加入党派", "入党时间", "加入党派时间", "入派时间", "无党派认定时间", "认定时间", "党组织情况", "是否党员", "是否中共党员", "党内职务"),
    "ethnic": ("民族", "族别", "民族成分"),
    "religion": ("宗教", "宗教信仰", "信仰"),
    "health": ("健康状况", "健康情况", "身体状况", "血型", "病史", "既往病史", "残疾"),
    "id_no": ("身份证号", "身份证号码", "身份证", "公民身份号码", "证件号", "证件号码", "护照号", "护照号码"),
    "native_place": ("籍贯", "祖籍", "出生地"),
    "family": ("婚姻状况", "家庭成员", "家庭情况", "配偶"),
    "bank": ("银行卡号", "银行账号", "开户行"),
}
_BY_HEADING = {heading: kind for kind, headings in HEADINGS.items() for heading in headings}
_IN_HEADING = re.compile("政治面貌|党派|身份证|民族成分|宗教|健康状")


def kind_of_heading(heading: str) -> str:
    """The kind of a sensitive heading, "" for any other."""
    plain = heading.rpartition("/")[2] or heading
    found = _BY_HEADING.get(plain, "") or _BY_HEADING.get(heading, "")
    if not found and (match := _IN_HEADING.search(heading)):
        found = "id_no" if match.group() == "身份证" else "ethnic" if "民族" in match.group() else "religion" if "宗教" in match.group() else "health" if "健康" in match.group() else "party"
    return found


def may_be_shown(text: str) -> bool:
    """Whether a cell of a column that nobody knows may stand as its sample."""
    return not (has_control(text) or holds_identity(text) or says_sensitive(text))


def kind_of_values(values: Iterable[str]) -> str:
    """The kind of a column that does not say so in its heading: a fifth of its cells speak of party, religion or a people and of nothing else, or hold
    identity numbers. Words that may be a people (白, 满: surnames too) count where most cells are such words and at least two sorts of them, one of which
    can mean nothing else, or three sorts.
    """
    texts = [value for value in values if value.strip()]
    if not texts:
        return ""
    if sum(1 for text in texts if holds_identity(text)) * 5 >= len(texts):
        return "id_no"
    told = [text for text in texts if says_sensitive(text) and not says_people(text)]
    sure = [text for text in texts if names_people(text)]
    if (len(told) + len([text for text in sure if text.strip().endswith(("族", "族人"))])) * 5 >= len(texts):
        return "party" if len(told) > len(sure) else "ethnic"
    peoples = [people for text in texts if (people := says_people(text))]
    sorts = len({*peoples})
    is_proven = sorts >= 3 or (sorts == 2 and sure) or (sorts == 1 and len(sure) == len(texts) >= 3)
    return "ethnic" if is_proven and len(peoples) * 2 > len(texts) else ""
