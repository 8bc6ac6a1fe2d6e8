"""`juzhi doctor`: each thing that can be wrong is told with what to do."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import call_command
from django_tasks_db.models import DBTaskResult

from juzhi.base import constraints
from juzhi.base.action import action
from juzhi.base.actors import System
from juzhi.config import doctor, tasks
from juzhi.config.keeping import archive
from juzhi.jobs import actions, outbox
from juzhi.jobs import tasks as job_tasks
from juzhi.jobs.models import PARKED, Outbox

AT = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
BY = System("测试", AT)


@pytest.fixture(autouse=True)
def data_folder(settings: LazySettings, tmp_path: Path) -> None:
    settings.DATA_FOLDER = tmp_path
    tmp_path.chmod(0o700)


def told(check: doctor.Check, at: datetime = AT) -> dict[str, tuple[bool, str]]:
    return {one.name: (one.is_well, one.sentence) for one in check(at)}


def test_a_database_of_ours_is_well(db: None) -> None:
    found = {**told(doctor.migrations), **told(doctor.search), **told(doctor.calendar), **told(doctor.space)}
    assert {name: is_well for name, (is_well, _) in found.items()} == {"migrations": True, "constraints": True, "search": True, "calendar": True, "space": True, "search_entries": True}


def test_a_lost_constraint_is_named(db: None) -> None:
    constraints.remove()
    is_well, sentence = told(doctor.migrations)["constraints"]
    constraints.install()
    assert (is_well, "juzhi_append_only" in sentence or "juzhi_no_overlap" in sentence) == (False, True)
    assert told(doctor.migrations)["constraints"][0]


@pytest.mark.parametrize(("days", "is_well"), [(0, True), (35, True), (36, False)])
def test_a_backup_counts_as_proved_for_thirty_five_days(days: int, is_well: bool) -> None:
    assert told(doctor.backups)["backup"] == (False, "还没有证明过备份能恢复。请运行：juzhi backup --verify")
    archive.proof_file().write_text(json.dumps({"at": (AT - timedelta(days=days)).isoformat(), "backup": "a.backup", "made_at": ""}))
    assert told(doctor.backups)["backup"][0] is is_well


def test_what_others_can_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUZHI_SECRET_KEY_FILE", str(tmp_path / "secret-key"))
    (tmp_path / "secret-key").write_text("secret")
    (tmp_path / "secret-key").chmod(0o600)
    assert told(doctor.secrets)["secrets"][0]
    (tmp_path / "secret-key").chmod(0o640)
    assert told(doctor.secrets)["secrets"] == (False, f"别的用户读得到数据或密钥。请运行：chmod 600 {tmp_path / 'secret-key'}")


def test_the_queue(db: None) -> None:
    assert [well for well, _ in told(doctor.queue).values()] == [False, True, True, True]  # no worker; nothing waits
    job_tasks.prune.enqueue()
    row = DBTaskResult.objects.get()
    DBTaskResult.objects.update(enqueued_at=AT - timedelta(minutes=9))
    assert told(doctor.queue)["queue"] == (True, "最早的任务已等了 9 分钟")
    DBTaskResult.objects.update(enqueued_at=AT - timedelta(minutes=11))
    assert not told(doctor.queue)["queue"][0]
    DBTaskResult.objects.update(status="FAILED", finished_at=AT - timedelta(hours=1))
    assert told(doctor.queue)["failed"] == (False, f"一天内有 1 个任务没做成：{row.task_path}。请看日志")


@pytest.mark.tampers
def test_a_parked_message(db: None) -> None:
    def deed(*, by: System) -> Outbox:
        return outbox.put("mail", None, to=["a@example.org"])

    deed.__module__ = "juzhi.config.tests"
    message = action(deed)(by=BY)
    from juzhi.base.action import ACTIONS

    ACTIONS.pop("config.deed")
    assert told(doctor.queue)["parked"][0]
    message.state = PARKED
    message.save()
    assert not told(doctor.queue)["parked"][0]
    actions.release_message(by=BY, message=message)
    assert told(doctor.queue)["parked"][0]


def test_a_living_worker_is_counted(db: None) -> None:
    from juzhi.jobs.management.commands.worker import Presence

    now = datetime.now(UTC)
    with Presence("alive-1"):
        assert told(doctor.queue, now)["workers"] == (True, "后台任务进程 1 个")


def test_a_broken_journal(db: None) -> None:
    tasks.verdict_file().write_text(json.dumps({"at": AT.isoformat(), "sealed": 3, "fault": "第 3 条不见了"}))
    is_well, sentence = told(doctor.journal)["journal"]
    assert not is_well and "第 3 条不见了" in sentence


def test_a_check_that_cannot_be_made_stops_no_other(db: None, settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(at: datetime) -> object:
        raise OSError("disk gone")
        yield

    monkeypatch.setattr(doctor, "CHECKS", (broken, doctor.calendar))
    assert [(one.name, one.is_well, one.sentence) for one in doctor.examine(AT)][:1] == [("broken", False, "没查成：disk gone")]
    assert len(doctor.examine(AT)) == 2


def test_the_command(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        call_command("doctor", "--json")
    found = json.loads(capsys.readouterr().out)
    assert (ended.value.code, found["is_well"]) == (1, False)
    with pytest.raises(SystemExit):
        call_command("doctor")
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(found["findings"]) and {line[0] for line in lines} == {"✓", "!"}
    assert os.environ.get("JUZHI_DEBUG") is None
