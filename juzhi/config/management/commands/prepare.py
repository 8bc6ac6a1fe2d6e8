"""`juzhi prepare`: everything a start needs before it serves. Done already, it takes a second. Progress goes to stderr, sign-in links to stdout."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import OperationalError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from juzhi.base import constraints, indexes
from juzhi.base.actors import System
from juzhi.base.errors import Refused
from juzhi.demo import actions as demo
from juzhi.demo import queries
from juzhi.figures.actions import marks
from juzhi.web import assets


class Command(BaseCommand):
    help = "准备数据库、缓存表、静态文件；空库装演示数据"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--no-demo", action="store_true", help="空库不装演示数据")
        parser.add_argument("--links", default="", metavar="ADDRESS", help="打印演示账号的一次性登录链接")

    def handle(self, *, no_demo: bool, links: str, **options: Any) -> None:
        try:
            self._database()
            if isinstance(staticfiles_storage, assets.JoinedStaticFilesStorage):
                self._static()
            if not no_demo and queries.is_empty():
                self._demo()
        except (OperationalError, Refused) as error:
            self.stderr.write(f"准备不成：{getattr(error, 'message', error)}")
            sys.exit(1)
        if links and queries.has_examples():
            call_command("demo", links=links, stdout=self.stdout)

    def _database(self) -> None:
        """Migrate, if there is anything to migrate; make constraints that went missing; make the table of the cache."""
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stderr.write("正在准备数据库……")
            call_command("migrate", verbosity=0, interactive=False)
        elif constraints.missing() or indexes.missing() or marks.missing():
            constraints.install()
            indexes.install()
            marks.install()
        call_command("search_rebuild", if_empty=True)  # a database from before there was a search
        call_command("createcachetable", verbosity=0)

    def _static(self) -> None:
        """Collect and compress static files when any has changed since, or the way they are joined."""
        stamp = Path(settings.STATIC_ROOT) / ".collected"
        told = hashlib.sha256(Path(assets.__file__).read_bytes())
        for finder in get_finders():
            for path, storage in sorted(finder.list([]), key=lambda one: one[0]):
                about = Path(storage.path(path)).stat()
                told.update(f"{path} {about.st_size} {about.st_mtime_ns}\n".encode())
        if not stamp.exists() or stamp.read_text() != told.hexdigest():
            self.stderr.write("正在整理静态文件……")
            call_command("collectstatic", verbosity=0, interactive=False, clear=True)
            stamp.write_text(told.hexdigest())

    def _demo(self) -> None:
        """The whole demonstration or nothing: broken off in the middle, the next start begins anew."""
        self.stderr.write("正在装入演示数据……")
        with transaction.atomic():
            demo.build(by=System("演示数据", timezone.now()))
