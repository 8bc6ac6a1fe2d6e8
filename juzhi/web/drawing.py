"""Geometry of the drawn marks: every dot, tick or bar is one thing a reader can count. Pure functions, no Django."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from math import cos, pi, sin
from typing import Any

WIDTH, BASE, MARGIN = 660, 330, 22  # the half circle of `rings`: its box, its base line, the outermost dot's margin
FEW = 13  # fewer ticks than this are drawn 18 px wide instead of stretched
MOST_TICKS = 60


@dataclass(frozen=True)
class Ring:
    """One arc: its radius, its dots (x, y, new) and its label: Chinese one character a line, other words (`word`) turned to run downwards."""

    label: str
    count: int
    radius: float
    left: float
    right: float
    dots: list[tuple[float, float, bool]] = field(default_factory=list)
    letters: list[tuple[str, float]] = field(default_factory=list)
    word: str = ""


def ring_of(label: str, count: int, new: int, radius: float) -> Ring:
    """Spread `count` dots over the arc; the last `new` of them are marked."""
    centre = WIDTH / 2
    dots = []
    for place in range(count):
        angle = pi - (place + 0.5) * pi / count
        dots.append((round(centre + radius * cos(angle), 1), round(BASE - radius * sin(angle), 1), place >= count - new))
    if label.isascii():
        return Ring(label, count, radius, centre - radius, centre + radius, dots, word=label)
    letters = [(letter, BASE + 37 + 14.5 * place) for place, letter in enumerate(label[:6])]
    return Ring(label, count, radius, centre - radius, centre + radius, dots, letters)


def rings(groups: Sequence[dict[str, Any]]) -> list[Ring]:
    """Arcs from inner to outer. A group is {label, count, new=0}."""
    inner, outer = 78.0, WIDTH / 2 - MARGIN
    step = (outer - inner) / max(len(groups) - 1, 1)
    return [ring_of(str(group["label"]), int(group["count"]), int(group.get("new", 0)), round(inner + step * at, 1)) for at, group in enumerate(groups)]


@dataclass(frozen=True)
class Tick:
    x: float
    width: float
    state: str  # "on" done, "wait" planned, "" open


def ticks(n: int, done: int, planned: int = 0) -> tuple[int, list[Tick]]:
    """The drawing's width and its ticks. More than 60 units cannot be counted by eye: ValueError."""
    if not 0 < n <= MOST_TICKS:
        raise ValueError(f"ticks draws 1 to {MOST_TICKS} units, not {n}")
    pitch, width = (24.0, 18.0) if n < FEW else (10.0, 6.2)
    states = ["on"] * done + ["wait"] * planned + [""] * (n - done - planned)
    return round(pitch * n), [Tick(round(at * pitch, 1), width, state) for at, state in enumerate(states)]


def lengths(values: Sequence[float | None]) -> list[float]:
    """Bar lengths in percent of the longest; all start at zero. None (suppressed) has no length."""
    longest = max((value for value in values if value), default=0)
    return [round(100 * (value or 0) / longest, 2) if longest else 0.0 for value in values]


@dataclass(frozen=True)
class MonthBar:
    """One month of `months`: where its bar stands, and how long it is in percent of the drawing; `is_down` = below zero; `named` = its label is written beneath."""

    x: float
    height: float
    named: bool
    is_down: bool = False


PITCH, BAR = 40, 26  # from one bar to the next (twice as far where each is named), and how wide a bar is
LEAST = 480  # the width of the drawing: fewer bars stand at the left, and no wider
SAID = 6  # bars from one written label to the next, at most


def month_bars(values: Sequence[float | None]) -> tuple[int, float, list[MonthBar]]:
    """The drawing's width, how far zero stands above its foot (in percent), and its bars from zero up or down; None (suppressed) has none. The last and every few before it are named."""
    step = 1 if len(values) <= SAID else -(-len(values) // SAID)
    known = [value for value in values if value]
    below = -min(0, *known) if known else 0
    span = max(0, *known) + below if known else 0
    heights = [round(100 * abs(value or 0) / span, 2) if span else 0.0 for value in values]
    zero = round(100 * below / span, 2) if span else 0.0
    pitch = PITCH if step > 1 else 2 * PITCH
    return max(pitch * len(values), LEAST), zero, [MonthBar(at * pitch + (pitch - BAR) / 2, height, (len(values) - 1 - at) % step == 0, (values[at] or 0) < 0) for at, height in enumerate(heights)]


@dataclass(frozen=True)
class Point:
    """One dated number of `line`: where its dot stands; `named` = number and day are written, the number at `above`."""

    x: float
    y: float
    above: float
    named: bool


LINE_WIDTH, LINE_BASE, LINE_TOP, LINE_EDGE = 600, 150, 30, 50  # of `line`: its box, the line of zero, the highest number, room for words at both ends
APART = 80  # between two written numbers, at least


def line(points: Sequence[tuple[date, Any]]) -> list[Point]:
    """Places of dated numbers, earliest first: across by the days between them, up from zero. The first and last are named, and those between that leave room."""
    if not points:
        return []
    start, length = points[0][0].toordinal(), max((points[-1][0] - points[0][0]).days, 1)
    most = max(value for _day, value in points) or 1
    across = [round(LINE_EDGE + (LINE_WIDTH - 2 * LINE_EDGE) * (day.toordinal() - start) / length, 1) for day, _value in points]
    up = [LINE_BASE - round((LINE_BASE - LINE_TOP) * value / most, 1) for _day, value in points]
    named, last = set[int](), len(points) - 1
    for at in (last, *range(last)):
        if all(abs(across[at] - across[one]) >= APART for one in named):
            named.add(at)
    return [Point(x, y, round(y - 11, 1), at in named) for at, (x, y) in enumerate(zip(across, up, strict=True))]


@dataclass(frozen=True)
class Axis:
    """A time line in percent of its width: one dot a day (a month where days are many), the years' beginnings, and where the reader stands."""

    dots: list[float]
    by_month: bool
    years: list[tuple[float, int]]
    knob: float
    word: str  # month and day where the reader stands
    first: int
    last: int


def axis(days: Sequence[date], span: tuple[date, date], at: date) -> Axis:
    """`days` between the ends of `span`, and the reader at `at`; days or a reader outside stand at the end."""
    start, length = span[0].toordinal(), max(span[1].toordinal() - span[0].toordinal(), 1)

    def place(day: date) -> float:
        return round(2 + 96 * min(max(day.toordinal() - start, 0), length) / length, 2)

    by_month = len(days) > MOST_TICKS
    shown = sorted({day.replace(day=15) for day in days}) if by_month else days
    knob = place(at)
    years = [(place(date(year, 1, 1)), year) for year in range(span[0].year, span[1].year + 1)]
    return Axis([place(day) for day in shown], by_month, [one for one in years if abs(one[0] - knob) > 7], knob, at.isoformat()[5:], span[0].year, span[1].year)
