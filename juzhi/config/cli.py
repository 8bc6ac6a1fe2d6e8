"""`juzhi`: one command line for people who run the product. Developers also have `manage.py`."""

from __future__ import annotations

import os
import sys

COMMANDS = {  # what one types: Django's command, what it does
    ("run",): ("run", "准备数据库，启动网页服务与后台任务"),
    ("import",): ("import_file", "导入一份名单：先试运行，加 --commit 才写入"),
    ("report",): ("report", "一份报告，每个数字都连着它的记录"),
    ("figures", "verify"): ("figures_verify", "核对各级汇总与每一个已发布的数：从记录重新算一遍"),
    ("attest",): ("attest_register", "认定一级区划或一类依托单位已登记齐全：覆盖率才给百分比"),
    ("demo",): ("demo", "演示数据：装进空库；--remove 去掉；--links 打印登录链接"),
    ("open-account",): ("open_account", "开通第一个账号，打印一次性登录链接"),
    ("account",): ("account", "登录链接（忘了密码）、停用账号"),
    ("doctor",): ("doctor", "检查字体、数据库、队列、空间、备份：哪里不对，怎么办"),
    ("backup",): ("backup", "备份成一个加密文件；--verify 恢复到临时库逐表核对"),
    ("restore",): ("restore", "从备份恢复：先核对，再动数据"),
    ("journal", "verify"): ("journal_verify", "核对变更记录的封签链"),
    ("search", "rebuild"): ("search_rebuild", "重做检索条目：升级之后，或 doctor 说检索不对时"),
    ("worker",): ("worker", "单独运行后台任务（juzhi run 已包含）"),
    ("prepare",): ("prepare", "只准备：迁移、缓存表、静态文件（juzhi run 已包含）"),
    ("migrate",): ("migrate", "把数据库升级到这个版本"),
}


def main(arguments: list[str] | None = None) -> int:
    words = sys.argv[1:] if arguments is None else arguments
    if not words or words[0] in ("help", "-h", "--help"):
        print(guide())
        return 0
    for typed, (command, _) in COMMANDS.items():
        if tuple(words[: len(typed)]) == typed:
            return run(command, words[len(typed) :])
    print(f"没有「{' '.join(words[:2])}」这个命令。\n\n{guide()}", file=sys.stderr)
    return 2


def run(command: str, rest: list[str]) -> int:
    if command == "run":  # the supervisor stays small: it does not load Django
        from juzhi.config import serve

        return serve.main(rest)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "juzhi.config.settings")
    from django.core.management import execute_from_command_line
    from django.db import DatabaseError

    from juzhi.base.outages import is_full

    try:
        execute_from_command_line(["juzhi", command, *rest])
    except (DatabaseError, OSError) as error:
        if "--traceback" in rest or not (is_full(error) or isinstance(error, DatabaseError)):
            raise
        if is_full(error):
            print(f"磁盘满了：{str(error).strip()}\n这一步没有办成，也没有只办一半。请清理或扩大磁盘，再做一遍；运行 juzhi doctor 看还缺什么", file=sys.stderr)
            return 1
        print(f"数据库用不了：{str(error).strip()}\n还没有准备过请运行 juzhi prepare；否则运行 juzhi doctor 看哪里不对", file=sys.stderr)
        return 1
    return 0


def guide() -> str:
    width = max(len(" ".join(typed)) for typed in COMMANDS) + 2
    lines = [f"  {' '.join(typed):<{width}}{what}" for typed, (_, what) in COMMANDS.items()]
    return "\n".join(["用法：juzhi 命令 [选项]", "", *lines, "", "每个命令的选项：juzhi 命令 --help"])


if __name__ == "__main__":
    sys.exit(main())
