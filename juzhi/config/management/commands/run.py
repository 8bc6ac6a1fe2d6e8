"""`manage.py run`: the same as `juzhi run`, for those who begin with Django."""

from __future__ import annotations

import os
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser


class Command(BaseCommand):
    help = "准备数据库，启动网页服务与后台任务；Ctrl-C 结束一切"
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--no-demo", action="store_true", help="空库不装演示数据")

    def handle(self, *, no_demo: bool, **options: Any) -> None:
        words = ["--no-demo"] if no_demo else []
        os.execv(sys.executable, [sys.executable, "-m", "juzhi.config.serve", *words])  # noqa: S606 our own module, in this process's place
