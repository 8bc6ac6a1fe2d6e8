"""How the installation fares: every check gives one sentence in plain words, and where something is wrong what to do."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import DatabaseError, OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from juzhi.base import constraints
from juzhi.base.actors import ZONE
from juzhi.base.outages import is_away, is_full, is_missing
from juzhi.config import environment, tasks
from juzhi.config.keeping import archive, vault
from juzhi.figures.actions import marks
from juzhi.jobs import queries as jobs
from juzhi.search import queries as entries

PROVED_FOR = timedelta(days=35)  # a backup that was not restored for longer is not known to be one
LONGEST_WAIT = timedelta(minutes=10)
LEAST_SPACE = 1024**3  # bytes
OLDEST_POSTGRESQL = 150000


@dataclass(frozen=True)
class Finding:
    """One sentence about one thing."""

    name: str
    is_well: bool
    sentence: str


Check = Callable[[datetime], Iterator[Finding]]


def fonts(at: datetime) -> Iterator[Finding]:
    if shutil.which("fc-list"):
        found = bool(subprocess.run(["fc-list", ":lang=zh-cn", "family"], capture_output=True, text=True).stdout.strip())  # noqa: S607
    else:
        found = any(Path("/usr/share/fonts").rglob("*CJK*")) or any(Path("/usr/share/fonts").rglob("wqy*"))
    yield Finding("fonts", found, "有中文字体" if found else "没有中文字体，打印和图片里的汉字会成方块。请运行：apt-get install fonts-noto-cjk")


def database(at: datetime) -> Iterator[Finding]:
    if is_missing():
        raise OperationalError(f"数据库文件不见了：{settings.DATABASES['default']['NAME']}")
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("select current_setting('server_version'), current_setting('server_version_num')::int, pg_encoding_to_char(encoding), datcollate from pg_database where datname = current_database()")
            version, number, encoding, collation = cursor.fetchone()
            is_well = number >= OLDEST_POSTGRESQL and encoding == "UTF8" and collation == "C"
            advice = "" if is_well else "。需要 PostgreSQL 15 以上，按 ENCODING 'UTF8' LC_COLLATE 'C' TEMPLATE template0 建库，见 docs/operations.md"
            yield Finding("database", is_well, f"PostgreSQL {version}，编码 {encoding}，排序 {collation}{advice}")
        else:
            cursor.execute("select sqlite_version()")
            version = cursor.fetchone()[0]
            cursor.execute("pragma journal_mode")
            mode = cursor.fetchone()[0]
            advice = "" if mode == "wal" else "。应为 wal：数据目录可能在网络盘上，请换到本机磁盘"
            yield Finding("database", mode == "wal", f"SQLite {version}，日志方式 {mode}{advice}")
            cursor.execute("pragma quick_check(1)")
            is_whole = cursor.fetchone()[0] == "ok"
            yield Finding("database_whole", is_whole, "数据库文件完好" if is_whole else "数据库文件有损坏。请停止服务，用最近的备份恢复：juzhi restore")


def migrations(at: datetime) -> Iterator[Finding]:
    executor = MigrationExecutor(connection)
    owed = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    yield Finding("migrations", not owed, f"数据库还差 {owed} 步升级。请运行 juzhi migrate" if owed else "数据库结构是这个版本的")
    if not owed:
        lost = constraints.missing() + marks.missing()
        yield Finding("constraints", not lost, f"数据库缺少 {len(lost)} 条约束（{lost[0]}）。请运行 juzhi migrate" if lost else f"{len(constraints.DECLARED)} 条约束都在")


def search(at: datetime) -> Iterator[Finding]:
    if connection.vendor == "postgresql":
        yield Finding("search", True, "全文检索由 PostgreSQL 提供")
    else:
        with connection.cursor() as cursor:
            cursor.execute("pragma compile_options")
            found = any(option == "ENABLE_FTS5" for (option,) in cursor.fetchall())
        yield Finding("search", found, "全文检索可用（FTS5）" if found else "这个 SQLite 没有 FTS5，搜索用不了。请换用系统自带的 Python，或改用 PostgreSQL")
    faults = entries.faults(at.astimezone(ZONE).date())
    yield Finding("search_entries", not faults, f"{'；'.join(faults)}。请运行：juzhi search rebuild" if faults else "抽查的检索条目都对")


def calendar(at: datetime) -> Iterator[Finding]:
    try:
        ZoneInfo("Asia/Shanghai")
        yield Finding("calendar", True, "时区数据可用；这个版本没有用到节假日历，不会过期")
    except (KeyError, ValueError):
        yield Finding("calendar", False, "缺少时区数据。请重新运行 bin/run 补装")


def queue(at: datetime) -> Iterator[Finding]:
    workers = jobs.workers_alive(at)
    yield Finding("workers", workers > 0, f"后台任务进程 {workers} 个" if workers else "后台任务没有在运行，导入和邮件都会停着。请运行 bin/run（或 juzhi worker）")
    since = jobs.waiting_since(at)
    waited = at - since if since else timedelta()
    sentence = f"最早的任务已等了 {int(waited.total_seconds() // 60)} 分钟" if since else "没有任务在等"
    yield Finding("queue", waited < LONGEST_WAIT, sentence + ("" if waited < LONGEST_WAIT else "。请看后台任务是否在运行、日志里有没有错误"))
    parked = jobs.parked_messages().count()
    yield Finding("parked", not parked, f"有 {parked} 封消息多次发不出去，已搁置。请检查 JUZHI_EMAIL_URL" if parked else "没有搁置的消息")
    failed = list(jobs.failed_jobs().filter(finished_at__gt=at - timedelta(days=1)).values_list("task_path", flat=True))
    yield Finding("failed", not failed, f"一天内有 {len(failed)} 个任务没做成：{'、'.join(sorted(set(failed)))}。请看日志" if failed else "一天内没有失败的任务")


def space(at: datetime) -> Iterator[Finding]:
    told = shutil.disk_usage(settings.DATA_FOLDER)
    is_well = told.free >= LEAST_SPACE and told.free * 20 >= told.total
    sentence = f"数据目录所在磁盘还有 {told.free / 1024**3:.1f} GB"
    yield Finding("space", is_well, sentence if is_well else f"{sentence}，太少了。请清理或扩大 {settings.DATA_FOLDER}")


def secrets(at: datetime) -> Iterator[Finding]:
    """Keys and data are for this user's eyes only."""
    folder = Path(settings.DATA_FOLDER)
    key = Path(environment.text("SECRET_KEY_FILE", str(folder / "secret-key")))
    open_to_others = [path for path in (folder, key, vault.key_file()) if path.exists() and path.stat().st_mode & 0o077]
    advice = "；".join(f"chmod {'700' if path.is_dir() else '600'} {path}" for path in open_to_others)
    yield Finding("secrets", not open_to_others, f"别的用户读得到数据或密钥。请运行：{advice}" if open_to_others else "数据目录和密钥只有本用户能读")


def backups(at: datetime) -> Iterator[Finding]:
    told = read_json(archive.proof_file())
    if told is None:
        yield Finding("backup", False, "还没有证明过备份能恢复。请运行：juzhi backup --verify")
        return
    proved = datetime.fromisoformat(told["at"])
    is_fresh = at - proved <= PROVED_FOR
    sentence = f"备份最近一次证明能恢复：{proved.astimezone(ZONE):%Y-%m-%d}（{told['backup']}）"
    yield Finding("backup", is_fresh, sentence if is_fresh else f"{sentence}，已超过 {PROVED_FOR.days} 天。请运行：juzhi backup --verify")


def journal(at: datetime) -> Iterator[Finding]:
    told = read_json(tasks.verdict_file())
    if told is None:
        yield Finding("journal", True, "变更记录每夜核对一次，还没有到第一次；现在就核对：juzhi journal verify")
        return
    day = f"{datetime.fromisoformat(told['at']).astimezone(ZONE):%Y-%m-%d}"
    yield Finding("journal", not told["fault"], f"变更记录 {day} 核对不完整：{told['fault']}。请保留现场，与最近的备份对照" if told["fault"] else f"变更记录 {day} 核对完整")


def mode(at: datetime) -> Iterator[Finding]:
    yield Finding("mode", not settings.DEBUG, "现在是开发模式，出错页会露出细节。正式使用请去掉 JUZHI_DEBUG" if settings.DEBUG else "正式模式")


CHECKS: tuple[Check, ...] = (fonts, database, migrations, search, calendar, queue, space, secrets, backups, journal, mode)


def examine(at: datetime) -> list[Finding]:
    """Every check, one after another; a check that cannot be made says so and does not stop the others."""
    found: list[Finding] = []
    for check in CHECKS:
        try:
            found += check(at)
        except (DatabaseError, OSError, ValueError, KeyError) as error:
            found.append(Finding(check.__name__, False, not_examined(error)))
    return found


def not_examined(error: Exception) -> str:
    """Why a check could not be made, and what to do."""
    said = str(error).strip() or type(error).__name__
    if is_full(error):
        return f"没查成：磁盘满了（{said}）。请清理或扩大 {settings.DATA_FOLDER} 和数据库所在的磁盘"
    if is_away(error):
        return f"没查成：数据库连不上（{said.partition(chr(10))[0]}）。请看数据库服务是否在运行、JUZHI_DATABASE_URL 对不对、数据库文件还在不在"
    return f"没查成：{said}"


def read_json(path: Path) -> dict[str, Any] | None:
    return dict(json.loads(path.read_text())) if path.exists() else None
