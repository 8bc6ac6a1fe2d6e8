"""A table pasted from a spreadsheet is a file like any other; one that is too large is given back whole."""

from __future__ import annotations

import csv
import io

import pytest
from django.test import Client

from juzhi.imports.models import Batch
from juzhi.imports.reading import as_csv
from tests.cast import Cast
from tests.imports.office import raw_files, rows_of, signed_in, uploaded, ways, work

TABLE = '姓名\t手机\t单位\t备注\r\n何清\t19900000101\t"云塔科技\r\n（总部）"\t"他说""好"""\r\n蒋明\t19900000102\t5" 屏厂, 分部\t\r\n'


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (TABLE, [["姓名", "手机", "单位", "备注"], ["何清", "19900000101", "云塔科技\n（总部）", '他说"好"'], ["蒋明", "19900000102", '5" 屏厂, 分部', ""], []]),
        ('a\t"b\nc\td\n', [["a", '"b'], ["c", "d"], []]),  # nobody closes it
        ('a\t"b" c\n', [["a", '"b" c'], []]),
        ('"a\tb\nc"\td', [["a\tb\nc", "d"]]),
        ("a\t\t\n\tb", [["a", "", ""], ["", "b"]]),
        ('a\t""', [["a", ""]]),
    ],
)
def test_cells_with_tabs_quotes_and_line_breaks(text: str, rows: list[list[str]]) -> None:
    assert list(csv.reader(io.StringIO(as_csv(text).decode(), newline=""))) == rows


def test_text_without_tabs_stays_as_it_is() -> None:
    assert as_csv("姓名,手机\n何清,1").decode() == "姓名,手机\n何清,1"
    assert as_csv("\ud800\t1")  # half a character does not stop it


def post(client: Client, cast: Cast, **body: object) -> tuple[int, str]:
    answer = client.post(f"/imports/organisations/{cast.tower.key}/", {"kind": "roster", **body})
    return answer.status_code, answer.content.decode() if answer.status_code != 303 else answer["Location"]


@pytest.mark.django_db
def test_it_is_read_like_a_file(cast: Cast) -> None:
    client = signed_in(cast, "east_clerk")
    status, address = post(client, cast, pasted=TABLE)
    assert status == 303
    batch = Batch.objects.system("test").get(key=address.split("/")[2])
    work()
    assert batch.filename == "粘贴的表格.csv"
    assert [way[1:] for way in ways(batch)] == [("create", "何清"), ("create", "蒋明")]
    assert [row.values["unit"] for row in rows_of(batch)] == ["云塔科技（总部）", '5"屏厂,分部']


@pytest.mark.django_db
def test_one_table_not_two_and_not_none(cast: Cast) -> None:
    client = signed_in(cast, "east_clerk")
    for body, sentence in (
        ({"pasted": TABLE, "file": uploaded(b"x")}, "文件和粘贴的表格只要一样，请去掉一个"),
        ({"pasted": " \n\t "}, "请选择一个文件，或者在下面粘贴表格"),
        ({}, "请选择一个文件，或者在下面粘贴表格"),
    ):
        status, page = post(client, cast, **body)
        assert status == 422 and sentence in page
    assert (Batch.objects.system("test").count(), raw_files()) == (0, [])


@pytest.mark.django_db
def test_ten_megabytes_are_refused_and_nothing_is_lost(cast: Cast) -> None:
    client = signed_in(cast, "east_clerk")
    text = "姓名\t手机\n" + "何清\t19900000101\n" * 600_000
    assert len(text.encode()) > 10 * 1024 * 1024
    status, page = post(client, cast, pasted=text[: 10 * 1024 * 1024 // 2])
    assert status == 422
    assert "个字，最多 2000000 个。请存成 Excel 或 CSV 文件" in page
    assert page.count("19900000101") > 200_000
    status, page = post(client, cast, pasted=text)
    assert status == 422 and page.count("19900000101") == 600_000
    assert (Batch.objects.system("test").count(), raw_files()) == (0, [])
