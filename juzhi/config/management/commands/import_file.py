"""`juzhi import KIND FILE`: what every row of a file becomes, and with --commit the writing of it.

Exit 0 clean · 1 rows refused or waiting · 2 the whole file refused.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.management.base import BaseCommand, CommandParser, no_translations
from django.db.models import Q

from juzhi.base.actors import Actor
from juzhi.base.errors import Refused
from juzhi.base.importers import IMPORTERS, WRITERS, Row
from juzhi.base.periods import parse_as_of
from juzhi.figures.management.commands.report import reader
from juzhi.imports import actions, queries, tasks
from juzhi.imports.models import Batch
from juzhi.network.models import Organisation


class Command(BaseCommand):
    help = "导入一份名单：先试运行，加 --commit 才写入"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kind", help="种类：" + "，".join(f"{one.kind} {one.label}" for one in IMPORTERS.values()))
        parser.add_argument("file", help="xlsx、xls、ods 或 csv 文件")
        parser.add_argument("--into", default="", help="导入到哪个组织：编号或唯一的名称")
        parser.add_argument("--answer", action="append", default=[], metavar="栏目=值", help="文件里没有写、每一行都一样的：batch=1、joined=2018-06-22")
        parser.add_argument("--as", dest="login", default="", help="以哪个账号的权限；默认以系统的名义")
        parser.add_argument("--settle", choices=["same", "new", "later"], default="later", help="疑似重复的一律当作：同一个、不同、先放着")
        parser.add_argument("--as-of", default="", help="数字截至哪一天；默认今天")
        parser.add_argument("--commit", action="store_true", help="写入")
        parser.add_argument("--json", action="store_true", help="输出 JSON")

    @no_translations
    def handle(self, *arguments: Any, **options: Any) -> None:
        try:
            by = reader(options["login"])
            as_of = parse_as_of(options["as_of"]) if options["as_of"] else by.today
            told = bring(by, options["kind"], Path(options["file"]), options["into"], options["settle"], options["commit"], answered(options["answer"]))
        except Refused as refused:
            self._refuse(Path(options["file"]).name, options, refused.message)
        told["figures"] = WRITERS[options["kind"]].figures(rows=told.pop("_rows"), as_of=as_of)
        told["as_of"] = as_of.isoformat()
        self.stdout.write(json.dumps(told, ensure_ascii=False, indent=1) if options["json"] else words(told))
        if told["counts"].get("refuse") or told["waiting"]:
            sys.exit(1)

    def _refuse(self, name: str, options: dict[str, Any], message: str) -> None:
        told = {"file": name, "kind": options["kind"], "refuse_file": message}
        if options["json"]:
            self.stdout.write(json.dumps(told, ensure_ascii=False, indent=1))
        else:
            self.stderr.write(f"{name}：{message}")
        sys.exit(2)


def answered(texts: Sequence[str]) -> dict[str, str]:
    """{field: text} of what was said beside the file. Raises Refused."""
    if wrong := next((text for text in texts if "=" not in text), None):
        raise Refused(f"--answer 请写成 栏目=值，例如 batch=1；「{wrong}」不是", field="answer")
    return {name.strip(): value.strip() for name, _equals, value in (text.partition("=") for text in texts)}


def bring(by: Actor, kind: str, path: Path, into: str, settle: str, is_committed: bool, answers: dict[str, str]) -> dict[str, Any]:
    """Upload, read, settle, and commit if asked; without --commit nothing stays. Raises Refused."""
    place = organisation(by, into).pk if into else None
    if kind in IMPORTERS and IMPORTERS[kind].to_organisation and place is None:
        raise Refused("请用 --into 写明导入到哪个组织", field="into")
    if not path.is_file():
        raise Refused(f"找不到文件 {path.name}", field="file")
    with path.open("rb") as file:
        batch = actions.upload(by=by, file=File(file, name=path.name), kind=kind, organisation_id=place, answers=answers)
    try:
        batch = tasks.read_now(by, batch)
        if settle != "later":
            actions.settle(by=by, batch=batch, everything=settle)
        rows = queries.as_rows(queries.all_rows(batch))
        told = result(path.name, batch, rows)
        if is_committed and any(actions.is_written(row) for row in rows):
            batch = actions.commit(by=by, batch=batch)
            told["batch"] = batch.key
    finally:
        if not Batch.objects.system("command line").filter(pk=batch.pk, committed_at__isnull=False).exists():
            actions.discard(by=by, batch=batch)
    return told


def organisation(by: Actor, text: str) -> Organisation:
    """The organisation of that key or unique name. Raises Refused."""
    found = list(Organisation.objects.seen_by(by).filter(Q(key=text) | Q(name=text))[:2])
    if len(found) != 1:
        raise Refused(f"没有叫「{text}」的组织" if not found else f"叫「{text}」的组织不止一个，请写编号", field="into")
    return found[0]


def result(name: str, batch: Batch, rows: list[Row]) -> dict[str, Any]:
    """What was read and planned, in the shape of an expected result."""
    keys = IMPORTERS[batch.kind].told
    by_sheet: dict[str, dict[str, int]] = {}
    for row in rows:
        counts = by_sheet.setdefault(row.sheet or "", {})
        counts[row.action] = counts.get(row.action, 0) + 1
    return {
        "file": name,
        "kind": batch.kind,
        "read": read(batch),
        "counts": batch.counts,
        "counts_by_sheet": by_sheet,
        "not_imported": batch.headings.get("not_imported", []),
        "noticed": noticed(batch),
        "waiting": sum(1 for row in rows if row.action == "suspect" and row.decision in ("", "later")),
        "rows": [line(row, keys) for row in rows],
        "_rows": rows,
    }


def read(batch: Batch) -> dict[str, Any]:
    """How the file was understood."""
    told = {key: value for key, value in batch.headings.items() if key in ("encoding", "delimiter")}
    return {**told, "sheets": [{key: sheet[key] for key in ("sheet", "header_rows", "columns")} for sheet in batch.headings["sheets"]]}


def noticed(batch: Batch) -> dict[str, Any]:
    """What is hidden, what stands side by side, how many rows of which sort were skipped, and the same in sentences: only what there is to tell."""
    usual = {"hidden_columns": [], "hidden_rows": 0, "blocks": 1}
    sheets = [{"sheet": sheet["sheet"], **{key: sheet[key] for key, value in usual.items() if sheet.get(key, value) != value}} for sheet in batch.headings["sheets"]]
    told = {"hidden_sheets": batch.headings.get("hidden_sheets"), "sheets": [sheet for sheet in sheets if len(sheet) > 1], "skipped": batch.headings.get("skipped"), "sentences": queries.noticed(batch)}
    return {key: value for key, value in told.items() if value}


def line(row: Row, keys: tuple[str, ...]) -> dict[str, Any]:
    """One row as it is told: only what there is to tell."""
    told: dict[str, Any] = {"sheet": row.sheet, "row": row.row, "action": row.action}
    if row.block != 1:
        told["block"] = row.block
    if row.action in ("create", "update", "suspect"):
        told["values"] = {key: row.values.get(key) for key in keys}
        told["values"] |= {key: row.values[key] for key in ("mobiles", "ended") if key not in keys and row.values.get(key)}
    for name, value in (("warn", [_told(one) for one in row.warn]), ("reason", "" if row.action == "skip" else row.reason), ("same_as", row.same_as), ("like", row.like_key), ("by", row.like_by)):
        if value:
            told[name] = value
    return told


def words(told: dict[str, Any]) -> str:
    """The result for people."""
    labels = {"create": "新增", "update": "更新", "same": "已在册", "suspect": "疑似重复", "refuse": "有问题", "skip": "略过"}
    lines = [f"{told['file']}：" + "，".join(f"{labels.get(name, name)} {count}" for name, count in told["counts"].items() if name in labels)]
    if told["not_imported"]:
        lines.append("不导入的列：" + "、".join(told["not_imported"]))
    lines += told["noticed"].get("sentences", [])
    lines += [f"第 {row['row']} 行：{row['reason']}" for row in told["rows"] if row.get("reason")]
    return "\n".join(lines)


def _told(warning: Any) -> Any:
    """A warning without the field that a screen needs to settle it."""
    return {key: value for key, value in warning.items() if key not in ("field", "chosen", "was")} if isinstance(warning, dict) else warning
