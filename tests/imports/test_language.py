"""Whoever reads the pages in English imports, reports and brings back a mended file exactly as a Chinese reader does; only sentences are told in English."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.conf import settings as configured
from django.core.management import call_command
from django.utils import translation

from juzhi.imports import queries
from juzhi.imports.reading.words import PARTIAL, REASONS, REFUSALS, WARNINGS, refusal, retold
from juzhi.network.models import Organisation
from juzhi.people.models import Person
from tests.cast import Cast
from tests.imports.office import fresh, mixed, planned, rows_of, signed_in, uploaded, ways, work
from tests.imports.test_expected import BUILDING, ORGANISATIONS, ROSTER, SOURCES, laid_down, run, told
from tests.imports.workbooks import workbook

LANGUAGES = ("zh-hans", "en")


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_files_and_reports_are_the_same(language: str, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    with translation.override(language):
        status, result = run("orgs", str(SOURCES / ORGANISATIONS), "--as-of", "2024-05-31", "--commit")
        assert (status, told(result)) == (1, laid_down(ORGANISATIONS))
        status, result = run("roster", str(SOURCES / ROSTER), "--into", BUILDING, "--as-of", "2024-05-31", "--commit")
        assert (status, told(result)) == (0, laid_down(ROSTER))
        laid = {"没有依托单位" if name == "（无）" else name: count for name, count in laid_down(ORGANISATIONS)["figures"]["by_host_type"].items()}
        assert report("R1")["by_host_type"] == laid
        assert report("R4")["rule"] == "截至当日已入会、未离会的会籍；入会当日计入，离会当日不计；组织按当日的法定隶属归集"
    assert set(Person.objects.system("test").values_list("gender", flat=True)) == {"female", "male"}
    assert Organisation.objects.system("test").filter(seats__host__host_type="public_hospital").count() == report("R1")["by_host_type"]["公立医院"]


def report(code: str) -> dict[str, Any]:
    out = io.StringIO()
    call_command("report", code, "--as-of", "2024-05-31", "--json", stdout=out)
    found: dict[str, Any] = json.loads(out.getvalue())
    return found


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_mended_file_comes_in_again(language: str, cast: Cast) -> None:
    client = signed_in(cast, "east_clerk")
    client.cookies[configured.LANGUAGE_COOKIE_NAME] = language
    with translation.override(language):
        batch = planned(cast.by("east_clerk"), mixed(), cast.tower)
        assert [way[1] for way in ways(batch)] == ["create", "update", "suspect", "suspect", "refuse", "same"]
        assert rows_of(batch)[0].values["gender"] == "女"
        client.post(f"/imports/{batch.key}/commit/", {"version": fresh(batch).version})
        work()
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"/imports/{batch.key}/problems/").content))
    assert book.active is not None
    heads, *lines = [[cell or "" for cell in row] for row in book.active.iter_rows(values_only=True)]
    assert heads == ["工作表", "行号", "姓名", "性别", "出生年月", "单位", "职务", "职称", "手机", "邮箱", "入会时间", "会内职务", "备注", "原因"]
    lines[-1][2] = "蒋明"
    with translation.override(language):
        again = planned(cast.by("east_clerk"), workbook([heads, *lines]), cast.tower)
    assert [way[1:] for way in ways(again)] == [("suspect", "张唯"), ("suspect", "曾琪"), ("create", "蒋明")]


def test_a_suspect_stands_beside_its_like_in_every_language(cast: Cast) -> None:
    by = cast.by("east_clerk")
    batch = planned(by, mixed(), cast.tower)
    pairs = {}
    for language in LANGUAGES:
        with translation.override(language):
            pairs[language] = [[(ours, theirs) for _label, ours, theirs in shown.pairs] for shown in queries.screen(by, batch, "suspect").rows]
    assert pairs["en"] == pairs["zh-hans"]
    assert any(pairs["en"])


def test_a_refused_file_is_kept_in_chinese_and_told_in_english(cast: Cast) -> None:
    client = signed_in(cast, "east_clerk")
    client.cookies[configured.LANGUAGE_COOKIE_NAME] = "en"
    client.post(f"/imports/organisations/{cast.tower.key}/", {"kind": "roster", "file": uploaded(b"%PDF-1.7 no table")})
    with translation.override("en"):
        work()
    (batch,) = queries.batches(cast.by("east_clerk"))
    assert batch.refused == "这不是表格，内容是PDF。可以导入的有 .xlsx、.xls、.ods、.csv"
    page = client.get(f"/imports/{batch.key}/").content.decode()
    assert "This is no table" in page and "可以导入" not in page


def test_every_refusal_is_told_again() -> None:
    """What a batch keeps in Chinese comes back in the reader's language, with its numbers."""
    named = {"rows": 3, "most": 2, "line": 7, "within": 25, "heads": "姓名", "ending": ".doc", "what": "PDF", "kind": "wine"}
    for code in REFUSALS:
        kept = refusal(code, **named)
        assert retold(kept) == kept
        with translation.override("en"):
            assert retold(kept) == str(REFUSALS[code]) % {**named, "heads": "Name"}
    assert retold("") == ""


def test_every_word_of_a_row_has_its_english() -> None:
    words = {**REASONS, **WARNINGS, **PARTIAL}
    chinese = {code: str(word) for code, word in words.items()}
    with translation.override("en"):
        assert [code for code, word in words.items() if str(word) == chinese[code]] == []
