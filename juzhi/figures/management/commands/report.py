"""`juzhi report R1 --as-of 2024-05-31 --json`: a report with its cuts and evidence. Exit 0, 2 when it cannot be asked so."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser, no_translations
from django.utils import timezone

from juzhi.access.queries import AccountActor, account_by_login
from juzhi.base.actors import Actor, System
from juzhi.base.errors import Refused
from juzhi.base.periods import Period, parse_as_of, parse_period
from juzhi.figures.queries.coverage import LEVELS
from juzhi.figures.queries.reports import REPORTS, Question
from juzhi.network import queries as network
from juzhi.network.models import Family


class Command(BaseCommand):
    help = "打印一份报告：R1 组织数（按层级、依托单位类型、区）；R2 覆盖（区划、依托单位，缺口点名）；R3 首家与首批；R4 会员数（按组织、批次、去重人数；加时段看入会、离会、净增）"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", choices=sorted(REPORTS), help="报告编号")
        parser.add_argument("--as-of", default="", help="截至哪一天：2024、2024-05 或 2024-05-31；默认今天")
        parser.add_argument("--at", default="", help="组织、依托单位或区划的编号，或唯一的名称")
        parser.add_argument("--family", default="", help="只看哪一类组织，例如 知联会；默认全部类别")
        parser.add_argument("--from", dest="since", default="", help="R4：时段从哪一天起：2024、2024-Q1、2024-05 或 2024-05-31；再看入会、离会、净增")
        parser.add_argument("--to", dest="until", default="", help="R4：时段到哪一天；不写就是 --from 的整年、整季或整月")
        parser.add_argument("--level", default="district", choices=LEVELS[1:], help="R2：哪一级区划；默认 district")
        parser.add_argument("--as", dest="login", default="", help="以哪个账号的权限；默认以系统的名义")
        parser.add_argument("--json", action="store_true", help="输出 JSON")

    @no_translations
    def handle(self, *arguments: Any, **options: Any) -> None:
        try:
            by = reader(options["login"])
            period = period_of(options["code"], options["since"], options["until"], by.today)
            as_of = parse_as_of(options["as_of"]) if options["as_of"] else period.until if period else by.today
            found = REPORTS[options["code"]](by, Question(as_of, options["at"], family(by, options["family"]), options["level"], period))
        except Refused as refused:
            raise CommandError(refused.message.replace("请写明", "请用 --at 写明") if refused.code == "question" else refused.message, returncode=2) from refused
        if options["json"]:
            self.stdout.write(json.dumps(found, ensure_ascii=False, indent=1))
            return
        self.stdout.write(f"{found['report']} {found['node']} 截至 {found['as_of']}：{found['value']}")
        for name, part in found.items():
            if name.startswith("by_"):
                self.stdout.write(f"  {name}: " + "，".join(f"{label} {count}" for label, count in part.items()))
        if "period" in found:
            told = "，".join(f"{word} {'—' if found[name] is None else found[name]}" for word, name in (("入会", "joined"), ("离会", "left"), ("净增", "growth")))
            self.stdout.write(f"  {found['period']['from']} 至 {found['period']['to']}：{told}")
        if found.get("note"):
            self.stdout.write(f"  {found['note']}")
        self.stdout.write(f"  口径：{found['rule']}（第 {found['definition_version']} 版）来源：{found['source']}")


def period_of(code: str, since: str, until: str, today: date) -> Period | None:
    """The period asked for, None without one. Raises Refused, also for a report that has none."""
    if not since and not until:
        return None
    if code != "R4":
        raise Refused(f"{code} 没有时段，只有 R4 用 --from 和 --to", field="from")
    return parse_period(since, until, today)


def family(by: Actor, name: str) -> Family | None:
    """The family of that name, None without one. Raises Refused."""
    found = network.families(by).filter(name=name).first() if name else None
    if name and found is None:
        raise Refused(f"没有叫「{name[:40]}」的组织类别", field="family")
    return found


def reader(login: str) -> Actor:
    """The account of that login, or the product itself. Raises Refused."""
    if not login:
        return System("命令行", timezone.now())
    account = account_by_login(login)
    if account is None or not account.is_active:
        raise Refused(f"没有登录名为「{login}」的可用账号", field="as")
    return AccountActor(account, timezone.now())
