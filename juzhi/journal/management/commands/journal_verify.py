"""`juzhi journal verify`: does the chain hold? Names the first bad row; exit code 0 or 1."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from juzhi.journal.queries import verify


class Command(BaseCommand):
    help = "Check the journal's chain and name the first bad row."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--head", type=Path, help="a head file kept elsewhere: JSON with number and seal")

    def handle(self, *, head: Path | None, **options: Any) -> None:
        verdict = verify(json.loads(head.read_text()) if head else None)
        self.stdout.write(f"已封 {verdict.sealed} 条，待封 {verdict.waiting} 条，依法遗忘 {verdict.erased} 项")
        if verdict.fault:
            self.stdout.write(f"不完整：{verdict.fault.sentence}")
            sys.exit(1)
        self.stdout.write("日志完整")
