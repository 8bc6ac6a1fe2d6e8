"""A database that is away, a disk that is full: said plainly, nothing half done, and all well again by itself."""

from __future__ import annotations

import importlib.util
import os
import resource
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.base import ContentFile
from django.db import OperationalError, connection
from django.test import Client

from juzhi.base import outages
from juzhi.config import doctor
from juzhi.files import actions as files
from juzhi.files import queries as private
from juzhi.network.models import Organisation
from tests.cast import NOW, SYSTEM, Cast
from tests.config.test_serve import family, is_up, one
from tests.product import ROOT, Product, product, wait_until

Answer = tuple[int, str, str]
SERVE = ("-m", "juzhi.config.serve", "--no-demo")


def asked(made: Product, path: str = "/") -> Answer:
    """Status, Retry-After and words of a page."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{made.environment['JUZHI_PORT']}{path}", timeout=40) as answer:
            return answer.status, "", answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.headers.get("Retry-After", ""), error.read().decode()


def with_port(found: Product) -> Product:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        found.environment["JUZHI_PORT"] = str(free.getsockname()[1])
    return found


@pytest.fixture
def clusters() -> Any:
    spec = importlib.util.spec_from_file_location("cluster", ROOT / "bin" / "cluster.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    if module.programs() is None:
        pytest.skip("no PostgreSQL 15 or later on this machine")
    return module


def ended(made: Product, process: subprocess.Popen[str]) -> str:
    process.send_signal(signal.SIGTERM)
    told = process.communicate(timeout=40)[0]
    for pid in family(made):
        os.kill(pid, signal.SIGKILL)
    return told


def holds(made: Product, word: str, path: Path) -> bool:
    """Whether a process whose command has `word` has the file open."""
    pids = [pid for pid, command in family(made).items() if word in command]
    return any(os.path.realpath(link) == os.path.realpath(path) for pid in pids for link in Path(f"/proc/{pid}/fd").iterdir())


def is_connected(made: Product, word: str) -> bool:
    """Whether a process whose command has `word` has a connection open."""
    pids = [pid for pid, command in family(made).items() if word in command]
    return any(os.readlink(link).startswith("socket:") for pid in pids for link in Path(f"/proc/{pid}/fd").iterdir() if link.is_symlink())


def test_postgresql_stopped_in_the_middle(clusters: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stopped as by a crash: pages say so with 503, what needs no database goes on, and once it is back so are pages and worker, the same processes."""
    monkeypatch.delenv("JUZHI_DATABASE_URL", raising=False)
    with clusters.cluster() as server, product(tmp_path / "data") as found:
        made = with_port(found)
        made.environment["JUZHI_DATABASE_URL"] = str(server)
        process = made.start(*SERVE)
        try:
            wait_until(lambda: is_up(made), 120)
            assert asked(made)[0] == 200
            wait_until(lambda: is_connected(made, "cli worker"), 60)  # one that is only about to connect would end and be started anew
            web, worker = one(made, "granian"), one(made, "cli worker")
            server.stop("immediate")
            for _ in range(3):
                status, later, text = asked(made)
                assert (status, later, "数据库暂时连不上" in text, 'class="plain"' in text) == (503, "10", True, True)
            assert asked(made, "/favicon.ico")[0] == 200  # what is static needs no database
            time.sleep(3)
            assert (one(made, "granian"), one(made, "cli worker")) == (web, worker)
            server.start()
            wait_until(lambda: asked(made)[0] == 200, 10)
            made.python(f"from tests.jobs import deeds\ndeeds.slow.enqueue(told={str(tmp_path / 'told')!r}, until={str(tmp_path)!r})")
            wait_until((tmp_path / "told").exists, 20)
            assert (one(made, "granian"), one(made, "cli worker")) == (web, worker)
        finally:
            told = ended(made, process)
        assert "停了" not in told, told


@pytest.fixture
def lite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Product]:
    monkeypatch.delenv("JUZHI_DATABASE_URL", raising=False)
    with product(tmp_path / "data") as found:
        yield with_port(found)


def test_sqlite_missing_and_locked(lite: Product) -> None:
    """A missing file is not made anew, nor written into after its name is gone; a lock beyond patience is an outage too."""
    process = lite.start(*SERVE)
    try:
        wait_until(lambda: is_up(lite), 120)
        place, away = lite.data / "juzhi.sqlite3", lite.data / "away"
        wait_until(lambda: holds(lite, "cli worker", place), 60)  # who is only about to open it could not know that it was there
        place.rename(away)
        assert [asked(lite)[:2] for _ in range(3)] == [(503, "10")] * 3
        time.sleep(2)
        assert not place.exists()
        away.rename(place)
        assert asked(lite)[0] == 200
        worker = one(lite, "cli worker")
        lock = sqlite3.connect(place, isolation_level=None)
        lock.execute("begin exclusive")
        assert asked(lite, "/account/login/")[0] == 200  # readers go on beside a writer
        lock.execute("commit")
        lock.execute("pragma locking_mode=exclusive")
        lock.close()
        assert one(lite, "cli worker") == worker
    finally:
        told = ended(lite, process)
    assert "停了" not in told, told


@pytest.fixture(autouse=True)
def static_folder(settings: LazySettings) -> None:
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)


def client(cast: Cast, name: str) -> Client:
    made = Client(raise_request_exception=False)
    made.force_login(cast.accounts[name], backend="allauth.account.auth_backends.AuthenticationBackend")
    return made


def failing(error: Exception) -> Any:
    def execute(run: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if "insert into" in sql.lower() and "journal_entry" in sql.lower():
            raise error
        return run(sql, params, many, context)

    return execute


BODY = {"name": "新楼宇知联会", "family": "", "level": "building", "reason": "核对", "form_key": "k"}


def test_a_lock_beyond_patience_is_told_and_nothing_is_half_done(cast: Cast) -> None:
    browser, body = client(cast, "east_clerk"), {"remark": "x", "reason": "核对", "valid_from": "2026-11-01", "name": "云塔新名", "version": str(cast.tower.version), "form_key": "k"}
    address = f"/organisations/{cast.tower.key}/rename/"
    with connection.execute_wrapper(failing(OperationalError("database is locked"))):
        answer = browser.post(address, body)
    assert (answer.status_code, answer["Retry-After"], answer["Cache-Control"]) == (503, "10", "no-store")
    assert "数据库暂时连不上" in answer.content.decode() and "default-src" in answer["Content-Security-Policy"]
    assert cast.fresh("tower").name == "云塔大厦知联会"
    assert browser.post(address, body).status_code == 303  # the same form again, receipt and all
    assert cast.fresh("tower").name == "云塔新名"


def full() -> OperationalError:
    """As Django hands it on."""
    error = OperationalError("database or disk is full")
    error.__cause__ = sqlite3.OperationalError("database or disk is full")
    error.__cause__.sqlite_errorcode = sqlite3.SQLITE_FULL  # type: ignore[attr-defined]
    return error


def test_a_full_disk_is_told_as_such(cast: Cast) -> None:
    browser, body = client(cast, "east_clerk"), {"reason": "核对", "valid_from": "2026-11-01", "name": "云塔新名", "version": str(cast.tower.version), "form_key": "k"}
    with connection.execute_wrapper(failing(full())):
        answer = browser.post(f"/organisations/{cast.tower.key}/rename/", body)
    assert (answer.status_code, answer["Retry-After"], "磁盘满了" in answer.content.decode()) == (503, "300", True)
    assert cast.fresh("tower").name == "云塔大厦知联会"


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite's own limit stands for the disk")
def test_a_database_that_cannot_grow(cast: Cast) -> None:
    """SQLite itself says that there is no room: the verb is rolled back whole."""
    before = Organisation.objects.system("test").count()
    with connection.cursor() as cursor:
        most = cursor.execute("pragma max_page_count").fetchone()[0]
        pages = cursor.execute("pragma page_count").fetchone()[0]
        cursor.execute(f"pragma max_page_count = {pages}")
    try:
        with pytest.raises(OperationalError) as told:
            for number in range(2000):
                files_like(cast, number)
        assert outages.is_full(told.value) and outages.is_away(told.value)
        assert "磁盘满了" in doctor.not_examined(told.value)
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"pragma max_page_count = {most}")
    assert Organisation.objects.system("test").count() >= before


def files_like(cast: Cast, number: int) -> None:
    from juzhi.network import actions as network

    network.add_contact(by=SYSTEM, organisation=cast.tower, name=f"联系人{number}", mobile="19900000001", purpose="日常")


def test_a_file_that_cannot_be_written_leaves_nothing(cast: Cast) -> None:
    """A limit on the size of files stands for the disk: the write breaks off in the middle."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    there = set(private.folder().glob("*")) if private.folder().exists() else set()
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        with pytest.raises(OSError) as told:
            files.store(by=SYSTEM, file=ContentFile(b"x" * 3_000_000, name="名册.csv"), kind="roster", organisation_id=None)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert outages.is_full(told.value)
    assert set(private.folder().glob("*")) == there


def test_the_doctor_says_what_to_do(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    def away(at: Any) -> Iterator[doctor.Finding]:
        raise OperationalError("connection refused\nIs the server running?")
        yield

    monkeypatch.setattr(doctor, "CHECKS", (away,))
    assert [one.sentence for one in doctor.examine(NOW)] == ["没查成：数据库连不上（connection refused）。请看数据库服务是否在运行、JUZHI_DATABASE_URL 对不对、数据库文件还在不在"]


def test_what_is_our_own_fault_stays_a_500(cast: Cast) -> None:
    browser, body = client(cast, "east_clerk"), {"reason": "核对", "valid_from": "2026-11-01", "name": "云塔新名", "version": str(cast.tower.version), "form_key": "k"}
    with connection.execute_wrapper(failing(ValueError("a fault"))):
        answer = browser.post(f"/organisations/{cast.tower.key}/rename/", body)
    assert (answer.status_code, "系统出了差错" in answer.content.decode()) == (500, True)


@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="only root mounts a small disk")
def test_a_disk_that_is_really_full(lite: Product) -> None:
    """The whole product on a disk of 24 MB: filled up, a form is answered with the sentence, and with room again the same form goes through."""
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m,mode=700", "tmpfs", str(lite.data)], capture_output=True).returncode:
        pytest.skip("this machine lets nobody mount")
    try:
        lite.environment["JUZHI_COLLECTED"] = "0"
        assert lite.run("prepare", "--no-demo").returncode == 0
        filler = lite.data / "filler"
        with filler.open("wb", buffering=0) as file:
            try:
                while file.write(b"x" * 65536):
                    pass
            except OSError:
                pass
        words = ("open-account", "wangfang", "--name", "王芳", "--organisation", "云海市知联会", "--link", "http://localhost")
        told = lite.run(*words)
        assert told.returncode == 1 and "磁盘满了" in told.stderr, told.stderr
        seen = lite.run("doctor")
        assert seen.returncode == 1 and "0.0 GB，太少了" in seen.stdout
        filler.unlink()
        assert lite.python("from juzhi.people.models import Person\nprint(Person.objects.system('test').count())") == "0"
        assert lite.run(*words).returncode == 0
    finally:
        subprocess.run(["umount", str(lite.data)], capture_output=True)
