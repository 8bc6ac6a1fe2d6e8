"""What is due by the clock: jobs by cron, and small chores that the worker does every few seconds. Declared by the floor that knows everyone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from croniter import croniter


@dataclass(frozen=True)
class Declared:
    name: str
    cron: str
    task: Any  # a django-tasks task without arguments


@dataclass(frozen=True)
class Chore:
    name: str
    every: float  # seconds
    run: Callable[..., Any]  # called with by=


SCHEDULE: dict[str, Declared] = {}
CHORES: dict[str, Chore] = {}


def declare_schedule(name: str, cron: str, task: Any) -> None:
    """Run `task` by `cron` (five fields, Asia/Shanghai). Raises ValueError for a cron that cannot be read."""
    if not croniter.is_valid(cron):
        raise ValueError(f"{name}: {cron!r} is not a cron")
    SCHEDULE[name] = Declared(name, cron, task)


def declare_chore(name: str, every: float, run: Callable[..., Any]) -> None:
    """Let every worker call `run(by=…)` each `every` seconds: short, safe to do twice, and no row left behind when there was nothing to do."""
    CHORES[name] = Chore(name, every, run)
