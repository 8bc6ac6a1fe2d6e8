"""`juzhi account LOGIN --link ADDRESS | --disable REASON`: let a person in who forgot the password, or shut an account."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse
from django.utils import timezone

from juzhi.access import actions, queries
from juzhi.access.models import Invitation
from juzhi.base.actors import System
from juzhi.base.errors import Refused


class Command(BaseCommand):
    help = "账号：--link 打印一次性登录链接（一天内有效），--disable 停用"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("login", help="登录名")
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--link", metavar="ADDRESS", help="网站地址，例如 https://juzhi.example.org")
        what.add_argument("--disable", metavar="REASON", help="停用的原因，会记入变更记录")

    def handle(self, *arguments: Any, **options: Any) -> None:
        by = System("命令行", timezone.now())
        account = queries.account_by_login(options["login"])
        if account is None:
            raise CommandError(f"没有登录名为「{options['login']}」的账号", returncode=2)
        try:
            if options["disable"] is not None:
                actions.disable_account(by=by, account=account, reason=options["disable"])
                self.stdout.write("已停用")
            else:
                _row, secret = actions.invite(by=by, person=account.person, organisation=None, kind=Invitation.Kind.SIGN_IN, days=1)
                self.stdout.write(f"{options['link'].rstrip('/')}{reverse('access:accept', args=[secret])}")
        except Refused as refused:
            raise CommandError(refused.message, returncode=2) from refused
