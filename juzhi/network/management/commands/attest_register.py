"""`juzhi attest 4403 --level district --entries 9 --since 2023-06-30 --source …`: a register is whole. Exit 0, 2 when it cannot be said so."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser, no_translations
from django.utils import timezone

from juzhi.base.actors import System
from juzhi.base.errors import Refused
from juzhi.base.periods import DAY, parse_date
from juzhi.network import actions, queries
from juzhi.network.models import AreaLevel, HostType


class Command(BaseCommand):
    help = "认定名册齐全：某一级区划，或某一类依托单位，已按来源登记齐全；认定之后覆盖率才给百分比"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("area", help="在哪个区划之下：区划代码")
        parser.add_argument("--level", default="", choices=AreaLevel.values, help="哪一级区划")
        parser.add_argument("--host-type", default="", choices=HostType.values, help="哪一类依托单位")
        parser.add_argument("--entries", type=int, required=True, help="来源里一共有多少条")
        parser.add_argument("--since", required=True, help="来源公布的日期，例如 2023-06-30")
        parser.add_argument("--source", required=True, help="依据：哪个部门公布的什么")

    @no_translations
    def handle(self, *arguments: Any, **options: Any) -> None:
        by = System("命令行", timezone.now())
        try:
            since = parse_date(options["since"])
            if since.precision != DAY or since.on is None:
                raise Refused("请写到日，例如 2023-06-30", field="since")
            area = queries.areas_named(by, options["area"]).filter(code=options["area"]).first()
            if area is None:
                raise Refused(f"没有代码是 {options['area'][:20]} 的区划", field="area")
            said = {name: options[name] for name in ("level", "host_type", "entries", "source")}
            made = actions.attest(by=by, area=area, valid_from=since.on, **said)
        except Refused as refused:
            raise CommandError(refused.message, returncode=2) from refused
        self.stdout.write(f"已认定：{made}，{made.entries} 条，{made.valid_from} 起，{made.source}")
