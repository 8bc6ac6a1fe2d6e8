"""The real files end in exactly the rows, counts, figures and left-out columns that were laid down for them."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from juzhi.imports.models import Batch, BatchRow
from juzhi.members.models import AdmissionBatch, Membership
from juzhi.network import actions as network
from juzhi.network.models import Organisation
from juzhi.people.models import Person
from tests.cast import SYSTEM

pytestmark = pytest.mark.django_db

SOURCES = Path(__file__).parents[2] / "juzhi" / "demo" / "files"
FILES = Path(__file__).parent / "files"
ORGANISATIONS, ROSTER, BATCH = "知联会组织名单.csv", "达实大厦知联会会员花名册.xlsx", "达实大厦新联会首批会员.xls"
BUILDING, NEIGHBOUR = "达实大厦知联会", "达实大厦新联会"


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
    return {key: value for key, value in result.items() if key not in ("waiting", "noticed", "batch")}


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


def test_batch() -> None:
    bring_organisations()
    status, result = run("batch", str(SOURCES / BATCH), "--into", NEIGHBOUR, "--as-of", "2024-05-31")
    wanted = laid_down(BATCH)
    likes = {row["row"]: (row.pop("like"), row.pop("by")) for row in wanted["rows"] if "like" in row}  # where the roster is in before, see below
    figures = wanted["figures"]
    wanted["figures"] = {name: figures.pop(name) for name in ("batch_1", "batch_2")}
    assert told(result) == wanted
    assert status == 0
    assert len(likes) == figures["also_in_roster"]


def test_batch_after_the_roster_makes_nobody_twice() -> None:
    bring_organisations()
    run("roster", str(SOURCES / ROSTER), "--into", BUILDING, "--commit")
    wanted = laid_down(BATCH)
    status, result = run("batch", str(SOURCES / BATCH), "--into", NEIGHBOUR, "--settle", "same", "--commit")
    assert (status, {name: n for name, n in result["counts"].items() if name != "skip"}) == (0, wanted["figures"]["counts_after_roster"])
    rows = {row.row: row.thing_key for row in BatchRow.objects.system("test").filter(batch__kind="roster", batch__committed_at__isnull=False)}
    spells = {one.key: one.person for one in Membership.objects.system("test").select_related("person")}
    assert [(row["row"], row["by"]) for row in result["rows"] if row["action"] == "suspect"] == [(row["row"], row["by"]) for row in wanted["rows"] if "like" in row]
    assert [row["like"] for row in result["rows"] if row["action"] == "suspect"] == [spells[rows[row["like"]["row"]]].key for row in wanted["rows"] if "like" in row]
    cohort = Membership.objects.system("test").filter(organisation__name=NEIGHBOUR, batch__number=1)
    assert (cohort.count(), Person.objects.system("test").count()) == (42, 41 + 37)
    batch = AdmissionBatch.objects.system("test").get()
    assert (batch.number, str(batch.on), batch.precision) == (1, "2018-06-22", "day")  # 2018-06 and 2018-06-22 are one day


def test_the_answer_beside_the_file_holds_where_the_file_says_nothing(tmp_path: Path) -> None:
    bring_organisations()
    path = tmp_path / "首批.csv"
    path.write_text("姓名,手机,入会时间\n何清,19900090001,2018-07\n蒋明,19900090002,\n", encoding="utf-8")
    status, result = run("batch", str(path), "--into", NEIGHBOUR, "--answer", "batch=首批", "--answer", "joined=2018-06-22")
    assert [(row["values"]["name"], row["values"]["batch"], row["values"]["joined"]) for row in result["rows"]] == [("何清", 1, "2018-07"), ("蒋明", 1, "2018-06-22")]
    assert (status, result["figures"]) == (0, {"batch_1": 2, "batch_2": 0})
    status, result = run("batch", str(path), "--into", NEIGHBOUR)
    assert (status, [row["reason"] for row in result["rows"]]) == (1, ["missing_batch", "missing_batch"])
    assert run("batch", str(path), "--into", NEIGHBOUR, "--answer", "batch=很多") == (2, {"file": "首批.csv", "kind": "batch", "refuse_file": "「第几批」看不懂，请照例子改写，或者留空"})
    assert run("batch", str(path), "--into", NEIGHBOUR, "--answer", "首批")[0] == 2


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
        (("wine", str(SOURCES / ROSTER)), "没有「wine」这种导入，可选：orgs（组织名单）、roster（会员花名册）、batch（入会批次名单）"),
    ],
)
def test_wrong_arguments_are_two(arguments: tuple[str, ...], sentence: str) -> None:
    status, result = run(*arguments)
    assert (status, result["refuse_file"]) == (2, sentence)
