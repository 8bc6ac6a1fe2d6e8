"""`juzhi report R1 --as-of 2024-05-31 --json`: a report with its cuts and evidence. Exit 0, 2 when it cannot be asked so."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser, no_translations
from django.utils import timezone

from juzhi.access.queries import AccountActor, account_by_login
from juzhi.base.actors import Actor, System
from juzhi.base.errors import Refused
from juzhi.base.periods import parse_as_of
from juzhi.figures.queries.reports import REPORTS


class Command(BaseCommand):
    help = "打印一份报告：R1 组织数（按层级、依托单位类型、区）；R4 会员数（按组织、批次、去重人数）"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", choices=sorted(REPORTS), help="报告编号")
        parser.add_argument("--as-of", default="", help="截至哪一天：2024、2024-05 或 2024-05-31；默认今天")
        parser.add_argument("--at", default="", help="组织或依托单位的编号，或唯一的名称")
        parser.add_argument("--as", dest="login", default="", help="以哪个账号的权限；默认以系统的名义")
        parser.add_argument("--json", action="store_true", help="输出 JSON")

    @no_translations
    def handle(self, *arguments: Any, **options: Any) -> None:
        try:
            by = reader(options["login"])
            as_of = parse_as_of(options["as_of"]) if options["as_of"] else by.today
            found = REPORTS[options["code"]](by, as_of, options["at"])
        except Refused as refused:
            raise CommandError(refused.message, returncode=2) from refused
        if options["json"]:
            self.stdout.write(json.dumps(found, ensure_ascii=False, indent=1))
            return
        self.stdout.write(f"{found['report']} {found['node']} 截至 {found['as_of']}：{found['value']}")
        for name, part in found.items():
            if isinstance(part, dict):
                self.stdout.write(f"  {name}: " + "，".join(f"{label} {count}" for label, count in part.items()))
        self.stdout.write(f"  口径：{found['rule']}（第 {found['definition_version']} 版）来源：{found['source']}")


def reader(login: str) -> Actor:
    """The account of that login, or the product itself. Raises Refused."""
    if not login:
        return System("命令行", timezone.now())
    account = account_by_login(login)
    if account is None or not account.is_active:
        raise Refused(f"没有登录名为「{login}」的可用账号", field="as")
    return AccountActor(account, timezone.now())
