"""`juzhi demo [--remove | --links BASE]`: fill an empty database with the demonstration, take it back, or print sign-in links."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.urls import reverse
from django.utils import timezone

from juzhi.base.actors import System
from juzhi.base.errors import Refused
from juzhi.demo import actions


class Command(BaseCommand):
    help = "演示数据：装进空库；--remove 去掉；--links 打印一次性登录链接"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--remove", action="store_true", help="去掉演示数据，真实记录要用的保留并列出")
        parser.add_argument("--links", default="", metavar="ADDRESS", help="只打印一次性登录链接，例如 http://127.0.0.1:8000")

    def handle(self, *arguments: Any, **options: Any) -> None:
        by = System("演示数据", timezone.now())
        try:
            if options["links"]:
                for who, login, secret in actions.links(by=by):
                    self.stdout.write(f"{who}（{login}）  {options['links'].rstrip('/')}{reverse('access:accept', args=[secret])}")
            elif options["remove"]:
                self._told(actions.remove(by=by))
            else:
                actions.build(by=by)
                self.stdout.write("演示数据已装好")
        except Refused as refused:
            self.stderr.write(refused.message)
            sys.exit(2)

    def _told(self, removed: actions.Removed) -> None:
        self.stdout.write(f"已撤销 {removed.batches} 批，删除账号 {removed.accounts} 个、人员 {removed.persons} 个")
        for line in removed.kept:
            self.stdout.write(f"保留：{line}")
