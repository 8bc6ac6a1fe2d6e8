"""The real files end in exactly the rows, counts, figures and left-out columns that were laid down for them."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from juzhi.imports.models import Batch, BatchRow
from juzhi.members.models import Membership
from juzhi.network import actions as network
from juzhi.network.models import Organisation
from juzhi.people.models import Person
from tests.cast import SYSTEM

pytestmark = pytest.mark.django_db

SOURCES = Path(__file__).parents[2] / "juzhi" / "demo" / "files"
FILES = Path(__file__).parent / "files"
ORGANISATIONS, ROSTER = "知联会组织名单.csv", "达实大厦知联会会员花名册.xlsx"
BUILDING = "达实大厦知联会"


@pytest.fixture(autouse=True)
def data_folder(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def run(*arguments: str) -> tuple[int, Any]:
    """Exit status and what the command says."""
    out = io.StringIO()
    try:
        call_command("import_file", *arguments, "--json", stdout=out)
    except SystemExit as ended:
        return int(str(ended.code)), json.loads(out.getvalue())
    return 0, json.loads(out.getvalue())


def expected(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FILES / f"{name}.expected.json").read_text(encoding="utf-8"))
    return found


def laid_down(name: str) -> dict[str, Any]:
    """The expected result without what is said about it."""
    return {key: value for key, value in expected(name).items() if key not in ("set", "decisions")}


def told(result: dict[str, Any]) -> dict[str, Any]:
    """The result without what the command says beyond it."""
    return {key: value for key, value in result.items() if key not in ("waiting", "batch")}


def bring_organisations() -> None:
    assert run("orgs", str(SOURCES / ORGANISATIONS), "--commit")[0] == 1


def test_organisations() -> None:
    status, result = run("orgs", str(SOURCES / ORGANISATIONS), "--as-of", "2024-05-31")
    assert told(result) == laid_down(ORGANISATIONS)
    assert status == 1  # one row is refused


def test_roster() -> None:
    bring_organisations()
    status, result = run("roster", str(SOURCES / ROSTER), "--into", BUILDING, "--as-of", "2024-05-31")
    assert told(result) == laid_down(ROSTER)
    assert status == 0


def test_committing_says_the_same_and_writes_it() -> None:
    status, result = run("orgs", str(SOURCES / ORGANISATIONS), "--as-of", "2024-05-31", "--commit")
    assert told(result) == laid_down(ORGANISATIONS)
    assert status == 1
    assert Organisation.objects.system("test").count() == 59
    status, result = run("roster", str(SOURCES / ROSTER), "--into", BUILDING, "--as-of", "2024-05-31", "--commit")
    assert told(result) == laid_down(ROSTER)
    assert status == 0
    assert (Person.objects.system("test").count(), Membership.objects.system("test").count()) == (41, 41)
    assert {one.state for one in ()} == set()


def test_without_commit_nothing_stays() -> None:
    run("orgs", str(SOURCES / ORGANISATIONS))
    assert Organisation.objects.system("test").count() == 0
    assert BatchRow.objects.system("test").count() == 0
    assert [batch.discarded_at is not None for batch in Batch.objects.system("test")] == [True]


def test_the_same_files_again_change_nothing() -> None:
    bring_organisations()
    run("roster", str(SOURCES / ROSTER), "--into", BUILDING, "--commit")
    before = [list(model.objects.system("test").order_by("pk").values()) for model in (Organisation, Person, Membership)]
    status, result = run("orgs", str(SOURCES / ORGANISATIONS), "--commit")
    assert (status, result["counts"]) == (1, {"same": 60, "refuse": 1, "skip": 1})
    status, result = run("roster", str(SOURCES / ROSTER), "--into", BUILDING, "--commit")
    assert (status, result["counts"]) == (0, {"same": 42, "skip": 2})
    assert [list(model.objects.system("test").order_by("pk").values()) for model in (Organisation, Person, Membership)] == before


def test_a_refused_file_is_two(tmp_path: Path) -> None:
    path = tmp_path / "名册.xlsx"
    path.write_bytes(b"%PDF-1.7 no table")
    network.register_family(by=SYSTEM, name="知联会", full_name="")
    status, result = run("orgs", str(path))
    assert status == 2
    assert result == {"file": "名册.xlsx", "kind": "orgs", "refuse_file": "这不是表格，内容是PDF。可以导入的有 .xlsx、.xls、.ods、.csv"}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("orgs", "没有.csv"), "找不到文件 没有.csv"),
        (("roster", str(SOURCES / ROSTER)), "请用 --into 写明导入到哪个组织"),
        (("roster", str(SOURCES / ROSTER), "--into", "没有的会"), "没有叫「没有的会」的组织"),
        (("wine", str(SOURCES / ROSTER)), "没有「wine」这种导入，可选：orgs（组织名单）、roster（会员花名册）"),
    ],
)
def test_wrong_arguments_are_two(arguments: tuple[str, ...], sentence: str) -> None:
    status, result = run(*arguments)
    assert (status, result["refuse_file"]) == (2, sentence)
