"""`juzhi doctor [--json]`: what is wrong and what to do. Exit 0 if all is well, 1 if not."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from juzhi.config import doctor


class Command(BaseCommand):
    help = "检查字体、数据库、队列、空间、备份：哪里不对，怎么办"
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="输出 JSON")

    def handle(self, *, json: bool, **options: Any) -> None:
        found = doctor.examine(timezone.now())
        self.stdout.write(as_json(found) if json else "\n".join(f"{'✓' if one.is_well else '!'} {one.sentence}" for one in found))
        if not all(one.is_well for one in found):
            sys.exit(1)


def as_json(found: list[doctor.Finding]) -> str:
    return json.dumps({"is_well": all(one.is_well for one in found), "findings": [asdict(one) for one in found]}, ensure_ascii=False, indent=1)
