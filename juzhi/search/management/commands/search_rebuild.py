"""`juzhi search rebuild`: write every entry of the search anew, a piece at a time; searching goes on meanwhile."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from juzhi.base import indexes
from juzhi.base.actors import System
from juzhi.base.searched import SEARCHED
from juzhi.search import actions, queries


class Command(BaseCommand):
    help = "重做检索条目：升级之后，或 juzhi doctor 说检索不对时"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="一条都没有时才做")

    def handle(self, *, if_empty: bool, **options: Any) -> None:
        by = System("重做检索", timezone.now())
        indexes.install()
        kinds = [kind for kind in sorted(SEARCHED) if not (if_empty and queries.has_entries(kind))]
        for kind in kinds:
            after = actions.rebuild(by=by, kind=kind)
            while after:
                after = actions.rebuild(by=by, kind=kind, after=after)
        if kinds and not if_empty:
            self.stdout.write("检索条目已重做：" + "，".join(f"{kind} {queries.number_of_entries(kind)} 条" for kind in kinds))
