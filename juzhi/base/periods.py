"""Dates as people know them: to the day, the month, the year or not at all; periods of whole days; and half-open intervals."""

from __future__ import annotations

import calendar
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from juzhi.base.errors import Refused
from juzhi.base.text import is_nothing

DAY, MONTH, YEAR, UNKNOWN = "day", "month", "year", "unknown"
PRECISIONS = (DAY, MONTH, YEAR, UNKNOWN)
CENTURY = 1936  # two-digit years fall in the hundred years from here


@dataclass(frozen=True)
class PartialDate:
    """A date of stated precision, kept as the first day of what it covers; `on` is None exactly when nothing is known."""

    on: date | None
    precision: str = DAY

    def __post_init__(self) -> None:
        if self.precision not in PRECISIONS or (self.on is None) != (self.precision == UNKNOWN):
            raise ValueError(f"no such date: {self.on} {self.precision}")
        if self.on is not None and self.on != _first(self.on, self.precision):
            raise ValueError(f"{self.on} is not the first day of its {self.precision}")

    def __str__(self) -> str:
        if self.on is None:
            return _("未详")
        return self.on.isoformat()[: {DAY: 10, MONTH: 7, YEAR: 4}[self.precision]]

    @property
    def last(self) -> date | None:
        """The last day that the date may mean."""
        if self.on is None or self.precision == DAY:
            return self.on
        month = 12 if self.precision == YEAR else self.on.month
        return date(self.on.year, month, calendar.monthrange(self.on.year, month)[1])


@dataclass(frozen=True)
class Ambiguous:
    """A spelling that means one of several dates; a person has to choose."""

    choices: tuple[PartialDate, ...]


def _first(on: date, precision: str) -> date:
    return on if precision == DAY else on.replace(day=1) if precision == MONTH else on.replace(month=1, day=1)


_DIGITS = {c: str(i) for i, c in enumerate("〇一二三四五六七八九")} | {"零": "0", "○": "0", "O": "0", "o": "0", "两": "2"}
_CHINESE = "〇零○一二三四五六七八九十廿卅"
_CHINESE_DATE = re.compile(rf"([{_CHINESE}Oo]{{2}}|[{_CHINESE}Oo]{{4}})年(?:([{_CHINESE}]{{1,2}})月份?(?:([{_CHINESE}]{{1,3}})[日号]?)?)?")
_WORDED = re.compile(r"([0-9]{4}|[0-9]{2})年(?:([0-9]{1,2})月份?(?:([0-9]{1,2})[日号]?)?)?")
_PARTED = re.compile(r"([0-9]{4}|[0-9]{2})[-./]([0-9]{1,2})(?:[-./]([0-9]{1,2}))?")
_PACKED = re.compile(r"([0-9]{4})([0-9]{2})?([0-9]{2})?")
_SERIAL = re.compile(r"[0-9]{5}")
_AGE = re.compile(r"\([0-9]{1,3}(?:周?岁)\)$")
_TIME = re.compile(r"(?<=[0-9])(?:T|\s+)[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?Z?$")
_DASHES = str.maketrans({c: "-" for c in "‐‑‒–—―−_～~"} | {"。": ".", "、": ".", "·": ".", "\\": "/"})


def parse_date(text: str, *, century: int = CENTURY) -> PartialDate:
    """The date that `text` spells: 2014.01, 2020/9/18, 19.11, 201903, 20200301, 2022年10月24日, 二〇二一年十月, 31121 (a spreadsheet's day number) …

    不详 and its like give the unknown date. `century` = first year that two digits may mean. Raises Refused, saying what is wrong.
    """
    if len(text) > 60:
        raise Refused(_("日期太长，请写成 2016-09-05 这样的形式"))
    plain = unicodedata.normalize("NFKC", text).strip().lstrip("'")
    if plain and is_nothing(plain):
        return PartialDate(None, UNKNOWN)
    plain = "".join(_AGE.sub("", _TIME.sub("", plain.translate(_DASHES))).split()).rstrip(".-").removesuffix("生")
    if match := _CHINESE_DATE.fullmatch(plain):
        year, month, day = (_chinese_number(part) for part in match.groups())
    elif match := _WORDED.fullmatch(plain) or _PARTED.fullmatch(plain) or _PACKED.fullmatch(plain):
        year, month, day = match.groups()
    elif _SERIAL.fullmatch(plain):
        return date_of_serial(int(plain))
    else:
        raise Refused(_("看不懂日期「%(text)s」，请写成 2016、2016-09 或 2016-09-05") % {"text": _shown(text)})
    if year is None:
        raise Refused(_("看不懂日期「%(text)s」，请写成 2016、2016-09 或 2016-09-05") % {"text": _shown(text)})
    return _made(_full_year(year, century), month and int(month), day and int(day))


def date_of_serial(days: int, *, since_1904: bool = False) -> PartialDate:
    """The day of a spreadsheet's day number. Raises Refused outside the years 1900 to 2100."""
    start = date(1904, 1, 1) if since_1904 else date(1899, 12, 30)
    if not 1 <= days <= 73_415:
        raise Refused(_("数字 %(days)s 不是日期，请写成 2016-09-05") % {"days": days})
    return PartialDate(start + timedelta(days=days), DAY)


def date_of_number(text: str, *, decimals: int | None = None, century: int = CENTURY) -> PartialDate | Ambiguous:
    """The date of a cell that holds a number (1985.1, 201903, 31121). `decimals` = digits after the point that the cell shows, None if its format does not fix them.

    1985.1 shown with two digits is 1985.10; without them it may be January or October. Raises Refused like `parse_date`.
    """
    match = re.fullmatch(r"([0-9]{1,9})(?:\.([0-9]{1,20}))?", text.strip(), re.ASCII)
    if not match:
        return parse_date(text, century=century)
    whole, fraction = match.group(1), match.group(2) or ""
    if len(fraction) > 2:  # 1965.0699999999999 is how a file may keep 1965.07
        whole, _point, fraction = f"{float(text):.4f}".rstrip("0").partition(".")
    if decimals == 2 and fraction:
        fraction = fraction.ljust(2, "0")
    if not fraction.strip("0") and decimals != 2:
        return parse_date(whole, century=century)
    if fraction == "1":
        return Ambiguous((parse_date(f"{whole}.01", century=century), parse_date(f"{whole}.10", century=century)))
    return parse_date(f"{whole}.{fraction}" if fraction else whole, century=century)


_YEAR_LAST = re.compile(r"([0-9]{1,2})([-./])([0-9]{1,2})\2([0-9]{4})")


def date_of_text(text: str, *, century: int = CENTURY) -> PartialDate | Ambiguous:
    """The date that a cell of text spells; 01/02/2024 may be the first of February or the second of January. Raises Refused like `parse_date`."""
    match = _YEAR_LAST.fullmatch(unicodedata.normalize("NFKC", text[:60]).strip())
    if not match:
        return parse_date(text, century=century)
    one, _sign, other, year = match.groups()
    found = []
    for month, day in dict.fromkeys(((one, other), (other, one))):
        try:
            found.append(_made(int(year), month, day))
        except Refused:
            continue
    if not found:
        return parse_date(text, century=century)
    return found[0] if found[0] == found[-1] else Ambiguous(tuple(found))


def parse_as_of(text: str) -> date:
    """The day a count is taken at: 2024 is its last day, 2024-05 is 2024-05-31. Raises Refused."""
    last = parse_date(text).last
    if last is None:
        raise Refused(_("请写出截至哪一天，例如 2024-05-31"))
    return last


def last_day(valid_to: date | None) -> date | None:
    """The last day on which a half-open interval holds; None = still open."""
    return None if valid_to is None else valid_to - timedelta(days=1)


def holds_on(day: date, valid_from: date, valid_to: date | None) -> bool:
    """Whether [valid_from, valid_to) holds on `day`."""
    return valid_from <= day and (valid_to is None or day < valid_to)


def _shown(text: str) -> str:
    """What of a faulty text may stand in a message."""
    return "".join(c for c in text[:20] if c.isprintable())


def _full_year(year: str, century: int) -> int:
    if len(year) == 4:
        return int(year)
    return century + (int(year) - century) % 100


def _chinese_number(part: str | None) -> str | None:
    """二〇二一 → 2021, 十 → 10, 二十一 → 21, 廿八 → 28."""
    if not part:
        return part
    part = part.replace("廿", "二十").replace("卅", "三十")
    if "十" not in part:
        return "".join(_DIGITS[c] for c in part)
    tens, _ten, ones = part.partition("十")
    digits = (_DIGITS.get(tens, "") if tens else "1") + (_DIGITS.get(ones, "") if ones else "0")
    if len(digits) != 2:
        raise Refused(_("看不懂用汉字写的日期，请写成 2016-09-05"))
    return digits


def _made(year: int, month: int | str | None, day: int | str | None) -> PartialDate:
    if not 1800 <= year <= 2100:
        raise Refused(_("年份 %(year)s 不对，请写 1800 到 2100 之间的年份") % {"year": year})
    if month in (None, ""):
        return PartialDate(date(year, 1, 1), YEAR)
    month = int(month)  # type: ignore[arg-type]
    if not 1 <= month <= 12:
        raise Refused(_("没有 %(month)s 月，请改正日期") % {"month": month})
    if day in (None, ""):
        return PartialDate(date(year, month, 1), MONTH)
    day = int(day)  # type: ignore[arg-type]
    if not 1 <= day <= calendar.monthrange(year, month)[1]:
        raise Refused(_("%(year)s年%(month)s月没有 %(day)s 日，请改正日期") % {"year": year, "month": month, "day": day})
    return PartialDate(date(year, month, day), DAY)


QUARTER = "quarter"
_QUARTER = re.compile(r"([0-9]{4})(?:-?[Qq]|年?第?)([1-4一二三四])(?:季度?)?")


@dataclass(frozen=True)
class Period:
    """Whole days from `since` to `until`, both included. Calendar periods are a year, a quarter or a month."""

    since: date
    until: date

    @property
    def kind(self) -> str:
        """year, quarter, month, or "" for any other days."""
        return next((kind for kind in (YEAR, QUARTER, MONTH) if self == calendar_period(self.since, kind)), "")

    def __str__(self) -> str:
        year, month = self.since.year, self.since.month
        if self.kind == YEAR:
            return _("%(year)s 年") % {"year": year}
        if self.kind == QUARTER:
            return _("%(year)s 年第 %(quarter)s 季度") % {"year": year, "quarter": (month + 2) // 3}
        if self.kind == MONTH:
            return _("%(year)s 年 %(month)s 月") % {"year": year, "month": month}
        return _("%(since)s 至 %(until)s") % {"since": self.since.isoformat(), "until": self.until.isoformat()}

    @property
    def short(self) -> str:
        """Within its year: 2024 年, 第 1 季度, 5 月."""
        words = {QUARTER: _("第 %(quarter)s 季度") % {"quarter": (self.since.month + 2) // 3}, MONTH: pgettext("时段", "%(month)s 月") % {"month": self.since.month}}
        return words.get(self.kind, str(self))

    @property
    def question(self) -> dict[str, str]:
        """As it stands in an address: {"from": "2024"}, {"from": "2024-Q1"}, {"from": "2024-05"}, or both days."""
        first = self.since.isoformat()
        short = {YEAR: first[:4], QUARTER: f"{first[:4]}-Q{(self.since.month + 2) // 3}", MONTH: first[:7]}.get(self.kind)
        return {"from": short} if short else {"from": first, "to": self.until.isoformat()}

    @property
    def eve(self) -> date:
        """The day before it begins."""
        return self.since - timedelta(days=1)

    def beside(self, step: int) -> Period | None:
        """The calendar period before (-1) or after (1) a calendar period; None for any other, and beyond the years there are."""
        day = self.eve if step < 0 else self.until + timedelta(days=1)
        return calendar_period(day, self.kind) if self.kind and 1800 <= day.year <= 2100 else None

    def months(self) -> list[Period]:
        """The months it touches, the earliest first, each cut to it."""
        return self.parts(MONTH)

    def parts(self, kind: str) -> list[Period]:
        """The years, quarters or months it touches, the earliest first, each cut to it."""
        found, day = [], self.since
        while day <= self.until:
            whole = calendar_period(day, kind)
            found.append(Period(max(whole.since, self.since), min(whole.until, self.until)))
            day = whole.until + timedelta(days=1)
        return found


def calendar_period(day: date, kind: str) -> Period:
    """The year, quarter or month in which `day` lies."""
    first = {YEAR: 1, QUARTER: (day.month - 1) // 3 * 3 + 1, MONTH: day.month}[kind]
    last = {YEAR: 12, QUARTER: first + 2, MONTH: first}[kind]
    return Period(date(day.year, first, 1), date(day.year, last, calendar.monthrange(day.year, last)[1]))


def parse_period(since: str, until: str, today: date) -> Period:
    """The days that two texts spell: 2024 alone is the year, 2024-Q1 or 2024年第一季度 the quarter, 2024-05 the month; a day alone reaches until `today`. Raises Refused."""
    if not since.strip():
        raise Refused(_("请写出从哪一天起，例如 2024、2024-Q1、2024-05 或 2024-05-31"), field="from")
    first = _edges(since, "from")
    last = _edges(until, "to") if until.strip() else first if first.since != first.until else Period(first.since, max(today, first.since))
    if last.until < first.since:
        raise Refused(_("时段的终了（%(until)s）早于开始（%(since)s），请改正") % {"until": last.until.isoformat(), "since": first.since.isoformat()}, field="to")
    return Period(first.since, last.until)


def _edges(text: str, field: str) -> Period:
    """The first and last day that one text may mean."""
    match = _QUARTER.fullmatch("".join(unicodedata.normalize("NFKC", text[:60]).split())) if "Q" in text.upper() or "季" in text else None
    if match:
        quarter = int(match[2]) if match[2].isdigit() else "一二三四".index(match[2]) + 1
        _made(int(match[1]), None, None)  # refuses the year of another age
        return calendar_period(date(int(match[1]), quarter * 3, 1), QUARTER)
    found = parse_date(text)
    if found.on is None or found.last is None:
        raise Refused(_("请写出从哪一天到哪一天，例如 2024-01 到 2024-05"), field=field)
    return Period(found.on, found.last)
