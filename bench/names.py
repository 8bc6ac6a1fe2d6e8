"""Names: readings, initials, keys and stroke order of 100,000 names, beside bare pypinyin in the same run.

    python bench/names.py [number of names]

Prints names per second. The names are put together from common and rare characters, so that each is new and no cache of whole names could help.
"""

from __future__ import annotations

import os
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "juzhi.config.settings")

from pypinyin import Style, lazy_pinyin, pinyin  # noqa: E402

from juzhi.base import firms, names, strokes  # noqa: E402
from juzhi.base import pinyin as readings  # noqa: E402

SURNAMES = [*"王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗单解仇曾盖区朴查翟覃乐员缪卜", "尉迟", "万俟", "欧阳", "司徒", "长孙"]
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红建国志文斌海燕波宇浩凯鹏飞鑫博涵晨欣怡子轩梓萱雨嘉俊熙语沐宸乐行重长曦喆䶮𬱖"
FIRM = "深圳市福田区{}科技有限公司"


def people(count: int) -> list[str]:
    chance = random.Random(7)
    return [chance.choice(SURNAMES) + "".join(chance.choices(GIVEN, k=chance.choice((1, 2, 2, 2)))) for _ in range(count)]


def rate(what: Callable[[str], Any], asked: list[str]) -> float:
    start = time.perf_counter()
    for one in asked:
        what(one)
    return len(asked) / (time.perf_counter() - start)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    asked = people(count)
    start = time.perf_counter()
    strokes.key("一䶮")
    print(f"tables of strokes read once per process: {1000 * (time.perf_counter() - start):.0f} ms")
    bare = rate(lambda name: lazy_pinyin(name), asked)
    told: dict[str, Callable[[str], Any]] = {
        "pypinyin, readings": lambda name: lazy_pinyin(name),
        "pypinyin, readings and initials": lambda name: (lazy_pinyin(name), lazy_pinyin(name, style=Style.FIRST_LETTER)),
        "pypinyin, every reading": lambda name: pinyin(name, style=Style.NORMAL, heteronym=True),
        "ours, every reading in likely order": readings.readings,
        "ours, initials of every reading": readings.initials,
        "ours, order by sound": readings.person_key,
        "ours, stroke key": strokes.key,
        "ours, all columns of a person": names.person_keys,
        "ours, order of a firm": lambda name: firms.order_key(FIRM.format(name)),
    }
    for label, what in told.items():
        found = rate(what, asked)
        print(f"{label:<40} {found:>10,.0f} a second  {found / bare:>6.1f} × bare")


if __name__ == "__main__":
    main()
