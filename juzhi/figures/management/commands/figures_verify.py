"""`juzhi figures verify`: what is kept is compared with the records and mended, and every published number is counted again. Exit 0 when all holds, 1 when something did not."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser, no_translations
from django.utils import timezone

from juzhi.base.actors import System
from juzhi.figures import actions, queries
from juzhi.figures.models import Restatement


class Command(BaseCommand):
    help = "核对各级汇总与记录是否相符，不符的改正；再核对每一个已发布的数：从记录重新算一遍，不同的记为重述并列出"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="输出 JSON")

    @no_translations
    def handle(self, *arguments: Any, **options: Any) -> None:
        by = System("核对已发布的数", timezone.now())
        actions.build(by=by)
        wrong = queries.wrongs_named(by, actions.verify(by=by))
        found = [(queries.published(one.reading), one) for one in actions.restate(by=by)]
        asked = queries.readings(by).count()
        if options["json"]:
            restated = [
                {
                    "reading": told.reading.key, "title": told.title, "when": told.when, "as_of": told.reading.as_of.isoformat(), "old": one.old, "new": one.new, "came": one.came,
                    "left": one.left, "hedge": one.reading.hedge or "", "hedge_holds": not broken(one),
                }
                for told, one in found
            ]  # fmt: skip
            self.stdout.write(json.dumps({"readings": asked, "restated": restated, "mended": wrong}, ensure_ascii=False, indent=1))
        else:
            for said in wrong:
                self.stdout.write("汇总与记录不符，已改正：{series}，{place}，{what} {day}，差 {off}".format(**said))
            for told, one in found:
                self.stdout.write(f"{told.title}，{told.when}：{one.old} → {one.new}（多 {one.came} 条，少 {one.left} 条）{broken(one)}")
            self.stdout.write(f"核对了 {asked} 个已发布的数，{len(found)} 个与记录不同" if found else f"核对了 {asked} 个已发布的数，都与记录相符")
        if found or wrong:
            raise SystemExit(1)


def broken(one: Restatement) -> str:
    """That the published wording no longer holds, "" where it does or there is none."""
    told = queries.wording(one.reading.hedge, one.new)
    return f"；公开表述“{told.text}”不再成立" if told and told.stands is False else ""
