"""What old workbooks tell beyond their cells; and that a broken one tells nothing, quickly."""

from __future__ import annotations

import random
from pathlib import Path

from juzhi.imports.reading import formats, read_book
from tests.imports.test_expected import BATCH, SOURCES
from tests.imports.test_reading import PEOPLE

HIDDEN = Path(__file__).parent / "files" / "hidden.xls"


def test_two_decimals_of_the_real_file() -> None:
    found = formats.shown(str(SOURCES / BATCH))
    assert {name: (sorted(one.two_decimals), one.hidden_rows) for name, one in found.items()} == {
        "会员名册": ([(7, 4), (9, 4), (11, 4), (17, 4), (34, 4), (37, 4), (41, 4)], set())
    }


def test_hidden_rows_columns_and_sheets_of_an_old_workbook_are_told() -> None:
    """hidden.xls was written by xlwt 1.3.0: row 3 hidden, column B hidden, a second sheet hidden. Told as of xlsx and ods."""
    found = read_book(str(HIDDEN), HIDDEN.name, PEOPLE)
    (sheet,) = found.sheets
    assert (sheet.hidden_rows, sheet.hidden_columns, found.hidden_sheets) == (1, ["单位"], ["底稿"])
    assert [(row.row, row.values["name"], row.warn) for row in found.rows] == [(2, "何清", []), (3, "何明", ["hidden_row"]), (4, "何远", [])]


def test_whatever_is_broken_tells_nothing_or_less(tmp_path: Path) -> None:
    data = (SOURCES / BATCH).read_bytes()
    chance = random.Random(7)  # noqa: S311 the same breaks every time
    path = tmp_path / "a.xls"
    for _n in range(120):
        broken = bytearray(data[: chance.randrange(len(data))] if chance.random() < 0.3 else data)
        for _each in range(chance.randrange(1, 12)):
            if broken:
                broken[chance.randrange(min(len(broken), 4096) if chance.random() < 0.7 else len(broken))] = chance.randrange(256)
        path.write_bytes(bytes(broken))
        assert isinstance(formats.shown(str(path)), dict)
    path.write_bytes(b"")
    assert formats.shown(str(path)) == {}
