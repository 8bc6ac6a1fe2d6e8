"""From cells to values: each kind of field has one way, and whatever cannot be read is told, never guessed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from juzhi.base.codes import holds_identity, parse_email, read_mobiles, read_telephones, without_identity
from juzhi.base.errors import Refused
from juzhi.base.importers import CREATE, REFUSE, Field, Row
from juzhi.base.names import is_sensitive_alone, normalise_name
from juzhi.base.periods import Ambiguous, PartialDate, date_of_number, date_of_text, parse_date
from juzhi.base.text import close_up, has_control, is_nothing
from juzhi.imports.reading.grid import NUMBER, Cell

GENDERS = {"男": "男", "男性": "男", "m": "男", "male": "男", "1": "男", "女": "女", "女性": "女", "f": "女", "female": "女", "2": "女"}
KNOWN = 4096  # texts and dates that are remembered
DAY_IN_TEXT = re.compile(r"[0-9]{4}[年./-][0-9]{1,2}(?:[月./-][0-9]{1,2}日?|月)?|[0-9]{4}年")
DAY_OF_STATE = re.compile(DAY_IN_TEXT.pattern + "|[0-9]{4}")
FIRMS = frozenset(("ltd", "inc", "co", "llc", "limited", "corp"))  # the end of a firm's name is no office
NUMERALS = {"首": 1, "一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}


@dataclass
class Tidy:
    """One row being tidied."""

    values: dict[str, Any] = field(default_factory=dict)
    warn: list[Any] = field(default_factory=list)
    reason: str = ""


class Tidier:
    """Reads the rows of one kind of file. What stands in many cells (a unit, a post, a date) is understood once."""

    def __init__(self, fields: Sequence[Field]) -> None:
        self.empty = {one.name: None for one in fields if one.stored}
        self.readers = [(one.name, one, READERS[one.kind]) for one in fields if one.is_read]

    def tidy(self, cells: dict[str, Cell]) -> Tidy:
        """The values of one row, by field name; `cells` holds only columns that may be read."""
        row = Tidy(dict(self.empty))
        for name, one, reader in self.readers:
            cell = cells.get(name)
            if cell is not None:
                reader(row, one, cell)
            if one.required and not row.reason and row.values.get(name) in (None, ""):
                row.reason = f"missing_{name}"
        return row


@lru_cache(maxsize=KNOWN)
def _understood(text: str, is_personal: bool) -> tuple[str, str]:
    """What a text is ("" = worth keeping), and the text in one line."""
    text = close_up(text.replace("\r", "\n").replace("\n", " ").replace("\t", " "))
    if has_control(text):
        return "unreadable_text", ""
    if is_nothing(text):
        return "nothing", ""
    if holds_identity(text):
        return "identity_dropped", ""
    return ("sensitive_dropped", "") if is_personal and is_sensitive_alone(text) else ("", text)


def _text(row: Tidy, one: Field, cell: Cell) -> None:
    what, text = _understood(cell.text, one.classed == "personal")
    if not what:
        if len(text) > one.limit:
            row.warn.append({"cut_text": str(one.label)})
            text = text[: one.limit]
        row.values[one.name] = text or None
    elif what == "unreadable_text":
        row.reason = row.reason or what
    elif what == "identity_dropped":
        row.warn.append(what)
    elif what == "sensitive_dropped":
        row.warn.append({what: str(one.label)})


def _name(row: Tidy, one: Field, cell: Cell) -> None:
    if is_nothing(cell.text):
        return
    text = without_identity(cell.text)
    if text != cell.text:
        row.warn.append("identity_dropped")
    try:
        found = normalise_name(text)
    except Refused:
        row.reason = "broken_name" if len(cell.text.strip()) > 1 else "missing_name"
        return
    row.values[one.name] = found.text
    if found.gender:
        row.values["gender"] = found.gender
    if found.deceased:
        row.values["state"] = "deceased"
    if found.rare:
        row.warn.append(f"rare_character_{found.rare}")


def _date(row: Tidy, one: Field, cell: Cell) -> None:
    found = _day(cell)
    if found is None:
        row.warn.append({"unreadable_date": str(one.label)})
    elif len(found) > 1:
        row.warn.append({"ambiguous_date": list(found), "field": one.name})
    elif found:
        row.values[one.name] = found[0]


@lru_cache(maxsize=KNOWN)
def _day(cell: Cell) -> tuple[str, ...] | None:
    """The dates that a cell may mean, none where it says that nothing is known; None where it cannot be read."""
    try:
        found: PartialDate | Ambiguous = date_of_number(cell.text, decimals=cell.decimals) if cell.kind == NUMBER else date_of_text(cell.text)
    except Refused:
        return None
    if isinstance(found, Ambiguous):
        return tuple(str(choice) for choice in found.choices)
    return () if found.on is None else (str(found),)


def _mobile(row: Tidy, one: Field, cell: Cell) -> None:
    found, faults = read_mobiles(cell.text)
    if faults and not is_nothing(cell.text):
        row.warn.append("unreadable_mobile")
    if found:
        row.values[one.name] = found[0]
        if len(found) > 1:
            row.values["mobiles"] = found


def _telephone(row: Tidy, one: Field, cell: Cell) -> None:
    """The first number of the cell; what is no number, or one more, is told."""
    found, faults = read_telephones(cell.text)
    if (faults and not is_nothing(cell.text)) or len(found) > 1:
        row.warn.append("unreadable_telephone")
    if found:
        row.values[one.name] = found[0]
        if len(found) > 1:
            row.values["mobiles"] = found


def _email(row: Tidy, one: Field, cell: Cell) -> None:
    if is_nothing(cell.text):
        return
    try:
        row.values[one.name] = parse_email(cell.text)
    except Refused:
        row.warn.append("unreadable_email")


def _gender(row: Tidy, one: Field, cell: Cell) -> None:
    found = GENDERS.get(unicodedata.normalize("NFKC", cell.text).strip().lower().removesuffix(".0"))
    if found:
        row.values[one.name] = found
    elif not is_nothing(cell.text):
        row.warn.append({"unknown_choice": str(one.label)})


def _choice(row: Tidy, one: Field, cell: Cell) -> None:
    text = "".join(unicodedata.normalize("NFKC", cell.text).split())
    if text in one.choices:
        row.values[one.name] = one.choices[text]
    elif not is_nothing(text):
        if one.required:
            row.reason = row.reason or f"unknown_{one.name}"
        row.warn.append({"unknown_choice": str(one.label)})


def _state(row: Tidy, one: Field, cell: Cell) -> None:
    """注销, 2024-05-31 终止, 已离会（退会）: a choice, with the day of the end where it stands beside it. What a name said before holds."""
    text = "".join(unicodedata.normalize("NFKC", cell.text).split())
    if is_nothing(text) or row.values.get(one.name):
        return
    day = DAY_OF_STATE.search(text)
    value = one.choices.get(text) or one.choices.get(DAY_OF_STATE.sub("", text, count=1))
    if value is None:
        row.warn.append({"unknown_choice": str(one.label)})
        return
    row.values[one.name] = value
    if day and one.parts and value != "active" and not row.values.get(one.parts[0]):
        try:
            row.values[one.parts[0]] = str(parse_date(day.group()))
        except Refused:
            row.warn.append({"unreadable_date": str(one.label)})


def _number(row: Tidy, one: Field, cell: Cell) -> None:
    """3, 第三批, 首批."""
    text = "".join(unicodedata.normalize("NFKC", cell.text).split()).removesuffix(".0")
    match = re.fullmatch(r"第?([0-9]{1,4}|[首一二三四五六七八九十])[批次届期]?", text)
    if match:
        row.values[one.name] = NUMERALS.get(match.group(1)) or int(match.group(1))
    elif not is_nothing(text):
        row.warn.append({"unknown_choice": str(one.label)})


def _pair(row: Tidy, one: Field, cell: Cell) -> None:
    """深圳市某公司 工程师: cut at the last white space or comma. One word alone is the first part."""
    text = " ".join(cell.text.split())
    match = re.fullmatch(r"(.+?)[ ,，、;；]+([^ ,，、;；]{1,20})", text)
    found = match.groups() if match and match.group(2).lower().strip(".") not in FIRMS else (text, "")
    for name, part in zip(one.parts, found, strict=True):
        if part and not row.values.get(name):
            _text(row, replace(one, name=name), cell._replace(text=part))


def _remark(row: Tidy, one: Field, cell: Cell) -> None:
    """Free words about a person are not kept: only that and when the person left or died is read from them."""
    text = unicodedata.normalize("NFKC", cell.text)
    if re.search("已故|去世|病故|逝世", text):
        row.values["state"] = "deceased"
    elif re.search("退会|离会|退出|除名|调离", text):
        row.values["state"] = "left"
    if row.values.get("state") in ("left", "deceased") and (match := DAY_IN_TEXT.search(text)):
        try:
            row.values["ended"] = str(parse_date(match.group()))
        except Refused:
            row.warn.append({"unreadable_date": str(one.label)})


READERS: dict[str, Callable[[Tidy, Field, Cell], None]] = {
    "text": _text,
    "name": _name,
    "date": _date,
    "mobile": _mobile,
    "telephone": _telephone,
    "email": _email,
    "gender": _gender,
    "choice": _choice,
    "number": _number,
    "state": _state,
    "pair": _pair,
    "remark": _remark,
}


def value_of(one: Field, text: str) -> Any:
    """What a text typed on a page means as this field; None where it cannot be read."""
    return Tidier([replace(one, required=False)]).tidy({one.name: Cell(text)}).values.get(one.name)


def as_row(sheet: str | None, number: int, block: int, tidied: Tidy) -> Row:
    return Row(sheet=sheet, row=number, block=block, action=REFUSE if tidied.reason else CREATE, values=tidied.values, warn=tidied.warn, reason=tidied.reason)
