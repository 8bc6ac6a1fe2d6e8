"""What is never kept is nowhere: not in the database, its log of writes, uploads, mail, logs, the journal, nor in the file of rows with problems."""

from __future__ import annotations

import io
import json
import logging
import stat
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.conf import settings as configured
from django.db import connection
from django.test import Client

from juzhi.base import constraints
from juzhi.files import actions as files
from juzhi.files.queries import folder
from juzhi.imports import actions, queries
from juzhi.imports.models import Batch
from juzhi.imports.reading.sensitive import kind_of_values
from tests.cast import NOW, SYSTEM, Cast, build
from tests.imports.office import LEFT_OUT, fresh, mixed, planned, raw_files, roster, rows_of, signed_in, uploaded, work


@pytest.fixture
def committed(transactional_db: None) -> Iterator[None]:
    """A database in which transactions really commit. The triggers come off before it is emptied; emptying brings them back."""
    constraints.install()
    yield
    constraints.remove()


def database() -> str:
    """Everything the database holds: every table, and on SQLite the file and its log of writes as they lie on the disk."""
    held = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'select * from "{table}"')
            held += [str(cell) for row in cursor.fetchall() for cell in row]
    if connection.vendor == "sqlite":
        name = Path(str(connection.settings_dict["NAME"]))
        held += [path.read_bytes().decode("utf-8", "replace") for path in name.parent.glob(f"{name.name}*") if path.is_file()]
    return "\n".join(held)


def on_disk(*but: str) -> str:
    """Every file in the data folder: uploads, mail, logs, progress."""
    paths = [path for path in Path(configured.DATA_FOLDER).rglob("*") if path.is_file() and path.name not in but]
    return "\n".join(path.read_bytes().decode("utf-8", "replace") for path in paths)


def left(*places: str) -> list[str]:
    return [value for value in LEFT_OUT for place in places if holds(place, value)]


def holds(place: str, value: str) -> bool:
    """As it is, and as JSON writes it."""
    return value in place or json.dumps(value)[1:-1] in place


def test_nothing_left_out_is_anywhere(committed: None, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> None:
    caplog.set_level(logging.DEBUG)
    cast = build()
    client = signed_in(cast, "east_clerk")
    client.post(f"/imports/organisations/{cast.tower.key}/", {"kind": "roster", "file": uploaded(mixed())})
    work()
    batch = Batch.objects.system("test").get()
    assert left(database(), on_disk(*raw_files())) == []
    pages = [_text(client, f"/imports/{batch.key}/?tab={tab.value}") for tab in queries.TABS] + [_text(client, f"/imports/{batch.key}/remap/")]
    assert left(*pages) == []
    assert left(_problems(client, batch)) == []

    client.post(f"/imports/{batch.key}/commit/", {"version": fresh(batch).version})
    work()
    assert fresh(batch).committed_at is not None
    assert raw_files() == []
    assert left(database(), on_disk()) == []
    assert left(_problems(client, batch), _text(client, f"/imports/{batch.key}/?tab=refuse")) == []
    written = capfd.readouterr()
    assert left(caplog.text, written.out, written.err) == []


def test_control_a_value_that_is_kept_is_found(committed: None) -> None:
    """The search above sees what is there."""
    cast = build()
    batch = planned(cast.by("east_clerk"), mixed(), cast.tower)
    assert holds(database(), "云塔科技")
    actions.commit(by=cast.by("east_clerk"), batch=batch)
    assert holds(database(), "何清")


def _text(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def _problems(client: Client, batch: Batch) -> str:
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"/imports/{batch.key}/problems/").content))
    assert book.active is not None
    cells = [str(cell) for row in book.active.iter_rows(values_only=True) for cell in row]
    assert "没有名称（姓名），请补填，或删去这一行" in cells
    return "\n".join(cells) + client.get(f"/imports/{batch.key}/problems/?format=csv").content.decode()


SENSITIVE_CELLS = [
    ("姓名", "何清（回族）", "create", {"name": "何清"}),
    ("姓名", "何清 回族", "create", {"name": "何清"}),
    ("姓名", "何清（中共党员）", "create", {"name": "何清"}),
    ("姓名", "何清 999999199001011234", "create", {"name": "何清"}),
    ("姓名", "何清９９９９９９１９９００１０１１２３４", "create", {"name": "何清"}),
    ("姓名", "999999199001011234", "refuse", {"name": None}),
    ("职务", "999999199001011234", "create", {"duty": None}),
    ("职务", "群众", "create", {"duty": None}),
    ("职称", "中共党员", "create", {"title": None}),
    ("单位", "回族", "create", {"unit": None}),
    ("单位", "深圳市回族联谊会", "create", {"unit": "深圳市回族联谊会"}),
    ("单位", "身份证999999197505052345", "create", {"unit": None}),
    ("手机", "999999199001011234", "create", {"mobile": None}),
    ("邮箱", "999999199001011234", "create", {"email": None}),
    ("出生年月", "999999199001011234", "create", {"birth": None}),
    ("入会时间", "9.99999199001011E+17", "create", {"joined": None}),
    ("备注", "身份证号999999197505052345，回族，2024年3月退会", "create", {"state": "left", "ended": "2024-03"}),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("column", "cell", "action", "values"), SENSITIVE_CELLS)
def test_sensitive_words_within_other_cells(cast: Cast, column: str, cell: str, action: str, values: dict[str, Any]) -> None:
    row = {"姓名": "何清", "单位": "云塔科技", "手机": "19900000101", column: cell}
    batch = planned(cast.by("east_clerk"), roster(row), cast.tower)
    found = rows_of(batch)[0]
    assert found.action == action
    assert {name: found.values.get(name) for name in values} == values
    everything = f"{found.values}{found.warn}{found.reason}{fresh(batch).headings}"
    assert "9999" not in everything
    assert column == "单位" and "联谊会" in cell or "回族" not in everything
    assert "党员" not in everything


@pytest.mark.django_db
def test_a_column_that_hides_its_kind_is_left_out(cast: Cast) -> None:
    """By what stands in it: the heading says nothing."""
    head = ("姓名", "手机", "情况", "号码二")
    rows = [{"姓名": f"何{n}清", "手机": f"1990000030{n}", "情况": "致公党党员", "号码二": "999999199001011234"} for n in range(5)]
    batch = planned(cast.by("east_clerk"), roster(*rows, head=head), cast.tower)
    assert fresh(batch).headings["not_imported"] == ["情况", "号码二"]
    assert left(str(fresh(batch).headings)) == []


@pytest.mark.parametrize(
    ("kind", "cells"),
    [
        ("ethnic", ["汉族", "工程师", "律师", "经理", "职员"]),  # a fifth says it outright
        ("ethnic", ["汉", "汉", "回", "汉", "满"]),
        ("ethnic", ["汉"] * 5),
        ("ethnic", ["满", "回", "壮", "苗", "白"]),
        ("ethnic", ["维吾尔", "哈萨克", "维吾尔"]),
        ("ethnic", ["白族", "白", "白"]),
        ("ethnic", ["回族人", "回族"]),
        ("ethnic", ["少数民族", "无", "无"]),
        ("party", ["致公党党员", "工程师", "律师", "经理", "职员"]),
        ("party", ["群众", "汉族", "团员"]),
        ("party", ["佛教徒", "无"]),
        ("id_no", ["999999199001011234", "无", "无"]),
        ("", ["白", "青", "白", "白", "青"]),  # colours, not a people and a word
        ("", ["白", "白", "白"]),
        ("", ["白", "青", "红", "满"]),
        ("", ["白", "水", "王", "李", "张", "赵"]),  # surnames
        ("", ["瑶", "京", "丽", "娜", "敏"]),  # given names
        ("", ["保安", "保洁", "保安", "保安"]),
        ("", ["俄罗斯", "朝鲜", "俄罗斯"]),
        ("", ["上班族", "上班族", "上班族"]),
        ("", ["工程师", "律师", "", " "]),
        ("", []),
    ],
)
def test_what_a_column_speaks_of(kind: str, cells: list[str]) -> None:
    """Without a heading that says so a column is called sensitive on good evidence alone."""
    assert kind_of_values(cells) == kind


@pytest.mark.django_db
def test_single_characters_in_an_unknown_column_are_read_where_somebody_maps_it(cast: Cast) -> None:
    head = ("姓名", "手机", "色卡", "族裔")
    rows = [{"姓名": f"何{n}清", "手机": f"1990000030{n}", "色卡": "白青"[n % 2], "族裔": "汉满"[n % 2]} for n in range(6)]
    batch = planned(cast.by("east_clerk"), roster(*rows, head=head), cast.tower)
    assert fresh(batch).headings["not_imported"] == ["族裔"]
    assert "色卡" in fresh(batch).headings["sheets"][0]["unmapped"]


@pytest.mark.django_db
def test_a_column_of_its_own_name_stays_left_out_where_somebody_maps_it(cast: Cast) -> None:
    head = ("姓名", "手机", "身份", "民族")
    by = cast.by("east_clerk")
    some = [{"姓名": f"何{n}清", "手机": f"1990000030{n}", "身份": "工程师", "民族": "鄂温克族"} for n in range(5)]
    batch = planned(by, roster(*some, head=head), cast.tower)
    actions.remap(by=by, batch=batch, choices={"身份": "title", "民族": "duty"})
    again = planned(by, roster(*[{**row, "身份": "致公党党员"} for row in some], head=head), cast.tower)
    assert sorted(fresh(again).headings["not_imported"]) == ["民族", "身份"]
    assert left(str([row.values for row in rows_of(again)]), str(fresh(again).headings)) == []


@pytest.mark.django_db
def test_the_raw_file_is_private(cast: Cast) -> None:
    planned(cast.by("east_clerk"), mixed(), cast.tower)
    (path,) = folder().iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert "名册" not in path.name


@pytest.mark.django_db
@pytest.mark.parametrize("ending", ["commit", "refuse", "discard", "expire", "files"])
def test_the_raw_file_goes(cast: Cast, ending: str) -> None:
    by = cast.by("east_clerk")
    batch = planned(by, mixed(), cast.tower)
    assert len(raw_files()) == 1
    if ending == "commit":
        actions.commit(by=by, batch=batch)
    elif ending == "refuse":
        actions.refuse(by=by, batch=batch, sentence="读不懂")
    elif ending == "discard":
        actions.discard(by=by, batch=batch)
    else:
        later = type(SYSTEM)("tests", NOW + timedelta(hours=24, minutes=1))
        (actions if ending == "expire" else files).expire(by=later)
    assert raw_files() == []


@pytest.mark.django_db
@pytest.mark.parametrize("ending", ["commit", "refuse", "discard", "expire"])
def test_samples_of_unknown_columns_go_too(cast: Cast, ending: str) -> None:
    by = cast.by("east_clerk")
    batch = planned(by, roster({"姓名": "何清", "手机": "19900000101", "爱好": "登山摄影"}, head=("姓名", "手机", "爱好")), cast.tower)
    assert holds(str(fresh(batch).headings), "登山摄影")
    if ending == "commit":
        actions.commit(by=by, batch=batch)
    elif ending == "refuse":
        actions.refuse(by=by, batch=batch, sentence="读不懂")
    elif ending == "discard":
        actions.discard(by=by, batch=batch)
    else:
        actions.expire(by=type(SYSTEM)("tests", NOW + timedelta(hours=24, minutes=1)))
    assert "登山摄影" not in str(fresh(batch).headings)
