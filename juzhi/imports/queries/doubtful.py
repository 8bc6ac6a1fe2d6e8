"""Cells that may mean one of two dates, as the page of a batch asks about them: all of one sort at once, and row by row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from juzhi.base.importers import IMPORTERS, Importer
from juzhi.imports.models import Batch, BatchRow
from juzhi.imports.reading.doubts import CODE, ORDER, TENTH, doubts

READ_AS = {
    TENTH: (lazy("都读作 1 月"), lazy("都读作 10 月")),
    ORDER: (lazy("都读作月在前"), lazy("都读作日在前")),
}
LIKE = {
    TENTH: lazy("写成 1985.1 一样的数字，是 1 月还是 10 月"),
    ORDER: lazy("写成 01/02/1985 一样，先写月还是先写日"),
}


@dataclass(frozen=True)
class Doubt:
    """All cells of one field and sort: what is asked of them, how many, and the readings as the form takes them."""

    title: str
    rows: int
    chosen: int
    readings: list[tuple[str, Any]]

    @property
    def left(self) -> int:
        """How many have no choice yet."""
        return self.rows - self.chosen


@dataclass(frozen=True)
class Asked:
    """One cell of a row: the name of its input, the label of its field, and each choice with whether it is the one."""

    name: str
    label: str
    choices: list[tuple[str, str, bool]]


def asked_of_all(batch: Batch) -> list[Doubt]:
    """What is asked of all rows of a batch that is not written yet; from what the batch keeps, without looking at its rows."""
    labels = _labels(IMPORTERS[batch.kind])
    return [
        Doubt(
            title=_("「%(label)s」%(like)s？") % {"label": labels.get(one["field"], one["field"]), "like": LIKE[one["sort"]]},
            rows=one["rows"],
            chosen=one["chosen"],
            readings=[*((f"{one['field']}.{one['sort']}.{place}", word) for place, word in enumerate(READ_AS[one["sort"]])), (f"{one['field']}.{one['sort']}.", _("都留空"))],
        )
        for one in batch.headings.get("ambiguous", [])
        if one["sort"] in READ_AS
    ]


def asked_of(row: BatchRow, importer: Importer) -> list[Asked]:
    """What is asked of one row."""
    labels = _labels(importer)
    return [
        Asked(
            name=f"date_{row.key}_{told['field']}",
            label=labels.get(told["field"], told["field"]),
            choices=[*((date, date, date == told.get("chosen")) for date in told[CODE]), ("", _("先留空") if _was_empty(row, told) else _("不选"), False)],
        )
        for told in doubts(row.warn)
    ]


def left_empty(batch: Batch) -> list[str]:
    """For each field how many rows were written without the date that nobody chose, in a sentence."""
    labels = _labels(IMPORTERS[batch.kind])
    left: dict[str, int] = {}
    for one in batch.headings.get("ambiguous", []):
        left[one["field"]] = left.get(one["field"], 0) + one["rows"] - one["chosen"]
    return [_("「%(label)s」有 %(n)s 行可能是两个日期中的一个，没有选定，没有写入日期") % {"label": labels.get(field, field), "n": n} for field, n in left.items() if n]


def _was_empty(row: BatchRow, told: Mapping[str, Any]) -> bool:
    """Whether the field holds nothing without a choice; what the page was told for all rows, or a repeat of the row knew, may stand there."""
    return (told.get("was") if told.get("chosen") else row.values.get(told["field"])) is None


def _labels(importer: Importer) -> dict[str, str]:
    return {one.name: str(one.label) for one in importer.fields}
