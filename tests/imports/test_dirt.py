"""A clean table of invented people, made dirty in the ways of offices and written in every kind of file, comes back clean; no line is lost."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from xml.sax.saxutils import escape

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from juzhi.base.errors import Refused
from juzhi.imports.reading import Reading, read_book
from tests.imports.hostile import ods, ods_row
from tests.imports.test_reading import PEOPLE
from tests.imports.workbooks import workbook

SURNAMES, GIVEN = "王李张刘陈杨黄周吴徐孙朱高林郭罗", "伟芳娜敏静丽磊军洋勇艳杰娟涛超秀霞平䶮𬱖"
UNITS = ["云塔科技有限公司", "云海示例医院", "第3中学", "ACME深圳分公司", "云岭（集团）股份公司"]
FULL = {ord(digit): chr(ord(digit) + 0xFEE0) for digit in "0123456789"}
TITLES = ["云塔大厦会员名册", "填报单位：云塔　填报日期：2024年5月", "（2024年度）"]


@dataclass(frozen=True)
class Person:
    name: str
    unit: str | None
    birth: str | None
    mobile: str | None


@st.composite
def persons(draw: Any) -> list[Person]:
    count = draw(st.integers(1, 10))
    numbers = draw(st.lists(st.integers(0, 99_999), min_size=count, max_size=count, unique=True))
    return [
        Person(
            draw(st.sampled_from(SURNAMES)) + draw(st.text(GIVEN, min_size=1, max_size=2)) + draw(st.sampled_from(["", "", "·哈那提"])),
            draw(st.none() | st.sampled_from(UNITS)),
            draw(st.none() | births()),
            draw(st.sampled_from([None, f"199{number:08}", f"199{number:08}"])),
        )
        for number in numbers
    ]


@st.composite
def births(draw: Any) -> str:
    day = draw(st.dates(min_value=date(1940, 1, 1), max_value=date(2005, 12, 31)))
    return day.isoformat()[: draw(st.sampled_from([4, 7, 10]))]


def dirty_name(draw: Any, name: str) -> str:
    if "·" in name:
        return name.replace("·", draw(st.sampled_from(["·", "•", "．", ".", " · "])))
    spread = draw(st.sampled_from(["", "", " ", "　", "  "])).join(name) if len(name) <= 3 else name
    return draw(st.sampled_from(["", " ", "\u200b"])) + spread + draw(st.sampled_from(["", "", " ", "（已故）", "（回族）"]))


def dirty_birth(draw: Any, birth: str) -> Any:
    parts = birth.split("-")
    bare = [str(int(part)) for part in parts]
    words = "".join(f"{part}{word}" for part, word in zip(bare, "年月日", strict=False))
    ways = [birth, words, "".join(parts), *([".".join(parts), "/".join(bare)] if len(parts) > 1 else [])]
    written = draw(st.sampled_from(ways))
    return draw(st.sampled_from([written, written.translate(FULL), f" {written} ", f"'{written}"]))


def dirty_mobile(draw: Any, mobile: str) -> Any:
    return draw(st.sampled_from([mobile, mobile.translate(FULL), f"{mobile[:3]}-{mobile[3:7]}-{mobile[7:]}", f"+86 {mobile}", f"{mobile}.0", int(mobile), f"\t{mobile}", f"{mobile[:3]} {mobile[3:7]} {mobile[7:]}"]))


@st.composite
def sheets(draw: Any) -> tuple[list[list[Any]], list[tuple[int, Person]], int]:
    """Lines of a file, the persons in them by the number of their line, and how many lines below the heading are no record."""
    people = draw(persons())
    lines: list[list[Any]] = [[title] for title in draw(st.lists(st.sampled_from(TITLES), max_size=3))]
    head = [draw(st.sampled_from(words)) for words in (["序号", "序号"], ["姓名", "姓　名", "姓 名*"], ["单位", "单 位"], ["出生年月", "出生年月（必填）"], ["手机", "联系电话", "手机："])]
    lines.append(head)
    told, others, above = [], 0, None
    for number, one in enumerate(people, start=1):
        for extra in draw(st.lists(st.sampled_from(["blank", "total", "head", "line"]), max_size=1)):
            others += extra != "blank"
            lines.append({"blank": [], "total": ["小计", "", "", "", str(number)], "head": head, "line": ["——", "——", "——"]}[extra])
        unit = "同上" if one.unit and one.unit == above and draw(st.booleans()) else one.unit
        above = one.unit
        lines.append([number, dirty_name(draw, one.name), unit, dirty_birth(draw, one.birth) if one.birth else draw(st.sampled_from(["", "不详", "/"])), dirty_mobile(draw, one.mobile) if one.mobile else draw(st.sampled_from(["", "无"]))])
        told.append((len(lines), one))
    for footer in draw(st.lists(st.sampled_from(["合计", "填表人：王某", "注：以上为示例"]), max_size=2, unique=True)):
        lines.append([footer])
        others += 1
    return lines, told, others


@st.composite
def shuffled(draw: Any) -> tuple[list[list[Any]], list[tuple[int, Person]], int]:
    """The same with its columns in any order, one that is never stored and one with line breaks within its cells among them, beneath one or two rows of heading."""
    lines, people, others = draw(sheets())
    order = draw(st.permutations(range(7)))
    place = next(number for number, line in enumerate(lines) if len(line) == 5 and line[0] == "序号")
    told = []
    records = {number for number, _one in people}
    for number, line in enumerate(lines, start=1):
        if number == place + 1 or (line and line == lines[place]):
            wide = [*line, "民族", "备注"]
        elif number in records:
            wide = [*line, draw(st.sampled_from(["汉族", "回族", ""])), draw(st.sampled_from(["", "第一行\n第二行", "他说：\"好\"", "甲,乙;丙|丁", "\u200b"]))]
        else:
            told.append(line)
            continue
        told.append([wide[column] for column in order])
    return told, people, others


@given(shuffled(), st.deferred(lambda: FILES))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_the_order_of_columns_and_line_breaks_within_cells_change_nothing(made: tuple[list[list[Any]], list[tuple[int, Person]], int], file: tuple[str, Any]) -> None:
    lines, people, others = made
    name, write = file
    found = reading(write(lines), name)
    records = [row for row in found.rows if row.action != "skip"]
    assert [(row.action, row.values["name"], row.values["unit"], row.values["birth"], row.values["mobile"]) for row in records] == [("create", one.name, one.unit, one.birth, one.mobile) for _number, one in people]
    assert found.not_imported == ["民族"] and len(found.rows) - len(records) == others
    assert "回族" not in str(found.rows)


@given(persons(), st.integers(2, 4), st.deferred(lambda: FILES))
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_blocks_side_by_side_are_read_one_after_the_other(people: list[Person], blocks: int, file: tuple[str, Any]) -> None:
    """Each person once, whichever block they stand in; the last block may be shorter."""
    tall = -(-len(people) // blocks)
    columns = [people[start : start + tall] for start in range(0, tall * blocks, tall)]
    lines: list[list[Any]] = [["签到表"], ["姓名", "单位", "手机"] * blocks]
    for row in range(tall):
        lines.append([cell for block in columns for cell in ((block[row].name, block[row].unit, block[row].mobile) if row < len(block) else ("", "", ""))])
    name, write = file
    records = [row for row in reading(write(lines), name).rows if row.action != "skip"]
    assert [(row.action, row.values["name"], row.values["unit"], row.values["mobile"]) for row in records] == [("create", one.name, one.unit, one.mobile) for one in people]


@given(sheets(), st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]), st.sampled_from(",;|\t"), st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_text_file_that_was_damaged_is_read_or_refused(made: Any, encoding: str, sign: str, data: Any) -> None:
    """Bytes struck, cut or put in: NUL, controls, halves of characters and surrogates. Whatever is told can be stored: no surrogate, no control."""
    whole = bytearray(as_csv(made[0], encoding, sign))
    for _each in range(data.draw(st.integers(0, 6))):
        at = data.draw(st.integers(0, len(whole)))
        bad = data.draw(st.sampled_from([b"\x00", b"\x0b", b"\xff", b"\xed\xa0\x80", b'"', b"\r", b"\xe2\x80\x8b", b""]))
        whole[at : at + data.draw(st.integers(0, 2))] = bad
    try:
        found = reading(bytes(whole), "a.csv")
    except Refused as refused:
        assert refused.message
        return
    places = [(row.row, row.block) for row in found.rows if row.action != "skip"]
    assert len(places) == len({*places})
    for row in found.rows:
        assert (row.action == "refuse") == bool(row.reason) or row.action == "skip"
        str(row.values).encode()
        assert not any(ord(one) < 32 and one not in "\n\t" for value in row.values.values() if isinstance(value, str) for one in value)


def as_csv(lines: list[list[Any]], encoding: str, sign: str) -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=sign, lineterminator="\n").writerows(["" if cell is None else cell for cell in line] for line in lines)
    return out.getvalue().encode(encoding)


def as_ods(lines: list[list[Any]]) -> bytes:
    return ods("".join(ods_row(*("" if cell is None else escape(str(cell)) for cell in line)) if line else "<table:table-row><table:table-cell/></table:table-row>" for line in lines))


def reading(made: bytes, name: str) -> Reading:
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(made)
        return read_book(str(path), name, replace(PEOPLE, same=()))


FILES = st.sampled_from(
    [
        ("a.xlsx", lambda lines: workbook(lines)),
        ("a.ods", as_ods),
        *((f"a.{ending}", lambda lines, e=encoding, s=sign: as_csv(lines, e, s)) for ending, encoding, sign in (("csv", "utf-8", ","), ("csv", "gb18030", ","), ("txt", "utf-16", "\t"), ("csv", "utf-8-sig", ";"),
            ("csv", "gb18030", "|"), ("txt", "utf-8", "\t"))),
    ]
)


@given(sheets(), FILES)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_clean_rows_come_back(made: tuple[list[list[Any]], list[tuple[int, Person]], int], file: tuple[str, Any]) -> None:
    lines, people, others = made
    name, write = file
    found = reading(write(lines), name)
    records = [row for row in found.rows if row.action != "skip"]
    assert [(row.row, row.action, row.values["name"], row.values["unit"], row.values["birth"], row.values["mobile"]) for row in records] == [(number, "create", one.name, one.unit, one.birth, one.mobile) for number, one in people]
    assert len(found.rows) - len(records) == others


ANYTHING = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), max_size=12)


@given(st.lists(st.lists(ANYTHING | st.integers(-10, 10**12) | st.floats(allow_nan=False, allow_infinity=False), max_size=6), max_size=8), FILES)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_stands_there_every_line_is_told_once(lines: list[list[Any]], file: tuple[str, Any]) -> None:
    """Below the heading each line that holds anything is a record, a refusal with its reason, or no record; a value that does not come back is told or refused."""
    name, write = file
    table = [["姓名", "单位", "出生年月", "手机", "备用", "别的"], *([_printable(cell) for cell in line] for line in lines)]
    try:
        found = reading(write(table), name)
    except Refused as refused:
        assert refused.message
        return
    if name.endswith(("xlsx", "ods")):
        assert [row.row for row in found.rows] == [number for number, line in enumerate(table, start=1) if number > 1 and any(str(cell).strip() for cell in line)]
    for row in found.rows:
        assert row.action in ("create", "refuse", "skip")
        assert (row.action in ("refuse", "skip")) == bool(row.reason)
        line = table[row.row - 1] if name.endswith(("xlsx", "ods")) else None
        if line is not None and row.action == "create" and len(line) > 2 and str(line[2]).strip() and row.values["birth"] is None and str(line[2]).strip().lower() not in NOTHING:
            assert row.warn


NOTHING = {"", "不详", "未详", "无", "/", "-", "\\", "空", "na", "n/a", "null", "none", "--"}


def _printable(cell: Any) -> Any:
    """What XML and workbooks can hold."""
    return "".join(one for one in cell if one.isprintable() or one == "\n") if isinstance(cell, str) else cell
