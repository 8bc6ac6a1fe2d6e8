"""What office files do to a table, and what reading makes of it: every form, every kind of file, no line lost."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from juzhi.base.importers import IMPORTERS, Field, Importer
from juzhi.imports.reading import Reading, read_book, read_in_child
from juzhi.imports.reading.book import READERS
from tests.imports.hostile import OLD, ods, ods_row

PEOPLE = Importer(
    declared_in=__name__,
    kind="people",
    label="名单",
    duty="",
    same=(("name", "mobile"),),
    fields=(
        Field("name", "姓名", kind="name", required=True),
        Field("unit", "单位", fills_down=True),
        Field("birth", "出生年月", kind="date"),
        Field("mobile", "手机", ("联系电话",), kind="mobile"),
        Field("degree", "学历"),
        Field("school", "毕业院校"),
    ),
)


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Reading]:
    def reading(made: bytes | Callable[[Path], Any], name: str = "a.xlsx", importer: Importer = PEOPLE) -> Reading:
        path = tmp_path / name
        if isinstance(made, bytes):
            path.write_bytes(made)
        else:
            made(path)
        return read_book(str(path), name, importer)

    return reading


def told(found: Reading, *names: str) -> list[tuple[Any, ...]]:
    return [(row.row, row.action, *(row.values.get(name) for name in names)) for row in found.rows]


def book(write: Callable[[Any, Any], Any], **options: Any) -> Callable[[Path], None]:
    """A workbook with what `write(book, page)` puts into it."""

    def make(path: Path) -> None:
        with xlsxwriter.Workbook(path, options) as made:
            write(made, made.add_worksheet("名单"))

    return make


def lines(*rows: Sequence[Any]) -> Callable[[Any, Any], None]:
    def write(_book: Any, page: Any) -> None:
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)

    return write


def test_merged_headings_of_two_levels(read: Any) -> None:
    def write(_book: Any, page: Any) -> None:
        page.merge_range("A1:A2", "姓名")
        page.merge_range("B1:C1", "全日制教育")
        page.merge_range("D1:E1", "在职教育")
        page.write_row("B2", ["学历", "毕业院校", "学历", "毕业院校"])
        page.merge_range("F1:F2", "手机")
        page.write_row("A3", ["何清", "本科", "云海大学", "硕士", "云塔大学", "19900000101"])

    found = read(book(write))
    assert found.sheets[0].header_rows == [1, 2]
    assert found.sheets[0].columns == {"姓名": "name", "全日制教育/学历": "degree", "全日制教育/毕业院校": "school", "手机": "mobile"}
    assert set(found.sheets[0].unmapped) == {"在职教育/学历", "在职教育/毕业院校"}
    assert told(found, "name", "degree", "school", "mobile") == [(3, "create", "何清", "本科", "云海大学", "19900000101")]


def test_headings_of_two_levels_in_text(read: Any) -> None:
    found = read("会员名单,,,\n姓名,全日制教育,,手机\n,学历,毕业院校,\n何清,本科,云海大学,19900000101\n".encode(), "a.csv")
    assert found.sheets[0].header_rows == [2, 3]
    assert found.sheets[0].columns == {"姓名": "name", "全日制教育/学历": "degree", "全日制教育/毕业院校": "school", "手机": "mobile"}
    assert told(found, "name", "school") == [(4, "create", "何清", "云海大学")]


def test_hidden_rows_columns_and_sheets_are_told(read: Any) -> None:
    def write(made: Any, page: Any) -> None:
        lines(["姓名", "单位", "手机"], ["何清", "云塔", "19900000101"], ["何明", "云塔", "19900000102"])(made, page)
        page.set_row(2, None, None, {"hidden": True})
        page.set_column("B:B", None, None, {"hidden": True})
        other = made.add_worksheet("底稿")
        other.write_row(0, 0, ["姓名", "手机"])
        other.hide()

    found = read(book(write))
    assert (found.sheets[0].hidden_rows, found.sheets[0].hidden_columns, found.hidden_sheets) == (1, ["单位"], ["底稿"])
    assert [row.warn for row in found.rows] == [[], ["hidden_row"]]


def test_blocks_side_by_side_are_read_one_after_the_other(read: Any) -> None:
    found = read(book(lines(["签到表"], ["姓名", "手机", "姓名", "手机"], ["甲一", "19900000101", "甲三", "19900000103"], ["甲二", "", "", ""], ["合计", 3])))
    assert [(row.row, row.block, row.action, row.values.get("name")) for row in found.rows] == [(3, 1, "create", "甲一"), (4, 1, "create", "甲二"), (3, 2, "create", "甲三"), (5, 1, "skip", None)]
    assert found.sheets[0].blocks == 2


def test_two_columns_of_one_name_are_no_blocks(read: Any) -> None:
    found = read(book(lines(["姓名", "单位", "手机", "姓名"], ["甲一", "云塔", "19900000101", "甲一的联系人"])))
    assert found.sheets[0].blocks == 1
    assert told(found, "name") == [(2, "create", "甲一")]


def test_ditto_and_merged_cells_fill_down_where_the_declaration_allows(read: Any) -> None:
    def write(_book: Any, page: Any) -> None:
        lines(["姓名", "单位", "毕业院校"], ["甲一", "云塔", "云海"], ["甲二", "同上", "同上"], ["甲三", '"', ""], ["甲四", "", ""])(_book, page)
        page.merge_range("B6:B7", "云岭")
        page.merge_range("C6:C7", "云山")
        page.write_column("A6", ["甲五", "甲六"])

    assert told(read(book(write)), "name", "unit", "school") == [
        (2, "create", "甲一", "云塔", "云海"),
        (3, "create", "甲二", "云塔", "同上"),
        (4, "create", "甲三", "云塔", None),
        (5, "create", "甲四", None, None),
        (6, "create", "甲五", "云岭", "云山"),
        (7, "create", "甲六", "云岭", None),
    ]


def test_a_record_with_merged_cells_is_no_line_drawn_across(read: Any) -> None:
    def write(_book: Any, page: Any) -> None:
        lines(["姓名", "单位", "出生年月", "手机"], ["何清"])(_book, page)
        page.merge_range("B2:D2", "云塔")
        page.write_row("A3", ["何明", "", "1985年3月", "19900000101"])
        page.merge_range("A4:D4", "第二组")

    assert told(read(book(write)), "name") == [(2, "skip", None), (3, "create", "何明"), (4, "skip", None)]


@pytest.mark.parametrize(
    ("value", "shape", "becomes", "warned"),
    [
        (1985.1, None, None, [{"ambiguous_date": ["1985-01", "1985-10"], "field": "birth"}]),
        (1985.1, "0.00", "1985-10", []),
        (1985.03, None, "1985-03", []),
        (85.3, None, "1985-03", []),
        ("85.3", None, "1985-03", []),
        ("01/02/1984", None, None, [{"ambiguous_date": ["1984-01-02", "1984-02-01"], "field": "birth"}]),
        ("25/12/1984", None, "1984-12-25", []),
        ("02/02/1984", None, "1984-02-02", []),
        ("31/31/1984", None, None, [{"unreadable_date": "出生年月"}]),
        (31121, "yyyy-mm-dd", "1985-03-15", []),
        (31121, None, "1985-03-15", []),
        (31121.75, 'yyyy"年"m"月"', "1985-03-15", []),
        ("１９８５年３月", None, "1985-03", []),
        ("不详", None, None, []),
    ],
)
def test_dates(read: Any, value: Any, shape: str | None, becomes: str | None, warned: list[Any]) -> None:
    def write(made: Any, page: Any) -> None:
        lines(["姓名", "出生年月"], ["何清"])(made, page)
        page.write(1, 1, value, made.add_format({"num_format": shape}) if shape else None)

    (row,) = read(book(write)).rows
    assert (row.values["birth"], row.warn) == (becomes, warned)


def test_dates_since_1904(read: Any) -> None:
    def make(path: Path) -> None:
        made = openpyxl.Workbook()
        made.epoch = CALENDAR_MAC_1904
        made.active.append(["姓名", "出生年月"])
        made.active.append(["何清", 29659])
        made.active["B2"].number_format = "yyyy-mm-dd"
        made.save(path)

    assert told(read(make), "birth") == [(2, "create", "1985-03-15")]


def test_numbers_as_text_and_text_as_numbers(read: Any) -> None:
    found = read(book(lines(["姓名", "手机", "单位"], ["甲一", 19900000101, 360], ["甲二", "19900000102.0", "360.0"], ["甲三", "１９９ ０００００１０３", 78.46])))
    assert told(found, "mobile", "unit") == [(2, "create", "19900000101", "360"), (3, "create", "19900000102", "360.0"), (4, "create", "19900000103", "78.46")]


def test_an_identity_number_that_became_a_number_is_told_and_never_mended(read: Any) -> None:
    found = read(book(lines(["姓名", "单位"], ["何清", 999999199001011234])))
    assert [(row.values["unit"], row.warn) for row in found.rows] == [(None, ["identity_dropped"])]


def test_formulas_are_neither_run_nor_kept(read: Any) -> None:
    def write(_book: Any, page: Any) -> None:
        page.write_row(0, 0, ["姓名", "单位"])
        page.write_formula(1, 0, '=HYPERLINK("http://example.org","何清")', None, "何清")
        page.write_formula(1, 1, "=1+1", None, 2)

    assert told(read(book(write)), "name", "unit") == [(2, "create", "何清", "2")]


def test_a_picture_and_a_ghost_row_are_nothing(read: Any) -> None:
    def write(made: Any, page: Any) -> None:
        lines(["姓名", "手机"], ["何清", "19900000101"])(made, page)
        page.write_row(5, 0, ["  ", "\u3000"])
        page.write_blank(9000, 7, None, made.add_format({"bg_color": "red"}))
        page.insert_textbox(3, 1, "图")

    assert told(read(book(write)), "name") == [(2, "create", "何清")]


TABLE = "姓名,单位,手机\n何清,云塔,19900000101\n"


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_text_in_every_encoding_and_with_every_sign(read: Any, encoding: str, sign: str) -> None:
    text = TABLE.replace(",", sign) + f'何明{sign}"云海\n第二行"{sign}19900000102\n何亮{sign}"甲{sign}乙"{sign}19900000103\n'
    found = read(text.encode(encoding), "a.txt")
    assert told(found, "name", "unit", "mobile") == [(2, "create", "何清", "云塔", "19900000101"), (3, "create", "何明", "云海第二行", "19900000102"), (5, "create", "何亮", f"甲{sign}乙".replace("\t", ""), "19900000103")]
    assert found.delimiter == sign


def test_ods_with_everything(read: Any) -> None:
    head = '<table:table-column/><table:table-column table:visibility="collapse" table:number-columns-repeated="2"/>'
    cell = "table:table-cell"
    rows = (
        "".join(ods_row(*texts) for texts in (("会员名单",), ("姓名", "单位", "出生年月", "手机")))
        + f"<table:table-row><{cell}><text:p>甲<text:span>一</text:span></text:p></{cell}>"
        + f'<{cell} table:number-rows-spanned="2"><text:p>云塔</text:p><office:annotation><text:p>批注</text:p></office:annotation></{cell}>'
        + f'<{cell} office:value-type="date" office:date-value="1985-03-15T00:00:00"><text:p>85/3/15</text:p></{cell}>'
        + f'<{cell} office:value-type="float" office:value="19900000101"><text:p>1.99E10</text:p></{cell}></table:table-row>'
        + f'<table:table-row table:visibility="filter"><{cell}><text:p>甲二</text:p></{cell}><table:covered-table-cell/>'
        + f'<{cell} office:value-type="float" office:value="1985.1"><text:p>1985.10</text:p></{cell}></table:table-row>'
        + f'<table:table-row><{cell} table:number-columns-repeated="2"><text:p>甲三</text:p></{cell}></table:table-row>'
        + ods_row("甲四", more=' table:number-rows-repeated="2"')
        + '<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16000"/></table:table-row>'
    )
    found = read(ods(head + rows), "a.ods")
    assert told(found, "name", "unit", "birth", "mobile") == [
        (3, "create", "甲一", "云塔", "1985-03-15", "19900000101"),
        (4, "create", "甲二", "云塔", "1985-10", None),
        (5, "create", "甲三", "甲三", None, None),
        (6, "create", "甲四", None, None, None),
        (7, "create", "甲四", None, None, None),
    ]
    assert (found.sheets[0].hidden_rows, found.sheets[0].hidden_columns) == (1, ["单位", "出生年月"])


def test_an_old_workbook_whose_first_column_is_empty_keeps_its_columns() -> None:
    """Rows of the laid-down old workbook stand where a spreadsheet shows them."""
    path = OLD
    (sheet,) = (one for one in READERS["xls"](str(path)).sheets if not one.is_hidden)
    assert [line.number for line in sheet.lines][:2] == [1, 2]


def test_the_child_says_the_same(tmp_path: Path) -> None:
    """Through the pipe and back: nothing is changed on the way, broken characters included."""
    path = tmp_path / "a.xlsx"
    book(lines(["姓名", "单位", "出生年月", "手机"], ["何清", "云塔_xD800_", 1985.1, "19900000101、19900000102"], ["何清", "云塔", "", "19900000101"], ["合计", 2], ["何明", '"\\', "", ""]))(path)
    found = read_in_child(path, "a.xlsx", "roster")
    found.rows = list(found.rows)
    assert found == read_book(str(path), "a.xlsx", IMPORTERS["roster"])
    assert [(row.action, row.same_as) for row in found.rows] == [("create", None), ("same", 2), ("skip", None), ("create", None)]


def through_the_parser(data: bytes) -> bytes:
    """The same workbook with a comment in every sheet and in its strings: nothing in it is as usual."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for info in archive.infolist():
            content = archive.read(info)
            if info.filename.startswith("xl/worksheets/sheet") or info.filename == "xl/sharedStrings.xml":
                place = content.find(b">", content.find(b"<worksheet") if b"<worksheet" in content else content.find(b"<sst")) + 1
                content = content[:place] + b"<!-- x -->" + content[place:]
            made.writestr(info.filename, content)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["firms", "fair", "signin", "proposals", "visits", "partners"])
def test_the_short_way_and_the_parser_say_the_same(tmp_path: Path, kind: str) -> None:
    from tests.imports.test_later_files import FILES, KINDS, reading

    name, fields = KINDS[kind]
    path = tmp_path / name
    path.write_bytes(through_the_parser((FILES / name).read_bytes()))
    assert read_book(str(path), name, Importer(kind=kind, declared_in=__name__, label=kind, duty="", fields=tuple(fields))) == reading(kind)


def test_what_is_unusual_in_the_middle_is_read_in_its_place(read: Any) -> None:
    """Formulas, signs written as references, rich text and phonetic readings go through the parser, and what follows them is as usual again."""

    def write(made: Any, page: Any) -> None:
        lines(["姓名", "单位", "手机"], *([f"甲{number}", f"云塔{number}", f"199{number:08}"] for number in range(5000)))(made, page)
        page.write_formula(2500, 1, '="云"&"海"', None, "云海")
        page.write(3000, 1, "云&<塔>")
        page.write_rich_string(3500, 1, made.add_format({"bold": True}), "云", made.add_format({"italic": True}), "山")
        page.set_row(4000, None, None, {"hidden": True})

    found = read(book(write))
    assert [row.row for row in found.rows] == list(range(2, 5002))
    assert {row.row: row.values["unit"] for row in found.rows if not str(row.values["unit"]).startswith("云塔")} == {2501: "云海", 3001: "云&<塔>", 3501: "云山"}
    assert found.sheets[0].hidden_rows == 1


def test_a_repeat_gives_the_earlier_row_what_it_lacks_and_namesakes_are_told(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("姓名,手机,单位,职务\n何清,19900000101,,工程师\n何清,19900000101、19900000102,云塔,主任\n何清,19900000103,云海,\n何清,19900000101,云山,\n", encoding="utf-8")
    rows = list(read_in_child(path, "a.csv", "roster").rows)
    assert [(row.row, row.action, row.same_as, row.values["unit"], row.values["duty"], row.values.get("mobiles"), row.warn) for row in rows] == [
        (2, "create", None, "云塔", "工程师", ["19900000101", "19900000102"], ["same_name_other_person"]),
        (3, "same", 2, "云塔", "主任", ["19900000101", "19900000102"], []),
        (4, "create", None, "云海", None, None, ["same_name_other_person"]),
        (5, "same", 2, "云山", None, None, []),
    ]
    assert list(read_book(str(path), "a.csv", IMPORTERS["roster"]).rows) == rows
