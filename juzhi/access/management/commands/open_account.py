"""`juzhi open-account LOGIN --name NAME --organisation NAME --link ADDRESS`: the first account of a real installation, and its one-time link."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from juzhi.access import actions, queries
from juzhi.access.models import LINK_DAYS
from juzhi.base.actors import System
from juzhi.base.errors import Refused
from juzhi.base.periods import parse_date
from juzhi.network import actions as network
from juzhi.network import queries as bodies
from juzhi.network.models import Organisation, OrganisationLevel


class Command(BaseCommand):
    help = "开通第一个账号（组织管理和运维），打印一次性登录链接；最上级组织还没有登记的，一并登记"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("login", help="登录名")
        parser.add_argument("--name", required=True, help="本人姓名")
        parser.add_argument("--organisation", required=True, metavar="NAME", help="负责哪个组织（全称或编号），含下级；库里还没有组织的，按这个名称登记")
        parser.add_argument("--link", required=True, metavar="ADDRESS", help="网站地址，例如 https://juzhi.example.org")
        parser.add_argument("--duty", action="append", choices=actions.FIRST_DUTIES, help="只担任其中一项：secretary 组织管理，operator 运维；默认两项都担任")
        parser.add_argument("--family", default="知联会", help="新登记时的组织类别，默认知联会")
        parser.add_argument("--level", default="city", choices=OrganisationLevel.values, help="新登记时的层级，默认 city 市级")
        parser.add_argument("--founded", default="", metavar="DATE", help="新登记时的成立时间：2013、2013-05 或 2013-05-20；不写就是未详")

    def handle(self, *arguments: Any, **options: Any) -> None:
        by = System("命令行", timezone.now())
        try:
            with transaction.atomic():
                place = organisation(by, options)
                account, secret = actions.open_first(by=by, login=options["login"], name=options["name"], organisation=place, duties=tuple(options["duty"] or actions.FIRST_DUTIES))
        except Refused as refused:
            raise CommandError(refused.message, returncode=2) from refused
        self.stdout.write(f"已开通「{account.login}」，负责{place.name}。请本人打开下面的链接，设好密码；{LINK_DAYS} 天内有效，只能用一次：")
        self.stdout.write(f"{options['link'].rstrip('/')}{reverse('access:accept', args=[secret])}")


def organisation(by: System, options: dict[str, Any]) -> Organisation:
    """The organisation of this name or key; in a register without any, it is founded at the top. Raises Refused."""
    found = bodies.by_name(by, options["organisation"])
    if len(found) == 1:
        return found[0]
    if found:
        raise Refused(f"叫「{options['organisation']}」的组织不止一个，请写编号：{'、'.join(one.key for one in found)}")
    if bodies.organisations(by).exists():
        raise Refused(f"没有叫「{options['organisation']}」的组织，请写全称或编号；已登记的组织见网站的「组织」页")
    if queries.somebody_governs(by.today):
        raise Refused("已经有人负责组织管理或运维")
    family = next((one for one in bodies.families(by) if one.name == options["family"]), None) or network.register_family(by=by, name=options["family"])
    told = parse_date(options["founded"]) if options["founded"] else None
    day: dict[str, Any] = {"founded_on": told.on, "founded_precision": told.precision} if told is not None and told.on else {}
    return network.found(by=by, name=options["organisation"], family=family, level=options["level"], **day)
