"""`juzhi backup [FILE] [--verify]`: one sealed file; with --verify it is restored into a scratch database and compared."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from juzhi.base.actors import ZONE
from juzhi.base.errors import Refused
from juzhi.config.keeping import archive, vault


class Command(BaseCommand):
    help = "备份成一个加密文件（不含私有上传）；--verify 恢复到临时库，逐表逐文件核对"
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", default="", help="写到哪个文件；默认在数据目录的 backups 下。已有的文件配 --verify 只核对")
        parser.add_argument("--verify", action="store_true", help="恢复到临时库核对")

    def handle(self, *, file: str, verify: bool, **options: Any) -> None:
        now = timezone.now()
        target = Path(file) if file else Path(settings.DATA_FOLDER) / "backups" / f"juzhi-{now.astimezone(ZONE):%Y%m%d-%H%M%S}.backup"
        try:
            if not (verify and target.exists()):
                is_first = not vault.key_file().exists()
                made = archive.pack(target, now)
                self.stdout.write(f"已备份到 {target}：{len(made.tables)} 张表 {made.rows} 行，{len(made.files)} 个文件，变更记录到第 {made.head[0] if made.head else 0} 条")
                if is_first:
                    self.stdout.write(f"备份用 {vault.key_file()} 加密。请把这个密钥另存一处：没有它，任何备份都打不开。")
            if verify:
                proved = archive.check(target, now)
                self.stdout.write(f"已恢复到临时库核对：{len(proved.tables)} 张表 {proved.rows} 行逐行一致，{len(proved.files)} 个文件一致，变更记录完整")
        except Refused as refused:
            self.stderr.write(refused.message)
            sys.exit(1)
