"""`juzhi restore FILE [--yes]`: prove a backup, then put it in the place of all data."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from juzhi.base.actors import System
from juzhi.base.errors import Refused
from juzhi.config.keeping import restoring


class Command(BaseCommand):
    help = "从备份恢复：先核对，再动数据；坏的、截断的、密钥不对的备份不会动到数据"
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="备份文件")
        parser.add_argument("--yes", action="store_true", help="数据库不是空的也换掉")

    def handle(self, *, file: str, yes: bool, **options: Any) -> None:
        try:
            manifest, again = restoring.restore(Path(file), by=System("恢复备份", timezone.now()), is_agreed=yes)
        except Refused as refused:
            self.stderr.write(refused.message)
            sys.exit(1)
        self.stdout.write(f"已恢复到 {manifest.made_at[:19]} 的备份：{len(manifest.tables)} 张表 {manifest.rows} 行，{len(manifest.files)} 个文件；重做遗忘 {again} 项")
