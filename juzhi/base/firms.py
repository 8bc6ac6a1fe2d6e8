"""Names of firms and bodies: what is left without the place in front and the legal form behind, and the order by it."""

from __future__ import annotations

import re
from functools import lru_cache

from juzhi.base.pinyin import sort_key
from juzhi.base.text import close_up

# Places that stand in front without 省 or 市.
_PLACES = (
    "北京|天津|上海|重庆|河北|山西|内蒙古|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|广西|海南|四川|贵州|云南|西藏|陕西|甘肃|青海|宁夏|新疆|香港|澳门|台湾|"
    "深圳|广州|东莞|惠州|珠海|佛山|中山|汕头|汕尾|江门|肇庆|湛江|茂名|梅州|河源|清远|潮州|揭阳|韶关|阳江|云浮|厦门|福州|泉州|杭州|宁波|温州|南京|苏州|无锡|常州|青岛|济南|大连|沈阳|长春|"
    "哈尔滨|石家庄|太原|郑州|武汉|长沙|南昌|合肥|成都|西安|昆明|贵阳|南宁|海口|兰州|西宁|银川|乌鲁木齐|拉萨|呼和浩特"
)
_PROVINCE = re.compile("(?:[\u4e00-\u9fff]{2,3}(?:省|自治区|特别行政区)|内蒙古自治区|广西壮族自治区|宁夏回族自治区|新疆维吾尔自治区)")
_CITY = re.compile("(?![\u4e00-\u9fff]{0,2}(?:城市|都市|超市|门市|股市|集市|夜市|楼市|上市|早市|花市|菜市))[\u4e00-\u9fff]{2,4}?市")
_DISTRICT = re.compile("(?![\u4e00-\u9fff]{0,2}(?:小区|园区|社区|校区|景区|厂区|地区|市区|城区|片区|院区|库区|牧区))[\u4e00-\u9fff]{2,3}?(?:区|县|新区|开发区)")
_STREET = re.compile("[\u4e00-\u9fff]{2,3}?(?:街道|镇|乡)")
_PLACE = re.compile(f"(?:{_PLACES})(?:省|市)?")
_BRACKETED = re.compile(rf"[（(](?:{_PLACES})(?:省|市)?[）)]")
_FORM = re.compile(
    r"(?:[（(](?:有限合伙|普通合伙|特殊普通合伙|个人独资|集团|个体工商户)[）)]|(?:股份|集团|控股)?有限责任公司|(?:集团|控股)?股份有限公司|(?:集团|控股|股份)?有限公司|集团公司|集团|公司|合伙企业|"
    r"[\s,，]*(?:Co\.?,?\s*Ltd\.?|Company\s+Limited|Limited|Ltd\.?|Inc\.?|LLC|Corp\.?|Corporation))$",
    re.IGNORECASE,
)
_NEEDS_ITS_PLACE = ("大学", "学院", "中学", "小学", "医院", "银行", "公司", "集团")  # what would be left of 中山大学, 上海银行 is no name
_LEFT = 2  # characters that must be left: 深圳公司 stays what it is
KEY_AT_MOST = 200


@lru_cache(maxsize=20_000)
def core(name: str) -> str:
    """The name without province, city, district and street in front, a city in brackets, and the legal form behind.

    深圳市福田区云塔科技有限公司 → 云塔科技. A bare 深圳 is taken away only where a legal form says that it is a firm: 深圳大学 keeps it.
    Nothing is taken away that would leave less than two characters.
    """
    text = _without(close_up(name), _BRACKETED)
    places = (_PROVINCE, _PLACE, _CITY, _DISTRICT, _STREET) if _FORM.search(text) else (_PROVINCE, _CITY, _DISTRICT, _STREET)
    for place in places:
        found = place.match(text)
        left = text[found.end() :] if found else ""
        if _has_enough(left) and not _FORM.fullmatch(left) and not left.startswith(_NEEDS_ITS_PLACE):
            text = left
    return _unformed(text)


def order_key(name: str) -> str:
    """The text by which firms stand in pinyin order: their core first, then the whole name. At most KEY_AT_MOST characters, "" for nothing."""
    return (sort_key(core(name)) + "\u0001" + name)[:KEY_AT_MOST] if name.strip() else ""


def _unformed(text: str) -> str:
    while (found := _FORM.search(text)) and _has_enough(text[: found.start()]):
        text = text[: found.start()].rstrip()
    return text


def _without(text: str, what: re.Pattern[str]) -> str:
    left = what.sub("", text)
    return left if _has_enough(left) else text


def _has_enough(text: str) -> bool:
    return sum(c.isalnum() for c in text) >= _LEFT
